"""The app in a terminal of its own, ended in the middle of a line of a language model: it ends at once, all is kept."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from tests.journeys.playing import PERSONA, environment
from tests.llm.answering import Exchange, chunk
from tests.llm.stub import Stub

REPLY = "I am with you now."
TYPED = "a thought not sent"


async def says_half(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.event(chunk("It is so loud out here. And I "))
    await asyncio.sleep(60)


class Terminal:
    """A terminal in which the app runs; `drawn` is all that it was sent."""

    def __init__(self, workspace: Path, stub: Stub) -> None:
        options = ["--workspace", str(workspace), "--trainee", "Sam", "--base-url", stub.address, "--model", "stub"]
        settings = {"ROLEPLAY_CONFIG_DIR": str(workspace), "PYTHONWARNINGS": "always"}
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "roleplay", "play", PERSONA, "--new", *options],
            env={**environment(TEXTUAL_ANIMATIONS="none", **settings), "TERM": "xterm-256color"},
            dimensions=(30, 110),
            timeout=20,
            encoding="utf-8",
        )
        self.child.delaybeforesend = None
        self.drawn = ""

    def read(self, seconds: float) -> None:
        with contextlib.suppress(pexpect.TIMEOUT, pexpect.EOF):
            self.drawn += self.child.read_nonblocking(65_536, timeout=seconds)

    def wait(self, holds: Callable[[str], bool]) -> None:
        deadline = time.monotonic() + 30
        while not holds(self.drawn):
            assert time.monotonic() < deadline, self.drawn[-500:]
            self.read(0.05)

    def ended(self) -> float:
        """Seconds until the program has ended."""
        began = time.monotonic()
        while self.child.isalive():
            assert time.monotonic() < began + 30, "it did not end"
            self.read(0.02)
        return time.monotonic() - began


@pytest.mark.parametrize(
    "how",
    [
        signal.SIGHUP,
        pytest.param(signal.SIGTERM, marks=pytest.mark.soak),
        pytest.param(signal.SIGKILL, marks=pytest.mark.soak),
        pytest.param("ctrl+q", marks=pytest.mark.soak),
    ],
)
def test_an_app_that_is_ended_in_the_middle_of_a_line_loses_nothing(how: signal.Signals | str, tmp_path: Path) -> None:
    for folder in ("personas", "transcripts"):
        (tmp_path / folder).mkdir()
    with Stub(script=[says_half]) as stub:
        terminal = Terminal(tmp_path, stub)
        terminal.wait(lambda drawn: "what each reply was heard as" in plain(drawn))
        terminal.child.send("\r")
        terminal.wait(lambda drawn: "Your reply" in plain(drawn))
        terminal.child.send(f"\x1b[200~{REPLY}\x1b[201~\r")
        terminal.wait(lambda drawn: "so loud out here" in plain(drawn))
        terminal.child.send(f"\x1b[200~{TYPED}\x1b[201~")
        terminal.wait(lambda drawn: TYPED in plain(drawn))
        if how is signal.SIGKILL:
            time.sleep(2.0)  # a draft is at most a second old, and two on a busy machine
        if isinstance(how, str):
            terminal.child.send("\x11")
        else:
            terminal.child.kill(how)
        took = terminal.ended()
        assert took < 5.0
        if how is not signal.SIGKILL:
            stub.wait_left()
        terminal.child.close(force=True)
    after = plain(terminal.drawn)
    assert not re.search("Traceback|destroyed|Warning|never awaited", after)
    database = tmp_path / "transcripts" / "roleplay.db"
    with Transcripts(database) as store:
        (interrupted,) = store.interrupted("Sam")
        transcript, draft = store.load(interrupted.id), store.draft(interrupted.id)
    assert verify(database).fine
    assert [reply.text for reply in transcript.replies] == [REPLY]
    assert draft == TYPED
    if how is not signal.SIGKILL:
        assert (transcript.lines[-1].text, transcript.lines[-1].broken_off) == ("It is so loud out here.", True)


def plain(drawn: str) -> str:
    return re.sub(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[()].)", "", drawn)

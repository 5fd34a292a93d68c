"""The app in a terminal of its own, killed or hung up on: what it showed as sent is kept, and so is what was typed."""

from __future__ import annotations

import contextlib
import random
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

import pexpect
import pytest
from textual.color import Color

from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from roleplay.tui.themes import EVENING
from tests.journeys.playing import PERSONA, environment

How = Literal["killed", "hung up on", "closed"]
"""By SIGKILL, by SIGHUP, or by closing its terminal."""
SOAK_CASES = 100
"""Of each kind."""
OLDEST_DRAFT = 1.0 + 1.0
"""Seconds: what was seen to be typed that long before a kill is kept; a second, and another for a busy machine."""
MOST_REPLIES = 3
"""After more of them a customer may hang up."""
_STYLED = re.compile(r"\x1b\[([0-9;]*)m([^\x1b]*)")
_BEHIND_WHAT_IS_SAID = "48;2;" + ";".join(str(part) for part in Color.parse(EVENING.background).rgb)
"""The background of the conversation, by which it is told from the reply box."""
_ITALIC = "3;"
_SHOWS_A_BOX = "Your reply"


@dataclass
class Seen:
    """What somebody did in a call and saw of it, until it was killed."""

    sent: list[str] = field(default_factory=list)
    acknowledged: int = 0
    typed: str = ""
    """Since the last Enter."""
    echoed: list[tuple[float, str]] = field(default_factory=list)
    """When how much of `typed` was seen in the box."""
    killed_at: float = 0.0


class Over(Exception):
    """It is time to kill."""


class Hand:
    """Plays in a terminal until `seconds` have passed since the call began."""

    def __init__(self, workspace: Path, seconds: float, *words: str) -> None:
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "roleplay", *words, "--workspace", str(workspace), "--trainee", "Sam"],
            env={**environment(TEXTUAL_ANIMATIONS="none", COLORTERM="truecolor"), "TERM": "xterm-256color"},
            dimensions=(30, 110),
            timeout=20,
            encoding="utf-8",
        )
        self._child.delaybeforesend = None
        self._ends, self._seconds = float("inf"), seconds
        self._drawn = ""
        self.seen = Seen()

    def play(self, chance: random.Random) -> None:
        """Send replies and type until time is up."""
        self.begin()
        self._wait(lambda drawn: _SHOWS_A_BOX in plain(drawn))
        self._ends = time.monotonic() + self._seconds
        with contextlib.suppress(Over):
            for number in range(1, MOST_REPLIES + 1):
                if chance.random() < 0.5:
                    self._type(number, chance)
                self._send(f"reply{number}a, and I am with you now.")
                self.go_on()
            while True:
                self._type(MOST_REPLIES + 1, chance)

    def begin(self) -> None:
        """Take the call."""
        self._wait(lambda drawn: "what each reply was heard as" in plain(drawn))
        self._child.send("\r")

    def go_on(self) -> None:
        """On to where the next reply is written: the box is there all the time."""

    def end(self, how: How) -> None:
        """Make the app end, and wait until it has."""
        self.seen.killed_at = time.monotonic()
        if how == "closed":
            terminal = self._child.ptyproc  # which would close a number that is another file's by then
            terminal.fileobj.close()
            terminal.closed, terminal.fd, self._child.closed, self._child.child_fd = True, -1, True, -1
        else:
            self._child.kill(signal.SIGKILL if how == "killed" else signal.SIGHUP)
        deadline = time.monotonic() + 30
        while self._child.isalive() and time.monotonic() < deadline:
            if how == "closed":
                time.sleep(0.02)
                continue
            with contextlib.suppress(pexpect.TIMEOUT, pexpect.EOF):
                self._drawn += self._child.read_nonblocking(65_536, timeout=0.05)
        assert not self._child.isalive(), "it did not end"
        self._acknowledge()
        if how != "closed":
            self._child.close(force=True)

    def _send(self, reply: str) -> None:
        self._child.send(f"\x1b[200~{reply}\x1b[201~")
        self.seen.typed += reply
        self._wait(lambda drawn: reply[:8] in plain(drawn))
        self.seen.sent.append(self.seen.typed.strip())
        self.seen.typed, self.seen.echoed = "", []
        self._child.send("\r")
        self._wait(lambda _: self.seen.acknowledged == len(self.seen.sent))

    def _type(self, number: int, chance: random.Random) -> None:
        for count in range(chance.randrange(1, 12)):
            word = f"w{number}x{count} "
            self._child.send(word)
            self.seen.typed += word
            self._wait(lambda drawn, word=word: word.strip() in plain(drawn))
            self.seen.echoed.append((time.monotonic(), self.seen.typed))
            self._pass(chance.uniform(0.0, 0.4))

    def _pass(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._read(0.02)

    def _wait(self, holds: Callable[[str], bool]) -> None:
        self._drawn = ""
        deadline = time.monotonic() + 20
        while not holds(self._drawn):
            assert time.monotonic() < deadline, plain(self._drawn)[-500:]
            self._read(0.02)

    def _read(self, seconds: float) -> None:
        if time.monotonic() > self._ends:
            raise Over
        try:
            self._drawn += self._child.read_nonblocking(65_536, timeout=seconds)
        except pexpect.TIMEOUT:
            pass
        except pexpect.EOF:
            self._child.close()
            ended = (self._child.exitstatus, self._child.signalstatus)
            pytest.fail(f"the app ended {ended}: {plain(self._drawn)[-2_000:]}")
        self._acknowledge()

    def _acknowledge(self) -> None:
        """Count a reply as sent when its words stand in the conversation and are dimmed no more."""
        if self.seen.acknowledged < len(self.seen.sent):
            mark = re.search(r"reply\d+a", self.seen.sent[-1])
            assert mark
            for style, text in _STYLED.findall(self._drawn):
                said = _BEHIND_WHAT_IS_SAID in style and not style.startswith(_ITALIC)
                if said and mark.group() in text and text.rstrip().endswith("now."):
                    self.seen.acknowledged = len(self.seen.sent)


def plain(drawn: str) -> str:
    return re.sub(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[()].)", "", drawn)


@pytest.mark.parametrize(("how", "case"), [("killed", 0), ("killed", 7), ("hung up on", 3), ("closed", 5)])
def test_an_app_that_is_killed_loses_nothing(how: How, case: int, tmp_path: Path) -> None:
    kill_and_check(how, case, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("how", get_args(How))
@pytest.mark.parametrize("case", range(1_000, 1_000 + SOAK_CASES))
def test_many_more_apps_that_are_killed(how: How, case: int, tmp_path: Path) -> None:
    kill_and_check(how, case, tmp_path)


def kill_and_check(how: How, case: int, workspace: Path) -> None:
    chance = random.Random(f"{how}-{case}")
    for folder in ("personas", "transcripts"):
        (workspace / folder).mkdir()
    hand = Hand(workspace, chance.uniform(0.2, 5.0), "play", PERSONA, "--seed", "3")
    hand.play(chance)
    hand.end(how)
    database = workspace / "transcripts" / "roleplay.db"
    with Transcripts(database) as store:
        (interrupted,) = store.interrupted("Sam")
        transcript, draft = store.load(interrupted.id), store.draft(interrupted.id)
    assert verify(database).fine
    check_replies(hand.seen, [reply.text for reply in transcript.replies])
    check_draft(hand.seen, draft, kept=len(transcript.replies), at_once=how != "killed")


def check_replies(seen: Seen, kept: list[str]) -> None:
    assert kept == seen.sent[: len(kept)], "kept what was not sent, or twice"
    assert len(kept) >= seen.acknowledged, "shown as sent, and not kept"


def check_draft(seen: Seen, draft: str, *, kept: int, at_once: bool) -> None:
    """What was typed and not sent is kept, but for what was typed in the last second before a kill."""
    if kept < len(seen.sent):
        return  # a reply was on its way
    assert seen.typed.startswith(draft) or draft.strip() in seen.sent
    age = 0.0 if at_once else OLDEST_DRAFT
    due = [typed for when, typed in seen.echoed if when <= seen.killed_at - age]
    assert not due or len(draft) >= len(due[-1]), f"kept {draft!r}, seen {due[-1]!r}"

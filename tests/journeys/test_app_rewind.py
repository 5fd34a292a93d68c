"""A call is answered again in the app: from its debrief through tries and comparisons and back; or killed meanwhile."""

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
from textual.pilot import Pilot

from roleplay.practice.debrief import debrief_of
from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from roleplay.tui.choices import Look
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.screens.compare import CompareScreen
from roleplay.tui.screens.debrief import DebriefScreen
from roleplay.tui.screens.from_turn import FromTurnScreen
from roleplay.tui.screens.gallery import GalleryScreen
from roleplay.tui.widgets.begun_try import BegunTry
from roleplay.tui.widgets.compared_turn import ComparedTurn
from roleplay.tui.widgets.reply_box import ReplyBox
from tests.journeys.playing import environment
from tests.practice.tried import BETTER, HARMS, calls_of, ended_call
from tests.tui.shell import app_in, calls_in, seen, until


async def kept_call(workspace: Path) -> str:
    """A call that has ended and was rated; its id."""
    with contextlib.closing(calls_of(workspace)) as calls:
        session = await ended_call(calls, exam=True)
        await session.rate(2)
    return session.transcript.session.id


async def call_of(pilot: Pilot[None]) -> CallScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, CallScreen))
    assert isinstance(pilot.app.screen, CallScreen)
    return pilot.app.screen


async def say(pilot: Pilot[None], call: CallScreen, text: str) -> None:
    session = call._session
    given = len(session.transcript.replies)
    call.query_one(ReplyBox).text = text
    await pilot.press("enter")
    await until(pilot, lambda: len(session.transcript.replies) > given and not session.unfinished)


async def comparison(pilot: Pilot[None], sentence: str) -> CompareScreen:
    """The comparison, once it says that."""

    def told() -> bool:
        screen = pilot.app.screen
        shown = screen._shown if isinstance(screen, CompareScreen) else None
        return shown is not None and sentence in shown.comparison.sentence

    await until(pilot, told)
    assert isinstance(pilot.app.screen, CompareScreen)
    return pilot.app.screen


async def test_from_the_debrief_through_two_tries_and_their_comparison_and_back(tmp_path: Path) -> None:
    ident = await kept_call(tmp_path)
    before = debrief_of(calls_in(tmp_path).load(ident))
    app = app_in(tmp_path)
    app._wanted = Look(ident)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, DebriefScreen))
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, FromTurnScreen))
        assert "Turn 1  ✗ Missed" in seen(pilot) and seen(pilot).index("Turn 3") < seen(pilot).index("Turn 2")
        await pilot.press("enter")
        call = await call_of(pilot)
        await until(pilot, lambda: "Your first path stays the result" in seen(pilot))
        assert "Answering again from turn 1, practice: the first path stays your result." in seen(pilot)
        assert "coached" in seen(pilot) and "Trust" in seen(pilot)
        await say(pilot, call, BETTER)
        assert "✓ Met" in seen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "Compare now" in seen(pilot))
        await pilot.press("down", "enter")
        await comparison(pilot, "on try 1, Dana told you “")
        await until(pilot, lambda: "│" in seen(pilot))
        assert "Your first path" in seen(pilot) and "Score" not in seen(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: any(turn.step for turn in app.screen.query(ComparedTurn)))
        await pilot.press("r")
        second = await call_of(pilot)
        assert second._session.transcript.branch == 2
        for _ in range(12):
            if not second._session.ended:
                await say(pilot, second, HARMS)
        await until(pilot, lambda: "This try has ended." in seen(pilot))
        await pilot.press("enter")
        await comparison(pilot, "It went no better on try 2")
        await pilot.press("x", "1")  # try 2 to the left, try 1 to the right
        compared = await comparison(pilot, "After 1 reply each: trust was")
        assert compared._shown and [path.branch for path in compared._shown.paths] == [2, 1]
        await pilot.press("g")
        third = await call_of(pilot)
        await until(pilot, lambda: "nothing was lost" in seen(pilot))
        assert third._session.transcript.branch == 1
        await pilot.press(*"I am st", "escape")
        await until(pilot, lambda: "Compare now" in seen(pilot))
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, DebriefScreen) and "Answered again" in seen(pilot))
        assert "Try 1  from turn 1, 1 reply, waits, with what you typed" in seen(pilot)
        assert re.search(r"Try 2  from turn 1 of try 1, \d+ replies, ended badly|Try 2  from turn 1, ", seen(pilot))
        app.screen.query(BegunTry).last().focus()
        await pilot.press("enter")
        await comparison(pilot, "After 1 reply each: trust was")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DebriefScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, GalleryScreen) and "A try waits: " in seen(pilot))
        assert "Cut short" not in seen(pilot)
    assert debrief_of(calls_in(tmp_path).load(ident)) == before
    assert calls_in(tmp_path).draft(ident, 1) == "I am st"


class Terminal:
    """The app in a terminal of its own, with a call to answer again."""

    def __init__(self, workspace: Path, *words: str) -> None:
        options = ["--workspace", str(workspace), "--trainee", "Sam"]
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "roleplay", "rewind", *words, *options],
            env={**environment(TEXTUAL_ANIMATIONS="none"), "TERM": "xterm-256color"},
            dimensions=(30, 100),
            timeout=20,
            encoding="utf-8",
        )
        self.child.delaybeforesend = None
        self.drawn = ""

    def wait(self, holds: Callable[[str], object]) -> None:
        """Wait until what was drawn since the last wait holds it."""
        self.drawn = ""
        deadline = time.monotonic() + 30
        while not holds(plain(self.drawn)):
            assert time.monotonic() < deadline, plain(self.drawn)[-500:]
            with contextlib.suppress(pexpect.TIMEOUT):
                self.drawn += self.child.read_nonblocking(65_536, timeout=0.05)

    def kill(self) -> None:
        self.child.kill(signal.SIGKILL)
        self.child.close(force=True)


def plain(drawn: str) -> str:
    return re.sub(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[()].)", "", drawn)


@pytest.mark.parametrize("comparing", [True, pytest.param(False, marks=pytest.mark.soak)])
def test_a_try_that_is_killed_loses_nothing_nor_does_a_comparison(comparing: bool, tmp_path: Path) -> None:
    ident = asyncio.run(kept_call(tmp_path))
    database = tmp_path / "transcripts" / "roleplay.db"
    with Transcripts(database) as store:
        first = store.load(ident)
    playing = Terminal(tmp_path, ident, "1")
    playing.wait(lambda drawn: "Your reply" in drawn)
    playing.child.send(f"\x1b[200~{BETTER}\x1b[201~\r")
    playing.wait(lambda drawn: "noticed something" in drawn)
    playing.child.send("\x1b[200~I am staying\x1b[201~")
    playing.wait(lambda drawn: "I am staying" in drawn)
    if comparing:
        playing.child.send("\x1b")
        playing.wait(lambda drawn: "Compare now" in drawn)
        playing.child.send("\x1b[B\r")
        playing.wait(lambda drawn: "trust was" in drawn)
    else:
        time.sleep(2.0)  # a draft is at most a second old, and two on a busy machine
    playing.kill()
    with Transcripts(database) as store:
        (begun,) = (each for each in store.tries(ident) if each.practice)
        assert (begun.own, begun.outcome, store.draft(ident, 1)) == (1, None, "I am staying")
        assert store.load(ident, 1).replies[0].text == BETTER
        assert (store.interrupted("Sam"), [each.id for each in store.tried("Sam", 1)]) == ([], [ident])
        after = store.load(ident)
    assert (after.replies, after.lines, after.ending) == (first.replies, first.lines, first.ending)
    assert verify(database).fine

"""The debrief of a reviewed call: what a coach added stands with its reply, and a reply can be disputed there."""

from __future__ import annotations

import re
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pexpect
import pytest
from textual.app import App
from textual.pilot import Pilot

from roleplay.practice.calls import now
from roleplay.review.desk import Desk
from roleplay.store.integrity import verify
from roleplay.store.reviews import Reviews
from roleplay.store.transcripts import Transcripts
from roleplay.tui.screens.debrief import DebriefScreen
from roleplay.tui.screens.dispute import DisputeScreen, TakeBackScreen
from roleplay.tui.sitting import Sitting
from roleplay.tui.themes import THEMES
from roleplay.tui.widgets.folds import Fold
from roleplay.tui.widgets.marked_reply import MarkedReply
from roleplay.tui.widgets.note_box import NoteBox
from tests.journeys.playing import environment
from tests.review.desks import desk_at
from tests.store.kept_calls import ANSWERS, keep_call
from tests.tui.hostile import LIVE, payloads
from tests.tui.shell import seen, until

TALL = (100, 60)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "personas").mkdir()
    (tmp_path / "transcripts").mkdir()
    with Transcripts(database(tmp_path)) as store:
        keep_call(store, "call-one", trainee="Sam")
    with coach(tmp_path) as desk:
        desk.comment("call-one", 0, 2, "trainee", "Warm [b]and[/b] short.")
        desk.comment("call-one", 0, 4, "customer", "You left her there.")
        desk.overrule("call-one", desk.open("call-one").transcript.replies[2], "acts", 2, "The truck is ordered.")
    return tmp_path


def database(workspace: Path) -> Path:
    return workspace / "transcripts" / "roleplay.db"


@contextmanager
def coach(workspace: Path, name: str = "Kim") -> Iterator[Desk]:
    """A coach's desk now."""
    with desk_at(database(workspace), name, now) as desk:
        yield desk


class Shown(App[None]):
    """Shows one debrief."""

    def __init__(self, debrief: DebriefScreen) -> None:
        super().__init__()
        self.animation_level = "none"
        self._debrief = debrief
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def on_mount(self) -> None:
        self.push_screen(self._debrief)


@asynccontextmanager
async def looking(workspace: Path, size: tuple[int, int] = TALL, *, own: bool = True) -> AsyncIterator[Pilot[None]]:
    """The debrief of the call, to the trainee whose `own` it is."""
    with coach(workspace, "Sam") as desk:
        case = desk.open("call-one")
        sitting = Sitting(lambda: desk, lambda: None) if own else None
        debrief = DebriefScreen(case.transcript, help_resources="", reviewed=case.reviewed, sitting=sitting)
        async with Shown(debrief).run_test(size=size, notifications=True) as pilot:
            await until(pilot, lambda: pilot.app.screen is debrief)
            yield pilot


async def marked(pilot: Pilot[None], number: int) -> MarkedReply:
    """Mark the reply of that number."""
    await pilot.press("5", *["down"] * (number - 1))
    await pilot.pause()
    focused = pilot.app.screen.focused
    assert isinstance(focused, MarkedReply) and focused.reply.turn == number
    return focused


async def disputed(pilot: Pilot[None], number: int, words: str) -> None:
    """Dispute that reply, and wait until it is shown as kept."""
    await marked(pilot, number)
    await pilot.press("d")
    await until(pilot, lambda: isinstance(pilot.app.screen, DisputeScreen))
    pilot.app.screen.query_one(NoteBox).put(words)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, DebriefScreen) and "⚑" in seen(pilot))


def kept(workspace: Path) -> list[tuple[int, str, str]]:
    with Reviews(database(workspace)) as reviews:
        return [(each.turn, each.text, each.trainee) for each in reviews.of("call-one").disputes]


async def test_what_the_coach_added_is_told_in_short_and_n_goes_from_one_to_the_next(workspace: Path) -> None:
    async with looking(workspace) as pilot:
        assert "Reviewed by Kim: 2 comments, 1 level overruled. N: the next." in seen(pilot)
        read = []
        for words in ("Warm [b]and[/b] short.", "Because: The truck is ordered.", "You left her there."):
            await pilot.press("n")
            await until(pilot, lambda words=words: words in seen(pilot))  # type: ignore[misc]
            read.append(pilot.app.screen.focused)
        await pilot.press("n")
        assert pilot.app.screen.focused is read[0] and isinstance(read[0], Fold) and read[0].step == 1


async def test_the_machines_level_stays_to_be_read_and_is_struck_through(workspace: Path) -> None:
    async with looking(workspace) as pilot:
        await pilot.press("n", "n")
        await until(pilot, lambda: "acts 2 of 2, was 1 by the offline scorer." in seen(pilot))
        strips = pilot.app.screen._compositor.render_strips()
        struck = [one.text for strip in strips for one in strip if one.style and one.style.strike]
        assert "1" in struck
        await pilot.press("2")
        await pilot.pause()
        assert "by the scorer alone" in seen(pilot)


async def test_replies_with_something_added_are_known_while_they_are_closed(workspace: Path) -> None:
    async with looking(workspace) as pilot:
        await disputed(pilot, 1, "I asked.")
        lines = [line for line in seen(pilot).splitlines() if ANSWERS[:20] in line]
        assert ["✎" in line for line in lines[:3]] == [False, True, True]
        assert ["⚑" in line for line in lines[:3]] == [True, False, False]


async def test_a_call_without_a_review_says_nothing_of_one(tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    with Transcripts(database(tmp_path)) as store:
        keep_call(store, "call-one", trainee="Sam")
    async with looking(tmp_path, own=False) as pilot:
        debrief = pilot.app.screen
        await pilot.press("5", "n", "d")
        assert "Reviewed by" not in seen(pilot) and "Dispute" not in seen(pilot)
        assert pilot.app.screen is debrief


async def test_a_dispute_is_kept_and_shown_under_its_reply(workspace: Path) -> None:
    async with looking(workspace) as pilot:
        await disputed(pilot, 2, "I did ask where she stands.")
        await pilot.press("enter")
        await until(
            pilot, lambda: "You disputed this: I did ask where she stands. (waiting for a coach)" in seen(pilot)
        )
    assert kept(workspace) == [(2, "I did ask where she stands.", "Sam")]
    assert verify(database(workspace)).fine


async def test_it_can_be_taken_back_and_said_again(workspace: Path) -> None:
    async with looking(workspace) as pilot:
        await disputed(pilot, 2, "I asked.")
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, TakeBackScreen))
        assert "“I asked.”" in seen(pilot)
        await pilot.press("enter")  # what is marked first leaves it
        await until(pilot, lambda: isinstance(pilot.app.screen, DebriefScreen))
        assert len(kept(workspace)) == 1
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, TakeBackScreen))
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DebriefScreen) and "⚑" not in seen(pilot))
        assert kept(workspace) == []
        await disputed(pilot, 2, "I asked twice.")
    assert kept(workspace) == [(2, "I asked twice.", "Sam")]


async def test_what_was_answered_meanwhile_cannot_be_taken_back_and_says_so(workspace: Path) -> None:
    async with looking(workspace) as pilot:
        await disputed(pilot, 2, "I asked.")
        with coach(workspace) as desk:
            desk.answer(desk.open("call-one").reviewed.disputes[0], "You did.", upheld=True)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, TakeBackScreen))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "was answered, and stays" in seen(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, DebriefScreen) and "⚑" not in seen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "Upheld. You did." in seen(pilot))
    assert len(kept(workspace)) == 1


async def test_without_a_marked_reply_it_is_said_what_to_do(workspace: Path) -> None:
    async with looking(workspace, (80, 24)) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: "Mark the reply with ↑ ↓ first" in seen(pilot))
        assert isinstance(pilot.app.screen.focused, MarkedReply)


async def test_what_cannot_be_kept_stays_in_the_box_and_what_was_left_waits_as_a_draft(workspace: Path) -> None:
    async with looking(workspace) as pilot:
        await marked(pilot, 1)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, DisputeScreen))
        await pilot.press("enter")
        await until(pilot, lambda: "A dispute needs words." in seen(pilot))
        await pilot.press(*"I ask")
        with closing(sqlite3.connect(database(workspace), isolation_level=None)) as connection:
            connection.execute("CREATE TRIGGER full BEFORE INSERT ON disputes BEGIN SELECT RAISE(ABORT, 'no'); END")
            await pilot.press("enter")
            await until(pilot, lambda: "Nothing of this was saved" in seen(pilot))
            connection.execute("DROP TRIGGER full")
        assert pilot.app.screen.query_one(NoteBox).text == "I ask"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, DebriefScreen))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, DisputeScreen))
        await pilot.press(*"ed.", "enter")
        await until(pilot, lambda: "⚑" in seen(pilot))
    assert kept(workspace) == [(1, "I asked.", "Sam")]


@pytest.mark.parametrize("number", [0, *(pytest.param(number, marks=pytest.mark.soak) for number in range(1, 60))])
async def test_hostile_words_are_only_words(number: int, workspace: Path) -> None:
    words = [each.replace("\0", "") for each in payloads(5, f"reviewed-{number}")]
    for word in words:
        with coach(workspace, word) as desk:
            desk.comment("call-one", 0, 1, "trainee", f"{word}.")
            desk.comment("call-one", 0, 4, "customer", f"{word}.")
            desk.overrule("call-one", desk.open("call-one").transcript.replies[0], "acts", 2, f"{word}.")
    async with looking(workspace, (120, 150)) as pilot:
        await disputed(pilot, 1, f"{words[0]}.")
        for keys in (("enter",), ("n",), ("end", "n"), ("d",)):
            await pilot.press(*keys)
            await pilot.pause()
            strips = pilot.app.screen._compositor.render_strips()
            assert not any(one.style and "@click" in one.style.meta for strip in strips for one in strip)
            assert not LIVE.search(seen(pilot).replace("\n", ""))
            assert pilot.app.is_running


def test_killed_the_moment_it_is_shown_as_kept_it_is_there(workspace: Path) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "roleplay", "--workspace", str(workspace), "--trainee", "Sam"],
        env={**environment(TEXTUAL_ANIMATIONS="none", XDG_CACHE_HOME=str(workspace)), "TERM": "xterm-256color"},
        dimensions=(40, 100),
        timeout=30,
        encoding="utf-8",
    )
    drawn = ""

    def wait_for(words: str) -> None:
        nonlocal drawn
        deadline = time.monotonic() + 30
        while words not in re.sub(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[()].)", "", drawn):
            assert time.monotonic() < deadline, drawn[-800:]
            try:
                drawn += child.read_nonblocking(65_536, timeout=0.05)
            except pexpect.TIMEOUT:
                continue
        drawn = ""

    try:
        wait_for("Debrief: The ramp")
        child.send("\r")
        wait_for("Reviewed by Kim")
        child.send("5")
        wait_for("Enter Open")
        child.send("d")
        wait_for("Dispute how reply 1 was heard")
        child.send("I asked her.\r")
        wait_for("⚑")
        child.kill(signal.SIGKILL)
    finally:
        child.close(force=True)
    assert kept(workspace) == [(1, "I asked her.", "Sam")]
    assert verify(database(workspace)).fine

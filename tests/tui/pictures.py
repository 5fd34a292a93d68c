"""Pictures of every screen: as text for the tests, `make pictures` draws them anew, and as SVG for the README.

A picture is what stands on the screen, line by line, so that a change can be read in a diff.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
from textual.pilot import Pilot
from textual.screen import Screen

from roleplay.conversation.turns import KeptEnding, SelfRating, Transcript
from roleplay.practice.calls import Calls
from roleplay.rehearsal.banks import Skill
from roleplay.store.transcripts import Transcripts
from roleplay.tui.app import RoleplayApp
from roleplay.tui.journey import Wanted
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.screens.debrief import DebriefScreen
from roleplay.tui.screens.rating import RatingScreen
from roleplay.tui.widgets.reply_box import ReplyBox
from tests.journeys.playing import rehearsed
from tests.tui.shell import BROKEN, filled, persona_file, seen, until

FOLDER = Path(__file__).parent / "pictures"
README_FOLDER = Path(__file__).parents[2] / "docs" / "screens"
SIZES = ((80, 24), (140, 40))
GOOD = "Dana, I'm staying on. Are you in the car, belt on, hazards on? I'm raising this so the next truck is yours."
POOR = "What is your membership number?"

Steps = Callable[[Pilot[None], Path], Awaitable[None]]


class Picture:
    """How to come to a screen: what was there before (`prepare`), what was asked for, and the `steps` from there."""

    def __init__(
        self, steps: Steps, *, wanted: Wanted | None = None, prepare: Callable[[Path], Awaitable[None]] | None = None
    ):
        self.steps, self.wanted, self.prepare = steps, wanted, prepare


def calls_in(workspace: Path) -> Calls:
    """The calls of a trainee who lives at one moment of one day."""
    store = Transcripts(workspace / "transcripts" / "roleplay.db")
    return Calls(workspace / "personas", store, "Sam", lambda: "2026-03-06T21:14:00.000+00:00")


async def picture(name: str, size: tuple[int, int]) -> tuple[str, str]:
    """The picture of that name as text and as SVG."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    wanted = PICTURES[name]
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            workspace = Path("workspace")
            (workspace / "personas").mkdir(parents=True)
            (workspace / "transcripts").mkdir()
            if wanted.prepare:
                await wanted.prepare(workspace)
            app = RoleplayApp(lambda: calls_in(workspace), wanted.wanted)
            app.animation_level = "none"
            async with app.run_test(size=size) as pilot:
                await wanted.steps(pilot, workspace)
                await pilot.pause()
                return seen(pilot) + "\n", app.export_screenshot(title="Roleplay")
        finally:
            os.chdir(before)


async def _gallery(pilot: Pilot[None], workspace: Path) -> None:
    await filled(pilot)


async def _filtered(pilot: Pilot[None], workspace: Path) -> None:
    await filled(pilot)
    await pilot.press(*"xyz")


async def _briefing(pilot: Pilot[None], workspace: Path) -> None:
    await until(pilot, lambda: "You are" in seen(pilot))


async def _call(pilot: Pilot[None], workspace: Path) -> CallScreen:
    await _briefing(pilot, workspace)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, CallScreen))
    call = pilot.app.screen
    assert isinstance(call, CallScreen)
    await until(pilot, lambda: not call._session.unfinished)
    return call


async def _replied(pilot: Pilot[None], workspace: Path, *replies: str) -> CallScreen:
    call = await _call(pilot, workspace)
    session = call._session
    for number, reply in enumerate(replies, 1):
        call.query_one(ReplyBox).text = reply
        await pilot.press("enter")
        await until(
            pilot,
            lambda number=number: (
                session.ended  # type: ignore[misc]
                or (len(session.transcript.replies) == number and not session.unfinished)
            ),
        )
    return call


async def _met(pilot: Pilot[None], workspace: Path) -> None:
    await _replied(pilot, workspace, GOOD)


async def _missed(pilot: Pilot[None], workspace: Path) -> None:
    await _replied(pilot, workspace, POOR)


async def _hint(pilot: Pilot[None], workspace: Path) -> None:
    await _replied(pilot, workspace, POOR)
    await pilot.press("f2")


async def _worked_reply(pilot: Pilot[None], workspace: Path) -> None:
    await _hint(pilot, workspace)
    await pilot.press("f2")


async def _gestures(pilot: Pilot[None], workspace: Path) -> None:
    await _call(pilot, workspace)
    await pilot.press("f3")


async def _record(pilot: Pilot[None], workspace: Path) -> None:
    await _call(pilot, workspace)
    await pilot.press("f5")


async def _pause(pilot: Pilot[None], workspace: Path) -> None:
    await _call(pilot, workspace)
    await pilot.press("escape")


async def _help(pilot: Pilot[None], workspace: Path) -> None:
    await _call(pilot, workspace)
    await pilot.press("f1")


def _whole(persona: str, skill: Skill) -> Steps:
    async def steps(pilot: Pilot[None], workspace: Path) -> None:
        played = rehearsed(persona, skill, SEED)
        await _replied(pilot, workspace, *(reply.text for reply in played.transcript.replies))

    return steps


async def _unkept(rating: int | None) -> None:
    """Keeps nothing."""


def _rating(pilot: Pilot[None], workspace: Path) -> Awaitable[None]:
    return _shown(pilot, RatingScreen("Dana", _unkept))


def _debrief(persona: str, skill: Skill, rating: int | None, *keys: str, replies: int | None = None) -> Steps:
    """The debrief of a rehearsed call, or of its first `replies`, after which the trainee left."""

    async def steps(pilot: Pilot[None], workspace: Path) -> None:
        transcript = rehearsed(persona, skill, SEED).transcript
        if replies is not None:
            transcript = _left_after(transcript, replies)
        rated = SelfRating(session=transcript.session.id, rating=rating, at="")
        calls = calls_in(workspace)
        await _shown(
            pilot,
            DebriefScreen(
                msgspec.structs.replace(transcript, self_rating=rated), help_resources=calls.help_resources()
            ),
        )
        for key in keys:
            await pilot.press(key)
            await pilot.pause()

    return steps


def _left_after(transcript: Transcript, replies: int) -> Transcript:
    ending = KeptEnding(
        session=transcript.session.id,
        branch=0,
        by="left",
        ending="left",
        outcome="bad",
        epilogue="You left. Dana was still there.",
        at="",
    )
    lines = tuple(line for line in transcript.lines if line.turn <= replies + 1)
    return msgspec.structs.replace(transcript, replies=transcript.replies[:replies], lines=lines, ending=ending)


async def _shown(pilot: Pilot[None], screen: Screen[Any]) -> None:
    await filled(pilot)
    pilot.app.push_screen(screen)
    await until(pilot, lambda: pilot.app.screen is screen)
    await pilot.pause()


async def _with_history(workspace: Path) -> None:
    """A broken file, a call that has ended, and one that was cut short."""
    persona_file(workspace, "broken", BROKEN)
    calls = calls_in(workspace)
    ended = await calls.begin(calls.persona("stranded-driver"), exam=False, seed="7")
    await ended.speak()
    await ended.reply(GOOD)
    await ended.leave()
    cut_short = await calls.begin(calls.persona("heartbroken-mover"), exam=True, seed="7")
    await cut_short.speak()
    await cut_short.reply("Hi Roz, let me look at that card with you.")
    calls.close()


SEED = 7
_DANA = Wanted("stranded-driver", seed=SEED)
_EXAM = Wanted("stranded-driver", seed=SEED, exam=True)
_ORRIN = Wanted("grieving-father", seed=SEED)

PICTURES: dict[str, Picture] = {
    "gallery": Picture(_gallery),
    "gallery-after-a-while": Picture(_gallery, prepare=_with_history),
    "gallery-nothing-matches": Picture(_filtered),
    "briefing": Picture(_briefing, wanted=_DANA),
    "briefing-exam": Picture(_briefing, wanted=_EXAM),
    "briefing-father": Picture(_briefing, wanted=_ORRIN),
    "call": Picture(_met, wanted=_DANA),
    "call-missed": Picture(_missed, wanted=_DANA),
    "call-exam": Picture(_met, wanted=_EXAM),
    "call-hint": Picture(_hint, wanted=_DANA),
    "call-worked-reply": Picture(_worked_reply, wanted=_DANA),
    "call-gestures": Picture(_gestures, wanted=_DANA),
    "call-record": Picture(_record, wanted=_DANA),
    "call-pause": Picture(_pause, wanted=_DANA),
    "call-ended": Picture(_whole("stranded-driver", "skilled"), wanted=_DANA),
    "call-ended-second-scene": Picture(_whole("grieving-father", "skilled"), wanted=_ORRIN),
    "help": Picture(_help, wanted=_DANA),
    "rating": Picture(_rating),
    "debrief-heard": Picture(_debrief("stranded-driver", "skilled", 3)),
    "debrief-heard-course": Picture(_debrief("stranded-driver", "skilled", 3, "3")),
    "debrief-heard-replies": Picture(_debrief("stranded-driver", "skilled", 3, "5", "enter")),
    "debrief-unheard": Picture(_debrief("stranded-driver", "cold", 4)),
    "debrief-unheard-replies": Picture(_debrief("stranded-driver", "cold", 4, "5", "enter")),
    "debrief-unheard-kept-back": Picture(_debrief("stranded-driver", "cold", 4, "6", "r", "r")),
    "debrief-chat": Picture(_debrief("heartbroken-mover", "skilled", None, "2")),
    "debrief-scenes-course": Picture(_debrief("grieving-father", "skilled", 2, "3")),
    "debrief-at-once": Picture(_debrief("stranded-driver", "cold", None, "1", replies=0)),
}
README = {"gallery": (100, 30), "call": (110, 32), "debrief-heard-course": (100, 36)}
"""The pictures shown in the README, with their sizes."""


def path_of(name: str, size: tuple[int, int]) -> Path:
    """Where the picture of that name and size is kept."""
    return FOLDER / f"{name}-{size[0]}x{size[1]}.txt"


def draw(names: list[str]) -> None:
    """Draw pictures anew; all of them without `names`."""
    FOLDER.mkdir(exist_ok=True)
    README_FOLDER.mkdir(exist_ok=True)
    for name in names or PICTURES:
        for size in SIZES:
            text, _ = asyncio.run(picture(name, size))
            path_of(name, size).write_text(text, encoding="utf-8")
        if name in README:
            _, svg = asyncio.run(picture(name, README[name]))
            (README_FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(name)


if __name__ == "__main__":
    draw(sys.argv[1:])

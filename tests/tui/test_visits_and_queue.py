"""A story in visits and a queue in the app: briefing, record, call, debrief, and on to the next visit."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from roleplay.tui.journey import Wanted
from roleplay.tui.screens.briefing import BriefingScreen
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.screens.debrief import DebriefScreen
from roleplay.tui.screens.rating import RatingScreen
from tests.persona.samples import persona
from tests.persona.stories import QUEUE, VISITS
from tests.tui.shell import app_in, calls_in, persona_file, seen, until
from tests.tui.stage import playing

SMALL, LARGE = (80, 24), (140, 40)


async def on(pilot: Pilot[None], screen: type) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))


async def make_first_visit(workspace: Path) -> None:
    (workspace / "transcripts").mkdir(exist_ok=True)
    calls = calls_in(workspace)
    session = await calls.begin(calls.persona("emil"), exam=False, seed="1")
    await session.speak()
    await session.reply("Do you have your son near?")
    await session.leave()
    calls.close()


async def test_from_the_briefing_of_a_visit_to_that_of_the_next(tmp_path: Path) -> None:
    persona_file(tmp_path, "emil", VISITS)
    await make_first_visit(tmp_path)
    async with app_in(tmp_path, Wanted("emil")).run_test(size=LARGE) as pilot:
        await on(pilot, BriefingScreen)
        told = seen(pilot)
        assert "Visit 2: The second Thursday" in told and "He is back." in told
        assert "Visit 1. It ended badly. You were told: “You look like my Petr.”" in " ".join(told.split())
        await pilot.press("enter")
        await on(pilot, CallScreen)
        await until(pilot, lambda: "Again the ten one." in seen(pilot))
        assert "Visit 2: The second Thursday" in seen(pilot).splitlines()[0]
        await pilot.press("f5")
        await until(pilot, lambda: "What you remember" in seen(pilot))
        await pilot.press("escape")
        await pilot.press(*"bye", "enter")
        await until(pilot, lambda: "Enter: debrief" in seen(pilot))
        await pilot.press("enter")
        await on(pilot, RatingScreen)
        await pilot.press("2")
        await on(pilot, DebriefScreen)
        await until(pilot, lambda: "Visit 2: The second Thursday. Emil will come again." in seen(pilot))
        assert "Next visit" in seen(pilot) and "Take it again" not in seen(pilot)
        await pilot.press("f4")
        await on(pilot, BriefingScreen)
        assert "Visit 3: The third Thursday" in seen(pilot)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_one_after_the_other_steps_up_and_the_call_ends_with_the_last(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with playing(tmp_path, persona(QUEUE), size=size) as played:
        first, second = played.session.transcript.session.script.persona.scenes
        await played.reply("Goodbye then, bye.")
        titles = [entry.text for entry in played.entries if entry.kind == "title"]
        assert titles == [first.title, second.title]
        names = [entry.name for entry in played.entries if entry.kind == "customer"]
        assert names == [first.cast[0].name.split()[0]] * 2 + [second.cast[0].name.split()[0]]
        await played.reply("Goodbye then, bye.")
        assert played.session.ended
        await played.until(lambda: "The call has ended." in seen(played.pilot))


async def test_the_debrief_of_a_queue_tells_what_came_of_each(tmp_path: Path) -> None:
    persona_file(tmp_path, "counter", QUEUE)
    async with app_in(tmp_path, Wanted("counter", seed=0)).run_test(size=LARGE) as pilot:
        await on(pilot, BriefingScreen)
        assert "Window Four" in seen(pilot) and "What you know" not in seen(pilot) and "Lottie" not in seen(pilot)
        await pilot.press("enter")
        await on(pilot, CallScreen)
        await until(pilot, lambda: "I need two copies." in seen(pilot))
        await pilot.press(*"bye", "enter")
        await until(pilot, lambda: "Is this where you pay fines?" in seen(pilot))
        await pilot.press(*"bye", "enter")
        await until(pilot, lambda: "Enter: debrief" in seen(pilot))
        await pilot.press("enter")
        await on(pilot, RatingScreen)
        assert "How well did you meet all of them?" in seen(pilot)
        await pilot.press("2")
        await on(pilot, DebriefScreen)
        await until(pilot, lambda: "Lottie Marsh: " in seen(pilot) and "Tom Reyes: " in seen(pilot))

"""A five-minute call in the app: chosen in the briefing, named over the call, and taken again as one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from roleplay.tui.journey import Wanted
from roleplay.tui.screens.briefing import BriefingScreen
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.screens.debrief import DebriefScreen
from roleplay.tui.screens.pause import PauseScreen
from roleplay.tui.screens.rating import RatingScreen
from tests.persona.stories import VISITS
from tests.tui.shell import app_in, calls_in, filled, persona_file, seen, until

NARROW, SMALL, LARGE = (60, 16), (80, 24), (140, 40)


async def on(pilot: Pilot[None], screen: type) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))


def kept(workspace: Path) -> list[str]:
    """The personas of the calls that were cut short, the newest first."""
    calls = calls_in(workspace)
    try:
        return [each.persona for each in calls.interrupted()]
    finally:
        calls.close()


async def test_it_is_chosen_in_the_briefing_and_again_after_it_is_another_one(tmp_path: Path) -> None:
    persona_file(tmp_path, "emil", VISITS)
    async with app_in(tmp_path, Wanted("emil")).run_test(size=LARGE) as pilot:
        await on(pilot, BriefingScreen)
        assert "Visit 1" in seen(pilot) and "The whole call. F7: five minutes of it." in seen(pilot)
        await pilot.press("f7")
        await until(pilot, lambda: "Five minutes: one key moment. F7: the whole call." in seen(pilot))
        assert "Visit 1" not in seen(pilot)
        await pilot.press("enter")
        await on(pilot, CallScreen)
        await until(pilot, lambda: "The ten one, please." in seen(pilot))
        assert "The same card every week (five minutes)" in seen(pilot).splitlines()[0]
        await pilot.press(*"bye", "enter")
        await until(pilot, lambda: "Enter: debrief" in seen(pilot))
        await pilot.press("enter")
        await on(pilot, RatingScreen)
        await pilot.press("2")
        await on(pilot, DebriefScreen)
        await until(pilot, lambda: "(five minutes)" in seen(pilot))
        assert "Visit" not in seen(pilot) and "Next visit" not in seen(pilot)
        await pilot.press("f4")
        await on(pilot, CallScreen)
        await until(pilot, lambda: "The ten one, please." in seen(pilot))
        assert kept(tmp_path) == ["emil:short"]
        await pilot.press("escape")
        await on(pilot, PauseScreen)
        await pilot.press("down", "enter")
        gallery = await filled(pilot)
        gallery.refill(str(tmp_path / "personas" / "emil.yaml"))
        await until(pilot, lambda: "In short" in seen(pilot))
        told = seen(pilot)
        assert "Go on: The same card every week (five minutes)" in told
        assert "five minutes (F7 in the briefing):" in told and re.search(r"best \d+, 1 call", told)


@pytest.mark.parametrize("size", [NARROW, SMALL])
async def test_one_asked_for_on_the_command_line_is_briefed_as_one_and_the_keys_fit(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with app_in(tmp_path, Wanted("stranded-driver", short=True)).run_test(size=size) as pilot:
        await on(pilot, BriefingScreen)
        await until(pilot, lambda: "Five minutes: one key moment. F7: the whole call." in seen(pilot))
        assert "F7 Short  Esc Back" in seen(pilot)
        await pilot.press("f7", "f7", "f7")
        await until(pilot, lambda: "The whole call. F7: five minutes of it." in seen(pilot))

"""A trainee's way through drills and the test in the app: over two days, to the end, and killed in the middle."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from textual.pilot import Pilot

from roleplay.store.drills import Drills
from roleplay.store.integrity import verify
from roleplay.tui.app import RoleplayApp
from roleplay.tui.choices import Drill
from roleplay.tui.drilling import Drilling
from roleplay.tui.screens import drill
from roleplay.tui.screens.drill import DrillScreen
from roleplay.tui.screens.rating import RatingScreen
from roleplay.tui.screens.record import RecordScreen
from roleplay.tui.screens.unaided import UnaidedResultScreen, UnaidedScreen
from tests.journeys.test_app_killed import SOAK_CASES, Hand, How, check_draft, check_replies, plain
from tests.tui.drilling import MISSES, Clock, calls_of, database, kept
from tests.tui.shell import filled, seen, until


@pytest.fixture(autouse=True)
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is taken for what is told however soon it comes."""
    monkeypatch.setattr(drill, "SETTLING", 0.0)


def app_on(folder: Path, clock: Clock, wanted: Drill | None = None) -> RoleplayApp:
    app = RoleplayApp(lambda: calls_of(folder, clock), wanted)
    app.animation_level = "none"
    return app


def drilling_in(pilot: Pilot[None]) -> Drilling[Any, Any]:
    assert isinstance(pilot.app.screen, Drilling)
    return pilot.app.screen


async def at(pilot: Pilot[None], stage: str) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, Drilling) and pilot.app.screen.stage == stage)


async def test_from_the_gallery_through_a_miss_a_hint_and_another_try_to_what_waits_tomorrow(tmp_path: Path) -> None:
    clock = Clock()
    async with app_on(tmp_path, clock).run_test(size=(80, 24)) as pilot:
        await filled(pilot)
        assert "Today:" not in seen(pilot)
        await pilot.press("f2")
        await at(pilot, "writing")
        screen = drilling_in(pilot)
        task = screen.moment
        assert task and task.why in seen(pilot) and "1 of about 6 · 0 min" in seen(pilot)
        assert task.shown.role in seen(pilot) and task.shown.line.split()[-1] in seen(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen) and task.shown.may[0][:20] in seen(pilot))
        await pilot.press("escape")

        screen._box.put(MISSES)
        await pilot.press("enter")
        await at(pilot, "told")
        (first,) = kept(tmp_path)
        assert (first.text, first.attempt, first.assessment.opportunity) == (MISSES, 1, "missed")
        assert "✗           Missed." in seen(pilot) and "You         What is your customer number?" in seen(pilot)
        assert "What was there" in seen(pilot) and "It comes back tomorrow." in seen(pilot)
        assert "F2" not in seen(pilot) and "A Again" in seen(pilot) and "Esc Stop" in seen(pilot)
        await pilot.press("end")
        await until(pilot, lambda: "Better" in seen(pilot))

        await pilot.press("a")
        await at(pilot, "writing")
        assert "Once more, as practice. Before: ✗ Missed" in seen(pilot)
        assert screen._box.text == screen._box.selected_text == MISSES
        await pilot.press("f2")
        await until(pilot, lambda: "Something to think about" in seen(pilot))
        for _ in range(2):
            await pilot.press("f2")
            await until(pilot, lambda: "One way to say it" in seen(pilot) and "F2 again" not in seen(pilot))
        screen._box.put("I am with you. Stay where you are while I get help, and tell me what you see.")
        await pilot.press("enter")
        await at(pilot, "told")
        assert [(each.attempt, each.aided) for each in kept(tmp_path)] == [(1, 0), (2, 2)]
        assert "With two hints." in seen(pilot) and "the first one counts" in seen(pilot)

        clock.later(minutes=2)
        await pilot.press("n")
        await at(pilot, "writing")
        following = screen.moment
        assert following and following.item.persona != task.item.persona
        assert "2 of about 6 · 2 min" in seen(pilot) and screen._box.text == ""
        await pilot.press("escape")
        await at(pilot, "over")
        assert "1 reply in 2 minutes." in seen(pilot) and "✗ 1 missed" in seen(pilot)
        assert "1 moment comes back tomorrow." in seen(pilot) and "In your next call, watch one thing:" in seen(pilot)
        await pilot.press("enter")
        await filled(pilot)
        clock.later(days=1)
        await pilot.press("f5")
        await until(pilot, lambda: "Roleplay  Today: 1 moment waits, about 5 minutes (F2)" in seen(pilot))

        await pilot.press("f2")
        await at(pilot, "writing")
        assert drilling_in(pilot).moment.item == task.item
        assert "You missed this on 6 March; it comes back today." in seen(pilot)
        drilling_in(pilot)._box.put(MISSES)
        await pilot.press("enter")
        await at(pilot, "told")
        await pilot.press("escape")
        await at(pilot, "over")
        await pilot.press("escape")
        await filled(pilot)
        await until(pilot, lambda: "Today:" not in seen(pilot))


async def test_the_unaided_test_to_its_result(tmp_path: Path) -> None:
    async with app_on(tmp_path, Clock(), Drill()).run_test(size=(140, 40)) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, DrillScreen))
        await at(pilot, "writing")
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(pilot.app.screen, UnaidedScreen) and "Enter Begin" in seen(pilot))
        await pilot.press("enter")
        test = drilling_in(pilot)
        for number in range(1, 7):
            await until(pilot, lambda number=number: f"{number} of 6" in seen(pilot) and test.stage == "writing")
            assert "comes back" not in seen(pilot) and "F2" not in seen(pilot)
            test._box.put(MISSES)
            await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RatingScreen))
        assert "Before the result" in seen(pilot) and "these 6 moments" in seen(pilot)
        await pilot.press("3")
        await until(pilot, lambda: isinstance(pilot.app.screen, UnaidedResultScreen))
        await until(pilot, lambda: "Score: " in seen(pilot) and len(re.findall(r"[✓~✗?·] \w", seen(pilot))) >= 6)
        with Drills(database(tmp_path)) as drills:
            (rating,) = drills.test_ratings("Sam")
        assert rating.rating == 3 and {each.test for each in kept(tmp_path)} == {rating.test}
        while "Enter Open" not in seen(pilot):
            await pilot.press("down")
        await pilot.press("enter")
        await until(pilot, lambda: "What was there" in seen(pilot))
        await pilot.press("escape")
        await filled(pilot)


class AtDrills(Hand):
    """Drills in a terminal. A reply was seen to be kept once it is told when its moment comes back."""

    def begin(self) -> None:
        """There is nothing to be done before the first moment."""

    def go_on(self) -> None:
        """On to the next moment, after the time in which no key is taken for that."""
        self._pass(1.0)
        self._child.send("n")
        self._wait(lambda drawn: "Your reply" in plain(drawn))

    def _acknowledge(self) -> None:
        if self.seen.acknowledged < len(self.seen.sent) and "comes back" in plain(self._drawn):
            self.seen.acknowledged = len(self.seen.sent)


def test_an_app_that_is_killed_in_a_drill_loses_nothing(tmp_path: Path) -> None:
    kill_and_check("killed", 1, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("how", get_args(How))
@pytest.mark.parametrize("case", range(1_000, 1_000 + SOAK_CASES))
def test_many_more_apps_that_are_killed_in_a_drill(how: How, case: int, tmp_path: Path) -> None:
    kill_and_check(how, case, tmp_path)


def kill_and_check(how: How, case: int, workspace: Path) -> None:
    chance = random.Random(f"drill-{how}-{case}")
    for folder in ("personas", "transcripts"):
        (workspace / folder).mkdir()
    hand = AtDrills(workspace, chance.uniform(0.2, 7.0), "drill")
    hand.play(chance)
    hand.end(how)
    path = workspace / "transcripts" / "roleplay.db"
    with Drills(path) as drills:
        replies, typed = drills.of("Sam"), drills.draft("Sam")
    if replies or typed:  # before anything is kept the file may be half made, and is made anew
        assert verify(path).fine
    check_replies(hand.seen, [each.text for each in replies])
    check_draft(hand.seen, typed.text if typed else "", kept=len(replies), at_once=how != "killed")

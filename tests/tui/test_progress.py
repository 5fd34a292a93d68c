"""The progress screen: everything is told in words too, and what is told leads to what is next."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from roleplay.conversation.drilling import DrillItem
from roleplay.practice.next_step import Known, next_step
from roleplay.practice.progress import Given, progress_of
from roleplay.practice.progress_reading import read_progress
from roleplay.store.database import reading
from roleplay.tui.choices import Drill
from roleplay.tui.screens.progress import ProgressScreen
from roleplay.tui.themes import THEMES
from tests.practice.month import keep_month, row
from tests.tui.shell import seen

NOW = datetime(2026, 11, 22, 13, tzinfo=UTC)
RAMP = (Known("the-ramp", "The ramp", 1),)
NOTHING_LEFT = "not left"


class Stage(App[None]):
    """Shows the progress screen; `left` is what it was left with."""

    def __init__(self, screen: ProgressScreen) -> None:
        super().__init__()
        self.animation_level = "none"
        self._shown, self.left = screen, NOTHING_LEFT
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def on_mount(self) -> None:
        self.push_screen(self._shown, self._leave)

    def _leave(self, left: Any) -> None:
        self.left = left


def of_a_month(folder: Path) -> Stage:
    path = folder / "roleplay.db"
    keep_month(path)
    with reading(path) as connection:
        progress = read_progress(connection, "sam", NOW)
    return Stage(ProgressScreen(progress, next_step(progress, lambda: RAMP)))


def of(given: Given) -> Stage:
    progress = progress_of("[b]sam[/b]", given, NOW)
    return Stage(ProgressScreen(progress, next_step(progress, lambda: RAMP)))


async def read_through(pilot: Pilot[None], keys: str) -> str:
    """All that is seen on the way through the parts with those numbers."""
    told = []
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
        told.append(seen(pilot))
    return "\n".join(told)


async def test_every_part_is_reached_by_its_number_and_says_its_numbers(tmp_path: Path) -> None:
    app = of_a_month(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        text = await read_through(pilot, "1234567")
        for words in (
            "Next: ",
            "23 days of the last 28, the latest 21 November.",
            "acknowledges feeling",
            "In drills and tests: 0 % (n 3) … 81 % (n 21)",
            "26 October: 62 of 100 over 6 moments, you rated it 2 of 4.",
            "A bench in the cold",
            "4 calls, best 74, latest 74 (18 November)",
            "You rate yourself 15 points above what was heard, n 7; skipped 2 times.",
            "Before        ",
            "✗ Safety was passed over in 1 reply.",
            "✗ 19×  The ramp",
            "missed 19 times, latest 21 November",
        ):
            assert words in text, words
        await pilot.press("escape")
        await pilot.pause()
        assert app.left is None


async def test_a_marked_moment_is_drilled_by_enter_and_by_d(tmp_path: Path) -> None:
    for key in ("enter", "d"):
        app = of_a_month(tmp_path)
        async with app.run_test(size=(60, 16)) as pilot:
            await pilot.press("7")
            await pilot.pause()
            assert "▌ ✗ 19×  The ramp" in seen(pilot)
            await pilot.press(key)
            await pilot.pause()
            assert app.left == Drill(item=DrillItem("the-ramp", "late"))


async def test_where_no_moment_is_marked_d_is_for_what_is_due_and_n_for_the_next_step(tmp_path: Path) -> None:
    weak, unsafe = [row(n, (2, 2, 2, 0, 2)) for n in range(6)], [row(0, unsafe=True)]
    for key, left, given, told in (
        ("d", Drill(), weak, "“explores” is your weakest dimension just now"),
        ("n", Drill(dimension="explores"), weak, "“explores” is your weakest dimension just now"),
        ("n", Drill(item=DrillItem("the-ramp", "opening")), unsafe, "somebody's safety was passed over"),
    ):
        app = of(Given(given))
        async with app.run_test(size=(80, 24)) as pilot:
            assert told in seen(pilot)
            await pilot.press(key)
            await pilot.pause()
            assert app.left == left


async def test_before_anything_was_practised_it_is_kind_and_n_takes_the_first_call() -> None:
    app = of(Given())
    async with app.run_test(size=(80, 24)) as pilot:
        text = seen(pilot)
        assert "Progress: [b]sam[/b]" in text
        assert "[b]sam[/b] has practised nothing yet." in text
        assert "Next: Take a first call: “The ramp”." in text
        assert "2 Dimensions" not in text
        await pilot.press("2", "7", "n")
        await pilot.pause()
        assert app.left == "the-ramp"

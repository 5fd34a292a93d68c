"""The trainee's own rating: a number, a choice or nothing, by key and by mouse."""

from __future__ import annotations

import pytest
from textual.app import App

from roleplay.errors import StoreBusy
from roleplay.practice.wording import RATINGS
from roleplay.tui.screens.rating import RatingScreen
from roleplay.tui.themes import EVENING
from tests.tui.shell import seen, until

NOTHING_YET = object()


class RatingApp(App[None]):
    rated: object = NOTHING_YET

    def on_mount(self) -> None:
        self.register_theme(EVENING)
        self.theme = EVENING.name
        self.push_screen(RatingScreen("Dana [/x]", self.keep))

    async def keep(self, rating: int | None) -> None:
        assert self.rated is NOTHING_YET, "rated twice"
        self.rated = rating


@pytest.mark.parametrize(
    ("keys", "rated"),
    [
        (["3"], 3),
        (["0"], 0),
        (["enter", "enter"], NOTHING_YET),
        (["down", "enter"], 3),
        (["up", "down", "enter", "enter"], 2),
        (["4", "1"], 4),
        (["home", "enter"], 0),
        (["escape"], None),
        (["7"], NOTHING_YET),
    ],
)
async def test_keys_rate_or_skip(keys: list[str], rated: object) -> None:
    app = RatingApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert app.rated == rated


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (140, 40)])
async def test_a_click_on_a_row_rates_and_every_meaning_is_readable(size: tuple[int, int]) -> None:
    app = RatingApp()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        shown = seen(pilot)
        assert "How well did you meet Dana [/x]?" in shown
        assert all(meaning in shown for meaning in RATINGS)
        await pilot.click("Rows", offset=(5, 4))
        await pilot.pause()
        assert app.rated == 4


class RefusedApp(RatingApp):
    async def keep(self, rating: int | None) -> None:
        raise StoreBusy("Another program is writing [/x].")


async def test_a_rating_that_cannot_be_kept_does_not_keep_one_from_the_debrief() -> None:
    app = RefusedApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: not isinstance(app.screen, RatingScreen))
        await until(pilot, lambda: "Another program is writing [/x]." in seen(pilot))

"""Blind rating on the screen: all by key, each rating kept before the next reply is shown, no score and no name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot

from roleplay.conversation.reviewing import BlindRating
from roleplay.errors import NotSaved
from roleplay.review.desk import Desk
from roleplay.store.reviews import Reviews
from roleplay.store.transcripts import Transcripts
from roleplay.tui.screens.blind import BlindScreen
from roleplay.tui.sitting import Sitting
from roleplay.tui.themes import THEMES
from tests.review.rated_calls import AT, items, keep
from tests.tui.shell import seen, until

NOTHING_YET = object()


class BlindApp(App[None]):
    """The screen alone over a database."""

    def __init__(self, path: Path, number: int = 3) -> None:
        super().__init__()
        self.left_with: object = NOTHING_YET
        self.sitting = Sitting(lambda: Desk(Transcripts(path), Reviews(path), "Kim", lambda: AT), lambda: None)
        self.screen_shown = BlindScreen(self.sitting, number, 1)

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.push_screen(self.screen_shown, self._left)

    def _left(self, rated: int | None) -> None:
        self.left_with = rated


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "roleplay.db"
    keep(path, items()[:3], trainee="samantha")
    return path


@asynccontextmanager
async def shown(path: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[BlindApp, Pilot[None]]]:
    """The screen with the first reply on it."""
    app = BlindApp(path)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: "Reply 1 of 3" in seen(pilot))
        yield app, pilot
    app.sitting.close()


def kept(path: Path) -> list[BlindRating]:
    with Reviews(path) as reviews:
        return list(reviews.ratings())


async def give(pilot: Pilot[None], *levels: str) -> None:
    """Press each key once the one before has done its work."""
    for level in levels:
        before = seen(pilot)
        await pilot.press(level)
        await until(pilot, lambda before=before: seen(pilot) != before)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (140, 40)])
async def test_the_moment_the_reply_and_the_levels_can_be_read_at_any_size(path: Path, size: tuple[int, int]) -> None:
    async with shown(path, size) as (_, pilot):
        told = seen(pilot)
        assert "Takes in the feeling   press 0 to 2" in told and "Tied to something" in told
        wanted = {"The reply", "Feeling", "Not said"}
        for _ in range(20):
            await pilot.press("up", "up")
            await pilot.pause()
            told += seen(pilot)
        assert all(word in told for word in wanted)
        assert "samantha" not in told and "offline" not in told


async def test_seven_keys_keep_a_rating_and_show_the_next_reply(path: Path) -> None:
    async with shown(path) as (app, pilot):
        await give(pilot, "2", "1", "0", "0", "1", "0")
        assert "As a whole" in seen(pilot) and "given so far: 2 1 0 0 1 0" in seen(pilot)
        assert kept(path) == []
        await give(pilot, "3")
        assert "Reply 2 of 3" in seen(pilot)
        (rating,) = kept(path)
        assert (rating.coach, list(rating.levels.values())) == ("Kim", [2, 1, 0, 0, 1, 0, 3])
        await pilot.press("escape")
        await until(pilot, lambda: app.left_with == 1)


async def test_a_level_that_does_not_exist_is_no_key(path: Path) -> None:
    async with shown(path) as (_, pilot):
        await pilot.press("3", "4", "7", "enter", "space")
        await pilot.pause()
        assert "Takes in the feeling" in seen(pilot)


async def test_back_skip_and_the_end(path: Path) -> None:
    async with shown(path) as (app, pilot):
        await give(pilot, "1", "b")
        assert "Takes in the feeling" in seen(pilot)
        await give(pilot, "s", "s", "s")
        assert "There is no reply" in seen(pilot) and kept(path) == []
        await give(pilot, "backspace", *"1111111")
        assert "1 rating is kept." in seen(pilot)
        await give(pilot, "b", *"0000000")
        assert [set(each.levels.values()) for each in kept(path)] == [{0}]
        await pilot.press("escape")
        await until(pilot, lambda: app.left_with == 1)


async def test_a_rating_that_cannot_be_kept_is_said_and_asked_for_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NotSaved("The disk is full [/x].")

    async with shown(path) as (_, pilot):
        await give(pilot, *"111111")
        with monkeypatch.context() as broken:
            broken.setattr(Reviews, "keep", refuse)
            await pilot.press("4")
            await until(pilot, lambda: "The disk is full [/x]." in seen(pilot))
        assert "As a whole" in seen(pilot) and kept(path) == []
        await pilot.press("4")
        await until(pilot, lambda: "Reply 2 of 3" in seen(pilot))
        assert len(kept(path)) == 1


async def test_where_nothing_is_to_be_rated_it_says_so(tmp_path: Path) -> None:
    app = BlindApp(tmp_path / "none.db")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "no reply that you could rate" in seen(pilot))
        await pilot.press("1", "s", "b", "escape")
        await until(pilot, lambda: app.left_with == 0)
    app.sitting.close()

"""Every screen looks as it was last looked at. After a change that is meant: `make pictures`, and read the diff."""

from __future__ import annotations

import pytest

from tests.tui.pictures import PICTURES, README, README_FOLDER, SIZES, path_of, picture


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", PICTURES)
async def test_a_screen_looks_as_it_did(name: str, size: tuple[int, int]) -> None:
    text, _ = await picture(name, size)
    assert text == path_of(name, size).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", README)
async def test_the_readme_shows_the_running_app(name: str) -> None:
    _, svg = await picture(name, README[name])
    assert svg == (README_FOLDER / f"{name}.svg").read_text(encoding="utf-8")

"""Every screen looks as it was last looked at. After a change that is meant: `make pictures`, and read the diff."""

from __future__ import annotations

import pytest

from tests.tui.pictures import FOLDER, README, README_FOLDER, SIZES, VISITS, drawn, drawn_for_readme, path_of


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("visit", VISITS)
async def test_the_screens_of_a_visit_look_as_they_did(visit: str, size: tuple[int, int]) -> None:
    for name, text in (await drawn(VISITS[visit], size)).items():
        assert text == path_of(name, size).read_text(encoding="utf-8"), name


@pytest.mark.parametrize("name", README)
async def test_the_readme_shows_the_running_app(name: str) -> None:
    assert await drawn_for_readme(name) == (README_FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def test_no_picture_is_left_that_nothing_is_compared_with() -> None:
    compared = {path_of(name, size) for visit in VISITS.values() for name in visit.pictures for size in SIZES}
    assert compared == set(FOLDER.iterdir())

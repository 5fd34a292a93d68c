"""Where a line is too long for its place: whole words of it stand there, and nothing is cut that fits."""

from __future__ import annotations

import pytest
from textual.content import Content

from roleplay.tui.hanging import facts
from roleplay.tui.literal import fitted


@pytest.mark.parametrize(
    ("line", "width", "shown"),
    [
        ("Stuck where the ramp splits", 27, "Stuck where the ramp splits"),
        ("Stuck where the ramp splits", 26, "Stuck where the ramp…"),
        ("Stuck where the ramp splits", 21, "Stuck where the ramp…"),
        ("Stuck where the ramp splits", 20, "Stuck where the…"),
        ("Roz · phone · hard", 8, "Roz…"),
        ("Sorry, it is closed", 8, "Sorry…"),
        ("Featherstonehaugh", 10, "Featherst…"),
        ("王秀英王秀英", 10, "王秀英王…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
    ],
)
def test_a_line_is_cut_after_a_word_and_only_where_it_does_not_fit(line: str, width: int, shown: str) -> None:
    assert fitted(Content(line), width).plain == shown


def test_a_key_that_is_too_long_is_wrapped_and_not_cut() -> None:
    told = facts({"Reference number of the depot": "KRT 982", "Name": "Ada"})
    assert [line.plain.rstrip() for line in told.lines(24)] == [
        "Reference   KRT 982",
        "number of",
        "the depot",
        "Name        Ada",
    ]

"""The plot of trust and distress: readable at every width, with few replies and with many, and without colour."""

from __future__ import annotations

import pytest

from roleplay.practice.course import Step, Stretch
from roleplay.tui.widgets.feelings_plot import plotted


def course(replies: int, name: str = "") -> Stretch:
    """Trust rises from 2 to 8 and distress falls from 9 to 1 over so many replies, all of them met."""
    share = [turn / max(1, replies) for turn in range(replies + 1)]
    return Stretch(
        name,
        tuple(Step(turn, 2 + 6 * part, 9 - 8 * part, "met" if turn else None) for turn, part in enumerate(share)),
    )


def drawn(*stretches: Stretch, width: int = 80) -> list[str]:
    return [line.plain for line in plotted(stretches, width)]


@pytest.mark.parametrize("width", [30, 47, 80, 130])
@pytest.mark.parametrize("replies", [0, 1, 2, 10, 100])
def test_it_keeps_to_its_width_and_says_which_line_is_which(replies: int, width: int) -> None:
    lines = drawn(course(replies), width=width)
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    end = ("trust 8", "distress 1") if replies else ("trust 2", "distress 9")
    assert all(label in text for label in end)


def test_the_two_lines_have_marks_of_their_own() -> None:
    text = "\n".join(drawn(course(4)))
    assert text.count("●") + text.count("◉") == 5
    assert text.count("○") + text.count("◉") == 5


def test_each_reply_has_its_sign_over_its_number() -> None:
    steps = (Step(0, 4, 7, None), Step(1, 5, 6, "met"), Step(2, 5, 6, "partly"), Step(3, 3, 8, "missed"))
    signs, numbers = drawn(Stretch("", steps))[-2:]
    assert signs.split() == ["✓", "~", "✗"]
    assert [signs.index(sign) for sign in "✓~✗"] == [numbers.index(number) for number in "123"]


def test_where_many_replies_share_a_column_the_worst_is_shown() -> None:
    missed = 50
    steps = tuple(Step(turn, 5, 5, "missed" if turn == missed else "met" if turn else None) for turn in range(101))
    assert drawn(Stretch("", steps), width=40)[-2].count("✗") == 1


def test_scenes_are_named_and_divided() -> None:
    lines = drawn(course(3, "Orrin"), course(3, "Bernadette"))
    assert lines[0].split() == ["Orrin", "Bernadette"]
    assert sum("┊" in line for line in lines) >= 7


def test_a_name_too_long_for_its_scene_stands_without_its_title() -> None:
    scenes = (course(1, "Mr Mallinson"), course(1, "Miss Achterberg"), course(1, "Bette"))
    assert plotted(scenes, 80)[0].plain.split() == ["Mr", "Mallinson", "Miss", "Achterberg", "Bette"]
    assert plotted(scenes, 50)[0].plain.split() == ["Mallinson", "Achterberg", "Bette"]


def test_a_name_that_steers_a_terminal_is_only_a_name() -> None:
    text = "\n".join(drawn(course(3, "\x1b]0;x\x07[/b]"), course(3, "Al\x9b")))
    assert "\x1b" not in text and "\x9b" not in text and "[/b]" in text


def test_a_level_beyond_the_scale_stays_on_the_plot() -> None:
    assert drawn(Stretch("", (Step(0, -3, 99, None), Step(1, 14, -2, "met"))))

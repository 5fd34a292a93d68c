"""The plot of weeks: it keeps to its width, says which curve is which and where it ended, and needs no colour."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from roleplay.tui.widgets.weeks_plot import Curve, plotted, worth_plotting

MONDAY = date(2026, 11, 16)


def curve(name: str, *levels: float, last: date = MONDAY) -> Curve:
    """A curve whose last week is that of `last`."""
    begins = last - timedelta(weeks=len(levels) - 1)
    return Curve(name, {(begins + timedelta(weeks=week)).isoformat(): level for week, level in enumerate(levels)})


def drawn(*curves: Curve, width: int = 70) -> list[str]:
    return [line.plain.rstrip() for line in plotted(curves, width)]


@pytest.mark.parametrize("width", [30, 54, 70])
@pytest.mark.parametrize("weeks", [1, 2, 5, 26, 200])
def test_it_keeps_to_its_width_and_says_which_curve_is_which(weeks: int, width: int) -> None:
    lines = drawn(curve("calls", *[20.0] * weeks), curve("drills", *[80.0] * weeks), width=width)
    assert max(map(len, lines)) <= width
    assert "calls 20" in "\n".join(lines) and "drills 80" in "\n".join(lines)
    assert lines[-1].strip().endswith("16 Nov")


def test_the_curves_have_marks_of_their_own_and_one_where_they_meet() -> None:
    text = "\n".join(drawn(curve("calls", 10, 50, 90), curve("drills", 90, 50, 10)))
    assert (text.count("●"), text.count("○"), text.count("◉")) == (2, 2, 1)


def test_where_both_end_alike_both_names_are_read() -> None:
    for end in (0.0, 50.0, 100.0):
        text = "\n".join(drawn(curve("calls", 50, end), curve("drills", 60, end)))
        assert f"calls {end:.0f}" in text and f"drills {end:.0f}" in text


def test_a_week_without_anything_is_passed_over() -> None:
    gap = Curve("calls", {"2026-11-02": 40.0, "2026-11-16": 60.0})
    assert "\n".join(drawn(gap)).count("●") == 2


def test_one_week_is_not_worth_a_plot_and_none_is_none() -> None:
    assert not worth_plotting([curve("calls", 50), curve("drills", 40)])
    assert worth_plotting([curve("calls", 50), curve("drills", 40, 60)])
    assert plotted([Curve("calls", {}), Curve("drills", {})], 60) == []

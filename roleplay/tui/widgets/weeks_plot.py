"""How shares go from week to week, drawn with braille dots: a curve for calls, another for drills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from roleplay.tui.braille import Canvas

_ROWS = 5
_AXIS = 4
"""Columns of the numbers at the left."""
_LABEL = 14
"""Columns at the right in which each curve says which it is and where it ended."""
_FURTHEST = 8.0
"""Columns between two weeks at the most."""
_MOST = 26
"""Weeks that are drawn, the latest."""
_STYLES = (("●", 1, "$primary"), ("○", 3, "$secondary"))
"""The mark of each curve, of how many dots one is set, and the colour."""
_BOTH = "◉"


class Curve(NamedTuple):
    """A curve with its name: what it is at (0-100) in the weeks it was seen in, by the Mondays they begin on."""

    name: str
    weeks: Mapping[str, float]


class WeeksPlot(Widget):
    """The plot of one or two curves, the first solid with ●, the second dotted with ○; ◉ is where they meet."""

    DEFAULT_CSS = """
    WeeksPlot { width: 100%; height: auto; }
    """

    def __init__(self, curves: Sequence[Curve]) -> None:
        super().__init__()
        self._curves = curves

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(plotted(self._curves, width))

    def render(self) -> Content:
        return Content("\n").join(plotted(self._curves, self.content_size.width))


def worth_plotting(curves: Sequence[Curve]) -> bool:
    """Whether any of them was seen in two weeks."""
    return any(len(curve.weeks) > 1 for curve in curves)


def plotted(curves: Sequence[Curve], width: int) -> list[Content]:
    """The lines of the plot at `width` columns, 30 or more: curves, and the days of the first and the last week."""
    mondays = sorted({date.fromisoformat(monday) for curve in curves for monday in curve.weeks})
    if not mondays:
        return []
    first = max(mondays[0].toordinal(), mondays[-1].toordinal() - 7 * (_MOST - 1))
    weeks = (mondays[-1].toordinal() - first) // 7
    apart = min(_FURTHEST, (max(2, width - _AXIS - _LABEL) - 1) / max(1, weeks))
    canvas = Canvas(_ROWS, highest=100)
    drawn = [
        [
            (round((date.fromisoformat(monday).toordinal() - first) / 7 * apart), level)
            for monday, level in sorted(curve.weeks.items())
            if date.fromisoformat(monday).toordinal() >= first
        ]
        for curve in curves
    ]
    marks: dict[tuple[int, int], tuple[str, str]] = {}
    for points, (mark, every, colour) in reversed(list(zip(drawn, _STYLES, strict=False))):
        canvas.curve(points, colour, every)
        for column, level in points:
            place = canvas.row_of(level), column
            marks[place] = (_BOTH if place in marks and marks[place][0] != mark else mark, f"bold {colour}")
    for (row, column), (mark, style) in marks.items():
        canvas.put(row, column, mark, style)
    last = round(weeks * apart)
    _label(canvas, curves, drawn, last + 2)
    canvas.scale(_AXIS, ((0, "100"), (_ROWS // 2, " 50"), (_ROWS - 1, "  0")))
    return [
        *(canvas.line(row, _AXIS, width) for row in range(_ROWS)),
        _days(date.fromordinal(first), mondays[-1], last),
    ]


def _label(canvas: Canvas, curves: Sequence[Curve], drawn: Sequence[Sequence[tuple[int, float]]], column: int) -> None:
    """Which curve is which and where it ended; the lower one makes way."""
    ends = [
        (points[-1][1], f"{curve.name} {points[-1][1]:.0f}", colour)
        for curve, points, (_, _, colour) in zip(curves, drawn, _STYLES, strict=False)
        if points
    ]
    taken = -1
    ends.sort(key=lambda end: -end[0])
    for place, (level, words, colour) in enumerate(ends):
        row = min(max(canvas.row_of(level), taken + 1), _ROWS - len(ends) + place)
        canvas.put(row, column, words, colour)
        taken = row


def _days(first: date, last: date, column: int) -> Content:
    """The days on which the first and the last week begin, below them."""
    begins, ends = f"{first.day} {first:%b}", f"{last.day} {last:%b}"
    if first == last:
        return Content.styled(" " * _AXIS + begins, "$text-muted")
    between = max(1, column - len(begins) - len(ends) + 1)
    return Content.styled(f"{' ' * _AXIS}{begins}{' ' * between}{ends}", "$text-muted")

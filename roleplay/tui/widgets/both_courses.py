"""How trust and distress went on two paths of a call: a small plot of each, with both paths in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from roleplay.practice.compare import Comparison
from roleplay.practice.difference import Felt
from roleplay.tui.braille import Canvas, Point

_ROWS = 5
_AXIS = 3
_LABEL = 17
"""Columns at the right in which each line says which it is and where it ended."""
_FURTHEST = 9.0
"""Columns between two turns at the most."""
_LEFT, _RIGHT = ("○", "$secondary", 3), ("●", "$primary", 1)
"""The sign, the colour, and how many dots of a line there are one of, of each path."""


class BothCourses(Widget):
    """The plots of a comparison: the left path is a dotted line with ○, the right one a solid one with ●."""

    DEFAULT_CSS = """
    BothCourses { width: 100%; height: auto; }
    """

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self._comparison = comparison

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(plotted(self._comparison, width))

    def render(self) -> Content:
        return Content("\n").join(plotted(self._comparison, self.content_size.width))


def plotted(comparison: Comparison, width: int) -> list[Content]:
    """The lines of both plots at `width` columns, 40 or more, with the turns below."""
    courses = [[comparison.before, *(given.felt for given in side.given)] for side in comparison.sides]
    names = [f"try {side.branch}" if side.practice else "first path" for side in comparison.sides]
    steps = max(map(len, courses))
    apart = min(_FURTHEST, max(1, width - _AXIS - _LABEL - 1) / max(1, steps - 1))
    columns = [round(step * apart) for step in range(steps)]
    lines: list[Content] = []
    for feeling in ("trust", "distress"):
        lines.append(Content.styled(feeling.capitalize(), "bold"))
        lines += _plot(feeling, courses, names, columns, width)
    numbers = Canvas(rows=1)
    free = 0
    for step, column in enumerate(columns[1:]):
        number = str(comparison.turn + step)
        if column >= free:
            numbers.put(0, column, number, "$text-muted")
            free = column + len(number) + 2
    return [*lines, numbers.line(0, _AXIS, width)]


def _plot(
    feeling: str, courses: Sequence[Sequence[Felt]], names: Sequence[str], columns: Sequence[int], width: int
) -> Iterator[Content]:
    canvas = Canvas(_ROWS)
    marks: list[tuple[Point, str, str]] = []
    for course, (sign, colour, every) in zip(courses, (_LEFT, _RIGHT), strict=True):
        for _, stretch in groupby(zip(columns, course, strict=False), key=lambda step: step[1].speaker):
            points = [(column, float(getattr(felt, feeling))) for column, felt in stretch]
            canvas.curve(points, colour, every)
            marks += [(point, sign, colour) for point in points]
    for (column, level), sign, colour in marks:
        canvas.put(canvas.row_of(level), column, sign, f"bold {colour}")
    ends = [course[-1] for course in courses]
    rows = [canvas.row_of(getattr(end, feeling)) for end in ends]
    if rows[0] == rows[1]:
        rows[0] += 1 if rows[0] < _ROWS - 1 else -1
    for row, name, end, (sign, colour, _) in zip(rows, names, ends, (_LEFT, _RIGHT), strict=True):
        canvas.put(row, columns[-1] + 2, f"{sign} {name} {getattr(end, feeling):g}", colour)
    canvas.scale(_AXIS, ((0, "10"), (_ROWS // 2, " 5"), (_ROWS - 1, " 0")))
    return (canvas.line(row, _AXIS, width) for row in range(_ROWS))

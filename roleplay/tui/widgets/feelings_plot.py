"""Trust and distress over a call, drawn with braille dots, with the replies and how they were heard below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from roleplay.tui.braille import Canvas
from roleplay.tui.literal import fitted, literal_line
from roleplay.tui.signs import SIGNS, STYLES

if TYPE_CHECKING:
    from roleplay.practice.course import Stretch

_ROWS = 9
_AXIS = 3
"""Columns of the numbers at the left."""
_LABEL = 15
"""Columns at the right in which each line says which it is and where it ended."""
_FURTHEST = 9.0
"""Columns between two steps at the most: a short call does not become a wide plot."""
_WORST_FIRST = ("missed", "partly", "unsure", "met", "none")


class FeelingsPlot(Widget):
    """The plot of a course. Trust is a solid line with ●, distress a dotted one with ○; ◉ is where they meet."""

    DEFAULT_CSS = """
    FeelingsPlot { width: 100%; height: auto; }
    """

    def __init__(self, course: Sequence[Stretch]) -> None:
        super().__init__()
        self._course = course

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(plotted(self._course, width))

    def render(self) -> Content:
        return Content("\n").join(plotted(self._course, self.content_size.width))


def plotted(course: Sequence[Stretch], width: int) -> list[Content]:
    """The lines of the plot at `width` columns, 30 or more: names of scenes, curves, signs and numbers of replies."""
    if not course:
        return []
    columns = _columns(sum(len(stretch.steps) for stretch in course), max(2, width - _AXIS - _LABEL))
    canvas = Canvas(_ROWS)
    by_stretch, first = [], 0
    for stretch in course:
        by_stretch.append(columns[first : first + len(stretch.steps)])
        first += len(stretch.steps)
    _draw_curves(canvas, course, by_stretch)
    for before, after in pairwise(by_stretch):
        for row in range(_ROWS):
            canvas.put_behind(row, (before[-1] + after[0]) // 2, "┊", "$text-muted")
    _draw_labels(canvas, course, columns[-1] + 2)
    canvas.scale(_AXIS, ((0, "10"), (_ROWS // 2, " 5"), (_ROWS - 1, " 0")))
    lines = [canvas.line(row, _AXIS, width) for row in range(_ROWS)]
    if any(stretch.name for stretch in course):
        lines.insert(0, _names(course, by_stretch, width))
    return [*lines, *_replies(course, by_stretch, width)]


def _columns(steps: int, room: int) -> list[int]:
    apart = min(_FURTHEST, (room - 1) / max(1, steps - 1))
    return [round(step * apart) for step in range(steps)]


def _draw_curves(canvas: Canvas, course: Sequence[Stretch], by_stretch: Sequence[Sequence[int]]) -> None:
    """Distress first, so that trust has the colour of a cell that they share."""
    marks: dict[tuple[int, int], str] = {}
    apart = by_stretch[0][1] - by_stretch[0][0] if len(by_stretch[0]) > 1 else _FURTHEST
    for feeling, every, colour in (("distress", 3, "$secondary"), ("trust", 1, "$primary")):
        for stretch, columns in zip(course, by_stretch, strict=True):
            points = [(column, getattr(step, feeling)) for column, step in zip(columns, stretch.steps, strict=True)]
            canvas.curve(points, colour, every)
            for place, (column, level) in enumerate(points):
                if apart >= 2 or place in (0, len(points) - 1):
                    cell = canvas.row_of(level), column
                    marks[cell] = ("◉" if marks.get(cell) else "●") if feeling == "trust" else "○"
    for (row, column), mark in marks.items():
        canvas.put(row, column, mark, "bold $secondary" if mark == "○" else "bold $primary")


def _draw_labels(canvas: Canvas, course: Sequence[Stretch], column: int) -> None:
    """Which line is which and where it ended, at its end; one makes way for the other."""
    last = course[-1].steps[-1]
    trust, distress = canvas.row_of(last.trust), canvas.row_of(last.distress)
    if trust == distress:
        if (last.trust >= last.distress and distress < _ROWS - 1) or trust == 0:
            distress += 1
        else:
            distress -= 1
    canvas.put(trust, column, f"trust {last.trust:g}", "$primary")
    canvas.put(distress, column, f"distress {last.distress:g}", "$secondary")


def _names(course: Sequence[Stretch], by_stretch: Sequence[Sequence[int]], width: int) -> Content:
    """Whom each scene is with, above where it begins."""
    starts = [columns[0] for columns in by_stretch]
    ends = [*starts[1:], max(width - _AXIS, starts[-1])]
    line = " " * _AXIS
    for stretch, start, end in zip(course, starts, ends, strict=True):
        room = max(0, end - start - 1)
        whole = literal_line(stretch.name)
        last = whole.split(" ")[-1] if whole else whole  # the name without a title
        shown = next((name for name in (whole, last) if name.cell_length <= room), fitted(last, room))
        line += set_cell_size(shown.plain, end - start)
    return Content.styled(line.rstrip(), "$text-muted").truncate(width)


def _replies(course: Sequence[Stretch], by_stretch: Sequence[Sequence[int]], width: int) -> Iterable[Content]:
    """The signs of the replies, and their numbers as far as there is room; where several share a column, the worst."""
    signs: dict[int, str] = {}
    turns: dict[int, int] = {}
    for stretch, columns in zip(course, by_stretch, strict=True):
        for step, column in zip(stretch.steps, columns, strict=True):
            if step.sign is not None:
                signs[column] = min(signs.get(column, step.sign), step.sign, key=_WORST_FIRST.index)
                turns.setdefault(column, step.turn)
    if not signs:
        return
    canvas = Canvas(rows=2)
    for column, sign in signs.items():
        canvas.put(0, column, SIGNS[sign], STYLES.get(sign, "bold"))
    free = 0
    every = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if step * _apart(turns) >= 4 or step == 1000)
    for column, turn in sorted(turns.items()):
        if (turn == 1 or turn % every == 0) and column >= free:
            canvas.put(1, column, str(turn), "$text-muted")
            free = column + len(str(turn)) + 1
    yield from (canvas.line(row, _AXIS, width) for row in range(canvas.rows))


def _apart(turns: dict[int, int]) -> float:
    """Columns from one reply to the next, on average."""
    (first, *_, last) = (*sorted(turns), max(turns))
    return (last - first) / max(1, turns[last] - turns[first]) if last > first else _FURTHEST

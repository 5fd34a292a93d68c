"""Curves in a terminal: drawn with braille dots, two to a column and four to a row, with signs and words over them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from textual.content import Content

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The braille dots of a cell, by row and column."""

Point = tuple[int, float]
"""A column, and a level there."""


class Canvas:
    """Characters with their styles, `rows` high; levels go from 0 in the lowest row to `highest` in the first.

    Columns count from 0; those of an axis are below that.
    """

    def __init__(self, rows: int, highest: float = 10) -> None:
        self.rows, self._highest = rows, highest
        self._cells: dict[tuple[int, int], tuple[str, str]] = {}
        self._dots: dict[tuple[int, int], int] = {}

    def row_of(self, level: float) -> int:
        """The row in which that level lies."""
        return self._dot_row(level) // 4

    def curve(self, points: Sequence[Point], style: str, every: int = 1) -> None:
        """A line through `points`, of which every so many dots are set; it has the colour of a cell that it shares."""
        places = [(2 * column + 1, self._dot_row(level)) for column, level in points]
        for (x1, y1), (x2, y2) in pairwise(places):
            length = max(abs(x2 - x1), abs(y2 - y1), 1)
            for part in range(0, length + 1, every):
                x, y = round(x1 + (x2 - x1) * part / length), round(y1 + (y2 - y1) * part / length)
                cell = y // 4, x // 2
                self._dots[cell] = self._dots.get(cell, 0) | _DOTS[y % 4][x % 2]
                self._cells[cell] = (chr(0x2800 + self._dots[cell]), style)

    def put(self, row: int, column: int, words: str, style: str) -> None:
        """Words from `column` on."""
        for place, char in enumerate(words):
            self._cells[row, column + place] = (char, style)

    def put_behind(self, row: int, column: int, char: str, style: str) -> None:
        """A character where nothing else stands."""
        self._cells.setdefault((row, column), (char, style))

    def scale(self, axis: int, levels: Sequence[tuple[int, str]]) -> None:
        """The words of `levels` at the left of the curves, in `axis` columns, each in its row."""
        for row, words in levels:
            self.put(row, -axis, words, "$text-muted")

    def line(self, row: int, axis: int, width: int) -> Content:
        """One row with its axis, in at most `width` columns."""
        end = max((column for at, column in self._cells if at == row), default=-1)
        parts = [self._cells.get((row, column), (" ", "")) for column in range(-axis, end + 1)]
        return Content.assemble(*parts).truncate(width)

    def _dot_row(self, level: float) -> int:
        return round((self._highest - min(max(level, 0), self._highest)) / self._highest * (4 * self.rows - 1))

"""Two texts side by side, each wrapped to its own column; where there is no room for that, one after the other."""

from __future__ import annotations

from itertools import zip_longest

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from roleplay.tui.hanging import Hanging
from roleplay.tui.literal import fitted

LEAST = 76
"""Columns from which on there are two columns."""

_BETWEEN = " │ "
_INDENT = 2
"""Columns by which both stand in from what is above them."""


class Beside(Visual):
    """`left` and `right` side by side below what stands `above`. Give it to a Static.

    One after the other, each of them stands below its title of `titles`; side by side these are not told.
    """

    def __init__(self, above: Hanging, left: Hanging, right: Hanging, titles: tuple[Hanging, Hanging]) -> None:
        self._above, self._sides, self._titles = above, (left, right), titles
        self._laid: tuple[int, Content] = (-1, Content(""))

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The lines, as Textual asks for them."""
        return self._at(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """All there is: the columns are as wide as they can be."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Lines at `width`."""
        return len(self.lines(width))

    def lines(self, width: int) -> list[Content]:
        """The lines at `width`, wrapped."""
        above = self._above.lines(width)
        if width < LEAST:
            stacked = [
                line
                for side, title in zip(self._sides, self._titles, strict=True)
                for line in _below(title, side, width)
            ]
            return [*above, *stacked]
        column = _column_of(width)
        edge = Content(" " * _INDENT)
        between = Content.styled(_BETWEEN, "$text-muted")
        columns = (side.lines(column) for side in self._sides)
        return [
            *above,
            *(
                edge + left.pad_right(column - left.cell_length) + between + right
                for left, right in zip_longest(*columns, fillvalue=Content(""))
            ),
        ]

    def _at(self, width: int) -> Content:
        if self._laid[0] != width:
            self._laid = (width, Content("\n").join(self.lines(width)))
        return self._laid[1]


def _column_of(width: int) -> int:
    """How wide each of two columns is."""
    return (width - _INDENT - len(_BETWEEN)) // 2


def headed(left: Content, right: Content, width: int) -> Content:
    """The heads of two columns, in one line."""
    column = _column_of(width)
    first = fitted(left, column)
    return Content(" " * _INDENT) + first.pad_right(column - first.cell_length + len(_BETWEEN)) + fitted(right, column)


def _below(title: Hanging, side: Hanging, width: int) -> list[Content]:
    edge = Content(" " * _INDENT)
    return [edge + line for part in (title, side) for line in part.lines(max(1, width - _INDENT))]

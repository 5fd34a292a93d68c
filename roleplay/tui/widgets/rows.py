"""A list of rows of text to choose one from: any number of them, drawn only where they are seen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from roleplay.tui.literal import fitted

MARK = "▌ "
"""Stands before each line of the current row, so that it is known without colour."""

_NOTHING = Content("")


class Line(NamedTuple):
    """A line of a row: of `left` as many words as fit, and `right` at the right edge, whole."""

    left: Content
    right: Content = _NOTHING


class Row(NamedTuple):
    """A row. `key` is empty for a heading, which cannot be chosen."""

    key: str
    lines: tuple[Line, ...]


class Rows(ScrollView, can_focus=True):
    """Rows to move in with the keys or the mouse; posts `Moved` and `Chosen`, each with the key of the row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Up", show=False, tooltip="To another row"),
        Binding("down", "step(1)", "Down", show=False, tooltip="To another row"),
        Binding("pageup", "page(-1)", "Page up", show=False, tooltip="A page up or down"),
        Binding("pagedown", "page(1)", "Page down", show=False, tooltip="A page up or down"),
        Binding("home", "edge(0)", "First", show=False, tooltip="To the first row or the last"),
        Binding("end", "edge(-1)", "Last", show=False, tooltip="To the first row or the last"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--current"}
    DEFAULT_CSS = """
    Rows {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .rows--current { background: $surface; }
    }
    """

    class Moved(Message):
        """The current row is another one; `key` is empty if there is none."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Chosen(Message):
        """A row was chosen."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Row] = ()
        self._starts: list[int] = [0]
        self._current = -1

    @property
    def current(self) -> str:
        """The key of the current row; empty if there is none."""
        return self._rows[self._current].key if self._current >= 0 else ""

    def show(self, rows: Sequence[Row], current: str = "", *, steady: bool = False) -> None:
        """Show `rows`. The one with the key `current` is the current one then; else that which was; else the first.

        `steady`: it stands as high in the window as the one before did.
        """
        height = self._starts[self._current] - self.scroll_offset.y if self._current >= 0 else 0
        kept = current if any(row.key == current for row in rows) else self.current
        self._rows = rows
        self._starts = [0, *accumulate(len(row.lines) for row in rows)]
        keys = [row.key for row in rows]
        choosable = [number for number, key in enumerate(keys) if key]
        self._current = keys.index(kept) if kept in keys and kept else next(iter(choosable), -1)
        self._measure()
        if steady and self._current >= 0:
            self.scroll_to(y=self._starts[self._current] - height, animate=False, force=True)
        self._moved()
        self.call_after_refresh(self._reveal)

    def action_step(self, by: int) -> None:
        """Move to the next row that can be chosen, up or down."""
        number = self._current + by
        while 0 <= number < len(self._rows):
            if self._rows[number].key:
                self._move_to(number)
                return
            number += by
        if by < 0:
            self.scroll_home(animate=False)

    def action_page(self, by: int) -> None:
        """Move up or down by as many rows as can be seen."""
        if self._current < 0:
            return
        line = self._starts[self._current] + by * max(1, self.size.height - 2)
        target = min(max(bisect_right(self._starts, max(line, 0)) - 1, 0), len(self._rows) - 1)
        self._move_to(self._nearest(target, by))

    def action_edge(self, number: int) -> None:
        """Move to the first row (0) or the last (-1)."""
        if self._rows:
            self._move_to(self._nearest(number % len(self._rows), 1 if number == 0 else -1))

    def choose(self) -> None:
        """Choose the current row."""
        if self.current:
            self.post_message(self.Chosen(self.current))

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        line = event.y + self.scroll_offset.y
        number = bisect_right(self._starts, line) - 1
        if 0 <= number < len(self._rows) and self._rows[number].key:
            self._move_to(number)
            self.choose()

    def on_resize(self) -> None:
        self._measure()
        self._reveal()

    def render_line(self, y: int) -> Strip:
        """The line `y` of what is seen."""
        line, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        number = bisect_right(self._starts, line) - 1
        if not 0 <= number < len(self._rows):
            return Strip.blank(width, self.visual_style.rich_style)
        told = self._rows[number].lines[line - self._starts[number]]
        current = number == self._current and bool(told.left)
        style = self.get_visual_style("rows--current") if current else self.visual_style
        return _strip(told, width, style, current=current)

    def _nearest(self, number: int, by: int) -> int:
        """The row at `number`, or else the next that can be chosen in the direction `by`, or else the current."""
        for direction in (by, -by):
            candidate = number
            while 0 <= candidate < len(self._rows):
                if self._rows[candidate].key:
                    return candidate
                candidate += direction
        return self._current

    def _move_to(self, number: int) -> None:
        if number != self._current:
            self._current = number
            self.refresh()
            self._moved()
        self._reveal()

    def _moved(self) -> None:
        self.post_message(self.Moved(self.current))

    def _measure(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, self._starts[-1])
        self.refresh()

    def _reveal(self) -> None:
        """Scroll so that the current row is seen, with the heading above it where it is the first."""
        if self._current < 0:
            return
        first = self._current
        while first > 0 and not self._rows[first - 1].key:
            first -= 1
        top, end = self._starts[first], self._starts[self._current + 1]
        self.scroll_to_region(Region(0, top, 1, end - top), animate=False, force=True)


def _strip(line: Line, width: int, style: Style, *, current: bool) -> Strip:
    room = max(0, width - len(MARK) - 1)
    left = line.left
    if line.right:
        left = fitted(left, max(0, room - line.right.cell_length - 2))
        left = left.pad_right(max(2, room - left.cell_length - line.right.cell_length)) + line.right
    left = fitted(left, room)
    mark = Content.styled(MARK, "$accent") if current else Content(" " * len(MARK))
    return Strip((mark + left).render_segments(style)).adjust_cell_length(width, style.rich_style)

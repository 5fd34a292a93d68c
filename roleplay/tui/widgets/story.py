"""Paragraphs to read and to move in, one of them the current: wrapped once for each width, drawn only where seen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from roleplay.tui.hanging import Hanging
from roleplay.tui.in_order import in_order
from roleplay.tui.widgets.rows import MARK

_OVERLAP = 2
"""Lines that stay in view when a page is turned."""
_STEP = 3
"""Lines that a paragraph too long for the window moves at once."""


class Paragraph(NamedTuple):
    """A paragraph. `key` is empty for what cannot be the current one."""

    key: str
    told: Hanging


class Story(ScrollView, can_focus=True):
    """Paragraphs below each other; posts `Moved` and `Chosen`, each with the key of the paragraph.

    Up and Down go from one to the next, and through one that does not fit into the window a few lines at a time.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Up", show=False, tooltip="To the line before or the next"),
        Binding("down", "step(1)", "Down", show=False, tooltip="To the line before or the next"),
        Binding("pageup", "page(-1)", "Page up", show=False, tooltip="A page up or down"),
        Binding("pagedown", "page(1)", "Page down", show=False, tooltip="A page up or down"),
        Binding("home", "edge(0)", "First", show=False, tooltip="To the first line or the last"),
        Binding("end", "edge(-1)", "Last", show=False, tooltip="To the first line or the last"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"story--current"}
    DEFAULT_CSS = """
    Story {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        background: $background;
        & > .story--current { background: $surface; }
    }
    """

    class Moved(Message):
        """The current paragraph is another one; `key` is empty if there is none."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Chosen(Message):
        """The current paragraph was clicked once more."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__()
        self._paragraphs: Sequence[Paragraph] = ()
        self._width = 0
        self._lines: list[list[Content]] = []
        self._starts: list[int] = [0]
        self._current = -1

    @property
    def current(self) -> str:
        """The key of the current paragraph; empty if there is none."""
        return self._paragraphs[self._current].key if self._current >= 0 else ""

    def show(self, paragraphs: Sequence[Paragraph], current: str = "", *, anew: bool = False) -> None:
        """Show `paragraphs`. That with the key `current` is the current one then; else that which was; else the first.

        What was the current one and still is stays where it stands in the window, unless all is told `anew`.
        """
        before = "" if anew else self.current
        place = self._starts[self._current] - self.scroll_offset.y if before else 0
        self._paragraphs = paragraphs
        keys = [paragraph.key for paragraph in paragraphs]
        kept = next((key for key in (current, before) if key and key in keys), "")
        self._current = keys.index(kept) if kept else next((n for n, key in enumerate(keys) if key), -1)
        self._wrap()
        self.scroll_to(
            y=self._starts[self._current] - place if kept and kept == before else 0, animate=False, force=True
        )
        self.post_message(self.Moved(self.current))
        self.call_after_refresh(self._reveal)

    def go_to(self, key: str) -> None:
        """Make the paragraph with that `key` the current one, if there is one."""
        for number, paragraph in enumerate(self._paragraphs):
            if key and paragraph.key == key:
                self._move_to(number)

    def action_step(self, by: int) -> None:
        """To the next paragraph up or down, or further through one that does not fit into the window."""
        if self._current < 0:
            return
        top, end = self._starts[self._current], self._starts[self._current + 1]
        window_top = self.scroll_offset.y
        window_end = window_top + self.size.height
        if by > 0 and top < window_end < end:
            self.scroll_to(y=min(window_top + _STEP, end - self.size.height), animate=False, force=True)
        elif by < 0 and top < window_top < end:
            self.scroll_to(y=max(window_top - _STEP, top), animate=False, force=True)
        else:
            self._move_to(self._nearest(self._current + by, by))

    def action_page(self, by: int) -> None:
        """Move up or down by as much as can be seen."""
        if self._current < 0:
            return
        line = self._starts[self._current] + by * max(1, self.size.height - _OVERLAP)
        target = min(max(bisect_right(self._starts, max(line, 0)) - 1, 0), len(self._paragraphs) - 1)
        self._move_to(self._nearest(target, by))

    def action_edge(self, number: int) -> None:
        """Move to the first paragraph (0) or the last (-1)."""
        if self._paragraphs:
            self._move_to(self._nearest(number % len(self._paragraphs), 1 if number == 0 else -1))

    async def on_key(self, event: events.Key) -> None:
        """Move at once: a binding would be carried out after what was pressed behind it."""
        await in_order(self, event)

    def on_click(self, event: events.Click) -> None:
        """Make what is under the mouse the current one, or choose it if it is that already."""
        number = bisect_right(self._starts, event.y + self.scroll_offset.y) - 1
        if 0 <= number < len(self._paragraphs) and self._paragraphs[number].key:
            if number == self._current:
                self.post_message(self.Chosen(self.current))
            self._move_to(number)

    def on_resize(self) -> None:
        if self._room() != self._width:
            self._wrap()
            self._reveal()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as there are at `width`."""
        room = max(1, width - len(MARK))
        return sum(len(paragraph.told.lines(room)) for paragraph in self._paragraphs)

    def render_line(self, y: int) -> Strip:
        """The line `y` of what is seen."""
        line, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        number = bisect_right(self._starts, line) - 1
        if not 0 <= number < len(self._paragraphs):
            return Strip.blank(width, self.visual_style.rich_style)
        told = self._lines[number][line - self._starts[number]]
        current = number == self._current
        style = self.get_visual_style("story--current") if current else self.visual_style
        mark = Content.styled(MARK, "$accent") if current else Content(" " * len(MARK))
        return Strip((mark + told).render_segments(style)).adjust_cell_length(width, style.rich_style)

    def _room(self) -> int:
        return max(1, self.scrollable_content_region.width - len(MARK))

    def _wrap(self) -> None:
        self._width = self._room()
        laid_out = self.scrollable_content_region.width > 0
        self._lines = [paragraph.told.lines(self._width) if laid_out else [] for paragraph in self._paragraphs]
        self._starts = [0, *accumulate(map(len, self._lines))]
        self.virtual_size = Size(self.scrollable_content_region.width, self._starts[-1])
        self.refresh()

    def _nearest(self, number: int, by: int) -> int:
        """The paragraph at `number`, or else the next that can be the current one in the direction `by`."""
        while 0 <= number < len(self._paragraphs):
            if self._paragraphs[number].key:
                return number
            number += by
        return self._current

    def _move_to(self, number: int) -> None:
        if number != self._current:
            self._current = number
            self.refresh()
            self.post_message(self.Moved(self.current))
        self._reveal()

    def _reveal(self) -> None:
        """Scroll until the current paragraph is seen: all of it where it fits, else from its beginning."""
        if self._current < 0:
            return
        top, end = self._starts[self._current], self._starts[self._current + 1]
        if all(not paragraph.key for paragraph in self._paragraphs[: self._current]):
            top = 0  # with the headings before the first
        room, window = max(1, self.size.height), self.scroll_offset.y
        if top < window or end - top > room:
            self.scroll_to(y=top, animate=False, force=True)
        elif end > window + room:
            self.scroll_to(y=end - room, animate=False, force=True)

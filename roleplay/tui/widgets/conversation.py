"""The conversation: everything said so far, drawn line by line, so that its length costs nothing."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import zip_longest
from time import monotonic
from typing import ClassVar, Literal

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.timer import Timer

from roleplay.text import one_line, sanitise
from roleplay.tui.literal import fitted

Kind = Literal["customer", "trainee", "title", "narration", "note"]

MEASURE = 72
"""Columns of text at the most: a comfortable line."""
_LABEL = 10
"""Columns of the margin in which names stand."""
_LABEL_ROWS = 2
"""Rows in which a name stands at the most, where it is too long for one."""
_INDENT = 1 + _LABEL + 2
_NOTHING = Content("")
_CUT_OFF = Content.styled(" – cut off", "italic")
_FLUSH = 1 / 30
"""Seconds between two paintings of words that stream in."""


@dataclass(slots=True)
class Entry:
    """One thing in the conversation. `name`: who says it; `pending`: it is not saved yet; `cut_off`: not said whole."""

    kind: Kind
    text: str
    name: str = ""
    pending: bool = False
    cut_off: bool = False


_UNKNOWN = -1


@dataclass(slots=True)
class _Block:
    """An entry as it is laid out: the row it starts at, its wrapped name and lines, its rows with space, its strips."""

    entry: Entry
    start: int = 0
    rows: int = _UNKNOWN
    names: list[Content] = field(default_factory=list)
    lines: list[Content] = field(default_factory=list)
    strips: list[Strip] | None = None


class Conversation(ScrollView, can_focus=False):
    """Entries below each other, following the end unless the reader scrolled up.

    An entry is wrapped once for each width, and painted from what was kept of that; words that stream in re-wrap their
    own entry only, at most thirty times a second.
    """

    class Followed(Message):
        """Whether the end is in view now."""

        def __init__(self, following: bool) -> None:
            super().__init__()
            self.following = following

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "conversation--customer",
        "conversation--customer-name",
        "conversation--trainee",
        "conversation--trainee-name",
        "conversation--pending",
        "conversation--title",
        "conversation--narration",
        "conversation--note",
    }
    DEFAULT_CSS = """
    Conversation {
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        background: $background;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        scrollbar-color: $border;
        scrollbar-color-hover: $foreground-muted;
        scrollbar-color-active: $accent;
        .conversation--customer { color: $foreground; }
        .conversation--customer-name { color: $primary; }
        .conversation--trainee { color: $foreground; }
        .conversation--trainee-name { color: $text-muted; }
        .conversation--pending { color: $text-muted; text-style: italic; }
        .conversation--title { color: $accent; text-style: bold; }
        .conversation--narration { color: $text-muted; text-style: italic; }
        .conversation--note { color: $text-muted; text-style: italic; }
    }
    """

    def __init__(self) -> None:
        super().__init__(id="said")
        self._blocks: list[_Block] = []
        self._columns = 0
        self._following = True
        self._flushed = 0.0
        self._flush_timer: Timer | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything in it, in order."""
        return tuple(block.entry for block in self._blocks)

    def add(self, *entries: Entry) -> Entry:
        """Put `entries` at the end; returns the last one, to be changed by `extend` and `change`."""
        first = len(self._blocks)
        for entry in entries:
            entry.text, entry.name = sanitise(entry.text), one_line(sanitise(entry.name))
            self._blocks.append(_Block(entry))
        self._place(first)
        return entries[-1]

    def extend(self, entry: Entry, words: str) -> None:
        """Let more words stream into `entry`; they are seen within a thirtieth of a second."""
        entry.text += sanitise(words)
        if self._flush_timer is not None:
            return
        wait = self._flushed + _FLUSH - monotonic()
        if wait <= 0:
            self._flush(entry)
        else:
            self._flush_timer = self.set_timer(wait, lambda: self._flush(entry))

    def change(self, entry: Entry, *, text: str | None = None, pending: bool = False, cut_off: bool = False) -> None:
        """Give `entry` another text at once, or none; say that it is saved now, or that it was `cut_off`."""
        if text is not None:
            entry.text = sanitise(text)
        entry.pending, entry.cut_off = pending, cut_off
        self._flush(entry)

    def take_back(self, entry: Entry) -> None:
        """Take `entry` out again."""
        index = self._index(entry)
        del self._blocks[index]
        self._place(index)

    def page(self, direction: int) -> None:
        """Scroll up (-1) or down (1), by a page less two lines."""
        step = max(1, self.scrollable_content_region.height - 2)
        self.scroll_to(y=self.scroll_offset.y + direction * step, animate=False, force=True)

    def to_end(self) -> None:
        """Go back to the end, and follow it."""
        self.scroll_end(animate=False, immediate=True, force=True)

    def on_resize(self, event: Resize) -> None:
        columns = self.scrollable_content_region.width
        top = self._block_at(self.scroll_offset.y)
        if columns != self._columns:
            self._columns = columns
            for block in self._blocks:
                block.rows = _UNKNOWN
            self._place(0)
            if top is not None and not self._following:
                self.scroll_to(y=top.start, animate=False)
        if self._following:
            self.scroll_end(animate=False, immediate=True, force=True)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        for block in self._blocks:
            block.strips = None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._follow(round(new_value) >= self.max_scroll_y)

    def render_line(self, y: int) -> Strip:
        line = self.scroll_offset.y + y
        block = self._block_at(line)
        if block is None or line >= block.start + block.rows:
            return Strip.blank(self._columns, self.rich_style)
        strip = self._strips(block)[line - block.start]
        if (selection := self.text_selection) and (span := selection.get_span(line)):
            strip = self._marked(strip, *span)
        return strip.apply_offsets(0, line)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected words, as they are drawn."""
        lines = [strip.text.rstrip() for block in self._blocks for strip in self._strips(block)]
        return selection.extract("\n".join(lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    def _flush(self, entry: Entry) -> None:
        if self._flush_timer is not None:
            self._flush_timer.stop()
            self._flush_timer = None
        self._flushed = monotonic()
        index = self._index(entry)
        self._blocks[index].rows = _UNKNOWN
        self._place(index)

    def _place(self, first: int) -> None:
        """Wrap what has to be wrapped from the block `first` on, say how tall all is now, and go on following the end.

        Nothing before `first` is looked at, so that a word costs the same however much was said before.
        """
        if not self._columns:
            return
        height = self._blocks[first - 1].start + self._blocks[first - 1].rows if first else 0
        for block in self._blocks[first:]:
            block.start = height
            if block.rows == _UNKNOWN:
                self._wrap(block)
            height += block.rows
        start = self._blocks[first].start if first < len(self._blocks) else height
        if height != self.virtual_size.height:
            self.virtual_size = Size(self._columns, height)
            self.refresh()
        else:
            self.refresh_lines(start, height - start)
        if self._following:
            self.scroll_end(animate=False, immediate=True, force=True)

    def _wrap(self, block: _Block) -> None:
        entry = block.entry
        words = Content(entry.text.rstrip()) + _CUT_OFF if entry.cut_off else Content(entry.text)
        block.lines = words.wrap(self._text_width)
        block.names = _label(entry.name)
        block.rows = max(len(block.lines), len(block.names)) + 1
        block.strips = None

    def _follow(self, following: bool) -> None:
        if following != self._following:
            self._following = following
            self.post_message(self.Followed(following))

    def _index(self, entry: Entry) -> int:
        """Where `entry` is: nearly always it is the last one, and it may equal another."""
        return next(index for index in range(len(self._blocks) - 1, -1, -1) if self._blocks[index].entry is entry)

    def _block_at(self, line: int) -> _Block | None:
        index = bisect_right(self._blocks, line, key=lambda block: block.start) - 1
        return self._blocks[index] if index >= 0 else None

    @property
    def _text_width(self) -> int:
        return max(10, min(MEASURE, self._columns - _INDENT - 1))

    def _strips(self, block: _Block) -> list[Strip]:
        if block.strips is None:
            block.strips = self._drawn(block)
        return block.strips

    def _drawn(self, block: _Block) -> list[Strip]:
        entry, base = block.entry, self.visual_style
        words = self.get_visual_style("conversation--pending" if entry.pending else f"conversation--{entry.kind}")
        named = f"conversation--{entry.kind}-name"
        label = self.get_visual_style(named) if named in self.COMPONENT_CLASSES else words
        strips = []
        for name, line in zip_longest(block.names, block.lines, fillvalue=_NOTHING):
            margin = set_cell_size(f" {name.plain}", _INDENT)
            drawn = Content.assemble((margin, label), line.stylize(words))
            strips.append(Strip(drawn.render_segments(base)).extend_cell_length(self._columns, self.rich_style))
        strips.append(Strip.blank(self._columns, self.rich_style))
        return strips

    def _marked(self, strip: Strip, start: int, end: int) -> Strip:
        cells = strip.cell_length
        text = strip.text
        first = cell_len(text[:start])
        last = cells if end == -1 else cell_len(text[:end])
        style = self.screen.get_component_rich_style("screen--selection")
        before, marked, after = strip.crop(0, first), strip.crop(first, last), strip.crop(last, cells)
        return Strip.join([before, marked.apply_style(style), after])


def _label(name: str) -> list[Content]:
    """`name` as it stands in the margin, a word below the other where it is too long."""
    lines = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and cell_len(longer) > _LABEL and len(lines) < _LABEL_ROWS:
            lines.append(word)
        else:
            lines[-1] = longer
    return [fitted(Content(line), _LABEL) for line in lines]

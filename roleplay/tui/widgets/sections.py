"""The parts of a page with the number keys that lead to them, in one line."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static


class Sections(Static):
    """Numbers with words; where not all words fit, only that of the part being read. Posts `Wanted` when clicked."""

    DEFAULT_CSS = """
    Sections { height: 1; width: 100%; }
    """

    class Wanted(Message):
        """A part was clicked; `key` is its number."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__(id="sections", markup=False)
        self._titles, self._current = dict(titles), ""
        self._ends: list[tuple[int, str]] = []

    def on_resize(self) -> None:
        self._draw()

    def rename(self, titles: Mapping[str, str]) -> None:
        """Other parts are there now."""
        if titles != self._titles:
            self._titles = dict(titles)
            self._draw()

    def mark(self, key: str) -> None:
        """Say that the part `key` is being read."""
        if key != self._current:
            self._current = key
            self._draw()

    def on_click(self, event: events.Click) -> None:
        """Ask for the part under the mouse."""
        key = next((key for end, key in self._ends if event.get_content_offset_capture(self).x < end), "")
        if key:
            self.post_message(self.Wanted(key))

    def _draw(self) -> None:
        gap = 2
        whole = sum(len(key) + 1 + len(title) + gap for key, title in self._titles.items())
        fits = whole - gap <= self.content_size.width
        line, self._ends = Content(""), []
        for key, title in self._titles.items():
            current = key == self._current
            line += Content.styled(key, "bold $text-accent")
            if fits or current:
                line += Content.styled(f" {title}", "bold underline" if current else "$text-muted")
            self._ends.append((line.cell_length + 1, key))
            line += Content(" " * gap)
        self.update(line)

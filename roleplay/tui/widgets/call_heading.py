"""The line over a call: who it is with, what about, where, who plays and what that took; what fits."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content
from textual.widgets import Static

from roleplay.practice.meter import Meter
from roleplay.practice.playing import Players
from roleplay.tui.literal import literal_line

_BETWEEN = Content("   ")


class CallHeading(Static):
    """Always one line: what matters least is left out first."""

    DEFAULT_CSS = """
    CallHeading { height: 1; padding: 0 2; background: $background; }
    """

    def __init__(self, name: str, title: str, mode: str, players: Players) -> None:
        super().__init__(id="who", markup=False)
        self._who, self._about, self._mode, self._players = name, title, mode, players
        self._meter: Meter | None = None

    def show(self, players: Players, meter: Meter | None) -> None:
        """Show who plays now, and what the call has taken."""
        if (players, meter) != (self._players, self._meter):
            self._players, self._meter = players, meter
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        width = self.content_size.width
        lines = list(self._lines())
        self.update(next((line for line in lines if line.cell_length <= width), lines[-1]), layout=False)

    def _lines(self) -> Iterator[Content]:
        """The same line ever shorter."""
        meter = self._meter
        taken = Content("")
        if meter is not None and meter.usage.requests:
            words = f"! {meter.short}, near the limit" if meter.warns else meter.short
            taken = literal_line(words, "bold $text-warning" if meter.warns else "$text-muted")
        told, brief, word = self._players.told, self._players.brief, self._players.word
        for title in (self._about, ""):
            for players in (told, brief, word) if title else (told, brief):
                yield self._joined(title, players, taken)
        if meter is not None and taken:
            words = f"! {meter.total}" if meter.warns else meter.total
            taken = literal_line(words, "bold $text-warning" if meter.warns else "$text-muted")
            yield self._joined("", self._players.brief, taken)
            yield self._joined("", self._players.word, taken)
        if meter is not None and not meter.warns:
            taken = Content("")
        yield self._joined("", self._players.brief, taken)
        yield self._joined("", "", taken)

    def _joined(self, title: str, players: str, taken: Content) -> Content:
        parts = (
            literal_line(self._who, "bold"),
            literal_line(title, "$text-muted"),
            literal_line(f"{self._mode}, {players}" if players else self._mode, "$text-muted"),
            taken,
        )
        return _BETWEEN.join(part for part in parts if part)

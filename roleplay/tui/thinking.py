"""The quiet sign that somebody is being waited for: a sentence with seconds, once a second has passed."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual.timer import Timer
from textual.widget import Widget

_AFTER = 1.0
"""Seconds without a word after which it is shown."""


class Thinking:
    """Tells through `tell`, by a timer of `widget`, how long a word is waited for; an empty text: no more."""

    def __init__(self, widget: Widget, tell: Callable[[str], None]) -> None:
        self._widget, self._tell = widget, tell
        self._timer: Timer | None = None
        self._who, self._since, self._told = "", 0.0, False

    def begin(self, who: str) -> None:
        """A word of `who` is waited for from now on."""
        self.end()
        self._who, self._since = who, monotonic()
        self._timer = self._widget.set_interval(_AFTER, self._tick)

    def end(self) -> None:
        """A word has come, or will not come."""
        told = self._told
        self.stop()
        if told:
            self._tell("")

    def stop(self) -> None:
        """Tell nothing any more: there is nobody left to see it."""
        self._told = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _tick(self) -> None:
        self._told = True
        self._tell(f"{self._who} is thinking … {round(monotonic() - self._since)} s. Esc stops.")

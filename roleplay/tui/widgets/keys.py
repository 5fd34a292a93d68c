"""The keys at the foot of a screen: drawn anew when they change, and not whenever Textual asks for it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer


class Keys(Footer):
    """The keys that can be pressed now.

    Textual asks for the footer anew at each change of focus and several times a reply, mostly for the same keys; to
    make a widget for each of them costs about as much as to draw what was said.
    """

    _drawn: list[tuple[Binding, bool, str]] | None = None

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)

    def compose(self) -> ComposeResult:
        if self._bindings_ready:
            self._drawn = self._now()
        for key in super().compose():
            compact = getattr(type(key), "compact", None)
            if compact is not None:
                key.set_reactive(compact, self.compact)  # it would find its style twice more to learn that
            yield key

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Draw the keys anew if they are others than those that were drawn last."""
        if screen is not self.screen or self._drawn != self._now():
            super().bindings_changed(screen)

    def _now(self) -> list[tuple[Binding, bool, str]]:
        return [each[1:] for each in self.screen.active_bindings.values() if each.binding.show]

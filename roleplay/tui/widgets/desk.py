"""Where the trainee works: the reply box, and over it one line for what is to be told and one for a gesture."""

from __future__ import annotations

from time import monotonic

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from roleplay.persona.model import Gesture
from roleplay.text import REPLY_LIMIT
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.widgets.reply_box import ReplyBox

_SILENCE_WITHIN = 3.0
_STAY_SILENT = "Enter again to stay silent"
_COUNT_FROM = 3_000
"""Characters from which on they are counted before one's eyes."""


class GestureLine(Static):
    """The gesture that goes with the next reply; a click takes it off."""

    async def on_click(self) -> None:
        await self.run_action("screen.drop_gesture")


class Desk(Vertical):
    """Of fixed height but for a gesture and for what is told at length, so that typing lays nothing out."""

    DEFAULT_CSS = """
    Desk {
        height: auto;
        #gesture { height: auto; max-height: 2; padding: 0 2 0 13; color: $text-accent; display: none; }
        #gesture.attached { display: block; }
        #below { height: auto; padding: 0 2 0 13; }
        #status { width: 1fr; height: auto; min-height: 1; max-height: 3; color: $text-muted; }
        #counter { width: auto; height: 1; margin: 0 0 0 2; text-align: right; color: $text-muted; }
        .wrong { color: $text-error; text-style: bold; }
        #write { height: 3; padding: 0 2 0 11; }
    }
    """

    def __init__(self) -> None:
        super().__init__(id="desk")
        self.box = ReplyBox()
        """The reply box."""
        self._gesture = GestureLine(id="gesture", markup=False)
        self._status, self._counter = Static(id="status", markup=False), Static(id="counter", markup=False)
        self.told = ""
        """What stands in the line over the box."""
        self._aside = self._meanwhile = ""
        self._silent_until = 0.0

    def compose(self) -> ComposeResult:
        yield self._gesture
        with Horizontal(id="below"):
            yield self._status
            yield self._counter
        with Horizontal(id="write"):
            yield self.box

    def tell(self, message: str, *, wrong: bool = False) -> None:
        """Tell something, until the next thing; empty: no more."""
        self.told = message
        self._status.set_class(wrong, "wrong")
        self._show()

    def aside(self, message: str) -> None:
        """What stands there as long as nothing else is told."""
        self._aside = message
        self._show()

    def meanwhile(self, message: str) -> None:
        """What is being waited for, as long as nothing else is told; empty: nothing."""
        self._meanwhile = message
        self._show()

    def means_silence(self) -> bool:
        """Whether Enter on an empty box is meant as a silence: only the second time within three seconds."""
        if monotonic() < self._silent_until:
            self._silent_until = 0.0
            return True
        self._silent_until = monotonic() + _SILENCE_WITHIN
        self.tell(_STAY_SILENT)
        self.set_timer(_SILENCE_WITHIN, self._not_silent)
        return False

    def _not_silent(self) -> None:
        if self.told == _STAY_SILENT:
            self.tell("")

    def count(self) -> None:
        """Count the characters of the reply, once they are many."""
        length = self.box.length
        over = length - REPLY_LIMIT
        words = f"{length:,} / {REPLY_LIMIT:,}" if length >= _COUNT_FROM else ""
        self._counter.set_class(over > 0, "wrong")
        _renew(self._counter, Content(f"{words}, {over:,} too many" if over > 0 else words))

    def take_along(self, gesture: Gesture | None) -> None:
        """Show the gesture that goes with the next reply, or none."""
        self._gesture.set_class(gesture is not None, "attached")
        does = gesture.does if gesture else ""
        self._gesture.update(Content.assemble("With your next reply (Esc takes it off): ", literal(does)))

    def _show(self) -> None:
        _renew(self._status, literal_line(self.told or self._meanwhile or self._aside))


def _renew(static: Static, words: Content) -> None:
    """Show other `words`; the screen is laid out anew only if they need another place."""
    before = static.content
    if before != words:
        static.update(words, layout=not isinstance(before, Content) or before.cell_length != words.cell_length)

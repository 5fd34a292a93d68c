"""A box to write a few sentences in: Enter sends, Ctrl+J begins a new line, and what is too long is not taken in."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import EditResult, Location

from roleplay.text import sanitise

_BREAKS = ("ctrl+j", "shift+enter", "alt+enter")


class WordsBox(TextArea):
    """A text area that holds at most twice `limit` characters: what is too long to be sent can be shortened in place.

    `placeholder` says what it is for.
    """

    class Sent(Message):
        """Enter was pressed with this text in the box."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Refused(Message):
        """Something was not taken in, and why; the text is as it was."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Send", show=False, tooltip="Send it"),
        Binding(",".join(_BREAKS), "break_line", "New line", show=False, tooltip="Begin a new line"),
    ]
    DEFAULT_CSS = """
    WordsBox {
        border: none;
        border-left: outer $primary;
        padding: 0 1;
        background: $surface;
        scrollbar-size-vertical: 1;
        &:focus { border: none; border-left: outer $accent; }
        .text-area--placeholder { color: $text-muted; }
    }
    """

    def __init__(self, limit: int, placeholder: str, id: str | None = None) -> None:  # noqa: A002
        super().__init__(
            id=id,
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            tab_behavior="focus",
            placeholder=placeholder,
        )
        self._limit = limit

    def put(self, text: str, *, selected: bool = False) -> None:
        """Put `text` in place of what is there, the cursor at its end or all of it selected."""
        self.load_text(sanitise(text))
        self.move_cursor(self.document.end)
        if selected:
            self.select_all()

    def replace(
        self, insert: str, start: Location, end: Location, *, maintain_selection_offset: bool = True
    ) -> EditResult:
        """Edit the text, unless it would grow too long; that is known before any of `insert` is read."""
        growth = len(insert) - len(self.get_text_range(start, end))
        if growth > 0 and len(self.text) + growth > 2 * self._limit:
            self.post_message(self.Refused(self._too_much(len(insert))))
            return EditResult(end_location=max(start, end), replaced_text="")
        return super().replace(sanitise(insert), start, end, maintain_selection_offset=maintain_selection_offset)

    def action_send(self) -> None:
        """Send what is in the box."""
        self.post_message(self.Sent(self.text))

    def action_break_line(self) -> None:
        """Begin a new line."""
        self.replace("\n", *self.selection, maintain_selection_offset=False)

    async def _on_key(self, event: Key) -> None:
        act = {"enter": self.action_send, **dict.fromkeys(_BREAKS, self.action_break_line)}.get(event.key)
        if act:  # here and not by the binding, which would run after keys that were pressed later
            event.stop()
            event.prevent_default()
            act()

    def _too_much(self, length: int) -> str:
        if length == 1:
            return (
                f"The box holds {2 * self._limit:,} characters, and only {self._limit:,} can be sent: shorten it first."
            )
        return (
            f"That is too long to paste ({length:,} characters; {self._limit:,} are the most). "
            "Nothing of it was taken in, and what you typed is as it was."
        )

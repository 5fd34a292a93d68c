"""The box in which a coach writes a sentence: Enter keeps it, Ctrl+J breaks the line, and nothing too long gets in."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import EditResult, Location

from roleplay.conversation.reviewing import NOTE_LIMIT
from roleplay.text import sanitise

_MOST_TYPED = 2 * NOTE_LIMIT
"""Characters the box holds at the most: above the limit, so that what is too long can be shortened in place."""
_BREAKS = ("ctrl+j", "shift+enter", "alt+enter")


class NoteBox(TextArea):
    """A text area for a sentence or a few; `placeholder` says what for."""

    class Sent(Message):
        """Enter was pressed."""

    class Refused(Message):
        """Something was not taken in, and why; the text is as it was."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Keep", show=False, tooltip="Keep it"),
        Binding(",".join(_BREAKS), "break_line", "New line", show=False, tooltip="Begin a new line"),
    ]
    DEFAULT_CSS = """
    NoteBox {
        height: 4;
        border: none;
        border-left: outer $primary;
        padding: 0 1;
        background: $surface;
        scrollbar-size-vertical: 1;
        &:focus { border: none; border-left: outer $accent; }
        .text-area--placeholder { color: $text-muted; }
    }
    """

    def __init__(self, placeholder: str) -> None:
        super().__init__(
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            tab_behavior="focus",
            placeholder=placeholder,
        )

    def put(self, text: str) -> None:
        """Put `text` in place of what is there, the cursor at its end."""
        self.load_text(sanitise(text))
        self.move_cursor(self.document.end)

    def replace(
        self, insert: str, start: Location, end: Location, *, maintain_selection_offset: bool = True
    ) -> EditResult:
        """Edit the text, unless it would grow too long; that is known before any of `insert` is read."""
        growth = len(insert) - len(self.get_text_range(start, end))
        if growth > 0 and len(self.text) + growth > _MOST_TYPED:
            self.post_message(
                self.Refused(f"That is too long: {NOTE_LIMIT:,} characters can be kept. Nothing of it was taken in.")
            )
            return EditResult(end_location=max(start, end), replaced_text="")
        return super().replace(sanitise(insert), start, end, maintain_selection_offset=maintain_selection_offset)

    def action_send(self) -> None:
        """Ask for it to be kept."""
        self.post_message(self.Sent())

    def action_break_line(self) -> None:
        """Begin a new line."""
        self.replace("\n", *self.selection, maintain_selection_offset=False)

    async def _on_key(self, event: Key) -> None:
        act = {"enter": self.action_send, **dict.fromkeys(_BREAKS, self.action_break_line)}.get(event.key)
        if act:  # here and not by the binding, which would run after keys that were pressed later
            event.stop()
            event.prevent_default()
            act()

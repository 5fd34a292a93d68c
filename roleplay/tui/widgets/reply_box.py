"""The box in which a reply is written: Enter sends, Ctrl+J breaks the line, and nothing too long gets in."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import EditResult, Location

from roleplay.text import REPLY_LIMIT, sanitise

MOST_TYPED = 2 * REPLY_LIMIT
"""Characters the box holds at the most: above the limit of a reply, so that a long one can be shortened in place."""
_BREAKS = ("ctrl+j", "shift+enter", "alt+enter")


class ReplyBox(TextArea):
    """A text area of fixed height: typing in it never lays out the rest of the screen."""

    class Pressed(Message):
        """Any key was pressed; it still does what it does."""

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
        Binding("enter", "send", "Send", show=False, tooltip="Send the reply; twice on an empty box: stay silent"),
        Binding(",".join(_BREAKS), "break_line", "New line", show=False, tooltip="Begin a new line"),
        Binding("pageup", "screen.page(-1)", "Earlier", show=False, tooltip="What was said before"),
        Binding("pagedown", "screen.page(1)", "Later", show=False, tooltip="What was said after that"),
        Binding("ctrl+end", "screen.to_end", "Latest", show=False, tooltip="What was said last"),
    ]
    DEFAULT_CSS = """
    ReplyBox {
        height: 100%;
        border: none;
        border-left: outer $primary;
        padding: 0 1;
        background: $surface;
        scrollbar-size-vertical: 1;
        &:focus { border: none; border-left: outer $accent; }
        .text-area--placeholder { color: $text-muted; }
    }
    """

    def __init__(self) -> None:
        super().__init__(
            id="reply",
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            tab_behavior="focus",
            placeholder="Your reply. Enter sends, Ctrl+J: a new line",
        )

    @property
    def length(self) -> int:
        """Characters as they count when this is sent."""
        return len(self.text.strip())

    def put(self, text: str, *, selected: bool = False) -> None:
        """Put `text` in place of what is there, the cursor at its end or all of it selected."""
        self.load_text(sanitise(text))
        self.move_cursor(self.document.end)
        if selected:
            self.select_all()

    def replace(
        self, insert: str, start: Location, end: Location, *, maintain_selection_offset: bool = True
    ) -> EditResult:
        """Edit the text, unless it would grow beyond `MOST_TYPED`; that is known before any of `insert` is read."""
        growth = len(insert) - len(self.get_text_range(start, end))
        if growth > 0 and len(self.text) + growth > MOST_TYPED:
            self.post_message(self.Refused(_too_much(len(insert))))
            return EditResult(end_location=max(start, end), replaced_text="")
        return super().replace(sanitise(insert), start, end, maintain_selection_offset=maintain_selection_offset)

    def action_send(self) -> None:
        """Send what is in the box."""
        self.post_message(self.Sent(self.text))

    def action_break_line(self) -> None:
        """Begin a new line."""
        self.replace("\n", *self.selection, maintain_selection_offset=False)

    async def _on_key(self, event: Key) -> None:
        self.post_message(self.Pressed())
        act = {"enter": self.action_send, **dict.fromkeys(_BREAKS, self.action_break_line)}.get(event.key)
        if act:  # here and not by the binding, which would run after keys that were pressed later
            event.stop()
            event.prevent_default()
            act()


def _too_much(length: int) -> str:
    if length == 1:
        return f"The box holds {MOST_TYPED:,} characters, and a reply {REPLY_LIMIT:,}: shorten it first."
    return (
        f"That is too long to paste ({length:,} characters; a reply holds {REPLY_LIMIT:,}). "
        "Nothing of it was taken in, and what you typed is as it was."
    )

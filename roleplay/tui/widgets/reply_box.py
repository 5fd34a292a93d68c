"""The box in which a reply is written."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message

from roleplay.text import REPLY_LIMIT
from roleplay.tui.widgets.words_box import WordsBox


class ReplyBox(WordsBox):
    """Of fixed height: typing in it never lays out the rest of the screen."""

    class Pressed(Message):
        """Any key was pressed; it still does what it does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Send", show=False, tooltip="Send the reply; twice on an empty box: stay silent"),
        Binding("pageup", "screen.page(-1)", "Earlier", show=False, tooltip="What was said before"),
        Binding("pagedown", "screen.page(1)", "Later", show=False, tooltip="What was said after that"),
        Binding("ctrl+end", "screen.to_end", "Latest", show=False, tooltip="What was said last"),
    ]
    DEFAULT_CSS = "ReplyBox { height: 100%; }"

    def __init__(self) -> None:
        super().__init__(REPLY_LIMIT, "Your reply. Enter sends, Ctrl+J: a new line", id="reply")

    @property
    def length(self) -> int:
        """Characters as they count when this is sent."""
        return len(self.text.strip())

    async def _on_key(self, event: Key) -> None:
        self.post_message(self.Pressed())  # Textual then calls what the box does with a key, without being asked to

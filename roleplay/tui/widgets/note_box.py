"""The box in which a coach's or a trainee's note is written."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from roleplay.conversation.reviewing import NOTE_LIMIT
from roleplay.tui.widgets.words_box import WordsBox


class NoteBox(WordsBox):
    """For a sentence or a few; `placeholder` says what for."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "send", "Keep", show=False, tooltip="Keep it")]
    DEFAULT_CSS = "NoteBox { height: 4; }"

    def __init__(self, placeholder: str) -> None:
        super().__init__(NOTE_LIMIT, placeholder)

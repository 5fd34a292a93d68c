"""A try in the debrief: from which turn it answers again, how far it came, and how it ended or that it waits."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.message import Message

from roleplay.practice.tries import about
from roleplay.store.transcripts import Try
from roleplay.tui.hanging import Hanging
from roleplay.tui.literal import literal_line
from roleplay.tui.widgets.folds import Fold


class BegunTry(Fold):
    """One of `tries`, in a line. Posts `Chosen` instead of being opened."""

    class Chosen(Message):
        """It was chosen."""

        def __init__(self, begun: Try) -> None:
            super().__init__()
            self.begun = begun

    def __init__(self, begun: Try, tries: Sequence[Try]) -> None:
        super().__init__()
        self.begun, self._tries = begun, tries
        self.draw()

    def heading(self) -> Content:
        """Which try, and what became of it."""
        return Content.styled(f"Try {self.begun.branch}  ", "bold") + literal_line(about(self.begun, self._tries))

    def inside(self) -> Hanging:
        """There is nothing to open."""
        return Hanging(())

    def unfold(self) -> None:
        """Choose it."""
        self.post_message(self.Chosen(self.begun))

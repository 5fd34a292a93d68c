"""A comment on a line of the customer's or on a reply."""

from __future__ import annotations

from collections.abc import Iterator

from textual.widget import Widget
from textual.widgets import Static

from roleplay.conversation.reviewing import Comment
from roleplay.review.desk import Desk
from roleplay.review.reading import Entry
from roleplay.text import quote
from roleplay.tui.literal import literal_line
from roleplay.tui.screens.note import NoteScreen
from roleplay.tui.sitting import Sitting

_LONGEST_QUOTE = 240


class CommentScreen(NoteScreen):
    """A comment on `entry`, which can be commented on, of the call with the id `session`."""

    def __init__(self, sitting: Sitting, session: str, entry: Entry) -> None:
        super().__init__(sitting, f"comment {session} {entry.key}", "What the trainee should know about this")
        self._session, self._entry = session, entry

    def body(self) -> Iterator[Widget]:
        whose = f"what {self._entry.who} said" if self._entry.side == "customer" else f"{self._entry.who}’s reply"
        yield self.within(
            Static(literal_line(f"Comment on {whose}"), classes="heading", markup=False),
            Static(literal_line(quote(self._entry.said, _LONGEST_QUOTE)), classes="said", markup=False),
        )

    def on_mount(self) -> None:
        self.set_focus(self._box)

    def keep(self, desk: Desk, text: str) -> Comment:
        entry = self._entry
        assert entry.place
        branch, turn = entry.place
        return desk.comment(self._session, branch, turn, entry.side, text, entry.attempt)

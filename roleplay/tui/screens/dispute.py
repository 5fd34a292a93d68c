"""Two small screens over the debrief: in one a reply's assessment is disputed, in the other that is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from roleplay.conversation.reviewing import NOTE_LIMIT, Dispute
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.errors import RoleplayError
from roleplay.practice.wording import verdict
from roleplay.review.desk import Desk
from roleplay.review.trainee import dispute, take_back
from roleplay.text import quote
from roleplay.tui.frame import Modal
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.screens.note import NoteScreen
from roleplay.tui.sitting import Sitting
from roleplay.tui.widgets.rows import Line, Row, Rows

_LONGEST_QUOTE = 240
_HOW = "↑ ↓ and Enter choose · Esc leaves it as it is"


class DisputeScreen(NoteScreen):
    """The dispute of `reply`, which is one of the trainee's own; dismisses with it once it is kept, else None."""

    def __init__(self, sitting: Sitting, transcript: Transcript, reply: KeptReply) -> None:
        key = f"dispute {reply.session} {reply.branch} {reply.turn}"
        super().__init__(sitting, key, "What was not heard, in a sentence")
        self._transcript, self._reply = transcript, reply

    def body(self) -> Iterator[Widget]:
        said = quote(self._reply.text, _LONGEST_QUOTE) if self._reply.text.strip() else "(silence)"
        heard = verdict(self._transcript.counted(self._reply))
        yield self.within(
            Static(f"Dispute how reply {self._reply.turn} was heard", classes="heading", markup=False),
            Static(
                literal_line(f"{said} was heard as: {heard}. A coach sees disputes first of all."),
                classes="said",
                markup=False,
            ),
        )

    def on_mount(self) -> None:
        self._box.focus()

    def keep(self, desk: Desk, text: str) -> Dispute:
        return dispute(desk, self._transcript, self._reply, text)


class TakeBackScreen(Modal[bool]):
    """Asks whether the dispute of `reply`, `said` so, is taken back; dismisses with whether that was tried.

    If it could not be, because a coach has answered meanwhile, there is something new to be read all the same.
    """

    CSS_PATH = "dispute.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose", tooltip="Do what is marked"),
        Binding("escape", "leave", "Leave it", tooltip="Leave the dispute as it is"),
    ]

    def __init__(self, sitting: Sitting, transcript: Transcript, reply: KeptReply, said: str) -> None:
        super().__init__()
        self._sitting, self._transcript, self._reply, self._said = sitting, transcript, reply, said
        self._rows, self._note = Rows(), Static(_HOW, id="note", markup=False)
        self._working = self._tried = False

    def body(self) -> Iterator[Widget]:
        with Vertical(id="about"):
            yield Static("You disputed this, and it waits for a coach", classes="heading", markup=False)
            yield Static(literal_line(quote(self._said, NOTE_LIMIT)), classes="said", markup=False)
            yield self._rows
            yield self._note

    def on_mount(self) -> None:
        self._rows.show([Row("leave", (Line(Content("Let it wait")),)), Row("back", (Line(Content("Take it back")),))])
        self._rows.focus()

    def on_rows_chosen(self, chosen: Rows.Chosen) -> None:
        """Do what was chosen, once."""
        if chosen.key == "leave":
            self.action_leave()
        elif not self._working:
            self._working = self._tried = True
            self.run_worker(self._take_back())

    def action_choose(self) -> None:
        """Do what is marked."""
        self._rows.choose()

    def action_leave(self) -> None:
        """Leave the dispute as it is."""
        if not self._working:
            self.dismiss(self._tried)

    async def _take_back(self) -> None:
        try:
            await self._sitting.step(lambda desk: take_back(desk, self._transcript, self._reply))
        except RoleplayError as error:
            self._note.update(literal(str(error), "bold $text-error"))
        else:
            self.dismiss(True)
        finally:
            self._working = False

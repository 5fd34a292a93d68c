"""The turn from which a call is answered again, chosen from its replies: those that missed come first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from roleplay.practice.debrief import ReplyResult
from roleplay.practice.heard import sign_of
from roleplay.practice.tries import FIRST_PATH_STAYS, missed_first
from roleplay.practice.wording import last_words, verdict_word
from roleplay.tui.frame import Modal
from roleplay.tui.literal import literal_line
from roleplay.tui.signs import SIGNS, STYLES
from roleplay.tui.widgets.rows import Line, Row, Rows


class FromTurnScreen(Modal[int]):
    """Dismisses with the number of the turn, or None."""

    CSS_PATH = "from_turn.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Choose", tooltip="Answer again from the marked turn"),
        Binding("escape", "dismiss(None)", "Back", tooltip="Back to the debrief"),
    ]

    def __init__(self, replies: Sequence[ReplyResult]) -> None:
        super().__init__()
        self._replies, self._rows = missed_first(replies), Rows()

    def body(self) -> Iterator[Widget]:
        with Vertical(id="from-turn"):
            yield Static("Answer again from which turn?", classes="heading", markup=False)
            yield self._rows
            yield Static(FIRST_PATH_STAYS, classes="quiet", markup=False)
            yield Static("↑ ↓ and Enter choose · Esc goes back", classes="quiet", markup=False)

    def on_mount(self) -> None:
        self._rows.show([_row(reply) for reply in self._replies])

    def on_rows_chosen(self, chosen: Rows.Chosen) -> None:
        """Take the choice."""
        self.dismiss(int(chosen.key))

    def action_take(self) -> None:
        """Choose what is marked."""
        self._rows.choose()


def _row(reply: ReplyResult) -> Row:
    sign = sign_of(reply.assessment)
    heard = Content.styled(f"{SIGNS[sign]} {verdict_word(reply.assessment)}", STYLES.get(sign, "bold"))
    answered = literal_line(last_words(reply.customer))
    said = literal_line(reply.reply or "(silence)", "$text-muted")
    return Row(
        str(reply.turn),
        (Line(Content(f"Turn {reply.turn}  ") + heard), Line(answered), Line(Content("You: ") + said)),
    )

"""What all small screens share in which a coach writes something: it is kept before it is shown as kept, or stays."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from roleplay.conversation.reviewing import Kept
from roleplay.errors import RoleplayError
from roleplay.review.desk import Desk
from roleplay.tui.frame import Modal
from roleplay.tui.in_order import in_order
from roleplay.tui.literal import literal
from roleplay.tui.sitting import Sitting
from roleplay.tui.widgets.note_box import NoteBox

KEYS = "Enter keeps it · Ctrl+J: a new line · Esc: back, as a draft"


class NoteScreen(Modal[Kept]):
    """Dismisses with what was kept, or None. What was typed and not kept waits in the sitting's drafts under `key`."""

    CSS_PATH = "note.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", tooltip="Back; what is typed waits as a draft until the app is left"),
    ]

    def __init__(self, sitting: Sitting, key: str, placeholder: str) -> None:
        super().__init__()
        self._sitting, self._key = sitting, key
        self._box, self._note = NoteBox(placeholder), Static(KEYS, id="note", markup=False)
        self._keeping = self._warned = False
        self._early: list[events.Key] | None = []
        """What was pressed before the box was there; None once it is."""

    def within(self, *widgets: Widget) -> Vertical:
        """The small screen with `widgets` above the box."""
        return Vertical(*widgets, self._box, self._note, id="about")

    def keep(self, desk: Desk, text: str) -> Kept:
        """Keep `text`. May block. Raises `StoreError`, `BadInput`."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self._box.put(self._sitting.drafts.get(self._key, ""))
        early, self._early = self._early or [], None
        for key in early:
            self.type_ahead(key)

    @property
    def writing(self) -> bool:
        """Whether what is typed goes into the box, because nothing is to be chosen before."""
        return True

    async def on_key(self, event: events.Key) -> None:
        """Take what was pressed before the box had the focus."""
        if self.writing and self.type_ahead(event):
            event.stop()
        else:
            await in_order(self, event)

    def type_ahead(self, event: events.Key) -> bool:
        """Put a key into the box that was pressed before it was there; whether it is one for it."""
        if event.key != "enter" and not event.is_printable:
            return False
        if self._early is not None:
            self._early.append(event)
        elif event.key == "enter":
            self._box.action_send()
        else:
            self._box.insert(event.character or "")
        return True

    def on_words_box_refused(self, refused: NoteBox.Refused) -> None:
        self.tell(refused.sentence, wrong=True)

    def on_words_box_sent(self) -> None:
        """Keep it, once."""
        if not self._keeping:
            self._keeping = True
            self.tell("Keeping it …")
            self.run_worker(self._keep(self._box.text))

    def on_text_area_changed(self) -> None:
        self._warned = False

    def action_back(self) -> None:
        """Leave it; what is typed waits as a draft."""
        if not self._keeping:
            self._put_by()
            self.dismiss(None)

    async def may_quit(self) -> bool:
        """Wait for what is being kept; what is typed and not kept is told of once."""
        await self._sitting.settled()
        if not self._box.text.strip() or self._warned or not self.is_attached:
            return True
        self._warned = True
        self.tell("This is not kept yet. Enter keeps it; Ctrl+Q once more leaves without it.", wrong=True)
        return False

    def tell(self, sentence: str, *, wrong: bool = False) -> None:
        """Say something below the box; nothing: which keys there are."""
        self._note.update(literal(sentence, "bold $text-error") if wrong else Content(sentence or KEYS))

    def _put_by(self) -> None:
        if self._box.text.strip():
            self._sitting.drafts[self._key] = self._box.text
        else:
            self._sitting.drafts.pop(self._key, None)

    async def _keep(self, text: str) -> None:
        try:
            kept = await self._sitting.step(lambda desk: self.keep(desk, text))
        except RoleplayError as error:  # what is typed stays where it is
            self._put_by()
            self.tell(str(error), wrong=True)
        else:
            self._sitting.drafts.pop(self._key, None)
            self.dismiss(kept)
        finally:
            self._keeping = False

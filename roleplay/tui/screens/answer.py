"""The answer to a dispute: upheld or not, with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from roleplay.conversation.reviewing import Answer, Dispute
from roleplay.errors import BadInput
from roleplay.review.desk import Desk
from roleplay.text import quote
from roleplay.tui.hanging import Hanging, Item
from roleplay.tui.literal import literal_line
from roleplay.tui.screens.note import NoteScreen
from roleplay.tui.sitting import Sitting
from roleplay.tui.widgets.story import Paragraph, Story

_CHOICES = {"upheld": ("1", "Upheld: the trainee is right."), "not": ("2", "Not upheld: the assessment stays.")}


class AnswerScreen(NoteScreen):
    """An answer to `dispute`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose", show=False, tooltip="Answer as marked"),
        *(
            Binding(number, f"answer('{choice}')", show=False, tooltip="Answer with this number")
            for choice, (number, _) in _CHOICES.items()
        ),
    ]

    def __init__(self, sitting: Sitting, dispute: Dispute) -> None:
        super().__init__(sitting, f"answer {dispute.id}", "What the trainee should know about it")
        self._dispute, self._choices = dispute, Story()
        self._chosen = False

    def body(self) -> Iterator[Widget]:
        dispute = self._dispute
        yield self.within(
            Static(literal_line(f"{dispute.trainee} disputes this assessment"), classes="heading", markup=False),
            Static(literal_line(quote(dispute.text, 4_000)), classes="said", markup=False),
            self._choices,
        )

    def on_mount(self) -> None:
        self._choices.show(
            [
                Paragraph(key, Hanging([Item(literal_line(words), Content.styled(number, "bold $text-accent"))]))
                for key, (number, words) in _CHOICES.items()
            ]
        )
        self.set_focus(self._choices)

    @property
    def writing(self) -> bool:
        """Once it was chosen."""
        return self._chosen

    def on_story_chosen(self, chosen: Story.Chosen) -> None:
        self.action_answer(chosen.key)

    def action_choose(self) -> None:
        """Answer as marked."""
        self.action_answer(self._choices.current)

    def action_answer(self, choice: str) -> None:
        """Choose, and go on to the sentence."""
        self._choices.go_to(choice)
        self._chosen = True
        self.set_focus(self._box)

    def action_back(self) -> None:
        """Back to the choice, or out."""
        if self._box.has_focus and not self._keeping:
            self._chosen = False
            self.set_focus(self._choices)
        else:
            super().action_back()

    def keep(self, desk: Desk, text: str) -> Answer:
        if not self._chosen:
            raise BadInput("Is it upheld or not?", mend="Choose with Shift+Tab and 1 or 2.")
        return desk.answer(self._dispute, text, upheld=self._choices.current == "upheld")

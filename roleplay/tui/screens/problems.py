"""Everything there is to mend in a persona file, so that its author can mend it and come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from roleplay.persona.loading import read_persona
from roleplay.tui.frame import Modal
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.unwaited import unwaited

if TYPE_CHECKING:
    from roleplay.practice.gallery import Card


class ProblemsScreen(Modal[None]):
    """All problems of the file of `card`, as it is now."""

    CSS_PATH = "problems.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "back", "Back", tooltip="Back to the gallery"),
        Binding("f5", "read", "Read again", tooltip="Read the file again, after it was changed"),
    ]

    def __init__(self, card: Card) -> None:
        super().__init__()
        self._card = card
        self._heading = Static(self._is("cannot be played"), id="heading", markup=False)
        self._told = Static(literal(card.problem), id="told", markup=False)

    def body(self) -> Iterator[Widget]:
        with Vertical(id="problems"):
            yield self._heading
            yield Static(literal(str(self._card.path), "$text-muted"), id="file", markup=False)
            with VerticalScroll(id="list"):
                yield self._told
            yield Static("F5 reads the file again · Esc goes back", id="keys", markup=False)

    def on_mount(self) -> None:
        self.action_read()

    def files_changed(self, paths: frozenset[Path]) -> None:
        """Tell what there is to mend now."""
        if self._card.path in paths:
            self.action_read()

    def action_read(self) -> None:
        """Read the file again."""
        self.run_worker(self._read(), exclusive=True)

    def action_back(self) -> None:
        """Back to the gallery."""
        self.dismiss(None)

    async def _read(self) -> None:
        problems = (await unwaited(lambda: read_persona(self._card.path))).problems
        told = [
            Content.styled(f"{problem.line}:{problem.column}  ", "bold $text-accent")
            + literal(" ".join(filter(None, (_kind(problem.severity), problem.what, problem.mend))))
            for problem in problems
        ]
        plays = not any(problem.severity == "error" for problem in problems)
        if plays:
            told.append(literal("Nothing keeps it from being played now. Esc goes back to the gallery."))
        self._heading.update(self._is("can be played" if plays else "cannot be played"))
        self._told.update(Content("\n\n").join(told))

    def _is(self, words: str) -> Content:
        return literal_line(self._card.title, "bold") + Content(f": {words}")


def _kind(severity: str) -> str:
    return {"warning": "Warning:", "hint": "Hint:"}.get(severity, "")

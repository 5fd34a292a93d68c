"""The record: who you are in this call, what is on your screen, what you may do and what not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from roleplay.tui.frame import Modal
from roleplay.tui.hanging import Hanging


class RecordScreen(Modal[None]):
    """What is known, `told` in parts once more, over what is played; `back` is where it leads back to."""

    CSS_PATH = "record.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f5,enter", "dismiss(None)", "Back", tooltip="Back to where it was asked for"),
    ]

    def __init__(self, told: Sequence[Hanging], back: str = "the call") -> None:
        super().__init__()
        self._told, self._back = told, back

    def body(self) -> Iterator[Widget]:
        with VerticalScroll(id="record"):
            for part in self._told:
                yield Static(part, markup=False)
            yield Static(f"Esc: back to {self._back}", classes="quiet", markup=False)

"""The record: who you are in this call, what is on your screen, what you may do and what not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from roleplay.persona.model import Persona
from roleplay.tui import brief
from roleplay.tui.frame import Modal


class RecordScreen(Modal[None]):
    """The briefing of `persona` once more, over the call."""

    CSS_PATH = "record.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f5,enter", "dismiss(None)", "Back to the call", tooltip="Back to the call"),
    ]

    def __init__(self, persona: Persona) -> None:
        super().__init__()
        self._persona = persona

    def body(self) -> Iterator[Widget]:
        with VerticalScroll(id="record"):
            for part in (brief.role, brief.situation, brief.record, brief.rules, brief.gestures):
                told = part(self._persona)
                if told is not None:
                    yield Static(told, markup=False)
            yield Static("Esc: back to the call", classes="quiet", markup=False)

"""The record: who you are in this call, what is on your screen, what you may do and what not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from roleplay.conversation.turns import Script
from roleplay.tui import brief
from roleplay.tui.frame import Modal


class RecordScreen(Modal[None]):
    """The briefing of a call once more, over it."""

    CSS_PATH = "record.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f5,enter", "dismiss(None)", "Back to the call", tooltip="Back to the call"),
    ]

    def __init__(self, script: Script) -> None:
        super().__init__()
        self._script = script

    def body(self) -> Iterator[Widget]:
        with VerticalScroll(id="record"):
            persona = self._script.persona
            known = (brief.role(persona), brief.situation(persona), brief.memories(self._script.visiting))
            given = (brief.record(persona), brief.rules(persona), brief.gestures(persona))
            for told in (*known, *given):
                if told is not None:
                    yield Static(told, markup=False)
            yield Static("Esc: back to the call", classes="quiet", markup=False)

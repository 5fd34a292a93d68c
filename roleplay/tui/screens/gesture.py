"""The gestures that are left to give: pick one to go with the next reply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from roleplay.persona.model import Gesture
from roleplay.tui.frame import Modal
from roleplay.tui.literal import literal


class GestureScreen(Modal[str | None]):
    """Gives back the id of the gesture picked, or None."""

    CSS_PATH = "gesture.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f3", "dismiss(None)", "Back", tooltip="Give nothing with the next reply"),
    ]

    def __init__(self, gestures: Sequence[Gesture]) -> None:
        super().__init__()
        self._gestures = gestures

    def body(self) -> Iterator[Widget]:
        with Vertical(id="gestures"):
            yield Static("Yours to give, with your next reply", classes="heading", markup=False)
            yield OptionList(*(Option(Content("◇ ") + literal(each.does), id=each.id) for each in self._gestures))
            yield Static("Enter picks one. Esc: nothing.", classes="quiet", markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

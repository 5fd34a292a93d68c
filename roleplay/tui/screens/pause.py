"""The pause: go on, save and leave, or end the call, each with what it means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from roleplay.tui.frame import Modal
from roleplay.tui.literal import literal, literal_line

Choice = Literal["continue", "leave", "end"]


class PauseScreen(Modal[Choice]):
    """Asks what to do with the call with `name`. `told`: who plays, and what that has taken; may be empty."""

    CSS_PATH = "pause.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss('continue')", "Continue", tooltip="Back to the call"),
    ]

    def __init__(self, name: str, told: str = "") -> None:
        super().__init__()
        self._who, self._told = name, told

    def body(self) -> Iterator[Widget]:
        with Vertical(id="pause"):
            yield Static("The call waits", classes="heading", markup=False)
            if self._told:
                yield Static(literal_line(self._told[:1].upper() + self._told[1:]), classes="quiet", markup=False)
            yield OptionList(
                Option(_choice("Continue", f"Back to {self._who}."), id="continue"),
                Option(
                    _choice(
                        "Save and leave", "All that was said is kept, and what you typed; go on whenever you like."
                    ),
                    id="leave",
                ),
                Option(
                    _choice("End the call", f"You hang up on {self._who} as things are now. The debrief follows."),
                    id="end",
                ),
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        chosen: dict[str | None, Choice] = {"leave": "leave", "end": "end"}
        self.dismiss(chosen.get(event.option_id, "continue"))


def _choice(title: str, means: str) -> Content:
    return Content.assemble((title, "bold"), "\n", literal(means))

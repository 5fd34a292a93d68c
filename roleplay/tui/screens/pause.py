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

Choice = Literal["continue", "compare", "leave", "end"]


class PauseScreen(Modal[Choice]):
    """Asks what to do with the call with `name`. `told`: who plays, and what that has taken; may be empty.

    `practice`: an ended call is being answered again. It can be compared as far as it has come, and nobody is hung up
    on.
    """

    CSS_PATH = "pause.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss('continue')", "Continue", tooltip="Back to the call"),
    ]

    def __init__(self, name: str, told: str = "", *, practice: bool = False) -> None:
        super().__init__()
        self._who, self._told, self._practice = name, told, practice

    def body(self) -> Iterator[Widget]:
        with Vertical(id="pause"):
            yield Static("The call waits", classes="heading", markup=False)
            if self._told:
                yield Static(literal_line(self._told[:1].upper() + self._told[1:]), classes="quiet", markup=False)
            yield OptionList(*(Option(_choice(title, means), id=key) for key, title, means in self._choices()))

    def _choices(self) -> Iterator[tuple[Choice, str, str]]:
        yield "continue", "Continue", f"Back to {self._who}."
        if self._practice:
            yield "compare", "Compare now", "See this try beside the first path, as far as it has come."
            yield "leave", "Leave", "Back to the debrief. The try waits there, with what you typed; or never mind it."
        else:
            kept = "All that was said is kept, and what you typed; go on whenever you like."
            yield "leave", "Save and leave", kept
            yield "end", "End the call", f"You hang up on {self._who} as things are now. The debrief follows."

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        chosen: dict[str | None, Choice] = {"compare": "compare", "leave": "leave", "end": "end"}
        self.dismiss(chosen.get(event.option_id, "continue"))


def _choice(title: str, means: str) -> Content:
    return Content.assemble((title, "bold"), "\n", literal(means))

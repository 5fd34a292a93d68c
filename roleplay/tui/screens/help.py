"""Help: the keys of the screen it was asked on, what the words mean, and where everything lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from roleplay.tui.frame import Frame, Modal
from roleplay.tui.hanging import facts

WORDS = {
    "persona": "a customer, played from one file",
    "need": "what the customer needs: spoken, or not said aloud",
    "moment": "one customer line, with what is there to be met",
    "met": "the reply heard the need and answered it; partly: a part of it; missed: passed over",
    "reply": "what you say; it is saved before the customer answers",
    "assessment": "what a reply was heard as, with the words it rests on",
    "judge": "a language model that reads your replies too; what it cannot show in your own words does not count",
    "offline": "scored on this computer, without any language model",
    "trust": "0 to 10: how much the customer will tell you",
    "distress": "0 to 10: how hard it is for the customer just now",
    "disclosure": "what the customer tells unasked, when asked, or once it is earned",
    "gesture": "something small that is yours to give, once",
    "exam": "nothing of this is shown before the debrief",
    "drill": "one moment, one reply, and at once what was heard; what you missed comes back another day",
    "debrief": "what was heard, reply by reply, and what would have been better",
}


class HelpScreen(Modal[None]):
    """The keys of `frame`, and what the words mean."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,enter", "back", "Back", tooltip="Back"),
    ]

    def __init__(self, frame: Frame[Any]) -> None:
        super().__init__()
        self._keys = _keys_of(frame)

    def body(self) -> Iterator[Widget]:
        from roleplay.tui.screens.gallery import GalleryScreen

        places = next((each.places() for each in self.app.screen_stack if isinstance(each, GalleryScreen)), {})
        with Vertical(id="help"):
            with VerticalScroll(id="told"):
                yield Static("Keys", classes="heading", markup=False)
                yield Static(facts(self._keys), markup=False)
                yield Static("Words", classes="heading", markup=False)
                yield Static(facts(WORDS), markup=False)
                yield Static("Where everything lies", classes="heading", markup=False)
                yield Static(facts(places), markup=False)
            yield Static("Esc goes back", id="keys", markup=False)

    def action_back(self) -> None:
        """Back to where it was asked for."""
        self.dismiss(None)


def _keys_of(frame: Frame[Any]) -> dict[str, str]:
    """What each key does on `frame` now; keys that do the same stand together."""
    by_meaning: dict[str, list[str]] = {}
    for active in frame.active_bindings.values():
        meaning = active.tooltip or active.binding.tooltip
        if meaning and active.enabled:
            shown = frame.app.get_key_display(active.binding)
            keys = by_meaning.setdefault(meaning, [])
            if shown not in keys:
                keys.append(shown)
    return {" ".join(keys): meaning for meaning, keys in by_meaning.items()}

"""The offer to go on with a call that was cut short, made when its persona was asked for by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from roleplay.tui.cards import call_details
from roleplay.tui.frame import Modal
from roleplay.tui.widgets.rows import Line, Row, Rows

if TYPE_CHECKING:
    from roleplay.store.listing import SessionSummary


class OfferScreen(Modal[bool | None]):
    """Dismisses with True to go on, False to begin a new call, None for neither."""

    CSS_PATH = "offer.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Choose", tooltip="Do what is marked"),
        Binding("escape", "neither", "Neither", tooltip="To the gallery"),
    ]

    def __init__(self, call: SessionSummary) -> None:
        super().__init__()
        self._call, self._rows = call, Rows()

    def body(self) -> Iterator[Widget]:
        with Vertical(id="offer"):
            yield Static(call_details(self._call), markup=False)
            yield self._rows
            yield Static("Enter chooses · Esc goes to the gallery", id="keys", markup=False)

    def on_mount(self) -> None:
        self._rows.show(
            [Row("on", (Line(Content("Go on with it")),)), Row("new", (Line(Content("Begin a new call")),))]
        )

    def on_rows_chosen(self, chosen: Rows.Chosen) -> None:
        """Take the choice."""
        self.dismiss(chosen.key == "on")

    def action_take(self) -> None:
        """Choose what is marked."""
        self._rows.choose()

    def action_neither(self) -> None:
        """Choose neither."""
        self.dismiss(None)

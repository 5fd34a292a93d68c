"""The trainee's own rating of the call, before any score is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from roleplay.practice.wording import RATINGS
from roleplay.tui.frame import Frame
from roleplay.tui.literal import literal_line
from roleplay.tui.widgets.rows import Line, Row, Rows


class RatingScreen(Frame[int | None]):
    """Dismisses with the rating, 0-4, or None where the trainee gives none. `customer` is the name."""

    CSS_PATH = "rating.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Rate", tooltip="Rate the call as marked"),
        *(
            Binding(str(number), f"rate({number})", str(number), show=False, tooltip="Rate the call with this number")
            for number in range(len(RATINGS))
        ),
        Binding("escape", "skip", "No rating", tooltip="On to the debrief without a rating"),
    ]

    def __init__(self, customer: str) -> None:
        super().__init__()
        self._customer = customer

    def body(self) -> Iterator[Widget]:
        with Vertical(id="rating"):
            yield Static("Before the debrief", id="heading", markup=False)
            yield Static(Content.assemble("How well did you meet ", literal_line(self._customer), "?"), id="question")
            yield Rows()
            yield Static("A number or Enter rates. Your own rating is never scored.", id="note", markup=False)

    def on_mount(self) -> None:
        rows = [Row(str(number), (Line(Content(f"{number}  {means}")),)) for number, means in enumerate(RATINGS)]
        self.query_one(Rows).show(rows, current="2")
        self.query_one(Rows).focus()

    def on_rows_chosen(self, chosen: Rows.Chosen) -> None:
        """Take the rating."""
        self.dismiss(int(chosen.key))

    def action_choose(self) -> None:
        """Rate as marked."""
        self.query_one(Rows).choose()

    def action_rate(self, number: int) -> None:
        """Rate with a number key."""
        self.dismiss(number)

    def action_skip(self) -> None:
        """Go on without a rating."""
        self.dismiss(None)

"""The trainee's own rating of the call, before any score is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from roleplay.errors import RoleplayError
from roleplay.practice.wording import RATINGS
from roleplay.tui.frame import Frame
from roleplay.tui.literal import literal_line
from roleplay.tui.widgets.rows import Line, Row, Rows

_HOW = "Press a number, or choose with ↑ ↓ and Enter. Your own rating is never scored."


class RatingScreen(Frame[None]):
    """Has the rating, 0-4, or that none was given, kept by `keep`, and dismisses. `customer` is the name.

    It stands before the debrief, or what else `follows`. Enter rates only after a key that chooses: one that was
    meant for what came before must not rate it.
    """

    CSS_PATH = "rating.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Rate", tooltip="Rate as marked, once you have chosen"),
        *(
            Binding(str(number), f"rate({number})", str(number), show=False, tooltip="Rate with this number")
            for number in range(len(RATINGS))
        ),
        Binding("escape", "skip", "No rating", tooltip="On without a rating"),
    ]

    def __init__(
        self, customer: str, keep: Callable[[int | None], Awaitable[None]], *, follows: str = "the debrief"
    ) -> None:
        super().__init__()
        self._customer, self._keep, self._follows = customer, keep, follows
        self._choosing = self._rated = False
        self._rows, self._note = Rows(), Static(_HOW, id="note", markup=False)

    def body(self) -> Iterator[Widget]:
        with Vertical(id="rating"):
            yield Static(f"Before {self._follows}", id="heading", markup=False)
            yield Static(Content.assemble("How well did you meet ", literal_line(self._customer), "?"), id="question")
            yield self._rows
            yield self._note

    def on_mount(self) -> None:
        rows = [Row(str(number), (Line(Content(f"{number}  {means}")),)) for number, means in enumerate(RATINGS)]
        self._rows.show(rows, current="2")
        self._rows.focus()

    def on_key(self, event: events.Key) -> None:
        self._choosing = self._choosing or event.key in ("up", "down", "home", "end", "pageup", "pagedown")

    def on_rows_chosen(self, chosen: Rows.Chosen) -> None:
        """Take the rating."""
        self.action_rate(int(chosen.key))

    def action_choose(self) -> None:
        """Rate as marked."""
        if self._choosing:
            self._rows.choose()
        else:
            self._note.update(Content.styled("Choose first: a number, or ↑ ↓.", "bold $accent"))

    def action_rate(self, number: int) -> None:
        """Rate with a number key."""
        self._rate(number)

    def action_skip(self) -> None:
        """Go on without a rating."""
        self._rate(None)

    def _rate(self, rating: int | None) -> None:
        if not self._rated:
            self._rated = True
            self.run_worker(self._keep_and_go(rating))

    async def _keep_and_go(self, rating: int | None) -> None:
        try:
            await self._keep(rating)
        except RoleplayError as error:  # the call itself is kept: its debrief is to be had all the same
            self.say(str(error), wrong=True)
        self.dismiss(None)

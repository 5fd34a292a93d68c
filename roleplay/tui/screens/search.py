"""Searching everything that was said and noted, in all calls: the newest first, what was found marked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from roleplay.errors import RoleplayError
from roleplay.review.desk import Desk
from roleplay.review.opening import Spot
from roleplay.store.listing import SessionSummary, sessions_of
from roleplay.store.search import CLEAR_MARKS, Hit, search
from roleplay.text import counted
from roleplay.tui.cards import when
from roleplay.tui.frame import Frame
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.screens.transcript import Place, TranscriptScreen
from roleplay.tui.sitting import Sitting
from roleplay.tui.widgets.rows import Line, Row, Rows

_MOST = 200
"""Hits that are shown at the most."""
_LEAD = 24
"""Characters before what was found at the most, so that it is seen."""
_PAUSE = 0.2
"""Seconds without a further key after which what is typed is looked for."""
_SIDES = {"customer": "the customer", "coach": "a coach noted", "dispute": "disputed"}


class SearchScreen(Frame[None]):
    """Looks for what is typed."""

    CSS_PATH = "search.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="Open the call at the marked place"),
        Binding("up", "step(-1)", "Up", show=False, tooltip="To another hit"),
        Binding("down", "step(1)", "Down", show=False, tooltip="To another hit"),
        Binding("pageup", "page(-1)", "Page up", show=False, tooltip="A page up or down"),
        Binding("pagedown", "page(1)", "Page down", show=False, tooltip="A page up or down"),
        Binding("escape", "back", "Back", tooltip="Back to the queue"),
    ]

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self._sitting = sitting
        self._hits: dict[str, Hit] = {}
        self._words = Input(placeholder="Words that were said or noted, in whatever order and form", compact=True)
        self._told, self._rows = Static(id="told", markup=False), Rows()

    def body(self) -> Iterator[Widget]:
        yield Static("Search", id="title", markup=False)
        yield self._words
        yield self._told
        yield self._rows

    def on_mount(self) -> None:
        self._rows.can_focus = False
        self.set_focus(self._words)
        self._tell("Everything that was said in a call and noted on it is looked through.")

    def on_input_changed(self, changed: Input.Changed) -> None:
        """Look for it, once no further key comes."""
        self.run_worker(self._look_for(changed.value), group="search", exclusive=True)

    def on_input_submitted(self) -> None:
        self._rows.choose()

    def on_rows_chosen(self, chosen: Rows.Chosen) -> None:
        """Open the call where that was found."""
        hit = self._hits.get(chosen.key)
        if hit:
            spot = Spot(hit.branch, hit.turn, hit.side, hit.text)
            self.app.push_screen(TranscriptScreen(self._sitting, Place(hit.session, spot=spot)))

    def action_open(self) -> None:
        """Open the marked hit."""
        self._rows.choose()

    def action_step(self, by: int) -> None:
        """To another hit."""
        self._rows.action_step(by)

    def action_page(self, by: int) -> None:
        """A page up or down."""
        self._rows.action_page(by)

    def action_back(self) -> None:
        """Back to the queue."""
        self.dismiss(None)

    async def _look_for(self, words: str) -> None:
        await asyncio.sleep(_PAUSE)
        if not any(map(str.isalnum, words)):
            self._show([], {})
            self._tell("")
            return
        try:
            hits, calls = await self._sitting.read(lambda desk: _found(desk, words))
        except RoleplayError as error:
            self._tell(str(error), wrong=True)
            return
        self._show(hits, calls)
        found = counted(len(hits), "place", "places")
        self._tell(f"The newest {_MOST} places." if len(hits) == _MOST else f"{found}." if hits else "Nothing found.")

    def _show(self, hits: list[Hit], calls: Mapping[str, SessionSummary]) -> None:
        self._hits = {str(number): hit for number, hit in enumerate(hits)}
        self._rows.show([_row(key, hit, calls.get(hit.session)) for key, hit in self._hits.items()], "0")

    def _tell(self, sentence: str, *, wrong: bool = False) -> None:
        self._told.update(literal(sentence, "$text-error" if wrong else "$text-muted"))


def _found(desk: Desk, words: str) -> tuple[list[Hit], dict[str, SessionSummary]]:
    """What is found, and the calls it is found in. May block."""
    with desk.transcripts.snapshot() as connection:
        if connection is None:
            return [], {}
        hits = search(connection, words, _MOST, CLEAR_MARKS)
        return hits, sessions_of(connection, {hit.session for hit in hits})


def _row(key: str, hit: Hit, call: SessionSummary | None) -> Row:
    title, trainee, started = (call.title, call.trainee, when(call.started)) if call else ("", "", "")
    who = trainee if hit.side == "trainee" else _SIDES.get(hit.side, hit.side)
    known = literal_line(", ".join(filter(None, (trainee, started, f"turn {hit.turn}"))), "$text-muted")
    return Row(
        key,
        (
            Line(literal_line(title, "bold"), known),
            Line(literal_line(who, "$text-primary") + Content(": ") + marked(hit.excerpt)),
        ),
    )


def marked(excerpt: str) -> Content:
    """An excerpt with what was found in it marked, from shortly before the first of it."""
    begin, end = CLEAR_MARKS
    first, *others = excerpt.split(begin)
    if others and len(first) > _LEAD:
        first = f"…{first[-_LEAD:].partition(' ')[2]}"
    told = _folded(first)
    for part in others:
        found, _, after = part.partition(end)
        told += literal_line(found, "bold reverse") + _folded(after)
    return told


def _folded(text: str) -> Content:
    """`text` on one line, with a blank at each end that has any."""
    before, after = " " * text[:1].isspace(), " " * (text[-1:].isspace() and bool(text.strip()))
    return Content.assemble(before, literal_line(text), after)

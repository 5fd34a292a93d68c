"""The briefing: who the trainee is, the customer's record, what is allowed, and what is theirs to give."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.visual import Visual
from textual.widget import Widget
from textual.widgets import Static

from roleplay.errors import RoleplayError
from roleplay.practice.visits import heading_of
from roleplay.tui import brief
from roleplay.tui.cards import difficulty, warning
from roleplay.tui.frame import Frame
from roleplay.tui.literal import literal_line

if TYPE_CHECKING:
    from roleplay.conversation.turns import Script
    from roleplay.persona.model import Persona
    from roleplay.persona.visits import Visiting
    from roleplay.practice.playing import Players


class Known(VerticalScroll):
    """What the trainee knows of a call, to be scrolled; composed anew once something else is known."""

    def __init__(self, persona: Persona, visiting: Visiting | None) -> None:
        super().__init__(id="pages")
        self._persona, self._visiting = persona, visiting

    def compose(self) -> ComposeResult:
        persona, trainee = self._persona, self._persona.trainee
        with Vertical(classes="page"):
            yield from _parts(brief.role(trainee), brief.situation(trainee), brief.memories(self._visiting))
            told = brief.record(trainee)
            if told is not None:
                card = Static(told, id="record", markup=False)
                card.border_title = "On your screen"
                yield card
        with Vertical(classes="page"):
            yield from _parts(brief.rules(trainee), brief.gestures(persona))

    async def show(self, persona: Persona, visiting: Visiting | None) -> None:
        """Tell what is known now."""
        self._persona, self._visiting = persona, visiting
        await self.recompose()


class Taken(NamedTuple):
    """How a call is taken: as an exam or coached, and whether it is a five-minute one."""

    exam: bool
    short: bool


class BriefingScreen(Frame[Taken | None]):
    """What is known before the call. Dismisses with how it is taken, None to go back.

    `visiting`: which visit it is of a story in visits. `short`: it is a five-minute call. `newest` makes the script of
    the call anew, whole or short, after a file was changed or the other one is wanted. `players` finds out who plays,
    which may take a moment.
    """

    CSS_PATH = "briefing.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Take the call", tooltip="Take the call"),
        Binding("f4", "switch_mode", "Exam", tooltip="Switch between coached and exam"),
        Binding("f7", "switch_length", "Short", tooltip="Switch between the whole call and five minutes of it"),
        Binding("escape", "back", "Back", tooltip="Back to the gallery"),
    ]

    def __init__(
        self,
        persona: Persona,
        *,
        exam: bool,
        visiting: Visiting | None = None,
        short: bool = False,
        newest: Callable[[bool], Awaitable[Script]] | None = None,
        players: Callable[[], Awaitable[Players]] | None = None,
    ) -> None:
        super().__init__()
        self._persona, self._visiting, self._exam, self._short = persona, visiting, exam, short
        self._newest, self._players, self._told = newest, players, ""
        self._title = Static(literal_line(persona.title), id="title", markup=False)
        self._facts = Static(self._in_short(), id="facts", markup=False)
        self._known = Known(persona, visiting)
        self._mode = Static(self._how(), id="mode", markup=False)

    def body(self) -> Iterator[Widget]:
        yield self._title
        yield self._facts
        yield self._known
        yield self._mode

    def on_mount(self) -> None:
        if self._players is not None:
            self.run_worker(self._tell_players(self._players()))

    async def _tell_players(self, players: Awaitable[Players]) -> None:
        try:
            self._told = (await players).told
        except RoleplayError as error:
            self.say(str(error), wrong=True)
        else:
            self._facts.update(self._in_short())

    def files_changed(self, paths: frozenset[Path]) -> None:
        """Show what is known of the call as it is now."""
        if self._newest is not None:
            self.run_worker(self._renew(self._newest(self._short)), group="newest", exclusive=True)

    async def _renew(self, newest: Awaitable[Script]) -> None:
        try:
            comes = await newest
        except RoleplayError as error:
            self.say(str(error).partition("\n")[0], wrong=True)
            return
        if (comes.persona, comes.visiting) != (self._persona, self._visiting):
            self._persona, self._visiting = comes.persona, comes.visiting
            self._title.update(literal_line(comes.persona.title))
            self._facts.update(self._in_short())
            await self._known.show(comes.persona, comes.visiting)

    def action_take(self) -> None:
        """Take the call."""
        self.dismiss(Taken(self._exam, self._short))

    def action_switch_mode(self) -> None:
        """Switch between coached and exam."""
        self._exam = not self._exam
        self._mode.update(self._how())

    def action_switch_length(self) -> None:
        """Switch between the whole call and five minutes of it."""
        self._short = not self._short
        self._mode.update(self._how())
        self._facts.update(self._in_short())
        self.files_changed(frozenset())

    def action_back(self) -> None:
        """Back to the gallery."""
        self.dismiss(None)

    def _in_short(self) -> Content:
        persona = self._persona
        facts = (persona.name, persona.channel, difficulty(persona.difficulty), self._told)
        known = literal_line(" · ".join(filter(None, facts)))
        if self._visiting and not self._short:
            known = literal_line(heading_of(self._visiting), "bold $text-accent") + Content("\n") + known
        if persona.content:
            known += Content("\n") + literal_line(warning(persona.content), "bold $text-warning")
        return known

    def _how(self) -> Content:
        told = Content.styled("Coached", "bold") + Content(": you see what each reply was heard as. F4: exam.")
        if self._exam:
            told = Content.styled("Exam", "bold") + Content(": nothing is shown before the end. F4: coached.")
        if self._short:
            told += Content("\n") + Content.styled("Five minutes", "bold")
            return told + Content(": one key moment. F7: the whole call.")
        return told + Content("\n") + Content.styled("The whole call", "bold") + Content(". F7: five minutes of it.")


def _parts(*told: Visual | None) -> Iterator[Static]:
    for part in told:
        if part is not None:
            yield Static(part, classes="part", markup=False)

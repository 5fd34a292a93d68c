"""The trainee's way through the app: gallery, briefing, call, rating, debrief, and back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import App
from textual.screen import Screen

from roleplay.errors import NotFound, RoleplayError
from roleplay.text import quote
from roleplay.tui.again import Practice
from roleplay.tui.choices import Choice, Drill, GoOn, Look, Progress, Review
from roleplay.tui.practising import Practising
from roleplay.tui.screens.gallery import GalleryScreen
from roleplay.tui.sitting import Sitting
from roleplay.tui.unwaited import unwaited

if TYPE_CHECKING:
    from roleplay.conversation.session import Session
    from roleplay.conversation.turns import Script
    from roleplay.persona.model import Persona
    from roleplay.practice.calls import Calls
    from roleplay.review.desk import Desk
    from roleplay.store.transcripts import Try

Result = TypeVar("Result")

TRIES = "8"
"""The part of a debrief in which tries are listed."""

LONGEST_STILLNESS = 0.4
"""Seconds for which a picture may stand while the next screen is made ready; what takes longer is seen to wait."""


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line: a persona's name or file, and how to play it."""

    persona: str
    exam: bool = False
    seed: int | None = None
    resume: bool | None = None
    short: bool = False


async def journey(app: App[Any], gallery: GalleryScreen, wanted: Wanted | Choice | None, coach: str) -> None:
    """Go from screen to screen until the trainee quits.

    In a review they are `coach`, or else who the settings say.
    """
    calls = await gallery.opened()
    way = Way(app, calls, gallery, coach)
    try:
        if isinstance(wanted, Wanted):
            await _safely(gallery, way, way.wanted(wanted), named=wanted.persona)
        elif wanted is not None:
            await _safely(gallery, way, way.chosen(wanted))
        while True:
            choice = await gallery.choice()
            await _safely(gallery, way, way.chosen(choice))
    finally:
        way.close()


async def _safely(gallery: GalleryScreen, way: Way, steps: Awaitable[Session | None], named: str = "") -> None:
    """Take `steps`; whatever a person can mend ends them with its sentence, back in the gallery.

    There the persona `named` on the command line is marked, if one was.
    """
    left = None
    try:
        left = await steps
    except RoleplayError as error:
        gallery.say(str(error).partition("\n")[0], wrong=True)  # all problems of a file are told in the gallery
    finally:
        way.arrive()
    if left is None:
        gallery.refill(await way.row_of(named) if named else "")
    else:
        gallery.say("Saved. The call waits under “Cut short”.")
        gallery.refill(left.transcript.session.id)


class Way:
    """The ways from the gallery and back to it. Each returns the call that was left to go on with, if one was.

    All raise RoleplayError.
    """

    def __init__(self, app: App[Any], calls: Calls, gallery: GalleryScreen, coach: str) -> None:
        self._app, self._calls, self._gallery = app, calls, gallery
        self._stillness = ExitStack()
        self._loop = asyncio.get_running_loop()
        self._desks: list[Desk] = []
        self._sitting = Sitting(lambda: self._open_desk(calls.trainee), self._tell_waiting)
        self._reviewing = Sitting(lambda: self._open_desk(self._coach(coach)), self._tell_waiting)
        self._practising = Practising(app, calls, self._to)
        self._samples = Sitting(lambda: self._open_samples(self._coach(coach)), self._tell_waiting)

    def close(self) -> None:
        """Close what was opened on the way."""
        for desk in self._desks:
            desk.close()

    async def wanted(self, wanted: Wanted) -> Session | None:
        """To the persona of the command line: its interrupted call, or its briefing."""
        named = wanted.persona
        if wanted.resume is not False:
            waiting = await unwaited(lambda: self._calls.interrupted_with(named, short=wanted.short))
            if wanted.resume and not waiting:
                raise NotFound(f"No call with {quote(named, 60)} was cut short.", mend="Begin a new one.")
            if waiting:
                from roleplay.tui.screens.offer import OfferScreen

                go_on: bool | None = wanted.resume
                if go_on is None:
                    go_on = await self._to(OfferScreen(waiting[0]))
                if go_on is None:
                    return None
                if go_on:
                    return await self._go_on(waiting[0].id)
        return await self._take(named, exam=wanted.exam, seed=wanted.seed, short=wanted.short)

    async def row_of(self, name_or_path: str) -> str:
        """The key of that persona's row in the gallery; empty if there is no such persona."""
        with suppress(RoleplayError):
            return str(await unwaited(lambda: self._calls.file(name_or_path)))
        return ""

    async def chosen(self, choice: Choice) -> Session | None:
        """To what was chosen in the gallery."""
        if isinstance(choice, Review):
            return await self._review(choice)
        if isinstance(choice, Drill):
            return await self._drill(choice)
        if isinstance(choice, Progress):
            return await self._progress()
        if isinstance(choice, Look):
            return await self._look(choice)
        if isinstance(choice, GoOn):
            return await self._go_on(choice.session_id)
        return await self._take(str(choice.path), exam=False, seed=None)

    async def _persona(self, name_or_path: str) -> Persona:
        return await unwaited(lambda: self._calls.persona(name_or_path))

    async def _upcoming(self, name_or_path: str, short: bool) -> Script:
        return await unwaited(lambda: self._calls.upcoming(self._calls.persona(name_or_path), short=short))

    async def _take(self, name_or_path: str, *, exam: bool, seed: int | None, short: bool = False) -> Session | None:
        """Through the briefing into a new call, which is played as the file is by then."""
        from roleplay.practice.calls import new_seed
        from roleplay.tui.screens.briefing import BriefingScreen

        model = self._gallery.model
        players = model.players if model else None
        comes = await self._upcoming(name_or_path, short)
        chosen = await self._to(
            BriefingScreen(
                comes.persona,
                exam=exam,
                visiting=comes.visiting,
                short=short,
                newest=lambda short: self._upcoming(name_or_path, short),
                players=players,
            )
        )
        if chosen is None:
            return None
        persona = await self._persona(name_or_path)
        session = await self._begin(
            persona, exam=chosen.exam, seed=new_seed() if seed is None else str(seed), short=chosen.short
        )
        return await self._play(session, name_or_path)

    async def _begin(self, persona: Persona, *, exam: bool, seed: str, short: bool) -> Session:
        """A new call; should another program hold the transcripts, it is said that it is waited for."""
        self._calls.when_waiting(lambda: self._loop.call_soon_threadsafe(self._tell_waiting))
        return await self._calls.begin(persona, exam=exam, seed=seed, short=short)

    def _tell_waiting(self) -> None:
        self._app.notify("Waiting for another program that is writing to the transcripts …", markup=False)

    async def _go_on(self, session_id: str) -> Session | None:
        """Straight into an interrupted call."""
        return await self._play(await self._calls.resume(session_id), "")

    async def _look(self, wanted: Look) -> Session | None:
        """To the debrief of a call that has ended, and into another one if the trainee wants to try again.

        First to what is to be practised of it, if something is.
        """
        from roleplay.tui.screens.debrief import DebriefScreen

        left: str | Practice | None = wanted.practice
        at = TRIES if wanted.at_tries else ""
        while True:
            case = await self._sitting.read(lambda desk: desk.open(wanted.session_id))
            record = case.transcript.session
            if isinstance(left, Practice):
                await self._practising.go(record.id, left)
                at = TRIES
            resources = await unwaited(self._calls.help_resources)
            left = await self._to(
                DebriefScreen(
                    case.transcript,
                    help_resources=resources,
                    reviewed=case.reviewed,
                    sitting=self._sitting,
                    tries=await self._tries(record.id),
                    at=at,
                )
            )
            if not isinstance(left, Practice):
                break
        if left != "again":
            return None
        return await self._take(record.script.persona.id, exam=record.exam, seed=None, short=record.script.short)

    async def _tries(self, session_id: str) -> Sequence[Try]:
        return await unwaited(lambda: self._calls.tries(session_id))

    async def _drill(self, wanted: Drill) -> Session | None:
        """To the drills, or to the unaided test."""
        from roleplay.tui.drill_way import drill

        self._calls.when_waiting(lambda: self._loop.call_soon_threadsafe(self._tell_waiting))
        await drill(self._calls, wanted, self._to)
        return None

    async def _progress(self) -> Session | None:
        """To how the trainee comes on, and from there to drills, and back, or to a call."""
        from roleplay.practice.progress_reading import own_progress
        from roleplay.tui.screens.progress import ProgressScreen

        while True:
            progress, step = await unwaited(lambda: own_progress(self._calls))
            chosen = await self._to(ProgressScreen(progress, step))
            if isinstance(chosen, str):
                return await self._take(chosen, exam=False, seed=None)
            if chosen is None:
                return None
            await self._drill(chosen)

    async def _review(self, wanted: Review) -> Session | None:
        """To the coach's queue; first to the call of that id, if one is named."""
        from roleplay.tui.screens.queue import QueueScreen

        sitting = self._samples if wanted.samples else self._reviewing
        await self._to(QueueScreen(sitting, first=wanted.session_id, samples=wanted.samples))
        return None

    def _coach(self, named: str) -> str:
        from roleplay.practice.people import coach_name

        return coach_name(named, self._calls.store.path.parent.parent)

    def _open_samples(self, coach: str) -> Desk:
        from roleplay.tui.sample_desk import sample_desk

        self._desks.append(sample_desk(coach))
        return self._desks[-1]

    def _open_desk(self, person: str) -> Desk:
        """The desk of the trainee or the coach, over the transcripts of the calls."""
        from roleplay.review.desk import Desk
        from roleplay.store.reviews import Reviews

        calls = self._calls
        self._desks.append(Desk(calls.store, Reviews(calls.store.path), person, calls.clock))
        return self._desks[-1]

    async def _play(self, session: Session, name_or_path: str) -> Session | None:
        """Through a call and its debrief, and into another one as often as the trainee wants to try again.

        `name_or_path` is that of the persona with which the call was begun just now; empty: it was resumed.
        """
        from roleplay.practice.calls import new_seed
        from roleplay.tui.screens.call import CallScreen

        while True:
            left = await self._to(CallScreen(self._calls, session, resumed=not name_or_path))
            if left == "paused":
                await session.aclose()
                return session
            if await self._debrief(session) != "again":
                return None
            record = session.transcript.session
            name_or_path = name_or_path or record.script.persona.id
            persona = await self._persona(name_or_path)
            short = record.script.short
            if persona.visits and not short:  # another visit: there is something new to know
                return await self._take(name_or_path, exam=record.exam, seed=None)
            session = await self._begin(persona, exam=record.exam, seed=new_seed(), short=short)

    async def _debrief(self, session: Session) -> str | None:
        """Through the trainee's own rating, unless it was given before, and the debrief."""
        from roleplay.tui.final_pass import FinalPass
        from roleplay.tui.screens.debrief import DebriefScreen
        from roleplay.tui.screens.rating import RatingScreen

        final_pass = FinalPass(self._app, session)
        if session.transcript.self_rating is None:
            self._calls.when_waiting(lambda: self._loop.call_soon_threadsafe(self._tell_waiting))
            script = session.transcript.session.script
            whom = "all of them" if script.queue else script.persona.short_name
            await self._to(RatingScreen(whom, session.rate))
        resources = await unwaited(self._calls.help_resources)
        at, ident = "", session.transcript.session.id
        while True:
            left = await self._to(
                DebriefScreen(
                    session.transcript,
                    help_resources=resources,
                    final_pass=final_pass,
                    sitting=self._sitting,
                    tries=await self._tries(ident),
                    at=at,
                )
            )
            if not isinstance(left, Practice):
                return left
            await self._practising.go(ident, left)
            at = TRIES

    async def _to(self, screen: Screen[Result]) -> Result | None:
        """What `screen` is left with. Until the next one is shown its picture stands, and not the gallery's."""
        shown = self._app.push_screen(screen, wait_for_dismiss=True)
        self._stillness.close()
        result = await asyncio.shield(shown)
        self._stillness.enter_context(self._app.batch_update())
        self._app.set_timer(LONGEST_STILLNESS, self._stillness.close)
        return result

    def arrive(self) -> None:
        """Be back in the gallery."""
        self._stillness.close()

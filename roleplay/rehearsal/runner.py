"""Plays simulated trainees against a persona, through the same session as everybody else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import msgspec

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.actor import Actor
from roleplay.conversation.earlier import earlier_of
from roleplay.conversation.scripts import script_for
from roleplay.conversation.session import Session
from roleplay.conversation.turns import Script, Transcript
from roleplay.persona.model import Persona
from roleplay.persona.visits import Earlier, due
from roleplay.rehearsal.banks import Bank, Skill
from roleplay.rehearsal.stage import begin_unkept
from roleplay.rehearsal.trainees import Name, Trainee, of_bank
from roleplay.scoring.scorer import Scorer

MOST_TURNS = 40
"""Replies after which a call that has still not ended counts as a dead end; of a queue for each customer that came."""

MOST_VISITS = 12
"""Visits after which a story that has not begun again is left."""

Unstick = Callable[[Session], Awaitable[None]]
"""Finds a way on for a call whose actor is in trouble, until the line that is due was said."""


class Rehearsed(msgspec.Struct, frozen=True, kw_only=True):
    """One rehearsal: a simulated call, or a chain of visits, oldest first.

    `wordless` are the moments at which the trainee had no words of its own.
    """

    trainee: Name
    seed: int
    calls: tuple[Transcript, ...]
    wordless: tuple[str, ...] = ()

    @property
    def transcript(self) -> Transcript:
        """The call; of a chain the last visit."""
        return self.calls[-1]


def rehearse(script: Script, bank: Bank, trainee: Skill, seed: int, scorer: Scorer) -> Rehearsed:
    """Play one call by `script` with the replies that `bank` has for `trainee`, drawn by `seed`."""
    return _played(Rehearsal(of_bank(bank, trainee), seed, scorer).call_by(script))


def rehearse_story(persona: Persona, trainee: Trainee, seed: int, scorer: Scorer, *, short: bool = False) -> Rehearsed:
    """Play `persona`, as it was loaded: one call, or visits until the story would begin again, at most `MOST_VISITS`.

    `short`: one five-minute call. Raises `PersonaError` for a persona that cannot be played.
    """
    return _played(Rehearsal(trainee, seed, scorer).story_of(persona, short=short))


def _played(rehearsal: Coroutine[Any, Any, Rehearsed]) -> Rehearsed:
    """What `rehearsal` returns, from a loop of its own."""
    found = []

    async def play() -> None:
        found.append(await rehearsal)

    asyncio.run(play())  # which writes out twice, for nobody, what its task returned: here nothing
    return found[0]


async def _never(session: Session) -> None:
    raise AssertionError("a scripted customer is never in trouble")


class Rehearsal:
    """One `trainee`, with replies drawn by `seed`, against the customer as `actor` plays it."""

    def __init__(
        self,
        trainee: Trainee,
        seed: int,
        scorer: Scorer,
        actor: Callable[[], Actor] = ScriptedActor,
        unstick: Unstick = _never,
    ) -> None:
        self._trainee, self._seed, self._scorer = trainee, seed, scorer
        self._actor, self._unstick = actor, unstick
        self._given: set[str] = set()
        self._wordless: dict[str, None] = {}

    async def call_by(self, script: Script) -> Rehearsed:
        """One call by `script`."""
        return self._rehearsed([await self._call(script, str(self._seed))])

    async def story_of(self, persona: Persona, *, short: bool = False) -> Rehearsed:
        """The whole story of `persona`, or its five-minute form."""
        if short:
            return await self.call_by(script_for(persona, seed=str(self._seed), short=True))
        calls: list[Transcript] = []
        earlier: list[Earlier] = []
        while len(calls) < MOST_VISITS:
            seed = f"{self._seed}.{len(calls) + 1}" if calls else str(self._seed)
            calls.append(await self._call(script_for(persona, seed=seed, earlier=earlier), seed))
            if not persona.visits:
                break
            earlier.append(earlier_of(calls[-1]))
            if due(persona, earlier) is None:
                break
        return self._rehearsed(calls)

    def _rehearsed(self, calls: list[Transcript]) -> Rehearsed:
        return Rehearsed(
            trainee=self._trainee.name, seed=self._seed, calls=tuple(calls), wordless=tuple(self._wordless)
        )

    async def _call(self, script: Script, seed: str) -> Transcript:
        session = await begin_unkept(script, self._scorer, trainee=self._trainee.name, seed=seed, actor=self._actor())
        await self._said(session)
        most = MOST_TURNS * max(1, len(script.queue))
        while not session.ended and len(session.transcript.replies) < most:
            moment = session.state.moment
            reply = self._trainee.reply(moment, self._seed, session.state.turn, self._given)
            if not self._trainee.knows(moment):
                self._wordless[moment] = None
            self._given.add(reply)
            await session.reply(reply)
            await self._said(session)
        if not session.ended:
            await session.leave()
        return session.transcript

    async def _said(self, session: Session) -> None:
        """Wait until the customer has said what is due."""
        while session.unfinished:
            await self._unstick(session)

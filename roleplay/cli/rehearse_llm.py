"""`roleplay personas rehearse --actor llm`: the same trainees, and a language model that plays the customer."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from roleplay.actors.scripted import ScriptedActor
from roleplay.cli.common import talk
from roleplay.cli.rehearse import Rehearsals
from roleplay.conversation.voiced import Usage
from roleplay.errors import BadInput
from roleplay.llm.address import host_of
from roleplay.llm.choosing import choose
from roleplay.practice.casting import Casting
from roleplay.practice.meter import meter_of
from roleplay.rehearsal.estimate import estimate
from roleplay.rehearsal.figures import Came, came_of
from roleplay.rehearsal.report import Cast, cast_for, scorer
from roleplay.rehearsal.runner import Rehearsal
from roleplay.rehearsal.trainees import Trainee
from roleplay.text import counted, one_line
from roleplay.workspace import resolve_workspace

if TYPE_CHECKING:
    from roleplay.conversation.session import Session
    from roleplay.conversation.trouble import Trouble
    from roleplay.persona.loading import Reading

TOGETHER = 2
"""Calls that are played at once."""
TURNS = 9
"""Replies of a simulated call, about; for the estimate."""
PATIENCE = 3
"""Calls in a row in which the model said nothing, after which there is no point in going on."""
LONGEST_WAIT = 30.0
"""Seconds that a call waits by itself for a server that asks for it."""


class _Call(NamedTuple):
    """A rehearsal to be played, and where what comes of it belongs."""

    cast: Cast
    trainee: Trainee
    seed: int
    into: dict[int, Came]


class LlmStage:
    """Rehearsals with the language model that was agreed to, a few at once. Raises `BadInput` where there is none."""

    def __init__(self, workspace: Path | None, model: str | None, base_url: str | None) -> None:
        choice = choose(
            resolve_workspace(workspace).root, model=model, judge_model="none", base_url=base_url, actor="llm"
        )
        assert choice.settings is not None, "what was insisted on is there, or refused"
        self._settings = choice.settings
        self._casting = Casting(choice.settings)
        self._done: list[Came] = []
        self._of = 0
        self._in_vain = 0
        self.trouble = ""
        """The sentence on what ended it, if anything did."""
        self.stopped = False
        """Whether it was ended by Ctrl+C."""

    def rehearse(self, readings: Sequence[Reading], seeds: int, *, yes: bool, short: bool) -> list[Rehearsals]:
        """Play everybody against each of `readings`, after what that takes was told and agreed to.

        Where it is ended early, only personas come back of which all was played. Raises `BadInput` if it is not agreed
        to, or nobody can be asked.
        """
        casts = [cast_for(reading.persona, short=short) if reading.persona else None for reading in readings]
        came: list[list[dict[int, Came]]] = [[{} for _ in cast.trainees] if cast else [] for cast in casts]
        calls = [
            _Call(cast, trainee, seed, into)
            for cast, place in zip(casts, came, strict=True)
            if cast
            for trainee, into in zip(cast.trainees, place, strict=True)
            for seed in range(seeds)
        ]
        self._of = len(calls)
        self._agree(yes=yes)
        try:
            asyncio.run(self._run(calls))
        except KeyboardInterrupt:
            self.stopped = True
        return [
            Rehearsals(reading, cast, [[each[seed] for seed in sorted(each)] for each in place])
            for reading, cast, place in zip(readings, casts, came, strict=True)
            if all(len(each) == seeds for each in place)
        ]

    @property
    def lines(self) -> Iterator[str]:
        """What came of asking, for a person."""
        yield ""
        if len(self._done) < self._of:
            yield f"{len(self._done)} of {self._of} calls were played; a persona of which some are missing is left out."
        known = self._voiced
        yield (
            f"Lines by {one_line(self._settings.model)}: {known['llm']} its own, {known['mended']} mended, "
            f"{known['replaced']} replaced,"
        )
        yield f"{known['broken off']} broken off; {known['scripted']} by the script, openings among them."
        yield meter_of(self._usage, self._settings).told

    @property
    def data(self) -> dict[str, Any]:
        """The same for a program."""
        import msgspec

        names = ("llm", "mended", "replaced", "broken off", "scripted")
        return {
            "model": self._settings.model,
            "played": len(self._done),
            "of": self._of,
            "lines": {name.replace(" ", "_"): self._voiced[name] for name in names},
            "usage": msgspec.to_builtins(self._usage),
        }

    @property
    def _voiced(self) -> Counter[str]:
        return sum((Counter(each.voiced) for each in self._done), Counter[str]())

    @property
    def _usage(self) -> Usage:
        return sum((each.usage for each in self._done), Usage())

    def _agree(self, *, yes: bool) -> None:
        """Tell what it will take, and ask whether it may."""
        one = estimate(self._settings, TURNS).actor
        usage = sum((one for _ in range(self._of)), Usage())
        meter = meter_of(usage, self._settings)
        who = f"{one_line(self._settings.model)} at {host_of(self._settings.base_url)}"
        talk(f"{who} plays the customer in {counted(self._of, 'call', 'calls')}: about {meter.short}.")
        if yes:
            return
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise BadInput("Nobody can be asked whether that is all right.", mend="Agree to it with --yes.")
        if not click.confirm("Play them?", err=True):
            raise BadInput("Nothing was sent.", mend="Fewer calls: --seeds 1, or one persona.")

    async def _run(self, calls: Sequence[_Call]) -> None:
        rest = iter(calls)
        bar = click.progressbar(length=len(calls), label="Rehearsing", file=sys.stderr, hidden=not sys.stderr.isatty())
        try:
            with bar:
                async with asyncio.TaskGroup() as group:
                    for _ in range(TOGETHER):
                        group.create_task(self._play(rest, bar))
        finally:
            await self._casting.aclose()

    async def _play(self, rest: Iterator[_Call], bar: Any) -> None:
        for call in rest:
            rehearsal = Rehearsal(
                call.trainee, call.seed, scorer(), actor=self._casting.actor, unstick=_Unsticking(self).way_on
            )
            rehearsed = await rehearsal.story_of(call.cast.persona, short=call.cast.short)
            if self.trouble:
                return
            came = call.into[call.seed] = came_of(rehearsed)
            self._done.append(came)
            if came.voiced.keys() & {"llm", "mended", "replaced"}:
                self._in_vain = 0
            bar.update(1)

    def could_not(self, trouble: Trouble) -> None:
        """A line could not be had, and is said by the script."""
        self._in_vain += 1
        if self._in_vain >= PATIENCE and not self.trouble:
            self.trouble = str(trouble)


class _Unsticking:
    """The way on for one rehearsal: each line is tried once more where that may help, then the script goes on."""

    def __init__(self, stage: LlmStage) -> None:
        self._stage = stage
        self._tried = -1

    async def way_on(self, session: Session) -> None:
        """Have the line said that is due."""
        trouble = session.trouble
        if trouble:
            wait = trouble.wait or 0.0
            again = trouble.choices[0] in ("retry", "wait") and wait <= LONGEST_WAIT
            if again and self._tried != session.direction.turn and not self._stage.trouble:
                self._tried = session.direction.turn
                await asyncio.sleep(wait)
            else:
                self._stage.could_not(trouble)
                session.go_on_with(ScriptedActor())
        await session.speak()

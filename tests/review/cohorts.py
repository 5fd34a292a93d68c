"""Cohorts to report on: a workspace's database with calls whose assessments are given reply by reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from roleplay.conversation.turns import KeptReply, Script, SelfRating
from roleplay.persona.completion import complete
from roleplay.persona.fields import DIMENSIONS, Opportunity
from roleplay.persona.model import Persona
from roleplay.review.cohort import Cohort, cohort_of
from roleplay.scoring.assessment import Assessment, Flags, Scored
from roleplay.store.cohort import Among
from roleplay.store.database import reading
from roleplay.store.transcripts import Transcripts
from tests.store import kept_calls

KERB = "I can see the kerb, but I will not cross."


class Said(NamedTuple):
    """A reply at a moment, and what was found in it."""

    moment: str = "opening"
    opportunity: Opportunity = "met"
    levels: Mapping[Scored, int | None] = MappingProxyType({})
    overall: int | None = 3
    unsure: bool = False
    safety: bool = False


class Call(NamedTuple):
    """A call. `score` None: it could not be scored."""

    trainee: str = "sam"
    day: str = "2026-11-02"
    score: float | None = 50.0
    said: Sequence[Said] = (Said(),)
    rating: int | None = None
    persona: str = "the-ramp"
    ended: bool = True
    title: str = "The ramp"
    line: str = KERB


def keep_cohort(path: Path, calls: Iterable[Call]) -> None:
    """Keep `calls` at `path`, named call-0001 and so on."""
    replaced = msgspec.structs.replace
    with Transcripts(path) as store:
        for number, call in zip(count(1), calls, strict=False):
            name = f"call-{number:04}"
            head = kept_calls.session(name, trainee=call.trainee, started=f"{call.day}T12:00:00.000+00:00")
            store.begin(replaced(head, script=_script(call)), kept_calls.opening(name))
            for turn, said in enumerate(call.said, 1):
                store.keep_line(kept_calls.line(name, turn))
                store.keep_reply(_reply(name, turn, said))
            if call.ended:
                store.keep_ending(kept_calls.ending(name), call.score)
            if call.rating is not None:
                store.keep_self_rating(SelfRating(session=name, rating=call.rating, at=kept_calls.AT))


def cohort_at(path: Path, **among: Any) -> Cohort:
    """The cohort report on the calls at `path`."""
    with reading(path) as connection:
        assert connection is not None
        return cohort_of(connection, Among(**among))


def assessed(said: Said) -> Assessment:
    """What a scorer found in a reply: level 1 where nothing else is said."""
    ones: dict[Scored, int | None] = dict.fromkeys(DIMENSIONS, 1)
    scores = {**ones, "harm": 0, **said.levels}
    return msgspec.structs.replace(
        kept_calls.assessment(kept_calls.ANSWERS),
        scores=scores,
        overall=said.overall,
        opportunity=said.opportunity,
        unsure=said.unsure,
        flags=Flags(safety=said.safety),
    )


def _reply(name: str, turn: int, said: Said) -> KeptReply:
    return msgspec.structs.replace(kept_calls.reply(name, turn), moment=said.moment, assessment=assessed(said))


def _script(call: Call) -> Script:
    """At `opening` she is in danger and nothing is unspoken; `kerb` and `rail` offer one unspoken need, `bill` none."""
    persona = {
        "id": call.persona,
        "name": "Dana",
        "title": call.title,
        "trainee": {"role": "Roadside assistance representative."},
        "customer": {"opening": kept_calls.SAYS, "backstory": "Her car stopped on a ramp."},
        "needs": {
            "tow": {"kind": "spoken", "need": "a tow truck, fast"},
            "leaving": {"kind": "unspoken", "need": "to hear that she may go", "says": kept_calls.SECRET},
        },
        "moments": [
            {"id": "opening", "spoken": "tow", "feeling": "afraid", "safety": "danger"},
            {"id": "kerb", "says": call.line, "unspoken": "leaving", "feeling": "torn"},
            {"id": "rail", "says": "I hold on to the rail.", "unspoken": "leaving", "feeling": "torn"},
            {"id": "bill", "says": "What will it cost?", "spoken": "tow", "feeling": "worried"},
        ],
    }
    return msgspec.structs.replace(kept_calls.script(), persona=complete(msgspec.convert(persona, Persona)))

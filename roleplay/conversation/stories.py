"""The calls that a persona can be: each visit, and each customer of a queue."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from roleplay.conversation.scripts import script_for
from roleplay.conversation.turns import Script
from roleplay.persona.expression import FactName
from roleplay.persona.model import Persona, Visit
from roleplay.persona.visits import Earlier


def every_script(persona: Persona) -> Iterator[Script]:
    """The scripts of all calls that `persona`, as it was loaded, can be: of a queue each customer alone.

    A visit comes twice where it makes a difference: once after as little was told as may be, and once after everything.
    """
    if persona.queue:
        yield from (script_for(persona, only=customer.id) for customer in persona.queue)
        return
    yield script_for(persona)
    for visit in persona.visits:
        little, much = _at(persona, visit), _at(persona, visit, everything_told=True)
        yield little
        if much.persona != little.persona:
            yield much


def script_of_visit(persona: Persona, visit: Visit | None) -> Script:
    """The script of a visit of `persona`, as it was loaded, with as little told before as may be; None: the first."""
    return _at(persona, visit) if visit else script_for(persona)


def _at(persona: Persona, visit: Visit, *, everything_told: bool = False) -> Script:
    """The script of `visit`, as if on the visits before it had happened what its `when` cannot do without.

    Or as if all had been told that can be told on another.
    """
    temper, condition = persona.customer.temperament, visit.condition
    others = [each for each in persona.visits if each.id != visit.id]  # visits are not listed in the order of time
    there = [*persona.disclosures, *(each for other in others for each in other.disclosures)]
    tellable = tuple(each.id for each in there)

    def required(fact: FactName) -> tuple[str, ...]:
        named = sorted(ident for name, ident in condition.mentions() if name == fact) if condition else []
        return tuple(ident for ident in named if condition and condition.requires(fact, ident))

    endings = required("ended")  # one visit has one ending, so it takes as many visits as endings
    before = ["", *(each.id for each in others)][: max(1 + persona.visits.index(visit), len(endings))]
    earlier = [
        Earlier(
            visit=each,
            disclosed=() if each else tellable if everything_told else required("disclosed"),
            met=() if each else required("met"),
            said=() if each else required("said"),
            ending=ending,
            outcome="mixed",
            trust=temper.trust,
            distress=temper.distress,
        )
        for each, ending in zip_longest(before, endings[: len(before)], fillvalue="")
    ]
    return script_for(persona, earlier=earlier, only=visit.id)

"""A queue of short customers: who is drawn for a call, and the persona in scenes that they make."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from random import Random
from typing import TypeVar

from msgspec.structs import replace

from roleplay.persona.expression import FactName
from roleplay.persona.fields import Outcome
from roleplay.persona.lines import Answer, AnyLine, Beat, Disclosure, Ending, Hears, Moment, MoodLine
from roleplay.persona.model import CastMember, Persona, QueueCustomer, Scene
from roleplay.persona.renaming import renamed

ALL_SEEN, SOME_SEEN, NONE_SEEN = "all-seen", "some-seen", "none-seen"
SEEN: dict[Outcome, str] = {"good": ALL_SEEN, "mixed": SOME_SEEN, "bad": NONE_SEEN}
"""The ids of the endings of a queue, by outcome: whether each of the customers left well, some did, or none."""

AnyBeat = TypeVar("AnyBeat", bound=Beat)
AnyHears = TypeVar("AnyHears", bound=Hears)


def drawn(persona: Persona, seed: str) -> tuple[QueueCustomer, ...]:
    """Those of the queue who come in a call of that seed, `draws` of them, nobody twice, in the order they come in."""
    return tuple(Random(f"{seed}:0:queue").sample(persona.queue, min(persona.draws, len(persona.queue))))


def as_scenes(persona: Persona, customers: Iterable[QueueCustomer]) -> Persona:
    """A completed `persona` in which `customers` of its queue, at least one, come one after the other, a scene each.

    A scene has the id of its customer, who is its cast. The ids of needs, moments, disclosures and endings begin with
    it and a hyphen, in conditions too.
    """
    customers = tuple(customers)
    return replace(
        persona,
        needs={own_id(customer, name): need for customer in customers for name, need in customer.needs.items()},
        disclosures=tuple(_disclosure(customer, each) for customer in customers for each in customer.disclosures),
        scenes=tuple(map(_scene, customers)),
        queue=(),
    )


def own_id(customer: QueueCustomer, ident: str) -> str:
    """What is called `ident` by a customer of a queue, as the whole persona calls it."""
    return f"{customer.id}-{ident}"


def as_called(ids: Collection[str], customers: Iterable[str]) -> dict[str, str]:
    """Those of `ids`, as the whole persona calls them, by each way to write them where only `customers` come.

    What belongs to one of those, named by id, may be written as that one calls it, unless something else is called so.
    """
    starts = [f"{customer}-" for customer in customers]
    short = {each.removeprefix(start): each for start in starts for each in ids if each.startswith(start)}
    return {**short, **{each: each for each in ids}}


def _scene(customer: QueueCustomer) -> Scene:
    who = customer.customer
    cast = CastMember(name=customer.name, voice=who.voice, backstory=who.backstory, temperament=who.temperament)
    condition = _conditions_of(customer)
    return Scene(
        id=customer.id,
        title=customer.title or customer.name,
        narration=customer.narration,
        cast=(cast,),
        opening=customer.moments[0].says,
        moments=tuple(_moment(customer, each) for each in customer.moments),
        answers=tuple(_answer(each, condition) for each in customer.answers),
        reactions=_hears(customer.reactions, condition),
        endings=tuple(_ending(customer, each) for each in customer.endings),
    )


def _conditions_of(customer: QueueCustomer) -> Callable[[str], str]:
    """Renames the ids in a condition of that customer."""

    def own(_: FactName, ident: str) -> str:
        return own_id(customer, ident)

    return lambda source: renamed(source, own)


def _moment(customer: QueueCustomer, moment: Moment) -> Moment:
    when = _conditions_of(customer)(moment.when) if moment.when else None
    return replace(_beat(customer, moment), id=own_id(customer, moment.id), when=when)


def _disclosure(customer: QueueCustomer, disclosure: Disclosure) -> Disclosure:
    return replace(
        _beat(customer, disclosure),
        id=own_id(customer, disclosure.id),
        tells=own_id(customer, disclosure.tells) if disclosure.tells else None,
        scene=customer.id,
    )


def _beat(customer: QueueCustomer, beat: AnyBeat) -> AnyBeat:
    return replace(
        beat,
        spoken=own_id(customer, beat.spoken) if beat.spoken else None,
        unspoken=own_id(customer, beat.unspoken) if beat.unspoken else None,
        hears=_hears(beat.hears, _conditions_of(customer)),
    )


def _ending(customer: QueueCustomer, ending: Ending) -> Ending:
    return replace(ending, id=own_id(customer, ending.id), when=_conditions_of(customer)(ending.when))


def _hears(hears: AnyHears, condition: Callable[[str], str]) -> AnyHears:
    return replace(hears, **{name: _lines(getattr(hears, name), condition) for name in hears.__struct_fields__})


def _answer(answer: Answer, condition: Callable[[str], str]) -> Answer:
    return answer if isinstance(answer.says, str) else replace(answer, says=_lines(answer.says, condition))


def _lines(lines: Iterable[AnyLine], condition: Callable[[str], str]) -> tuple[AnyLine, ...]:
    return tuple(replace(line, when=condition(line.when)) if isinstance(line, MoodLine) else line for line in lines)

"""Makes the persona that is played from the one that was written: fills in what an author may leave out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from roleplay.persona.condition import cover_lost_patience
from roleplay.persona.expression import LONGEST
from roleplay.persona.lines import Answer, Disclosure, Ending, Moment
from roleplay.persona.model import Persona, QueueCustomer, Scene, Visit
from roleplay.persona.names import short_name
from roleplay.persona.telling import telling

AnyCustomer = TypeVar("AnyCustomer", bound=Persona | QueueCustomer)

_ASKS_NAME = ("your name", "who am i speaking with")


def complete(persona: Persona) -> Persona:
    """The persona as it is played; completing it again changes nothing.

    An unspoken need with a line of its own that no disclosure tells gets an earned one, which is the moment at which
    the need can be met. Without moments there is one, the opening, a key moment: it offers the first spoken need, and
    the first unspoken one that could be met nowhere else. A first moment without a line says the opening. Without
    endings there is a good one, for when all needs are met; and if the endings leave open what happens when patience is
    gone, the customer hangs up. Each ending has an outcome. Whoever is asked for a name has one to give. Scenes, visits
    and queued customers likewise; the first scene has the customer's opening, unless it has its own, and a persona with
    scenes no moments beside theirs. A visit without endings ends like the first one; a persona with a queue has nothing
    to complete beside it.
    """
    if persona.queue:
        openly = [persona.title, persona.summary, *_texts(persona.trainee)]
        return replace(persona, queue=tuple(_complete(customer, openly=openly) for customer in persona.queue))
    later = [disclosure for visit in persona.visits for disclosure in visit.disclosures]
    elsewhere = [moment.id for visit in persona.visits for moment in visit.moments]
    openly = [persona.title, persona.summary, *_texts(persona.trainee)]
    first = _complete(persona, later=later, taken=elsewhere, openly=openly)
    return replace(
        first,
        scenes=tuple(_scene(persona, number, scene) for number, scene in enumerate(persona.scenes)),
        visits=tuple(_visit(first, visit) for visit in persona.visits),
    )


def _complete(
    customer: AnyCustomer,
    *,
    later: Iterable[Disclosure] = (),
    taken: Iterable[str] = (),
    openly: Iterable[str],
) -> AnyCustomer:
    """`customer` with the parts that a persona and a queued customer share.

    `later`: disclosures of another call; `taken`: ids in use elsewhere; `openly`: texts that are no secret.
    """
    made = _made_disclosures(customer, later, taken, openly)
    disclosures = (*customer.disclosures, *made)
    return replace(
        customer,
        moments=_moments(customer, disclosures),
        disclosures=disclosures,
        answers=_answers(customer.answers, customer.name),
        endings=all_endings(customer, customer.endings),
    )


def _moments(customer: Persona | QueueCustomer, disclosures: tuple[Disclosure, ...]) -> tuple[Moment, ...]:
    opening = customer.customer.opening
    if customer.moments or (isinstance(customer, Persona) and customer.scenes):
        return _opened(customer.moments, opening)
    return _only_an_opening(customer, opening, disclosures)


def _only_an_opening(
    customer: Persona | QueueCustomer, opening: str, disclosures: tuple[Disclosure, ...]
) -> tuple[Moment, ...]:
    """The moment of a call for which no moments are written."""
    spoken, offered = _first_spoken(customer), {each.unspoken for each in disclosures}
    unspoken = [name for name, need in customer.needs.items() if need.kind == "unspoken"]
    open_from_the_start = [name for name in unspoken if name not in offered] or ([] if spoken else unspoken)
    first = next(iter(open_from_the_start), None)
    return (Moment(id="opening", says=opening, spoken=spoken, unspoken=first, key=True),)


def _scene(persona: Persona, number: int, scene: Scene) -> Scene:
    """A scene with its opening and what its speaker answers; one of the customer without answers has the persona's."""
    own = scene.opening or (scene.moments[0].says if scene.moments else "")
    opening = own or ("" if number else persona.customer.opening)
    speaker = scene.cast[0].name if scene.cast else persona.name
    return replace(
        scene,
        opening=opening,
        moments=_opened(scene.moments, opening),
        answers=_answers(scene.answers, speaker) if scene.cast or scene.answers else (),
        endings=tuple(map(_judged, scene.endings)),
    )


def _visit(persona: Persona, visit: Visit) -> Visit:
    """A visit of a completed persona with its opening, and with all that its own endings leave open, if it has any."""
    disclosures = (*visit.disclosures, *persona.disclosures)
    return replace(
        visit,
        moments=_opened(visit.moments, visit.opening) or _only_an_opening(persona, visit.opening, disclosures),
        endings=all_endings(persona, visit.endings) if visit.endings else (),
    )


def _first_spoken(customer: Persona | QueueCustomer) -> str | None:
    return next((name for name, need in customer.needs.items() if need.kind == "spoken"), None)


def _opened(moments: tuple[Moment, ...], opening: str) -> tuple[Moment, ...]:
    """`moments`, the first of which says `opening` unless it has a line."""
    if not moments or moments[0].says:
        return moments
    return (replace(moments[0], says=opening), *moments[1:])


def _made_disclosures(
    customer: Persona | QueueCustomer, later: Iterable[Disclosure], taken: Iterable[str], openly: Iterable[str]
) -> tuple[Disclosure, ...]:
    """An earned disclosure for each unspoken need that has a line and that no disclosure tells."""
    written = [*customer.disclosures, *later]
    told = {disclosure.tells for disclosure in written}
    moments = list(customer.moments)
    known = [*openly, *_texts(customer.customer)]
    for scene in customer.scenes if isinstance(customer, Persona) else ():
        moments.extend(scene.moments)
        known += [scene.title, scene.narration, scene.opening]
    names = {"opening", *taken, *(moment.id for moment in moments), *(each.id for each in written)}
    known += [moment.says for moment in moments]
    known += _texts(tuple(answer.says for answer in customer.answers))
    known += [need.need for need in customer.needs.values() if need.kind == "spoken"]
    return tuple(
        telling(
            _free(name, names),
            name,
            need,
            spoken=_first_spoken(customer),
            start=customer.customer.temperament.trust,
            known=known,
        )
        for name, need in customer.needs.items()
        if need.kind == "unspoken" and need.says and name not in told
    )


def _texts(record: object) -> Iterator[str]:
    """All texts inside `record`."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, msgspec.Struct):
        for name in record.__struct_fields__:
            yield from _texts(getattr(record, name))
    elif isinstance(record, tuple | dict):
        for item in record.items() if isinstance(record, dict) else record:
            yield from _texts(item)


def _answers(written: tuple[Answer, ...], name: str) -> tuple[Answer, ...]:
    """What is written, and the name for whoever asks for it, unless an answer to that is written."""
    asked = [phrase.casefold() for answer in written for phrase in answer.asks]
    if any(way in phrase for phrase in asked for way in _ASKS_NAME):
        return written
    says = (_sentence(name), _sentence(f"It's {short_name(name)}"))
    return (*written, Answer(asks=_ASKS_NAME, says=says))


def _sentence(words: str) -> str:
    """`words` with a full stop, unless they end in one."""
    return words if words.endswith(".") else f"{words}."


def all_endings(customer: Persona | QueueCustomer, written: tuple[Ending, ...]) -> tuple[Ending, ...]:
    """The endings that are `written` for `customer`, each with its outcome, and those that they leave out.

    Where none is written, a good one for when all needs are met; and if patience may be gone without one, hanging up.
    """
    needs = customer.needs
    scenes = [scene.id for scene in customer.scenes] if isinstance(customer, Persona) else []
    taken = {ending.id for ending in written}
    endings = list(map(_judged, written))
    if not written:
        all_met = " and ".join(f"met({name})" for name in needs)
        if len(all_met) <= LONGEST:
            endings.append(
                Ending(
                    id=_free("heard", taken),
                    when=all_met,
                    says="Okay. That's what I needed. Thank you for taking the time with me.",
                    outcome="good",
                    epilogue="What was asked for was done, and what was not asked for was heard.",
                )
            )
    if not cover_lost_patience((ending.condition for ending in written), scenes):
        endings.append(
            Ending(
                id=_free("hangs-up", taken),
                when="patience <= 0",
                says="You know what, never mind. I'll try somewhere else.",
                outcome="bad",
                epilogue="The customer did not come back.",
            )
        )
    return tuple(endings)


def _judged(ending: Ending) -> Ending:
    """`ending` with the outcome that its condition speaks of, unless one is written."""
    if ending.outcome is not None:
        return ending
    if ending.condition.requires_lost_patience():
        return replace(ending, outcome="bad")
    return replace(ending, outcome="good" if ending.condition.requires_a_met_need() else "mixed")


def _free(wanted: str, taken: Iterable[str]) -> str:
    """`wanted`, or with a number behind it the first that is not `taken`."""
    names = set(taken)
    if wanted not in names:
        return wanted
    return next(name for number in range(2, len(names) + 3) if (name := f"{wanted[:55]}-{number}") not in names)

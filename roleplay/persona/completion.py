"""Makes the persona that is played from the one that was written: fills in what an author may leave out."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from roleplay.persona.condition import cover_lost_patience
from roleplay.persona.expression import LONGEST
from roleplay.persona.model import Answer, Disclosure, Ending, Moment, Need, Persona

_KINDS = ("spoken", "unspoken")

_ASKS_NAME = ("your name", "who am i speaking with")

TOLD_AT_TRUST = 5.0
"""The trust at which an unspoken need comes out that has a line but no disclosure of its own."""


def complete(persona: Persona) -> Persona:
    """The persona as it is played; completing it again changes nothing.

    Without moments it has one, the opening, which offers its first spoken and its first unspoken need and is a key
    moment. A first moment without a line says the opening. An unspoken need with a line of its own that no disclosure
    tells gets an earned one. Without endings it has a good one, for when all needs are met; and if its endings leave
    open what happens when patience is gone, the customer hangs up. Whoever is asked for a name has one to give. Scenes,
    visits and queued customers likewise.
    """
    moments = _moments(persona.moments, persona.customer.opening, persona.needs)
    disclosures = (*persona.disclosures, *_made_disclosures(persona))
    return replace(
        persona,
        moments=moments,
        disclosures=disclosures,
        answers=_answers(persona.answers, persona.name),
        endings=_endings(persona.endings, persona.needs),
        scenes=tuple(replace(scene, moments=_opened(scene.moments, scene.opening)) for scene in persona.scenes),
        visits=tuple(replace(visit, moments=_opened(visit.moments, visit.opening)) for visit in persona.visits),
        queue=tuple(
            replace(
                customer,
                moments=_moments(customer.moments, customer.customer.opening, customer.needs),
                disclosures=(
                    *customer.disclosures,
                    *_disclosures_for(customer.needs, customer.disclosures, {m.id for m in customer.moments}),
                ),
                answers=_answers(customer.answers, customer.name),
                endings=_endings(customer.endings, customer.needs),
            )
            for customer in persona.queue
        ),
    )


def _moments(written: tuple[Moment, ...], opening: str, needs: dict[str, Need]) -> tuple[Moment, ...]:
    if written:
        return _opened(written, opening)
    first = {kind: next((name for name, need in needs.items() if need.kind == kind), None) for kind in _KINDS}
    return (Moment(id="opening", says=opening, spoken=first["spoken"], unspoken=first["unspoken"], key=True),)


def _opened(moments: tuple[Moment, ...], opening: str) -> tuple[Moment, ...]:
    """`moments`, the first of which says `opening` unless it has a line."""
    if not moments or moments[0].says:
        return moments
    return (replace(moments[0], says=opening), *moments[1:])


def _made_disclosures(persona: Persona) -> tuple[Disclosure, ...]:
    later = [disclosure for visit in persona.visits for disclosure in visit.disclosures]
    taken = {moment.id for moment in persona.moments} | {"opening"}
    taken.update(moment.id for scene in persona.scenes for moment in scene.moments)
    taken.update(moment.id for visit in persona.visits for moment in visit.moments)
    return _disclosures_for(persona.needs, [*persona.disclosures, *later], taken)


def _disclosures_for(
    needs: dict[str, Need], disclosures: Iterable[Disclosure], moments: Iterable[str]
) -> tuple[Disclosure, ...]:
    """An earned disclosure for each unspoken need that has a line and that none of `disclosures` tells."""
    told = {disclosure.tells for disclosure in disclosures}
    taken = {*moments, *(disclosure.id for disclosure in disclosures)}
    return tuple(
        Disclosure(
            id=_free(name, taken), says=need.says, trust=TOLD_AT_TRUST, reveal="earned", unspoken=name, tells=name
        )
        for name, need in needs.items()
        if need.kind == "unspoken" and need.says and name not in told
    )


def _answers(written: tuple[Answer, ...], name: str) -> tuple[Answer, ...]:
    """`written`, and the name for whoever asks for it, unless an answer to that is written."""
    asked = [phrase.casefold() for answer in written for phrase in answer.asks]
    if any(way in phrase for phrase in asked for way in _ASKS_NAME):
        return written
    return (*written, Answer(asks=_ASKS_NAME, says=(f"{name}.", f"It's {name.split()[0]}.")))


def _endings(written: tuple[Ending, ...], needs: dict[str, Need]) -> tuple[Ending, ...]:
    taken = {ending.id for ending in written}
    endings = list(written)
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
    if not cover_lost_patience(ending.condition for ending in written):
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


def _free(wanted: str, taken: Iterable[str]) -> str:
    """`wanted`, or with a number behind it the first that is not `taken`."""
    names = set(taken)
    if wanted not in names:
        return wanted
    return next(name for number in range(2, len(names) + 3) if (name := f"{wanted[:55]}-{number}") not in names)

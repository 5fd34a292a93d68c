"""A customer who comes back: which visit is due, what is remembered, and the persona as it is met on a visit."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
from msgspec.structs import replace

from roleplay.persona.condition import Situation
from roleplay.persona.expression import FactName
from roleplay.persona.fields import Outcome
from roleplay.persona.lines import Beat, Disclosure, Moment
from roleplay.persona.model import Customer, Need, Persona, Temperament, Visit


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that was made: how it ended, and what was told, met and said on it, by ids.

    `visit` is its id, empty for the first one, which is the persona itself. `trust` and `distress` (0-10) are how the
    customer was left.
    """

    visit: str
    disclosed: tuple[str, ...]
    met: tuple[str, ...]
    said: tuple[str, ...]
    ending: str
    outcome: Outcome
    trust: float
    distress: float


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """What a trainee remembers of an earlier visit. `title` is empty where none is written; `told` are the lines."""

    number: int
    title: str
    outcome: Outcome
    told: tuple[str, ...]


class Visiting(msgspec.Struct, frozen=True, kw_only=True):
    """Which visit a call is, and what happened on those before it, oldest first. `number` counts from 1."""

    id: str = ""
    number: int = 1
    title: str = ""
    earlier: tuple[Earlier, ...] = ()
    remembered: tuple[Remembered, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """The ids of what was told on earlier visits."""
        return tuple(dict.fromkeys(each for visit in self.earlier for each in visit.disclosed))

    @property
    def ended(self) -> tuple[str, ...]:
        """The ids of the endings that earlier visits came to."""
        return tuple(dict.fromkeys(each.ending for each in self.earlier))

    def begins(self, temper: Temperament) -> tuple[float, float]:
        """Trust and distress (each 0-10) with which a customer of that temperament begins this visit."""
        return _begins(temper, self.earlier)


def _begins(temper: Temperament, earlier: Sequence[Earlier]) -> tuple[float, float]:
    """Half way from the temperament to how the last visit left the customer: a person remembers, and time has passed.

    Each 0-10. Patience begins as the temperament says: it is for one call.
    """
    if not earlier:
        return temper.trust, temper.distress
    left = earlier[-1]
    return round((temper.trust + left.trust) / 2, 3), round((temper.distress + left.distress) / 2, 3)


def round_of(earlier: Sequence[Earlier]) -> tuple[Earlier, ...]:
    """Those of the visits made, oldest first, that belong to the present round of the story: since the last first one.

    Everything before is forgotten. Of a visit that ended twice, in two calls begun side by side, the later end counts.
    """
    begins = max((place for place, each in enumerate(earlier) if not each.visit), default=0)
    last = {each.visit: place for place, each in enumerate(earlier)}
    return tuple(each for place, each in enumerate(earlier) if place >= begins and last[each.visit] == place)


def due(persona: Persona, earlier: Sequence[Earlier]) -> Visit | None:
    """The visit that comes after `earlier`, all visits made so far, oldest first; None: the first one, or again.

    It is the first that was not made in this round and whose `when` holds. Asked there, the facts are those of all
    earlier visits of the round, `visit` is the number of the visit that would begin, and the feelings are those with
    which it would.
    """
    so_far = round_of(earlier)
    if not so_far:
        return None
    situation = _before(persona, so_far)
    made = {each.visit for each in so_far}
    for visit in persona.visits:
        if visit.id not in made and (visit.condition is None or visit.condition.holds(situation)):
            return visit
    return None


def visiting(persona: Persona, visit: Visit | None, earlier: Sequence[Earlier]) -> Visiting:
    """What a call is that plays `visit` of a completed `persona` after `earlier`; None: the first, after which nothing
    of `earlier` counts.
    """
    if visit is None:
        return Visiting()
    so_far = round_of(earlier)
    titles = {each.id: each.title for each in persona.visits}
    says = {each.id: each.says for each in _all_disclosures(persona)}
    remembered = tuple(
        Remembered(
            number=number,
            title=titles.get(each.visit, ""),
            outcome=each.outcome,
            told=tuple(says[ident] for ident in each.disclosed if ident in says),
        )
        for number, each in enumerate(so_far, 1)
    )
    number = len(so_far) + 1 if so_far else _place(persona, visit)
    return Visiting(id=visit.id, number=number, title=visit.title, earlier=so_far, remembered=remembered)


def at_visit(persona: Persona, visit: Visit | None, visiting: Visiting) -> Persona:
    """The persona as it is met on `visit` (None: the first), without what can only come on another one.

    `persona` is completed. What was told before is not there to be told again; only needs that are offered now are
    left; `visits` are those that can still be made in this round. What is marked for the short form is for the first.
    """
    made = {each.visit for each in visiting.earlier}
    rest = tuple(each for each in persona.visits if each.id not in made and each.id != visiting.id)
    if visit is None:
        return _without_what_cannot_come(replace(persona, visits=rest), visiting)
    trainee = persona.trainee
    return _without_what_cannot_come(
        replace(
            persona,
            trainee=replace(trainee, brief=visit.brief or trainee.brief, record={**trainee.record, **visit.record}),
            customer=_customer(persona.customer, visit),
            moments=visit.moments,
            disclosures=_disclosures(persona, visit, visiting.told),
            answers=(*visit.answers, *persona.answers),
            endings=visit.endings or persona.endings,
            scenes=(),
            visits=rest,
            short=None,
        ),
        visiting,
    )


def _customer(who: Customer, visit: Visit) -> Customer:
    backstory = f"{who.backstory.rstrip()}\n{visit.backstory}" if visit.backstory else who.backstory
    return replace(who, opening=visit.moments[0].says, backstory=backstory)


def _disclosures(persona: Persona, visit: Visit, told: Collection[str]) -> tuple[Disclosure, ...]:
    """The visit's own, then the persona's; none that was told, and none that somebody else of the cast has to tell."""
    own = {each.id for each in visit.disclosures}
    scenes = {scene.id: scene for scene in persona.scenes}
    customers = (
        replace(each, scene=None)
        for each in persona.disclosures
        if each.id not in own and (each.scene is None or not scenes[each.scene].cast)
    )
    return tuple(each for each in (*visit.disclosures, *customers) if each.id not in told)


def _without_what_cannot_come(persona: Persona, visiting: Visiting) -> Persona:
    """`persona` without the moments whose `when` cannot come true on this visit, and the needs that are not offered.

    What waits for a moment that falls out, or for a need that only such a moment offers, falls out with it.
    """
    while True:
        moments = _moments_that_can_come(persona, visiting)
        if len(moments) == len(persona.moments):
            return replace(persona, needs=needs_offered(persona))
        persona = replace(persona, moments=moments)


def _moments_that_can_come(persona: Persona, visiting: Visiting) -> tuple[Moment, ...]:
    """The moments of `persona` whose `when` can come true on this visit, given all the others; the first always."""
    known: dict[tuple[FactName, str], bool] = {("disclosed", each): True for each in visiting.told}
    tellable = {each.id for each in persona.disclosures}
    sayable = {each.id for each in persona.beats() if isinstance(each, Moment)}
    offered = needs_offered(persona)

    def comes(moment: Moment, first: bool) -> bool:
        if first or moment.condition is None:
            return True
        never: dict[tuple[FactName, str], bool] = {
            (fact, ident): False
            for fact, ident in moment.condition.mentions()
            if (fact == "disclosed" and ident not in tellable and ident not in visiting.told)
            or (fact == "said" and ident not in sayable)
            or (fact == "met" and ident not in offered)
        }
        return moment.condition.can_hold_given(
            {**known, **never}, visits=(visiting.number, visiting.number), ended=visiting.ended
        )

    return tuple(each for number, each in enumerate(persona.moments) if comes(each, number == 0))


def needs_offered(persona: Persona) -> dict[str, Need]:
    """The needs of `persona` that one of its moments or disclosures offers or tells."""
    beats: list[Beat] = list(persona.beats())
    offered = {need for beat in beats for need in (beat.spoken, beat.unspoken)}
    offered |= {each.tells for each in persona.disclosures}
    return {name: need for name, need in persona.needs.items() if name in offered}


def _before(persona: Persona, so_far: Sequence[Earlier]) -> Situation:
    """The situation in which a visit after `so_far`, at least one, would begin."""
    temper = persona.customer.temperament
    trust, distress = _begins(temper, so_far)
    return Situation(
        {
            "trust": trust,
            "distress": distress,
            "patience": temper.patience,
            "turn": 0,
            "visit": len(so_far) + 1,
        },
        met={each for visit in so_far for each in visit.met},
        disclosed={each for visit in so_far for each in visit.disclosed},
        said={each for visit in so_far for each in visit.said},
        ended={visit.ending for visit in so_far},
    )


def _all_disclosures(persona: Persona) -> tuple[Disclosure, ...]:
    return (*persona.disclosures, *(each for visit in persona.visits for each in visit.disclosures))


def _place(persona: Persona, visit: Visit) -> int:
    """The number of a visit that is played without those before it, as if each of them had been made."""
    return 2 + [each.id for each in persona.visits].index(visit.id)

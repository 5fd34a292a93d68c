"""The five-minute form of a customer: one thing that is not said aloud, what leads up to it, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from math import floor

import msgspec
from msgspec.structs import replace

from roleplay.persona.completion import all_endings
from roleplay.persona.condition import MOST_WEIGHED, Condition, Situation
from roleplay.persona.expression import LONGEST, Fact, FactKey
from roleplay.persona.left_out import fewest_facts, without
from roleplay.persona.lines import Disclosure, Ending, Moment
from roleplay.persona.model import Gesture, Persona, Scene, Short
from roleplay.persona.renaming import written
from roleplay.persona.scenes import in_scene
from roleplay.persona.visits import needs_offered

MOST_MOMENTS = 6
"""Most moments of a short form that is made by itself, the opening among them."""
MOST_TOLD = 2
"""Most things that are told in one."""
LEADS_UP = 3
"""Moments that can come before anything is told, beside the opening, where there are so many."""
MET_REPLIES = 1.5
"""Trust that a reply wins that meets what is there to be met, before `warms`."""
REPLIES_TO_OPEN = 1.25
"""How many such replies it takes until what is told can be told: one that also explores or acts, else two."""
SOONEST_END, SHORT_ENDS_AT = 5, 8
"""Replies before which a short call does not end for having gone on long enough, and after which it always does."""


class _Choice(msgspec.Struct, frozen=True):
    """What is played: the moments in order, the opening first; what can be told; and what it is all about."""

    moments: tuple[str, ...]
    disclosures: tuple[str, ...]
    tells: str | None


class _Whole(msgspec.Struct, frozen=True):
    """What it is made of: the persona as it is met `here`, the endings that it can have, what came about `before`."""

    here: Persona
    endings: tuple[Ending, ...]
    before: frozenset[FactKey]


def shortened(persona: Persona, told_before: Collection[str] = ()) -> Persona:
    """The five-minute form of `persona`, completed, as it is met on one visit; no queue. Always the same.

    `told_before` are the ids of what was told on earlier visits.

    Of a story in scenes it is one scene. What the author marked is taken; the rest is what needs the fewest moments to
    come to a good end at which an unspoken need was told. Conditions no longer wait for what is left out, nor as long
    as in the long form. Trust begins so high that two good replies can open what is told, and never lower than it was.
    """
    scene = _scene(persona)
    here = in_scene(persona, scene.id) if scene else persona
    mark = persona.short if persona.short and _has(here, persona.short.key) else None
    before: frozenset[FactKey] = frozenset({("disclosed", each) for each in told_before})
    whole = _Whole(here, (*(scene.endings if scene else ()), *persona.endings), before)
    chosen = _marked(whole, mark) if mark else _chosen(whole)
    by_id = {moment.id: moment for moment in here.moments}
    told = tuple(each for each in here.disclosures if each.id in chosen.disclosures)
    needs = needs_offered(replace(here, moments=tuple(by_id[each] for each in chosen.moments), disclosures=told))
    there: set[FactKey] = {*before, *(("said", each) for each in chosen.moments)}
    there |= {*(("disclosed", each.id) for each in told), *(("met", each) for each in needs)}
    there |= {("scene", scene.id)} if scene else set()

    def gone(fact: Fact) -> bool:
        return fact.name in ("said", "disclosed", "met") and (fact.name, fact.id) not in there

    def ends(endings: Iterable[Ending]) -> tuple[Ending, ...]:
        return tuple(_endings(endings, chosen.tells, there, gone))

    latest = range(len(chosen.moments)) if mark and mark.moments else [SHORT_ENDS_AT] * len(chosen.moments)
    moments = tuple(_moment(by_id[each], gone, most) for each, most in zip(chosen.moments, latest, strict=True))
    known = {*chosen.moments, *chosen.disclosures}
    start = _start(here, told, chosen.tells) if mark is None or mark.trust is None else mark.trust
    short = replace(
        persona,
        customer=replace(
            persona.customer,
            opening=moments[0].says,
            temperament=replace(persona.customer.temperament, trust=start),
        ),
        trainee=replace(persona.trainee, gestures=tuple(_gestures(persona, known))),
        needs={name: need for name, need in persona.needs.items() if name in needs},
        moments=() if scene else moments,
        disclosures=told,
        scenes=(_only(scene, moments, start, ends(scene.endings)),) if scene else (),
        visits=(),
        tests=(),
        short=None,
    )
    own = mark.endings if mark else ()
    others = [each for each in persona.endings if each.id not in {ending.id for ending in own}]
    return replace(short, endings=all_endings(short, (*own, *ends(others))))


def _scene(persona: Persona) -> Scene | None:
    """The scene that is played: the one with the key, else the first."""
    key = persona.short.key if persona.short else ""
    first = next(iter(persona.scenes), None)
    return next((each for each in persona.scenes if _has(in_scene(persona, each.id), key)), first)


def _has(here: Persona, ident: str) -> bool:
    return any(beat.id == ident for beat in here.beats())


def _only(scene: Scene, moments: tuple[Moment, ...], start: float, endings: tuple[Ending, ...]) -> Scene:
    """`scene` as the only one of a call; who speaks in it begins with the trust `start`."""
    cast = tuple(replace(each, temperament=replace(each.temperament, trust=start)) for each in scene.cast)
    return replace(scene, moments=moments, cast=cast, next=None, endings=endings)


def _gestures(persona: Persona, known: Collection[str]) -> Iterator[str | Gesture]:
    """The trainee's gestures but those that fit only what is left out."""
    for given in persona.trainee.gestures:
        if isinstance(given, Gesture) and given.fits:
            fits = tuple(each for each in given.fits if each in known)
            if fits:
                yield replace(given, fits=fits)
        else:
            yield given


def _start(here: Persona, told: Sequence[Disclosure], tells: str | None) -> float:
    """The trust from which a few good replies reach what is told."""
    temper = here.customer.temperament
    wanted = next((each for each in told if each.id == tells), None)
    if wanted is None or wanted.reveal == "asked":
        return temper.trust
    return round(max(temper.trust, wanted.trust - REPLIES_TO_OPEN * MET_REPLIES * temper.warms), 2)


def _marked(whole: _Whole, mark: Short) -> _Choice:
    """What the author marked, and what belongs to it where the mark leaves that open."""
    here = whole.here
    disclosures = {each.id: each for each in here.disclosures}
    moments = {each.id: each for each in here.moments}
    key = here.beat(mark.key)
    telling = [each for each in here.disclosures if each.tells and each.tells == key.unspoken]
    tells = mark.key if mark.key in disclosures else next((each.id for each in telling), None)
    told = mark.disclosures or ((tells,) if tells else ())
    opening = here.moments[0].id
    said = dict.fromkeys((opening, *mark.moments))
    if not mark.moments:
        also = [mark.key] if mark.key in moments else []
        said = dict.fromkeys(_filled(whole, _needed(whole, also, told), told, tells))
    elif mark.key in moments and mark.key not in said:
        said[mark.key] = None
    return _Choice(
        tuple(each for each in said if each in moments), tuple(each for each in told if each in disclosures), tells
    )


def _chosen(whole: _Whole) -> _Choice:
    """The thing told that takes the fewest moments to a good end; of equals a key moment, then the least trust."""
    here = whole.here
    telling = {
        each.id: (not each.key, each.trust, number) for number, each in enumerate(here.disclosures) if each.tells
    }
    if not telling:
        keys = [each.id for each in here.moments[1:] if each.key][:2]
        return _Choice(_filled(whole, _needed(whole, keys, ()), (), None), (), None)
    ways = [
        (cost, telling[told], _Choice(moments, disclosures, told))
        for cost, moments, disclosures in _good_ends(whole, telling)
        for told in disclosures
        if told in telling
    ]
    if ways:
        best = min(ways, key=lambda way: way[:2])[2]
    else:
        told = min(telling, key=lambda each: telling[each])
        best = _Choice(_needed(whole, (), (told,)), (told,), told)
    return replace(best, moments=_filled(whole, best.moments, best.disclosures, best.tells))


def _good_ends(whole: _Whole, telling: Collection[str]) -> Iterator[tuple[int, tuple[str, ...], tuple[str, ...]]]:
    """For each good ending that is short enough and wants one of `telling`: its cost, the moments and what is told."""
    order = {each.id: number for number, each in enumerate(whole.here.disclosures)}
    for ending in whole.endings[:MOST_WEIGHED]:
        if ending.outcome != "good":
            continue
        needed = fewest_facts(ending.condition.expression, whole.before)
        told = tuple(
            sorted((ident for name, ident in needed if name == "disclosed" and ident in order), key=order.__getitem__)
        )
        if not 0 < len(told) <= MOST_TOLD or not any(each in telling for each in told):
            continue
        moments = _needed(whole, sorted(ident for name, ident in needed if name == "said"), told)
        cost = len(moments) + 2 * len(told)
        if cost <= MOST_MOMENTS + 1:
            yield cost, moments, told


def _needed(whole: _Whole, wanted: Iterable[str], told: Collection[str]) -> tuple[str, ...]:
    """The opening, `wanted`, and the moments without which these do not come, in file order; `told` will be told."""
    here = whole.here
    by_id = {moment.id: moment for moment in here.moments}
    known: set[FactKey] = {*whole.before, ("said", here.moments[0].id), *(("disclosed", each) for each in told)}
    found, waiting = {here.moments[0].id}, [each for each in wanted if each in by_id]
    while waiting and len(found) <= MOST_WEIGHED:
        moment = by_id[waiting.pop()]
        if moment.id in found:
            continue
        found.add(moment.id)
        known.add(("said", moment.id))
        if moment.condition:
            needs = fewest_facts(moment.condition.expression, known)
            waiting += sorted(ident for name, ident in needs if name == "said" and ident in by_id)
    return tuple(moment.id for moment in here.moments if moment.id in found)


def _filled(whole: _Whole, moments: Sequence[str], told: Collection[str], tells: str | None) -> tuple[str, ...]:
    """`moments` with as many others as make a short call: one that follows what is told, some that lead up to it."""
    here = whole.here
    need = next((each.tells for each in here.disclosures if each.id == tells), None)
    wanted = {moment.id: fewest_facts(moment.condition.expression) for moment in here.moments if moment.condition}
    there = {*whole.before, *(("said", each) for each in moments), *(("disclosed", each) for each in told)}
    found = dict.fromkeys(moments)
    begin = here.customer.temperament
    numbers = {"trust": begin.trust, "distress": begin.distress, "patience": begin.patience, "turn": 0, "visit": 1}

    def follows(ident: str) -> bool:
        return any(("disclosed", each) in wanted.get(ident, ()) for each in told)

    def can_come(moment: Moment) -> bool:
        """In a call that goes well, and in which nothing else comes about than what is there."""
        waits_for = {each for each in wanted.get(moment.id, ()) if each[0] in ("said", "disclosed")}
        if moment.condition is None:
            return True
        told_by_then = [ident for name, ident in whole.before if name == "disclosed"]
        return waits_for <= there and moment.condition.can_hold_if_all_goes_well(
            Situation(numbers, disclosed=told_by_then)
        )

    others = [each for each in here.moments if each.id not in found][:MOST_WEIGHED]
    after = [each for each in others if follows(each.id)]
    before = [each for each in others if not follows(each.id)]
    before.sort(key=lambda each: (not each.key, each.unspoken != need, not each.unspoken))
    for moment in () if any(map(follows, found)) else after:
        if can_come(moment):
            found[moment.id] = None
            break
    for moment in before:
        lead_up = sum(not follows(each) for each in found)
        if len(found) < MOST_MOMENTS and lead_up <= LEADS_UP and can_come(moment):
            found[moment.id] = None
            there.add(("said", moment.id))
    return tuple(moment.id for moment in here.moments if moment.id in found)


def _endings(
    endings: Iterable[Ending], tells: str | None, there: Collection[FactKey], gone: Callable[[Fact], bool]
) -> Iterator[Ending]:
    """Those of `endings` that can come, with what they still wait for; a good one is not there before what is told.

    What wants nothing but that a need is met which is left out can come; what wants other things than are `there` not.
    """
    for ending in endings:
        wants = fewest_facts(ending.condition.expression, there)
        found = None if any(name not in ("met", "ended") for name, _ in wants) else _ending(ending, gone)
        if found is None:
            continue
        not_before = f"({found.when}) and (disclosed({tells}) or turn >= {SOONEST_END})"
        early = tells and ("disclosed", tells) not in ending.condition.mentions()
        if ending.outcome == "good" and early and len(not_before) <= LONGEST:
            found = replace(found, when=not_before)
        yield found


def _ending(ending: Ending, gone: Callable[[Fact], bool]) -> Ending | None:
    """`ending` with what it still waits for; None: it waits for nothing that can come."""
    when = _resolved(ending.condition, gone, _sooner)
    return replace(ending, when=when) if when else None


def _sooner(turn: float) -> float:
    """The number of replies that an ending waits for, as few as suit a short call."""
    return turn if turn <= SOONEST_END else min(SHORT_ENDS_AT, floor(SOONEST_END + (turn - SOONEST_END) / 4 + 0.5))


def _moment(moment: Moment, gone: Callable[[Fact], bool], latest: int) -> Moment:
    """`moment` with what it still waits for; of replies half as many as in the long form, and `latest` at the most."""
    if moment.condition is None:
        return moment
    when = _resolved(moment.condition, gone, lambda turn: min(max(min(turn, 1), floor(turn / 2)), latest))
    return replace(moment, when=when)


def _resolved(condition: Condition, gone: Callable[[Fact], bool], sooner: Callable[[float], float]) -> str | None:
    """What is left of `condition`, as it is written; None: nothing, it always holds."""
    left = without(condition.expression, gone, sooner)
    if left is None:
        return None
    when = written(left)
    return when if len(when) <= LONGEST else condition.source

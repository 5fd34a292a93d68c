"""Works out what can come about in a call at all: which lines can be said, disclosures told, needs met, scenes begun.

Cautious throughout: what is not ruled out counts as possible, so that nothing is called hopeless that is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from roleplay.persona.condition import LARGEST_WEIGHED, Condition, parse_condition
from roleplay.persona.expression import And, Comparison, Expression, Fact, FactKey, Not, Number, Or
from roleplay.persona.lines import Disclosure, Moment
from roleplay.persona.meanings import means_nothing
from roleplay.persona.model import Persona, QueueCustomer, Scene
from roleplay.persona.reach import Outlook, Span, anything, possible
from roleplay.persona.scenes import is_told_in
from roleplay.persona.yaml_nodes import Way

MOST_SEARCHES = 150
"""Most searches, in one file, for a situation in which a condition holds."""

MOST_TRUST_A_REPLY = 2.0
"""Most trust that one reply wins, before `warms`: the row “met, and explores or acts at 2” of the engine's table."""
MOST_CALM_A_REPLY = 1.0
"""Most by which one reply lowers distress, before `warms`."""
BESIDE_THE_LINES = 10
"""Replies that a call can have beside those to its moments, disclosures and deflections: nudges, and some to spare."""


class Searches:
    """Counts the searches of one file, so that a hostile one cannot hold up whoever checks it."""

    def __init__(self) -> None:
        self._left = MOST_SEARCHES

    def take(self) -> bool:
        """Whether there is one left, which is thereby taken."""
        self._left -= 1
        return self._left >= 0


class Thing(msgspec.Struct, frozen=True):
    """A moment, disclosure or scene that may come about, at its place in the file; `gives`: the facts it then makes.

    It comes about in any of the scenes `within` (by number; empty: at any time) while its `condition` can hold, unless
    it is `barred` by itself.
    """

    kind: Literal["moment", "disclosure", "scene"]
    id: str
    way: Way
    gives: tuple[FactKey, ...]
    condition: Condition | None = None
    within: tuple[int, ...] = ()
    barred: bool = False


class Prospects:
    """What can come about in the calls of one customer, a completed persona or one of a queue."""

    def __init__(self, customer: Persona | QueueCustomer, searches: Searches) -> None:
        self._customer, self._searches = customer, searches
        self.scenes: tuple[Scene, ...] = customer.scenes if isinstance(customer, Persona) else ()
        self._visits = customer.visits if isinstance(customer, Persona) else ()
        self.beats = list(_beats(customer))
        self._explored = any(beat.calls_for.get("explores", True) for _, beat, _ in self.beats)
        self.spans = self._spans()
        self._begun = {0}
        self.things = list(self._things())
        self._known = {fact for thing in self.things for fact in thing.gives}
        self._known |= {("met", name) for name in customer.needs}
        self._true: set[FactKey] = set()
        self.hopeless = self._settle()

    @property
    def most_trust(self) -> float:
        """The highest trust that a call can come to."""
        return self.spans["trust"].high

    def is_open(self, fact: FactKey) -> bool:
        """Whether the fact can become true; so can, for all we know, one that nothing of this name makes."""
        return fact in self._true or fact not in self._known

    def begins(self, scene: int) -> bool:
        """Whether the scene of that number can begin."""
        return scene in self._begun

    def can_be_touched(self, disclosure: Disclosure) -> bool:
        """Whether a reply can touch any topic of `disclosure`."""
        return not all(map(means_nothing, disclosure.topics))

    def can_be_opened(self, disclosure: Disclosure) -> bool:
        """Whether anything but trust can open `disclosure`: time, a topic, or a fitted question."""
        if disclosure.reveal == "volunteered" or (disclosure.reveal == "earned" and self._explored):
            return True
        return self.can_be_touched(disclosure)

    def can_hold(self, *wanted: Expression) -> bool:
        """Whether all of `wanted` can hold together at some reply. True where that would take too long to say."""
        if not self._searches.take():
            return True
        never = dict.fromkeys(self._known - self._true, False)
        outlook = msgspec.structs.replace(anything({**never, **dict.fromkeys(self._certain(), True)}), spans=self.spans)
        return possible(wanted, outlook)

    def missing(self, condition: Condition) -> FactKey | None:
        """The first fact that `condition` wants and that cannot become true, if there is one."""
        return next((key for fact in condition.facts() if not self.is_open(key := (fact.name, fact.id))), None)

    def out_of_reach(self, condition: Condition) -> Number | None:
        """The first number of `condition` that no call can bring where it is wanted, if there is one."""
        never = (each.number for each in condition.comparisons() if not self._may(each, True))
        return next(never, None)

    def _spans(self) -> Mapping[Number, Span]:
        """The values that the numbers can take. After an earlier visit a call may begin with any feelings."""
        spans = dict(anything({}, turn=1).spans)
        if isinstance(self._customer, Persona) and not self._visits:
            spans["visit"] = Span(1, 1, whole=True)
        if self._visits:
            return spans
        tempers = [self._customer.customer.temperament]
        tempers += [member.temperament for scene in self.scenes for member in scene.cast]
        offered = any(beat.offers for _, beat, _ in self.beats)
        deflections = sum(len(beat.deflections) for _, beat, _ in self.beats if isinstance(beat, Disclosure))
        replies = len(self.beats) + deflections + BESIDE_THE_LINES * max(1, len(self.scenes)) if offered else 0
        most = max(each.trust + replies * MOST_TRUST_A_REPLY * each.warms for each in tempers)
        least = min(each.distress - replies * MOST_CALM_A_REPLY * each.warms for each in tempers)
        spans["trust"] = Span(0.0, min(10.0, round(most, 3)))
        spans["distress"] = Span(max(0.0, round(least, 3)), 10.0)
        return spans

    def _things(self) -> Iterator[Thing]:
        for number, scene in enumerate(self.scenes[:-1]):
            way: Way = ("scenes", number, "next")
            condition = parse_condition(scene.next) if scene.next and not scene.endings else None
            following = self.scenes[number + 1].id
            yield Thing("scene", following, way, (("scene", following),), condition, (number,))
        for way, beat, scene_number in self.beats:
            needs: tuple[FactKey, ...] = tuple(("met", name) for name in (beat.spoken, beat.unspoken) if name)
            if isinstance(beat, Moment):
                within = () if scene_number is None else (scene_number,)
                condition = None if way[-1] == 0 else beat.condition  # the first is the opening, always said
                yield Thing("moment", beat.id, way, (("said", beat.id), *needs), condition, within)
                continue
            assert isinstance(beat, Disclosure)
            told = tuple(place for place, scene in enumerate(self.scenes) if is_told_in(beat, scene))
            trusted = beat.reveal == "asked" or beat.trust <= self.most_trust
            barred = not (trusted and self.can_be_opened(beat)) or (bool(self.scenes) and not told)
            yield Thing("disclosure", beat.id, way, (("disclosed", beat.id), *needs), None, told, barred)

    def _settle(self) -> list[Thing]:
        """Let everything come about that can; return what is left, in file order of its kind.

        Each thing is looked at again only when something comes about that it waits for.
        """
        if self.scenes:
            self._true.add(("scene", self.scenes[0].id))
        numbers = {scene.id: number for number, scene in reversed(list(enumerate(self.scenes)))}
        waiting: dict[FactKey, list[Thing]] = {}
        for thing in self.things:
            for fact in thing.condition.mentions() if thing.condition else ():
                waiting.setdefault(fact, []).append(thing)
            for number in thing.within:
                waiting.setdefault(("scene", self.scenes[number].id), []).append(thing)
        came: set[Way] = set()
        ready = list(self.things)
        while ready:
            thing = ready.pop()
            if thing.way in came or thing.barred or not self._may_come(thing):
                continue
            came.add(thing.way)
            for fact in thing.gives:
                if fact not in self._true:
                    self._true.add(fact)
                    if fact[0] == "scene":
                        self._begun.add(numbers[fact[1]])
                    ready.extend(waiting.get(fact, ()))
        return [thing for thing in self.things if thing.way not in came]

    def _may_come(self, thing: Thing) -> bool:
        if thing.within and not any(number in self._begun for number in thing.within):
            return False
        condition = thing.condition
        if condition is None:
            return True
        if not self._may(condition.expression, True):
            return False
        if condition.size() > LARGEST_WEIGHED:
            return True
        return not self._searches.take() or condition.can_ever_hold()

    def _may(self, expression: Expression, holds: bool) -> bool:
        """Whether `expression` may hold (or not hold), each part looked at by itself."""
        match expression:
            case Comparison():
                return Outlook(self.spans, {}).given(expression, holds) is not None
            case Fact(name, ident):
                return self.is_open((name, ident)) if holds else (name, ident) not in self._certain()
            case Not(part):
                return self._may(part, not holds)
            case And(parts):
                return (all if holds else any)(self._may(part, holds) for part in parts)
            case Or(parts):
                return (any if holds else all)(self._may(part, holds) for part in parts)

    def _certain(self) -> set[FactKey]:
        """What is true from the opening on."""
        first = self.beats[0][1] if self.beats else None
        return {("said", first.id)} if isinstance(first, Moment) and not self._visits else set()


def _beats(customer: Persona | QueueCustomer) -> Iterator[tuple[Way, Moment | Disclosure, int | None]]:
    """Each moment and disclosure, with the way to it and the number of its scene; moments first."""
    scenes = customer.scenes if isinstance(customer, Persona) else ()
    visits = customer.visits if isinstance(customer, Persona) else ()
    for number, moment in enumerate(() if scenes else customer.moments):
        yield ("moments", number), moment, None
    for place, scene in enumerate(scenes):
        for number, moment in enumerate(scene.moments):
            yield ("scenes", place, "moments", number), moment, place
    for place, visit in enumerate(visits):
        for number, moment in enumerate(visit.moments):
            yield ("visits", place, "moments", number), moment, None
    for number, disclosure in enumerate(customer.disclosures):
        yield ("disclosures", number), disclosure, None
    for place, visit in enumerate(visits):
        for number, disclosure in enumerate(visit.disclosures):
            yield ("visits", place, "disclosures", number), disclosure, None

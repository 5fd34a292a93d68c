"""The tiny closed expression of `when`: parsed once, evaluated on facts, in two or three values."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from roleplay.persona.expression import (
    FACTS,
    NUMBERS,
    And,
    Comparison,
    ConditionError,
    Expression,
    Fact,
    FactName,
    Not,
    Number,
    Operator,
    Or,
    parse,
)
from roleplay.persona.reach import Outlook, Span, anything, possible

__all__ = [
    "FACTS",
    "LARGEST_WEIGHED",
    "MOST_WEIGHED",
    "NUMBERS",
    "Condition",
    "ConditionError",
    "Situation",
    "cover_lost_patience",
    "parse_condition",
]

_COMPARE: dict[Operator, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class Situation(msgspec.Struct, frozen=True):
    """What a condition is asked about. `numbers` by name; the facts as collections of ids.

    `ended`: the endings that earlier visits and earlier scenes have come to.
    """

    numbers: Mapping[str, float]
    met: Collection[str] = ()
    disclosed: Collection[str] = ()
    said: Collection[str] = ()
    scene: str = ""
    ended: Collection[str] = ()

    def has(self, fact: FactName, ident: str) -> bool:
        """Whether the fact is true of that id."""
        if fact == "scene":
            return self.scene == ident
        facts = {"met": self.met, "disclosed": self.disclosed, "said": self.said, "ended": self.ended}
        return ident in facts[fact]


class Condition(msgspec.Struct, frozen=True):
    """A parsed condition. Make one with `parse_condition`."""

    source: str
    expression: Expression

    def holds(self, situation: Situation) -> bool:
        """Whether it holds now."""
        return _holds(self.expression, situation)

    def can_still_hold(self, situation: Situation) -> bool:
        """Whether it could hold now or at some later turn of the same scene, which is the whole call where none are.

        Facts only ever become true, `turn` only grows, `visit`, the scene and what has `ended` stay; trust, distress
        and patience may come to any value from 0 to 10.
        """
        return possible([self.expression], _outlook(situation))

    def can_hold_if_all_goes_well(self, situation: Situation) -> bool:
        """Whether it could hold now or later in the same scene while nothing gets worse than it is now.

        As `can_still_hold`, but trust and patience only rise from where they are, and distress only falls.
        """
        numbers = situation.numbers
        outlook = _outlook(situation)
        better: dict[Number, Span] = {
            "trust": Span(numbers["trust"], 10.0),
            "distress": Span(0.0, numbers["distress"]),
            "patience": Span(numbers["patience"], 10.0),
        }
        return possible([self.expression], msgspec.structs.replace(outlook, spans={**outlook.spans, **better}))

    def requires(self, fact: FactName, ident: str) -> bool:
        """Whether it can hold only once that fact is true."""
        return not possible([self.expression], anything({(fact, ident): False}))

    def requires_lost_patience(self) -> bool:
        """Whether it can hold only while patience is less than it can be."""
        return not possible([self.expression], anything({}, patience=10.0))

    def requires_a_met_need(self) -> bool:
        """Whether it can hold only once one of the needs that it names is met, and also when all of them are."""
        met = [key for key in self.mentions() if key[0] == "met"]
        return possible([self.expression], anything(dict.fromkeys(met, True))) and not possible(
            [self.expression], anything(dict.fromkeys(met, False))
        )

    def can_ever_hold(self, never: Collection[tuple[FactName, str]] = (), scene: str | None = None) -> bool:
        """Whether there is any situation at all in which it holds; ``trust > 10`` has none.

        `never` are facts that are not true in any of them, `scene` the only one they are in.
        """
        outlook = anything(dict.fromkeys(never, False))
        return possible([self.expression], msgspec.structs.replace(outlook, scene=scene))

    def can_hold_given(
        self,
        facts: Mapping[tuple[FactName, str], bool],
        *,
        visits: tuple[int, int],
        ended: Collection[str] | None = None,
        turn: int | None = None,
    ) -> bool:
        """Whether it can hold on a visit of `visits` (the first and the last), where `facts` are settled, others open.

        `ended` are the endings that were come to, and no others, or None if that is open; `turn` likewise.
        """
        outlook = msgspec.structs.replace(anything(facts), ended=ended)
        spans: dict[Number, Span] = {**outlook.spans, "visit": Span(*visits, whole=True)}
        if turn is not None:
            spans["turn"] = Span(turn, turn, whole=True)
        return possible([self.expression], msgspec.structs.replace(outlook, spans=spans))

    def mentions(self) -> frozenset[tuple[FactName, str]]:
        """The facts it names, as (fact, id)."""
        return frozenset((fact.name, fact.id) for fact in self.facts())

    def facts(self) -> Iterator[Fact]:
        """The facts it names, from left to right, each with the column of its id."""
        return (leaf for leaf in _leaves(self.expression) if isinstance(leaf, Fact))

    def comparisons(self) -> Iterator[Comparison]:
        """The comparisons it is made of, from left to right."""
        return (leaf for leaf in _leaves(self.expression) if isinstance(leaf, Comparison))

    def size(self) -> int:
        """How many comparisons and facts it is made of."""
        return sum(1 for _ in _leaves(self.expression))


MOST_WEIGHED: Final = 300
"""Most conditions of one persona that are weighed when it is checked, so that a hostile file cannot hold it up."""
MOST_SCENES_WEIGHED: Final = 20
"""Most scenes of one persona that are weighed one by one."""
LARGEST_WEIGHED: Final = 12
"""Most comparisons and facts of a condition that is weighed when a persona is checked."""


@lru_cache(maxsize=4096)
def parse_condition(source: str) -> Condition:
    """Parse `source`. Raises `ConditionError`."""
    return Condition(source, parse(source))


def cover_lost_patience(conditions: Iterable[Condition], scenes: Collection[str] = ()) -> bool:
    """Whether at patience 0 one of `conditions` holds, whatever else is so, in each of `scenes` if there are any."""
    shortest_first = sorted(conditions, key=Condition.size)
    none_holds = [Not(condition.expression) for condition in shortest_first]
    outlook = anything({}, patience=0.0)
    places = scenes if 0 < len(scenes) <= MOST_SCENES_WEIGHED else (None,)
    return not any(possible(none_holds, msgspec.structs.replace(outlook, scene=scene)) for scene in places)


def _outlook(situation: Situation) -> Outlook:
    """What may come after `situation` in the same scene."""
    known: dict[tuple[FactName, str], bool] = {}
    known.update({("met", ident): True for ident in situation.met})
    known.update({("disclosed", ident): True for ident in situation.disclosed})
    known.update({("said", ident): True for ident in situation.said})
    outlook = anything(known, turn=situation.numbers["turn"], visit=situation.numbers["visit"])
    return msgspec.structs.replace(outlook, scene=situation.scene, ended=situation.ended)


def _holds(expression: Expression, situation: Situation) -> bool:
    match expression:
        case Comparison(number, sign, value):
            return _COMPARE[sign](situation.numbers[number], value)
        case Fact(name, ident):
            return situation.has(name, ident)
        case Not(part):
            return not _holds(part, situation)
        case And(parts):
            return all(_holds(part, situation) for part in parts)
        case Or(parts):
            return any(_holds(part, situation) for part in parts)


def _leaves(expression: Expression) -> Iterator[Comparison | Fact]:
    match expression:
        case Comparison() | Fact():
            yield expression
        case Not(part):
            yield from _leaves(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)

"""Whether an expression can hold in any situation that a call can still come to."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

import msgspec
from msgspec.structs import replace

from roleplay.persona.expression import And, Comparison, Expression, Fact, FactName, Not, Number, Operator, Or

STEPS = 1_000
"""Most steps of one search; past them the answer is the cautious one, that it can hold."""

_OPPOSITE: dict[Operator, Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_WHOLE = ("turn", "visit")


class Span(msgspec.Struct, frozen=True):
    """The values a number may still take. `open_low`/`open_high`: the bound itself is left out."""

    low: float
    high: float
    open_low: bool = False
    open_high: bool = False
    without: frozenset[float] = frozenset()
    whole: bool = False

    def narrowed(self, operator: Operator, value: float) -> Span | None:
        """The part of this span for which the comparison holds, or None if there is none."""
        low, high, open_low, open_high, without = self.low, self.high, self.open_low, self.open_high, self.without
        if operator in (">", ">=", "==") and (value, operator == ">") > (low, open_low):
            low, open_low = value, operator == ">"
        if operator in ("<", "<=", "==") and (value, operator != "<") < (high, not open_high):
            high, open_high = value, operator == "<"
        if operator == "!=":
            without |= {value}
        span = Span(low, high, open_low, open_high, without, self.whole)
        return None if span._empty() else span

    def _empty(self) -> bool:
        if self.whole:
            first = math.floor(self.low) + 1 if self.open_low else math.ceil(self.low)
            if self.high == math.inf:
                return False
            last = math.ceil(self.high) - 1 if self.open_high else math.floor(self.high)
            if last - first > len(self.without):
                return False
            return all(value in self.without for value in range(first, last + 1))
        if self.low == self.high:
            return self.open_low or self.open_high or self.low in self.without
        return self.low > self.high


class Outlook(msgspec.Struct, frozen=True):
    """What is known about the situations to come: a span for each number, and the facts that are settled.

    A fact that is not in `facts` may be either. `scene` is the only possible one, or None if open; `ended` are the
    endings that were come to, no others, or None if open.
    """

    spans: Mapping[Number, Span]
    facts: Mapping[tuple[FactName, str], bool]
    scene: str | None = None
    ended: Collection[str] | None = None

    def given(self, leaf: Comparison | Fact, holds: bool) -> Outlook | None:
        """This outlook if `leaf` holds (or does not), or None if that cannot be."""
        if isinstance(leaf, Comparison):
            operator = leaf.operator if holds else _OPPOSITE[leaf.operator]
            span = self.spans[leaf.number].narrowed(operator, leaf.value)
            return None if span is None else replace(self, spans={**self.spans, leaf.number: span})
        if leaf.name == "ended" and self.ended is not None:
            return self if (leaf.id in self.ended) == holds else None
        key = (leaf.name, leaf.id)
        if self.facts.get(key, holds) != holds:
            return None
        scene = self.scene
        if leaf.name == "scene":
            if scene is not None and (scene == leaf.id) != holds:
                return None
            scene = leaf.id if holds else scene
        return replace(self, facts={**self.facts, key: holds}, scene=scene)


def anything(
    known: Mapping[tuple[FactName, str], bool], *, turn: float = 0, visit: float | None = None, **fixed: float
) -> Outlook:
    """The outlook in which `known` facts are settled, `turn` has come so far, and `fixed` numbers do not move."""
    feelings = {name: Span(fixed.get(name, 0.0), fixed.get(name, 10.0)) for name in ("trust", "distress", "patience")}
    visits = Span(1, math.inf, whole=True) if visit is None else Span(visit, visit, whole=True)
    spans: dict[Number, Span] = {
        "trust": feelings["trust"],
        "distress": feelings["distress"],
        "patience": feelings["patience"],
        "turn": Span(turn, math.inf, whole=True),
        "visit": visits,
    }
    return Outlook(spans, known)


def possible(wanted: Collection[Expression], outlook: Outlook) -> bool:
    """Whether all of `wanted` can hold together in a situation of `outlook`.

    Exact up to `STEPS` steps of the search.
    """
    branches: list[tuple[Outlook, tuple[tuple[Expression, bool], ...]]] = [
        (outlook, tuple((expression, True) for expression in wanted))
    ]
    for _ in range(STEPS):
        if not branches:
            return False
        known, left = branches.pop()
        if not left:
            return True
        (expression, holds), rest = left[0], left[1:]
        if isinstance(expression, Comparison | Fact):
            narrowed = known.given(expression, holds)
            if narrowed is not None:
                branches.append((narrowed, rest))
        elif isinstance(expression, Not):
            branches.append((known, ((expression.part, not holds), *rest)))
        elif isinstance(expression, And) == holds:
            # Leaves first: they narrow the outlook before anything branches.
            parts = sorted(expression.parts, key=_branches)
            branches.append((known, (*((part, holds) for part in parts), *rest)))
        else:
            branches.extend((known, ((part, holds), *rest)) for part in reversed(expression.parts))
    return True


def _branches(expression: Expression) -> bool:
    return isinstance(expression, And | Or)

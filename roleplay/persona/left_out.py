"""Conditions of a story of which a part is left out: what they need to have happened, and what is left of them."""

from __future__ import annotations

from collections.abc import Callable, Collection

from msgspec.structs import replace

from roleplay.persona.expression import And, Comparison, Expression, Fact, FactKey, Not, Or

_LATER = (">", ">=", "==")
_LATER_IF_NOT = ("<", "<=", "!=")


def fewest_facts(expression: Expression, known: Collection[FactKey] = (), *, holds: bool = True) -> frozenset[FactKey]:
    """The facts that must come about so that `expression` holds (or does not), beside those `known`.

    Where there is a choice, it is the one that needs the fewest, and of those the first.
    """
    match expression:
        case Comparison():
            return frozenset()
        case Fact(name, ident):
            return frozenset({(name, ident)} - set(known)) if holds else frozenset()
        case Not(part):
            return fewest_facts(part, known, holds=not holds)
    each = [fewest_facts(part, known, holds=holds) for part in expression.parts]
    return frozenset().union(*each) if isinstance(expression, And) == holds else min(each, key=len)


def without(
    expression: Expression, gone: Callable[[Fact], bool], sooner: Callable[[float], float]
) -> Expression | None:
    """`expression` where the facts that are `gone` never come about and the call is shorter; None: it always holds.

    What waits for such a fact waits no longer, unless there is something else to wait for instead. What must not have
    come about before has not. A number of replies to wait for is made `sooner`.
    """
    left = _without(expression, gone, sooner, holds=True)
    return left if isinstance(left, Comparison | Fact | Not | And | Or) else None


_ALWAYS, _GONE = "always", "gone"
_Left = Expression | str
"""What is left of an expression: one, or that it always holds, or that it waits for what is gone."""


def _without(
    expression: Expression, gone: Callable[[Fact], bool], sooner: Callable[[float], float], *, holds: bool
) -> _Left:
    match expression:
        case Comparison(number, operator, value):
            waits = number == "turn" and operator in (_LATER if holds else _LATER_IF_NOT)
            leaf = replace(expression, value=sooner(value)) if waits else expression
            return leaf if holds else Not(leaf)
        case Fact():
            if gone(expression):
                return _GONE if holds else _ALWAYS
            return expression if holds else Not(expression)
        case Not(part):
            return _without(part, gone, sooner, holds=not holds)
    parts = [_without(part, gone, sooner, holds=holds) for part in expression.parts]
    all_wanted = isinstance(expression, And) == holds
    if not all_wanted and _ALWAYS in parts:
        return _ALWAYS
    there = tuple(part for part in parts if not isinstance(part, str))
    if not there:
        return _GONE if _GONE in parts else _ALWAYS
    if len(there) == 1:
        return there[0]
    return And(there) if all_wanted else Or(there)

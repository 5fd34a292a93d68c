"""Writes a condition anew: as it is, or with other names for the ids in it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from roleplay.persona.condition import parse_condition
from roleplay.persona.expression import And, Comparison, Expression, Fact, FactName, Not, Or

Rename = Callable[[FactName, str], str]
"""Gives the new name of an id, by the fact that names it."""


def renamed(source: str, rename: Rename) -> str:
    """The condition `source` with every id renamed: it says the same of the renamed things.

    No deeper in brackets than it was. Raises `ConditionError` for one that cannot be read.
    """
    return written(parse_condition(source).expression, rename)


def _same(_: FactName, ident: str) -> str:
    return ident


def written(expression: Expression, rename: Rename = _same) -> str:
    """`expression` as a condition is written, with every id renamed."""
    match expression:
        case Comparison(number, operator, value):
            return f"{number} {operator} {Decimal(repr(value)):f}"
        case Fact(name, ident):
            return f"{name}({rename(name, ident)})"
        case Not(part):
            return f"not {_within(part, rename, brackets=isinstance(part, And | Or))}"
        case And(parts):
            return " and ".join(_within(part, rename, brackets=isinstance(part, And | Or)) for part in parts)
        case Or(parts):
            return " or ".join(_within(part, rename, brackets=isinstance(part, Or)) for part in parts)


def _within(part: Expression, rename: Rename, *, brackets: bool) -> str:
    """`part` as it stands inside another expression."""
    inside = written(part, rename)
    return f"({inside})" if brackets else inside

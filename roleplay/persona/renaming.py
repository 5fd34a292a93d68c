"""Gives the ids in a condition other names: the expression is read, renamed and written anew."""

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
    return _written(parse_condition(source).expression, rename)


def _written(expression: Expression, rename: Rename) -> str:
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
    written = _written(part, rename)
    return f"({written})" if brackets else written

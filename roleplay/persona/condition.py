"""The tiny closed expression of `when`: parsed once, evaluated on facts, in two or three values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Literal

import msgspec

NUMBERS = ("trust", "distress", "patience", "turn", "visit")
FACTS = ("met", "disclosed", "said", "scene")


class ConditionError(ValueError):
    """A condition that cannot be read; `column` counts from 1 within the expression."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


class Situation(msgspec.Struct, frozen=True):
    """What a condition is asked about. `numbers` by name; the facts as collections of ids."""

    numbers: Mapping[str, float]
    met: Collection[str] = ()
    disclosed: Collection[str] = ()
    said: Collection[str] = ()
    scene: str = ""


class Condition:
    """A parsed condition. Make one with `parse_condition`."""

    def holds(self, situation: Situation) -> bool:
        """Whether it holds now."""
        raise NotImplementedError

    def can_still_hold(self, situation: Situation) -> bool:
        """Whether it could hold at some later turn of the same call.

        Facts only ever become true and `turn` only grows; everything else may still change.
        """
        raise NotImplementedError

    def mentions(self) -> frozenset[tuple[Literal["met", "disclosed", "said", "scene"], str]]:
        """The facts it names, as (fact, id)."""
        raise NotImplementedError


@lru_cache(maxsize=4096)
def parse_condition(source: str) -> Condition:
    """Parse `source`. Raises `ConditionError`."""
    raise NotImplementedError

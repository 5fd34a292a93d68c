"""Which turns make up one branch of a transcript: its own, and its parents' up to where each was left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

ON_A_BRANCH = ("replies", "lines", "voices", "verdicts")
"""The tables of what was said on a branch, and of how it came about and was heard."""


class Branch(NamedTuple):
    """A branch that has the turns of `parent` (None for the first branch) up to and with `turn`."""

    parent: int | None
    turn: int


class Path(NamedTuple):
    """The way from the first turn to the end of a branch: the branches on it, each with the last turn taken from it.

    `begun_at` is how many turns the branch had when it was begun.
    """

    last: Mapping[int, float]
    begun_at: int

    def has_reply(self, branch: int, turn: int) -> bool:
        """Whether the reply of `branch` at `turn` is on the path."""
        return turn <= self.last.get(branch, 0)

    def has_line(self, branch: int, turn: int) -> bool:
        """Whether a line of `branch` that opens `turn` is on the path: also the one that was answered anew."""
        return branch in self.last and turn <= self.last[branch] + 1

    def is_whole(self, replies: Iterable[tuple[int, int]]) -> bool:
        """Whether the replies on the path, of `replies` as (branch, turn), count 1, 2, 3 … and none is missing."""
        turns = sorted(turn for branch, turn in replies if self.has_reply(branch, turn))
        return turns == list(range(1, len(turns) + 1)) and len(turns) >= self.begun_at


def path_to(branch: int, branches: Mapping[int, Branch]) -> Path | None:
    """The path to the end of `branch`; None if a branch on it was lost."""
    last: dict[int, float] = {}
    number, until = branch, float("inf")
    while number in branches:
        last[number] = until
        parent, turn = branches[number]
        if number == 0:
            return Path(last, branches[branch].turn)
        # a parent was begun before its branch; anything else would lead round in circles
        if parent is None or parent >= number:
            return None
        number, until = parent, min(until, turn)
    return None

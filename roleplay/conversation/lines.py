"""Picking the customer's lines: by seed, by mood, and never the same twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from roleplay.persona.condition import Situation
from roleplay.persona.lines import MoodLine


class Chooser(Protocol):
    """Chooses one of some lines, as `random.Random` does."""

    def choice(self, options: Sequence[str], /) -> str:
        """One of `options`, of which there is at least one."""
        ...


Chance = Callable[[str], Chooser]
"""Gives the chooser for one purpose of one turn."""


def fingerprint(line: str) -> str:
    """Eight hexadecimal digits that stand for a line, whatever its case and spacing."""
    folded = " ".join(line.casefold().split())
    return hashlib.blake2s(folded.encode(), digest_size=4).hexdigest()


class LinePicker:
    """Hands out lines that were not said before and fit the situation; remembers what it handed out."""

    def __init__(self, used: Iterable[str], situation: Situation, chance: Chance) -> None:
        self._used = list(used)
        self._situation = situation
        self._chance = chance

    @property
    def used(self) -> tuple[str, ...]:
        """The fingerprints of all lines said so far, these included."""
        return tuple(self._used)

    def is_fresh(self, line: str) -> bool:
        """Whether `line` was not said yet."""
        return fingerprint(line) not in self._used

    def say(self, line: str) -> str:
        """Note that `line` is said, and return it."""
        self._used.append(fingerprint(line))
        return line

    def pick(self, purpose: str, *pools: Iterable[str | MoodLine]) -> str | None:
        """A fresh line from the first pool that has one, or None.

        Within a pool, lines whose own condition holds come before unconditional ones.
        """
        for pool in pools:
            by_mood, plain = [], []
            for line in pool:
                if isinstance(line, MoodLine):
                    if self.is_fresh(line.says) and line.condition.holds(self._situation):
                        by_mood.append(line.says)
                elif self.is_fresh(line):
                    plain.append(line)
            fresh = by_mood or plain
            if fresh:
                return self.say(self._chance(purpose).choice(fresh))
        return None

    def first(self, pool: Iterable[str | MoodLine]) -> str | None:
        """The first fresh line of `pool` that fits the situation, in its order, or None."""
        for line in pool:
            words = line.says if isinstance(line, MoodLine) else line
            if self.is_fresh(words) and (not isinstance(line, MoodLine) or line.condition.holds(self._situation)):
                return self.say(words)
        return None

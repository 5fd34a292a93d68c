"""What a trainee's own progress and a coach's report tell alike: when a figure is enough, what a trend is, the gap."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt
from typing import Literal

import msgspec

from roleplay.agreement.bootstrap import Figure

ENOUGH = 5
"""Calls, replies, days or trainees below which a figure is too few to tell anything."""

POINTS_A_RATING = 25
"""Points of a score that one of a self-rating stands for: 0-4 against 0-100."""

FAR_OFF = 20
"""So many points of 100 somebody may rate their own calls above their scores before it is worth telling them."""


class Opportunities(msgspec.Struct, frozen=True):
    """Replies at which something was to be met, by what became of it."""

    met: int
    partly: int
    missed: int

    @property
    def offered(self) -> int:
        """All of them."""
        return self.met + self.partly + self.missed


class Harm(msgspec.Struct, frozen=True):
    """Replies that surely did harm, and those that perhaps did (the assessment is unsure)."""

    sure: int
    perhaps: int


class Gap(msgspec.Struct, frozen=True):
    """How far trainees rate their calls (0-4, a point as 25) above their scores: the mean in points, and the spread.

    `spread` is the standard deviation; None for fewer than two rated calls.
    """

    n: int
    mean: float | None
    spread: float | None


class Week(msgspec.Struct, frozen=True):
    """The scored calls of a week and the mean of their scores (0-100). `monday` is the day it begins on, where the
    computer is.
    """

    monday: str
    calls: int
    mean: float


class Trend(msgspec.Struct, frozen=True):
    """Whether scores rise or fall: `slope` in points a week. `because` says why none can be told; else it is empty."""

    says: Literal["rising", "falling", "no trend yet"]
    slope: Figure
    because: str


def enough(figure: Figure) -> bool:
    """Whether `figure` rests on enough to be told as more than a first sign."""
    return figure.n >= ENOUGH


def trend_of(slope: Figure, weeks: float, what: str = "calls", lacking: str = "") -> Trend:
    """What `slope` tells: that scores rise or fall only if its interval does not hold 0.

    `weeks` lie between the first and the last of `what` it rests on: it takes one. `lacking` says what it takes besides
    and is not there; empty: nothing.
    """
    because = lacking
    if not because and weeks < 1:
        because = f"the {what} lie within a week"
    if not because and (slope.value is None or slope.low is None or slope.high is None or slope.low <= 0 <= slope.high):
        because = "it may be chance"
    if because:
        return Trend("no trend yet", slope, because)
    return Trend("rising" if (slope.value or 0.0) > 0 else "falling", slope, "")


def mean_score(scores: Sequence[float | None]) -> float | None:
    """The mean of the scores (0-100) that there are; None if there are none."""
    there = [score for score in scores if score is not None]
    return fsum(there) / len(there) if there else None


def gap_of(rated: Sequence[tuple[int, float]]) -> Gap:
    """The gap of what was `rated`: each time the rating (0-4) and the score (0-100)."""
    gaps = [POINTS_A_RATING * rating - score for rating, score in rated]
    if not gaps:
        return Gap(0, None, None)
    mean = fsum(gaps) / len(gaps)
    apart = fsum((gap - mean) ** 2 for gap in gaps)
    return Gap(len(gaps), mean, sqrt(apart / (len(gaps) - 1)) if len(gaps) > 1 else None)

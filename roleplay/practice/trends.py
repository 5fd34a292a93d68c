"""Whether a dimension rises or falls: told only where it is the trainee who changed, and hardly ever by chance.

What is practised changes while one practises: easy customers come first, and what was missed comes back. So replies are
compared with replies to the same persona only, and what else they depend on is allowed for: whether it was in a call,
and whether the moment was new to the trainee. What is left of how moments are chosen hardly tilts anything: simulated
trainees who do not change are told to rise in at most 4 of 100 months, and to fall in at most 5 (docs/practice.md).

Five dimensions are looked at together. Each has an interval that is wrong in 1 of 100 reports (Bonferroni), so that in
95 of 100 none of the five calls chance a trend.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from roleplay.agreement.intervals import TAIL
from roleplay.agreement.over_days import Seen, slope_over_days
from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.practice.skill import HIGHEST
from roleplay.practice.standing import ENOUGH, Trend, trend_of
from roleplay.store.practised import Practised

TREND_OVER = timedelta(weeks=8)
"""How far back a trend looks: what rose half a year ago is not rising."""

REPLIES = 2 * ENOUGH
"""Replies that can be compared, below which no trend is told."""

_WEEK = 7

Dated = tuple[date, Practised]
"""A reply with the day it was given on, where the computer is."""


def trends(practised: Sequence[Dated], today: date) -> dict[Dimension, Trend]:
    """The trend of each dimension over the last eight weeks, in points of 100 a week, by what was `practised`, oldest
    first.

    Replies before which a hint was seen are left out; their moments count as seen.
    """
    since = today - TREND_OVER
    return {name: _trend(practised, index, since) for index, name in enumerate(DIMENSIONS)}


def _trend(practised: Sequence[Dated], index: int, since: date) -> Trend:
    known: set[tuple[str, str]] = set()
    sums: dict[tuple[str, int, tuple[float, ...]], tuple[int, int]] = {}
    for day, each in practised:
        level = each.levels[index]
        if level is None:
            continue
        if not each.aided and day > since:
            also = float(each.source == "call"), float((each.persona, each.moment) in known)
            place = each.persona, day.toordinal(), also
            size, reached = sums.get(place, (0, 0))
            sums[place] = size + 1, reached + level
        known.add((each.persona, each.moment))
    slope, days, weeks = slope_over_days(
        (
            Seen(persona, day / _WEEK, also, size, reached * 100 / HIGHEST)
            for (persona, day, also), (size, reached) in sums.items()
        ),
        TAIL / len(DIMENSIONS),
    )
    lacking = ""
    if slope.n < REPLIES or days < ENOUGH:
        lacking = f"it takes {REPLIES} replies that can be compared, on {ENOUGH} days"
    return trend_of(slope, weeks, "replies", lacking)

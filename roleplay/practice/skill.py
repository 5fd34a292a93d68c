"""How well a trainee does by dimension just now, from everything that was practised: what is recent weighs more.

A reply weighs half as much as one that is `HALF_LIFE` younger. Two weeks hold two or three calls of somebody who calls
once a week and some eighty replies of somebody who drills for five minutes a day, so that one good or bad day does not
decide, and what was learned a month ago, at a quarter of its weight, no longer hides what is so now. A pause of any
length changes nothing: all weights shrink alike. Replies before which a hint was seen are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import fsum

import msgspec

from roleplay.agreement.bootstrap import Figure
from roleplay.agreement.intervals import ratio
from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.practice.days import read_time
from roleplay.store.practised import Practised

HALF_LIFE = timedelta(days=14)
"""After so long a reply weighs half as much."""

HIGHEST = 2
"""The highest level of a dimension."""

_AS_ANY = 3.0
"""Replies at a trainee's own mean that each dimension is given when the weakest is looked for: one miss decides not."""


class Skill(msgspec.Struct, frozen=True):
    """How one dimension goes just now.

    `now` is the weighted share (0-1) of what was called for, on as many unaided replies as its `n`; its interval counts
    the replies of one call, sitting or test as alike. `weight` is the sum of their weights, where the newest reply to
    anything weighs 1. `effective` is how many replies of equal weight would tell as
    much (Kish 1965, Survey Sampling, section 11.7), `aided` how many were left out because a hint was seen, and
    `latest` when it was called for last (ISO 8601), empty if never.
    """

    now: Figure
    weight: float
    effective: float
    aided: int
    latest: str


_OLDEST = timedelta(days=2_000)
"""What is older weighs as if it were so old: next to nothing, and not nothing."""

_Heard = tuple[float, float, str]
"""A reply at which a dimension was called for: its weight, its share (0-1), and the call, sitting or test it is in."""


def skills(practised: Sequence[Practised], now: str | datetime) -> dict[Dimension, Skill]:
    """How each dimension goes at `now` (ISO 8601 or with a time zone), by what was `practised`, oldest first.

    Replies whose time is no time are passed over. Raises ValueError for a `now` that is no time.
    """
    heard = _by_dimension(practised, now)
    found = {}
    for index, name in enumerate(DIMENSIONS):
        called_for = [each for each in practised if each.levels[index] is not None]
        latest = called_for[-1].at if called_for else ""
        found[name] = _skill(heard[index], sum(each.aided > 0 for each in called_for), latest)
    return found


def weakest(practised: Sequence[Practised], now: str | datetime) -> Dimension | None:
    """The dimension of which least is reached at `now`: `weakest_of` what was `practised`.

    Raises ValueError for a `now` that is no time.
    """
    return weakest_of(skills(practised, now))


def weakest_of(found: Mapping[Dimension, Skill]) -> Dimension | None:
    """The dimension of which least is reached; None if nothing was practised unaided or nothing is missing.

    One that was called for only a few times is drawn towards the trainee's own mean; of equals the first counts.
    """
    heard = {name: (each.now.value, each.weight) for name, each in found.items() if each.now.value is not None}
    total = fsum(weight for _, weight in heard.values())
    if not total:
        return None
    mean = fsum(share * weight for share, weight in heard.values()) / total
    drawn = {name: (share * weight + _AS_ANY * mean) / (weight + _AS_ANY) for name, (share, weight) in heard.items()}
    lowest = min(drawn, key=lambda name: drawn[name])
    return lowest if drawn[lowest] < 1 else None


def _by_dimension(practised: Sequence[Practised], now: str | datetime) -> list[list[_Heard]]:
    """What was heard unaided where each dimension was called for, in the order of `DIMENSIONS`."""
    then = datetime.fromisoformat(now) if isinstance(now, str) else now
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    timed = [(min(at, then), each) for each in practised if not each.aided and (at := read_time(each.at))]
    newest = max((at for at, _ in timed), default=then)
    heard: list[list[_Heard]] = [[] for _ in DIMENSIONS]
    for at, each in timed:
        weight = 0.5 ** (min(newest - at, _OLDEST) / HALF_LIFE)
        for group, level in zip(heard, each.levels, strict=True):
            if level is not None:
                group.append((weight, level / HIGHEST, each.within))
    return heard


def _skill(heard: Sequence[_Heard], aided: int, latest: str) -> Skill:
    weights = fsum(weight for weight, _, _ in heard)
    squares = fsum(weight * weight for weight, _, _ in heard)
    clusters: dict[str, tuple[float, float]] = {}
    for weight, share, within in heard:
        reached, so_far = clusters.get(within, (0.0, 0.0))
        clusters[within] = (reached + weight * share, so_far + weight)
    now = ratio(clusters.values(), len(heard))
    return Skill(now, weights, weights**2 / squares if squares else 0.0, aided, latest)

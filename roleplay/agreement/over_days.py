"""How fast something rises from day to day, when what is seen on each day differs from day to day as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from math import fsum, sqrt
from typing import NamedTuple

from roleplay.agreement.bootstrap import Figure
from roleplay.agreement.intervals import TAIL, student


class Seen(NamedTuple):
    """`size` things seen on one `day` (any number), whose y add up to `y`.

    They are compared with others of their `kind`; `also` are numbers that y may depend on besides, as many for each.
    """

    kind: Hashable
    day: float
    also: tuple[float, ...]
    size: float
    y: float


class OverDays(NamedTuple):
    """A slope over `days` of them; `apart` is how far the first lies from the last."""

    slope: Figure
    days: int
    apart: float


_Sums = list[float]
"""Sums of products of columns with each other: of 1, what also matters, the day and y; a row after the other without
that of y, which is the last in each."""


def slope_over_days(seen: Iterable[Seen], tail: float = TAIL) -> OverDays:
    """How fast y rises from day to day within kinds, by least squares: each kind has its own level, and what `also`
    matters is allowed for. `tail`: the probability on either side of the interval.

    What happens on one day is alike, so each day is a cluster: it is left out in turn (the jackknife of MacKinnon,
    Nielsen and Webb 2023, J. Appl. Econometrics 38, 671-694, their CV3), with Student's t for all days but one. What
    was seen on one day only can be compared with nothing and is not counted. The value is None where that is so of all;
    the interval is None where the slope rests on one day.
    """
    kinds: dict[Hashable, list[Seen]] = defaultdict(list)
    for each in seen:
        kinds[each.kind].append(each)
    kinds = {kind: group for kind, group in kinds.items() if len({each.day for each in group}) > 1}
    n = round(fsum(each.size for group in kinds.values() for each in group))
    days: dict[float, dict[Hashable, _Sums]] = defaultdict(dict)
    totals: dict[Hashable, _Sums] = {}
    for kind, group in kinds.items():
        middle = fsum(each.day for each in group) / len(group)  # small numbers keep their digits
        for each in group:
            sums = _sums(each, middle)
            for place, key in ((days[each.day], kind), (totals, kind)):
                place[key] = _plus(place[key], sums) if key in place else sums
    if not totals:
        return OverDays(Figure(n, None), 0, 0.0)
    width = len(next(iter(kinds.values()))[0].also) + 3
    around = {kind: _around_means(sums, width) for kind, sums in totals.items()}
    whole = [fsum(column) for column in zip(*around.values(), strict=True)]
    value, many, apart = _steepness(whole, width - 1), len(days), max(days) - min(days)
    if value is None:
        return OverDays(Figure(n, None), many, apart)
    squared = 0.0
    for those in days.values():
        rest = whole
        for kind, sums in those.items():
            rest = _plus(_minus(rest, around[kind]), _around_means(_minus(totals[kind], sums), width))
        left = _steepness(rest, width - 1)
        if left is None:
            return OverDays(Figure(n, value), many, apart)
        squared += (left - value) ** 2
    half = student(many - 1, tail) * sqrt((many - 1) / many * squared)
    return OverDays(Figure(n, value, value - half, value + half), many, apart)


def _sums(seen: Seen, middle: float) -> _Sums:
    columns = (1.0, *seen.also, seen.day - middle)
    return [seen.size * one * other for one in columns for other in (*columns, seen.y / seen.size)]


def _plus(one: _Sums, other: _Sums) -> _Sums:
    return [a + b for a, b in zip(one, other, strict=True)]


def _minus(one: _Sums, other: _Sums) -> _Sums:
    return [a - b for a, b in zip(one, other, strict=True)]


def _around_means(sums: _Sums, width: int) -> _Sums:
    """The same sums, of how far each is from its mean: without the row and the column of 1, which they leave empty."""
    size, means = sums[0], sums[1:width]
    if size < 0.5:
        return [0.0] * ((width - 1) * (width - 2))
    return [
        value - sums[row] / size * mean
        for row in range(width, len(sums), width)
        for value, mean in zip(sums[row + 1 : row + width], means, strict=True)
    ]


def _steepness(around: _Sums, width: int) -> float | None:
    """How far y rises with the day, of least squares; None if the day tells nothing more than the columns before it."""
    rows = [around[place : place + width] for place in range(0, len(around), width)]
    spreads = [row[place] for place, row in enumerate(rows)]
    for place, row in enumerate(rows[:-1]):
        if row[place] > 1e-9 * spreads[place]:  # else it says the same as a column before
            for later in rows[place + 1 :]:
                part = later[place] / row[place]
                if part:
                    later[place:] = [a - part * b for a, b in zip(later[place:], row[place:], strict=True)]
    *_, xx, xy = rows[-1]
    return xy / xx if xx > 1e-9 * spreads[-1] else None

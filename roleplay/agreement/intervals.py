"""How uncertain a figure is that was worked out from a few calls: 95 % intervals, by formula.

Replies of one call, and calls of one trainee, are alike; counted as if they were independent they would give intervals
that are too narrow. So everything is added up by cluster first, and the clusters are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from math import atan, cos, erf, fsum, pi, sin, sqrt

from roleplay.agreement.bootstrap import Figure

TAIL = 0.025
"""Probability on either side of an interval."""

NORMAL = 1.959963984540054
"""The quantile of the normal distribution that leaves `TAIL` above it."""

_ENDLESS = 400
"""Degrees of freedom from which on an expansion around the normal distribution is exact to ten digits."""


def ratio(clusters: Iterable[tuple[float, float]], n: int, least: float = 0.0, most: float = 1.0) -> Figure:
    """The sum of the first over the sum of the second of each cluster, on `n` things, between `least` and `most`.

    The interval is that of a ratio estimate from clusters (Cochran 1977, Sampling Techniques, 3rd ed., sections 6.3 and
    9A) with Student's t for as many degrees of freedom as there are clusters but one. None is given for fewer than two
    clusters, or where all have the same ratio, which tells nothing of how far they could differ.
    """
    counted = [(amount, size) for amount, size in clusters if size]
    total = fsum(size for _, size in counted)
    if not total:
        return Figure(n, None)
    value = fsum(amount for amount, _ in counted) / total
    many = len(counted)
    if many < 2:
        return Figure(n, value)
    apart = fsum((amount - value * size) ** 2 for amount, size in counted)
    half = student(many - 1) * sqrt(many / (many - 1) * apart) / total
    if half < 1e-9:
        return Figure(n, value)
    return Figure(n, value, max(least, value - half), min(most, value + half))


def wilson(times: int, n: int) -> Figure:
    """The share `times` of `n` with the score interval (Wilson 1927, J. Am. Stat. Assoc. 22, 209-212)."""
    if not n:
        return Figure(0, None)
    share, squared = times / n, NORMAL**2
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    half = NORMAL / (1 + squared / n) * sqrt(share * (1 - share) / n + squared / (4 * n * n))
    return Figure(n, share, max(0.0, middle - half), min(1.0, middle + half))


def slope(groups: Iterable[Sequence[tuple[float, float]]], n: int, tail: float = TAIL) -> Figure:
    """How fast y rises with x within groups of points (x, y), on `n` points: one line for all, each group on its own
    level. `tail`: the probability on either side of its interval.

    For one group that is least squares, with Student's t for all points but two. For several, each group is a cluster
    (Cameron and Miller 2015, J. Human Resources 50, 317-372, with their factor for few clusters), with t for all groups
    but one: who took part, and when, is not mistaken for a rise. The value is None where no x differs; the interval is
    None where too few points or groups are left to tell.
    """
    centred = [_centred(points) for points in groups]
    centred = [points for points in centred if any(x for x, _ in points)]
    spread = fsum(x * x for points in centred for x, _ in points)
    if not spread:
        return Figure(n, None)
    value = fsum(x * y for points in centred for x, y in points) / spread
    if len(centred) == 1:
        free = len(centred[0]) - 2
        if free < 1:
            return Figure(n, value)
        error = sqrt(fsum((y - value * x) ** 2 for x, y in centred[0]) / free / spread)
    else:
        free = len(centred) - 1
        scores = (fsum(x * (y - value * x) for x, y in points) for points in centred)
        error = sqrt(len(centred) / free * fsum(score * score for score in scores)) / spread
    half = student(free, tail) * error
    return Figure(n, value, value - half, value + half)


def _centred(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    many = max(1, len(points))
    mid_x, mid_y = fsum(x for x, _ in points) / many, fsum(y for _, y in points) / many
    return [(x - mid_x, y - mid_y) for x, y in points]


@lru_cache(maxsize=1_000)
def student(free: int, tail: float = TAIL) -> float:
    """The quantile of Student's t that leaves `tail` (0.0001-0.5) above it, for `free` degrees of freedom, 1 or more.

    By halving, from the finite series of Abramowitz and Stegun 1964, 26.7.3 and 26.7.4; from 400 on by 26.7.5.
    """
    if free >= _ENDLESS:
        z = _halved(tail, lambda z: erf(z / sqrt(2)))
        terms = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
        return z + fsum(term / free**power for power, term in enumerate(terms, 1))
    return _halved(tail, lambda t: _inside(t, free))


def _halved(tail: float, inside: Callable[[float], float]) -> float:
    """Where `inside`, the probability between minus something and it, leaves `tail` above it."""
    low, high = 0.0, 1 / tail  # Student's t for one degree, which is widest, lies below
    while high - low > 1e-12:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if inside(middle) < 1 - 2 * tail else (low, middle)
    return (low + high) / 2


def _inside(t: float, free: int) -> float:
    """The probability that Student's t lies between -t and t."""
    angle = atan(t / sqrt(free))
    term = cos(angle) if free % 2 else 1.0
    terms = [] if free == 1 else [term]
    for power in range(3 if free % 2 else 2, free - 1, 2):
        term *= cos(angle) ** 2 * (power - 1) / power
        terms.append(term)
    series = sin(angle) * fsum(terms)
    return 2 / pi * (angle + series) if free % 2 else series

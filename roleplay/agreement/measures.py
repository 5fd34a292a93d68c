"""How far two raters of the same things agree: weighted kappa, rank correlation, pairs in order. No numpy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

INTERVAL = 0.95
"""The share of cases in which an interval is to hold what is true."""


def weighted_kappa(left: Sequence[int], right: Sequence[int], levels: int) -> float:
    """Cohen's kappa with quadratic weights, for two raters on a scale of `levels`; 0 where it is not defined."""
    table = [[0] * levels for _ in range(levels)]
    for a, b in zip(left, right, strict=True):
        table[a][b] += 1
    return kappa_of(table) or 0.0


def kappa_of(table: Sequence[Sequence[float]]) -> float | None:
    """Cohen's kappa with quadratic weights (Cohen 1968, Psychological Bulletin 70, 213-220) of a square table.

    ``table[a][b]`` is how often the one rater gave a and the other b. None where chance leaves nothing to disagree on.
    """
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    seen = sum((a - b) ** 2 * times for a, row in enumerate(table) for b, times in enumerate(row))
    chance = sum((a - b) ** 2 * rows[a] * columns[b] for a in range(len(rows)) for b in range(len(rows)))
    return 1 - seen * sum(rows) / chance if chance else None


def kappa_error(table: Sequence[Sequence[float]]) -> float | None:
    """The standard error of `kappa_of` of many things, each seen by itself; None where kappa is None.

    Fleiss, Cohen and Everitt 1969 (Psychological Bulletin 72, 323-327), formula 8: for large samples, and not under the
    hypothesis that there is no agreement. Things that belong together, such as replies of one call, make it too small.
    """
    if kappa_of(table) is None:
        return None
    levels = range(len(table))
    things = sum(Fraction(times) for row in table for times in row)
    share = [[Fraction(times) / things for times in row] for row in table]  # exact: what cancels out leaves no error
    left, right = [sum(row) for row in share], [sum(column) for column in zip(*share, strict=True)]
    weight = [[1 - Fraction(a - b, len(table) - 1) ** 2 for b in levels] for a in levels]
    of_left = [sum(weight[a][b] * right[b] for b in levels) for a in levels]
    of_right = [sum(weight[a][b] * left[a] for a in levels) for b in levels]
    chance = sum(left[a] * of_left[a] for a in levels)
    missed = 1 - sum(share[a][b] * weight[a][b] for a in levels for b in levels)
    rest = missed / (1 - chance)  # 1 - kappa
    spread = sum(share[a][b] * (weight[a][b] - (of_left[a] + of_right[b]) * rest) ** 2 for a in levels for b in levels)
    return sqrt((spread - (1 - rest - chance * rest) ** 2) / ((1 - chance) ** 2 * things))


def kappa_interval(table: Sequence[Sequence[float]], share: float = INTERVAL) -> tuple[float, float] | None:
    """The interval round `kappa_of` by its standard error, which may reach beyond 1; None where kappa is None."""
    kappa, error = kappa_of(table), kappa_error(table)
    if kappa is None or error is None:
        return None
    reach = NormalDist().inv_cdf((1 + share) / 2) * error
    return kappa - reach, kappa + reach


def spearman_of(table: Mapping[tuple[float, float], int]) -> float | None:
    """Spearman's rank correlation of pairs of values, each with how often it occurs; None where either never varies."""
    lefts: Counter[float] = Counter()
    rights: Counter[float] = Counter()
    for (a, b), times in table.items():
        lefts[a] += times
        rights[b] += times
    left, right = _centred_ranks(lefts), _centred_ranks(rights)
    joint = sum(left[a] * right[b] * times for (a, b), times in table.items())
    spread = sum(left[a] ** 2 * times for a, times in lefts.items())
    spread *= sum(right[b] ** 2 * times for b, times in rights.items())
    return joint / spread**0.5 if spread else None


def _centred_ranks(counts: Mapping[float, int]) -> dict[float, float]:
    """The mean rank of each value, less the mean of all ranks."""
    middle = (sum(counts.values()) - 1) / 2
    ranks, below = {}, 0
    for value in sorted(counts):
        ranks[value] = below + (counts[value] - 1) / 2 - middle
        below += counts[value]
    return ranks


def pairs_in(scores: Sequence[float], labels: Sequence[int]) -> tuple[float, int]:
    """How many pairs that differ in label the scores put in the same order, a tie as a half; and how many there are."""
    right, pairs = 0.0, 0
    by_label: dict[int, list[float]] = {}
    for score, label in zip(scores, labels, strict=True):
        by_label.setdefault(label, []).append(score)
    for low in by_label:
        for high in by_label:
            if low < high:
                pairs += len(by_label[low]) * len(by_label[high])
                right += sum((a < b) + (a == b) / 2 for a in by_label[low] for b in by_label[high])
    return right, pairs

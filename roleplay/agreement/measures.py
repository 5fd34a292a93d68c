"""How far two raters of the same things agree: weighted kappa, rank correlation, pairs in order. No numpy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence


def weighted_kappa(left: Sequence[int], right: Sequence[int], levels: int) -> float:
    """Cohen's kappa with quadratic weights, for two raters on a scale of `levels`; 0 where it is not defined."""
    table = [[0] * levels for _ in range(levels)]
    for a, b in zip(left, right, strict=True):
        table[a][b] += 1
    return kappa_of(table) or 0.0


def kappa_of(table: Sequence[Sequence[int]]) -> float | None:
    """Cohen's kappa with quadratic weights (Cohen 1968, Psychological Bulletin 70, 213-220) of a square table.

    ``table[a][b]`` is how often the one rater gave a and the other b. None where chance leaves nothing to disagree on.
    """
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    seen = sum((a - b) ** 2 * times for a, row in enumerate(table) for b, times in enumerate(row))
    chance = sum((a - b) ** 2 * rows[a] * columns[b] for a in range(len(rows)) for b in range(len(rows)))
    return 1 - seen * sum(rows) / chance if chance else None


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

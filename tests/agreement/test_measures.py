"""The measures of agreement, against examples worked out by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from roleplay.agreement.measures import kappa_of, pairs_in, spearman_of, weighted_kappa


def test_weighted_kappa_by_cohens_formula() -> None:
    """Squared distances: seen 24 + 16 + 4 x 20 = 120; by chance (66 + 18 x 1 + 4 x 34) = 220 of 200 things."""
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    assert kappa_of(table) == 1 - 120 / 220
    left = [a for a in range(3) for b in range(3) for _ in range(table[a][b])]
    right = [b for a in range(3) for b in range(3) for _ in range(table[a][b])]
    assert weighted_kappa(left, right, 3) == weighted_kappa(right, left, 3) == 1 - 120 / 220


def test_kappa_is_one_for_equals_zero_for_chance_and_undefined_where_nobody_can_disagree() -> None:
    assert weighted_kappa([0, 1, 2, 2], [0, 1, 2, 2], 3) == 1
    assert weighted_kappa([0, 0, 2, 2], [0, 2, 0, 2], 3) == 0
    assert weighted_kappa([0, 2], [2, 0], 3) == -1
    assert kappa_of([[5, 0], [0, 0]]) is None
    assert weighted_kappa([0, 0], [0, 0], 2) == 0


def spearman(left: Sequence[float], right: Sequence[float]) -> float | None:
    return spearman_of(Counter(zip(left, right, strict=True)))


def test_spearman_gives_ties_their_mean_rank() -> None:
    """Ranks 1, 2.5, 2.5, 4 and 1, 2, 3.5, 3.5: joint 3.75, both spreads 4.5."""
    assert spearman([1, 2, 2, 4], [10, 20, 30, 30]) == 3.75 / 4.5
    assert spearman([1, 2, 3], [10, 20, 90]) == 1
    assert spearman([3, 2, 1], [10, 20, 90]) == -1


def test_spearman_of_a_table_is_that_of_the_things_counted_in_it() -> None:
    assert spearman_of({(1, 1): 2, (2, 1): 1, (2, 3): 4}) == spearman([1, 1, 2, 2, 2, 2, 2], [1, 1, 1, 3, 3, 3, 3])
    assert spearman_of({(1, 1): 1, (1, 2): 1}) is None


def test_pairs_that_differ_in_label_are_compared_and_a_tie_counts_half() -> None:
    assert pairs_in([1, 2, 2], [0, 1, 2]) == (2.5, 3)
    assert pairs_in([5, 1], [0, 1]) == (0, 1)
    assert pairs_in([3, 1, 1], [2, 2, 2]) == (0, 0)

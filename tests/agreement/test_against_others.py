"""Weighted kappa, its standard error and interval are those of scikit-learn and statsmodels, on random tables."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

from roleplay.agreement.measures import kappa_error, kappa_interval, kappa_of

CLOSE = 1e-9

Table = list[list[int]]


def tables(number: int, seed: int) -> Iterator[Table]:
    """Tables of 2, 3 or 5 levels and 1 to 400 things: some nearly agree, some not at all, many with empty levels."""
    random = Random(seed)
    for _ in range(number):
        levels, things = random.choice((2, 3, 5)), random.choice((1, 2, 5, 18, 50, 400))
        usual = [random.random() ** 3 for _ in range(levels)]
        noise = random.random()
        table = [[0] * levels for _ in range(levels)]
        for _ in range(things):
            (one,) = random.choices(range(levels), usual)
            near = min(levels - 1, max(0, one + random.choice((-1, 0, 0, 1))))
            table[one][random.randrange(levels) if random.random() < noise else near] += 1
        yield table


def one_level_only(table: Table) -> bool:
    """Whether one of the two always gave the same level: kappa is 0 then, or undefined, whatever the other gave."""
    return sum(map(any, table)) < 2 or sum(map(any, zip(*table, strict=True))) < 2


def check(table: Table) -> None:
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.stats.inter_rater import cohens_kappa

    given = [a for a, row in enumerate(table) for times in row for _ in range(times)]
    rated = [b for row in table for b, times in enumerate(row) for _ in range(times)]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        theirs = cohen_kappa_score(given, rated, weights="quadratic", labels=list(range(len(table))))
        others = cohens_kappa(np.array(table), wt="quadratic")
    ours, error, interval = kappa_of(table), kappa_error(table), kappa_interval(table)
    if ours is None:
        assert np.isnan(theirs) and np.isnan(others.kappa) and error is None and interval is None
        return
    assert interval is not None
    assert ours == pytest.approx(theirs, abs=CLOSE)
    assert ours == pytest.approx(others.kappa, abs=CLOSE)
    if one_level_only(table):  # nothing can vary; statsmodels tells the rounding error of 0 here
        assert (ours, error, interval) == (0, 0, (0, 0))
    else:
        assert error == pytest.approx(others.std_kappa, abs=CLOSE)
        assert interval == pytest.approx((others.kappa_low, others.kappa_upp), abs=CLOSE)


def test_kappa_and_its_interval_on_random_tables() -> None:
    for table in tables(200, seed=1):
        check(table)


@pytest.mark.soak
def test_kappa_and_its_interval_on_many_random_tables() -> None:
    for table in tables(2_000, seed=2):
        check(table)


@pytest.mark.parametrize(
    "table",
    [
        [[7, 0, 0], [0, 0, 0], [0, 0, 0]],
        [[0, 0, 0], [3, 4, 5], [0, 0, 0]],
        [[0, 4, 0], [0, 3, 0], [0, 2, 0]],
        [[5, 0, 0], [0, 5, 0], [0, 0, 5]],
        [[0, 0, 5], [0, 0, 0], [5, 0, 0]],
        [[1, 0], [0, 1]],
        [[0, 1], [1, 0]],
    ],
)
def test_kappa_and_its_interval_where_little_or_nothing_varies(table: Table) -> None:
    check(table)


def test_the_tables_hold_cases_of_all_kinds() -> None:
    made = list(tables(200, seed=1))
    assert sum(kappa_of(table) is None for table in made) > 5
    assert sum(kappa_of(table) is not None and one_level_only(table) for table in made) > 5
    assert sum((kappa_of(table) or 0) > 0.8 for table in made) > 5
    assert sum((kappa_of(table) or 0) < 0 for table in made) > 5

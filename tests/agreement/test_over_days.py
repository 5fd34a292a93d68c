"""Slopes over days are those of least squares with the days left out in turn: checked against numpy."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
import scipy

from roleplay.agreement.over_days import Seen, slope_over_days

TABLES = 15


def least_squares(seen: Sequence[Seen]) -> float:
    """How far y rises with the day, with a level for each kind, and what also matters."""
    kinds = sorted({str(each.kind) for each in seen})
    rows, weights, ys = [], [], []
    for each in seen:
        rows.append([each.day, *each.also, *(str(each.kind) == kind for kind in kinds)])
        weights.append(np.sqrt(each.size))
        ys.append(each.y / each.size)
    design, scale = np.array(rows, float), np.array(weights)
    return float(np.linalg.lstsq(design * scale[:, None], np.array(ys) * scale, rcond=None)[0][0])


def table(chance: Random) -> list[Seen]:
    """Twelve days, on each of which a few things were seen of three kinds."""
    return [
        Seen(chance.choice("abc"), day, (float(chance.random() < 0.5),), size, chance.gauss(day, 9) * size)
        for day in range(12)
        for size in (chance.randint(1, 4), chance.randint(1, 4), chance.randint(1, 4))
    ]


def test_it_is_that_of_least_squares_with_each_day_left_out_in_turn() -> None:
    chance = Random(5)
    for _ in range(TABLES):
        seen = table(chance)
        told = slope_over_days(seen, tail=0.005)
        value = least_squares(seen)
        without = [least_squares([each for each in seen if each.day != day]) for day in range(12)]
        error = np.sqrt(11 / 12 * sum((each - value) ** 2 for each in without))
        half = scipy.stats.t.ppf(0.995, 11) * error
        figure = told.slope
        assert (figure.value, figure.low, figure.high) == pytest.approx((value, value - half, value + half))
        assert (figure.n, told.days, told.apart) == (sum(each.size for each in seen), 12, 11)


def test_what_was_seen_on_one_day_only_is_compared_with_nothing() -> None:
    seen = [Seen(f"kind of day {day}", day, (), 3, 10 * day) for day in range(9)]
    assert slope_over_days(seen) == slope_over_days([])
    assert slope_over_days(seen).slope.value is None


def test_other_things_on_other_days_are_no_slope() -> None:
    seen = [
        Seen(kind, day, (), 1, y) for kind, day, y in (("hard", 0, 1), ("hard", 1, 1), ("easy", 8, 9), ("easy", 9, 9))
    ]
    assert slope_over_days(seen).slope.value == pytest.approx(0)


def test_a_column_that_says_the_same_as_the_day_leaves_no_slope() -> None:
    seen = [Seen("kind", day, (float(day),), 1, day) for day in range(5)]
    assert slope_over_days(seen).slope.value is None


def test_a_slope_that_rests_on_one_day_has_no_interval() -> None:
    seen = [Seen("kind", day, (), 1, y) for day, y in ((0, 1), (0, 2), (5, 9))]
    figure = slope_over_days(seen).slope
    assert (figure.value, figure.low) == (pytest.approx(1.5), None)

"""Intervals are those of the textbooks: checked against scipy and numpy."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
import scipy

from roleplay.agreement.intervals import ratio, slope, student, wilson

TABLES = 40


@pytest.mark.parametrize("free", [*range(1, 40), 99, 100, 399, 400, 401, 1_000, 100_000])
def test_students_quantile_is_that_of_scipy(free: int) -> None:
    assert student(free) == pytest.approx(scipy.stats.t.ppf(0.975, free), abs=1e-9)


@pytest.mark.parametrize("tail", [0.005, 0.01, 0.2])
def test_students_quantile_is_that_of_scipy_for_other_tails(tail: float) -> None:
    for free in (1, 2, 7, 30, 399, 400, 9_999):
        assert student(free, tail) == pytest.approx(scipy.stats.t.ppf(1 - tail, free), rel=1e-9)


def test_wilsons_interval_is_that_of_scipy() -> None:
    for n in (1, 2, 5, 17, 400):
        for times in {0, 1, n // 2, n - 1, n}:
            figure, known = wilson(times, n), scipy.stats.binomtest(times, n).proportion_ci(method="wilson")
            assert (figure.n, figure.value) == (n, times / n)
            assert (figure.low, figure.high) == pytest.approx((known.low, known.high), abs=1e-9)
    assert wilson(0, 0).value is None


def test_a_ratio_of_clusters_of_one_is_a_mean_with_its_t_interval() -> None:
    chance = Random(1)
    for _ in range(TABLES):
        values = [chance.random() for _ in range(chance.randint(2, 30))]
        figure = ratio(((value, 1) for value in values), len(values), -9, 9)
        known = scipy.stats.t.interval(0.95, len(values) - 1, np.mean(values), scipy.stats.sem(values))
        assert figure.value == pytest.approx(np.mean(values))
        assert (figure.low, figure.high) == pytest.approx(known)


def test_a_ratio_of_clusters_has_the_variance_of_a_ratio_estimate() -> None:
    amounts, sizes = np.array([3.0, 1.0, 4.0, 1.5, 6.0]), np.array([5, 2, 6, 4, 7])
    figure = ratio(zip(amounts, sizes, strict=True), 24, 0, 9)
    value = amounts.sum() / sizes.sum()
    variance = 5 / 4 * ((amounts - value * sizes) ** 2).sum() / sizes.sum() ** 2
    half = scipy.stats.t.ppf(0.975, 4) * np.sqrt(variance)
    assert (figure.value, figure.low, figure.high) == pytest.approx((value, value - half, value + half))


@pytest.mark.parametrize("clusters", [[], [(0, 0)], [(1, 2)], [(1, 2), (2, 4), (3, 6)]])
def test_where_nothing_differs_there_is_no_interval(clusters: list[tuple[float, float]]) -> None:
    assert (ratio(clusters, 9).low, ratio(clusters, 9).high) == (None, None)


def test_an_interval_of_a_share_stays_between_0_and_1() -> None:
    figure = ratio([(1, 1), (0, 1), (1, 1)], 3)
    assert (figure.low, figure.high) == (0.0, 1.0)


def test_the_slope_of_one_group_is_that_of_least_squares() -> None:
    chance = Random(2)
    for _ in range(TABLES):
        points = [(chance.random() * 9, chance.random() * 100) for _ in range(chance.randint(3, 30))]
        figure, known = slope([points], len(points)), scipy.stats.linregress(*zip(*points, strict=True))
        half = scipy.stats.t.ppf(0.975, len(points) - 2) * known.stderr
        assert (figure.value, figure.low, figure.high) == pytest.approx(
            (known.slope, known.slope - half, known.slope + half)
        )


def test_the_slope_of_several_groups_is_that_of_fixed_effects_with_errors_by_cluster() -> None:
    chance = Random(3)
    for _ in range(TABLES):
        groups = [
            [(chance.random() * 9, chance.gauss(50 * number, 9)) for _ in range(chance.randint(2, 9))]
            for number in range(chance.randint(2, 9))
        ]
        x = np.concatenate([[a for a, _ in group] for group in groups])
        y = np.concatenate([[b for _, b in group] for group in groups])
        member = np.repeat(range(len(groups)), [len(group) for group in groups])
        design = np.column_stack([x, *(member == number for number in range(len(groups)))]).astype(float)
        fitted = np.linalg.lstsq(design, y, rcond=None)[0]
        bread = np.linalg.inv(design.T @ design)
        scores = [design[member == number].T @ (y - design @ fitted)[member == number] for number in range(len(groups))]
        meat = sum(np.outer(score, score) for score in scores) * len(groups) / (len(groups) - 1)
        half = scipy.stats.t.ppf(0.975, len(groups) - 1) * np.sqrt((bread @ meat @ bread)[0, 0])
        figure = slope(groups, len(x))
        assert (figure.value, figure.low, figure.high) == pytest.approx((fitted[0], fitted[0] - half, fitted[0] + half))


def test_points_at_one_time_have_no_slope() -> None:
    assert slope([[(1, 2), (1, 3)], []], 2).value is None
    assert slope([[(1, 2), (2, 3)]], 2).low is None

"""Intervals from resampled clusters."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from roleplay.agreement.bootstrap import Counts, Measure, Tally, with_intervals
from roleplay.agreement.measures import spearman_of


def mean(values: list[tuple[int, float]]) -> Measure:
    def of(counts: Counts) -> float | None:
        return counts.get("sum", 0) / counts["n"] if counts.get("n") else None

    seen = [(cluster, "sum", value) for cluster, value in values] + [(cluster, "n", 1.0) for cluster, _ in values]
    return Measure(len(values), Tally(seen), of)


def test_the_counts_of_a_resample_are_those_of_the_things_drawn() -> None:
    random = Random(3)
    things = [(random.randrange(4), random.randrange(5), random.randrange(5)) for _ in range(60)]
    times = [0, 3, 1, 2]
    drawn = [(a, b) for cluster, a, b in things for _ in range(times[cluster])]
    counts = Tally((cluster, (a, b), 1) for cluster, a, b in things).drawn(times)
    table = {cell: int(n) for cell, n in counts.items()}
    assert sum(table.values()) == len(drawn)
    assert spearman_of(table) == spearman_of(Counter(drawn))


def test_clusters_are_drawn_whole() -> None:
    """Two clusters of 50: a resample has the one twice, the other twice, or both; 95 % reaches both ends."""
    figure = with_intervals({"mean": mean([(0, 0.0)] * 50 + [(1, 1.0)] * 50)}, 2)["mean"]
    assert (figure.n, figure.value, figure.low, figure.high) == (100, 0.5, 0.0, 1.0)


def test_the_interval_of_a_mean_is_about_two_standard_errors_either_way() -> None:
    random = Random(5)
    values = [(k, random.gauss(0, 1)) for k in range(400)]
    figure = with_intervals({"mean": mean(values)}, 400)["mean"]
    assert figure.value is not None and figure.low is not None and figure.high is not None
    assert figure.value - figure.low == pytest.approx(1.96 / 20, rel=0.15)
    assert figure.high - figure.value == pytest.approx(1.96 / 20, rel=0.15)
    assert with_intervals({"mean": mean(values)}, 400)["mean"] == figure


def test_no_interval_where_nothing_could_have_come_out_differently() -> None:
    assert with_intervals({"mean": mean([(0, 1.0), (0, 0.0)])}, 1)["mean"].low is None
    assert with_intervals({"mean": mean([(0, 0.0), (1, 0.0)])}, 2)["mean"].low is None
    assert with_intervals({"mean": mean([])}, 2)["mean"].value is None


def test_resamples_in_which_a_measure_is_not_defined_are_passed_over() -> None:
    figure = with_intervals({"mean": mean([(0, 0.0), (1, 1.0)])}, 9)["mean"]
    assert (figure.low, figure.high) == (0.0, 1.0)

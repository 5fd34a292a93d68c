"""How uncertain a measure is: 95 % intervals from drawing whole clusters of replies again, with replacement.

What a measure needs is counted once, by cluster; the counts of a resample are then one weighted sum of those, so that a
thousand resamples of thousands of replies take a few seconds (Efron 1979; by clusters, since replies to one story are
alike: Field and Welsh 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import mul
from random import Random
from typing import Any, NamedTuple

import msgspec

RESAMPLES = 1_000
SEED = 1
TAIL = 0.025
"""Share of the resamples on either side of an interval."""

Counts = Mapping[Any, float]


class Figure(msgspec.Struct, frozen=True):
    """A measure on `n` things. `value` is None where it is not defined.

    `low` and `high` bound its interval; both are None where there are fewer than two clusters or no resample differs.
    """

    n: int
    value: float | None
    low: float | None = None
    high: float | None = None


class Tally:
    """How often what was seen, in which cluster."""

    def __init__(self, seen: Iterable[tuple[int, Hashable, float]]) -> None:
        """`seen`: a cluster, by its number from 0; what was seen in it; how often."""
        summed: dict[Hashable, dict[int, float]] = {}
        for cluster, what, amount in seen:
            by_cluster = summed.setdefault(what, {})
            by_cluster[cluster] = by_cluster.get(cluster, 0) + amount
        self._columns = {what: (tuple(each), tuple(each.values())) for what, each in summed.items()}

    def counts(self) -> Counts:
        """How often each was seen in all clusters."""
        return {what: sum(amounts) for what, (_, amounts) in self._columns.items()}

    def drawn(self, times: Sequence[int]) -> Counts:
        """How often each was seen if cluster number k is there ``times[k]`` times; what is not there is left out."""
        found = {
            what: sum(map(mul, amounts, map(times.__getitem__, clusters)))
            for what, (clusters, amounts) in self._columns.items()
        }
        return {what: amount for what, amount in found.items() if amount}


class Measure(NamedTuple):
    """A measure on `n` things: what was counted for it, and how it comes out of counts; None where it does not."""

    n: int
    tally: Tally
    of: Callable[[Counts], float | None]

    @property
    def value(self) -> float | None:
        """The measure on all that was counted."""
        return self.of(self.tally.counts())


def with_intervals(
    measures: Mapping[str, Measure], clusters: int, resamples: int = RESAMPLES, tail: float = TAIL
) -> dict[str, Figure]:
    """Each of `measures` with its interval, by name; the same for the same counts.

    `tail`: the share of the resamples on either side of it.
    """
    drawn: dict[str, list[float]] = {name: [] for name in measures}
    for times in _resampled(clusters, resamples if clusters > 1 else 0):
        for name, measure in measures.items():
            value = measure.of(measure.tally.drawn(times))
            if value is not None:
                drawn[name].append(value)
    return {name: _figure(measure, sorted(drawn[name]), tail) for name, measure in measures.items()}


def _resampled(clusters: int, resamples: int) -> Iterator[list[int]]:
    random = Random(SEED)
    for _ in range(resamples):
        times = [0] * clusters
        for cluster in random.choices(range(clusters), k=clusters):
            times[cluster] += 1
        yield times


def _figure(measure: Measure, drawn: Sequence[float], tail: float) -> Figure:
    value = measure.value
    if value is None or not drawn or drawn[0] == drawn[-1]:
        return Figure(measure.n, value)
    cut = int(tail * len(drawn))
    return Figure(measure.n, value, drawn[cut], drawn[-1 - cut])

"""How far each scorer agrees with the coaches, and the coaches with each other where several rated the same reply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Literal, NamedTuple

import msgspec

from roleplay.agreement.bootstrap import RESAMPLES, Counts, Figure, Measure, Tally, with_intervals
from roleplay.agreement.measures import kappa_error, kappa_interval, kappa_of
from roleplay.review.labels import Kind, Label, RatedReply, Rating
from roleplay.review.verdicts import leaning, missing, verdict, verdict_on_people, whole_verdict
from roleplay.scoring.overruled import HIGHEST, RATED, Rated

WORST = 10
"""Disagreements that are shown of each pair of raters."""

Against = Literal["a scorer", "a coach", "all coaches"]


class DimensionAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """How far two raters agree on one dimension, on `n` ratings in `calls`.

    `kappa` has quadratic weights; its interval comes from drawing whole calls again, `error` and `by_error` are its
    standard error and interval for single replies, after Fleiss, Cohen and Everitt. `same`: the share of equal levels.
    `bias`: the mean of the first less the second. ``table[a][b]``: how often the first gave a and the second b.
    `leans`: "gives more", "gives less" or empty, of the first.
    """

    n: int
    calls: int
    kappa: Figure
    error: float | None
    by_error: tuple[float, float] | None
    same: Figure
    bias: Figure
    table: tuple[tuple[float, ...], ...]
    verdict: str
    leans: str


class Disagreement(msgspec.Struct, frozen=True, kw_only=True):
    """A reply on which two raters are far apart. `levels`: what each gave, of the dimensions in which they differ.

    `second` and `first` name the raters; `far` is the sum of the squared differences, each as a share of its scale.
    """

    session: str
    branch: int
    turn: int
    persona: str
    customer: str
    reply: str
    first: str
    second: str
    kind: Kind
    levels: dict[Rated, tuple[int, int]]
    far: float


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """How far `first` agrees with `second`, on `ratings` of `replies` in `calls`."""

    first: str
    second: str
    against: Against
    ratings: int
    replies: int
    calls: int
    dimensions: dict[Rated, DimensionAgreement]
    worst: tuple[Disagreement, ...]
    verdict: str


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """All comparisons. `coaches`: how many ratings each gave. `overruled`: levels that were overruled.

    `kinds`: which labels were counted. `unreadable`: rated replies in calls that cannot be read.
    """

    kinds: tuple[Kind, ...]
    coaches: dict[str, int]
    replies: int
    calls: int
    overruled: int
    unreadable: int
    comparisons: tuple[Comparison, ...]
    resamples: int


class _Pair(NamedTuple):
    """What two raters gave one reply."""

    reply: RatedReply
    first: str
    second: str
    kind: Kind
    levels: Mapping[Rated, tuple[int, int]]


def calibrate(
    rating: Rating, kinds: Sequence[Kind] = ("blind",), scorer: str = "", resamples: int = RESAMPLES
) -> Calibration:
    """Compare every scorer whose name begins with `scorer` with the coaches, and the coaches with each other."""
    together, each_two = _coaches(rating, resamples)
    people = together or next(iter(each_two), None)
    scorers = sorted({name for reply in rating.replies for name in reply.scored if name.startswith(scorer)})
    found = [_against_coaches(name, rating, kinds, people, resamples) for name in scorers]
    labels = rating.labels(kinds)
    return Calibration(
        kinds=tuple(kinds),
        coaches={
            name: sum(label.coach == name for label in labels) for name in sorted({each.coach for each in labels})
        },
        replies=sum(bool(reply.of(kinds)) for reply in rating.replies),
        calls=rating.calls(kinds),
        overruled=sum(len(label.levels) for label in rating.labels(["overruled"])),
        unreadable=rating.unreadable,
        comparisons=(*(each for each in found if each.ratings), *([together] if together else []), *each_two),
        resamples=resamples,
    )


def _against_coaches(
    name: str, rating: Rating, kinds: Sequence[Kind], people: Comparison | None, resamples: int
) -> Comparison:
    """A scorer beside the coaches; what `people` reach among themselves is what it can be asked for."""
    pairs = [
        _pair(reply, name, label.coach, label.kind, reply.scored[name], label.levels)
        for reply in rating.replies
        if name in reply.scored
        for label in reply.of(kinds)
    ]

    def says(dimension: Rated, kappa: Figure, too_few: str) -> str:
        beside = people.dimensions.get(dimension) if people else None
        return verdict(
            kappa, too_few, beside.kappa if beside else None, missing(beside.table, beside.calls) if beside else ""
        )

    return _comparison(name, "the coaches", "a scorer", pairs, says, resamples)


def _coaches(rating: Rating, resamples: int) -> tuple[Comparison | None, list[Comparison]]:
    """All coaches with each other, where there are more than two; and each two of them. By blind ratings alone."""

    def says(dimension: Rated, kappa: Figure, too_few: str) -> str:
        return verdict_on_people(kappa, too_few)

    by_pair: dict[tuple[str, str], list[_Pair]] = {}
    for reply in rating.replies:
        for one, other in combinations(sorted(reply.of(["blind"]), key=lambda label: label.coach), 2):
            by_pair.setdefault((one.coach, other.coach), []).append(_of_coaches(reply, one, other))
    each_two = [
        _comparison(first, second, "a coach", by_pair[first, second], says, resamples)
        for first, second in sorted(by_pair)
    ]
    if len(by_pair) < 2:
        return None, each_two
    pairs = [pair for members in by_pair.values() for pair in members]
    return _comparison("the coaches", "each other", "all coaches", pairs, says, resamples), each_two


def _of_coaches(reply: RatedReply, one: Label, other: Label) -> _Pair:
    return _pair(reply, one.coach, other.coach, "blind", one.levels, other.levels)


def _pair(
    reply: RatedReply, first: str, second: str, kind: Kind, one: Mapping[Rated, int], other: Mapping[Rated, int]
) -> _Pair:
    both = {name: (one[name], other[name]) for name in RATED if name in one and name in other}
    return _Pair(reply, first, second, kind, both)


def _comparison(
    first: str,
    second: str,
    against: Against,
    pairs: Sequence[_Pair],
    says: Callable[[Rated, Figure, str], str],
    resamples: int,
) -> Comparison:
    calls = {name: number for number, name in enumerate(dict.fromkeys(pair.reply.session for pair in pairs))}
    measures: dict[str, Measure] = {}
    for name in RATED:
        measures |= _measures(name, pairs, calls, both_ways=against == "all coaches")
    figures = with_intervals(measures, len(calls), resamples)
    dimensions = {}
    for name in RATED:
        table = _table(measures[f"{name}.kappa"].tally.counts(), HIGHEST[name] + 1)
        seen = [pair for pair in pairs if name in pair.levels]
        if not seen:
            continue
        kappa, inside = figures[f"{name}.kappa"], len({pair.reply.session for pair in seen})
        dimensions[name] = DimensionAgreement(
            n=len(seen),
            calls=inside,
            kappa=kappa,
            error=kappa_error(table),
            by_error=kappa_interval(table),
            same=figures[f"{name}.same"],
            bias=figures[f"{name}.bias"],
            table=table,
            verdict=says(name, kappa, missing(table, inside)),
            leans=leaning(figures[f"{name}.bias"]),
        )
    return Comparison(
        first=first,
        second=second,
        against=against,
        ratings=sum(bool(pair.levels) for pair in pairs),
        replies=len({(pair.reply.session, pair.reply.branch, pair.reply.turn) for pair in pairs if pair.levels}),
        calls=len(calls),
        dimensions=dimensions,
        worst=tuple(_worst(pairs)),
        verdict=whole_verdict({name: each.verdict for name, each in dimensions.items()}),
    )


def _measures(name: Rated, pairs: Iterable[_Pair], calls: Mapping[str, int], *, both_ways: bool) -> dict[str, Measure]:
    """What is measured of one dimension. `both_ways`: nobody is the first, each pair counts half either way."""
    seen = [(calls[pair.reply.session], pair.levels[name]) for pair in pairs if name in pair.levels]
    cells = [(call, cell, 1.0) for call, cell in seen]
    if both_ways:
        cells = [(call, turned, 0.5) for call, (a, b) in seen for turned in ((a, b), (b, a))]
    levels = HIGHEST[name] + 1
    tally, n = Tally(cells), len(seen)
    return {
        f"{name}.kappa": Measure(n, tally, lambda counts: kappa_of(_table(counts, levels))),
        f"{name}.same": Measure(n, tally, lambda counts: _mean(counts, lambda a, b: a == b)),
        f"{name}.bias": Measure(n, tally, lambda counts: _mean(counts, lambda a, b: a - b)),
    }


def _table(counts: Counts, levels: int) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(counts.get((a, b), 0) for b in range(levels)) for a in range(levels))


def _mean(counts: Counts, of: Callable[[int, int], float]) -> float | None:
    total = sum(counts.values())
    return sum(of(*cell) * times for cell, times in counts.items()) / total if total else None


def _worst(pairs: Iterable[_Pair]) -> list[Disagreement]:
    """The replies on which the raters are farthest apart, by the sum of the squared shares of the scales."""
    found = []
    for pair in pairs:
        apart = {name: both for name, both in pair.levels.items() if both[0] != both[1]}
        far = sum(((one - other) / HIGHEST[name]) ** 2 for name, (one, other) in apart.items())
        if apart:
            found.append((far, pair, apart))
    found.sort(key=lambda each: -each[0])
    return [
        Disagreement(
            session=pair.reply.session,
            branch=pair.reply.branch,
            turn=pair.reply.turn,
            persona=pair.reply.persona,
            customer=pair.reply.customer,
            reply=pair.reply.text,
            first=pair.first,
            second=pair.second,
            kind=pair.kind,
            levels=apart,
            far=round(far, 4),
        )
        for far, pair, apart in found[:WORST]
    ]

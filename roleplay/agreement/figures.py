"""How far a scorer agrees with labels: every figure with its interval, beside the cheap baselines."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from roleplay.agreement.baselines import STORIES, BagOfWords, as_levels, empathy_words
from roleplay.agreement.bootstrap import RESAMPLES, Counts, Figure, Measure, Tally, with_intervals
from roleplay.agreement.measures import kappa_of, pairs_in, spearman_of
from roleplay.scoring.assessment import SCORED, Assessment, Scored
from roleplay.scoring.items import LabelledItem

LEAST_TAGGED = 8
"""Replies that a tag must have before anything is said of it."""
AIMED = frozenset({"grader_text", "faked_customer_turn"})
"""Tags of replies with words aimed at a scorer."""

_BIAS = "bias of the tag "

Facet = Literal["story", "writer", "tag"]
Unit = Literal["stories", "moments", "replies"]


class Rated(NamedTuple):
    """A labelled reply and what the scorer made of it: None where there is no verdict. `raised`: by an attack."""

    item: LabelledItem
    given: Assessment | None
    raised: bool | None = None

    @property
    def overall(self) -> tuple[int, int] | None:
        """`overall` as given and as labelled, where there are both."""
        if self.given is None or self.given.overall is None or self.item.overall is None:
            return None
        return self.given.overall, self.item.overall

    def levels(self, name: Scored) -> tuple[int, int] | None:
        """The level of a dimension or of `harm` as given and as labelled, where there are both."""
        given, label = self.given.scores[name] if self.given else None, self.item.label(name)
        return None if given is None or label is None else (given, label)

    @property
    def rank(self) -> float:
        """`overall` as given before it was made whole; of a scorer that gives no more, with the turn score for ties."""
        assert self.given is not None
        if self.given.near is not None:
            return self.given.near
        return (self.given.overall or 0) + (self.given.turn_score or 0) / 1000


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The main figures on the replies of one story, writer or tag, which are `n`."""

    n: int
    figures: dict[str, Figure]


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How far a scorer agrees with labels.

    `n` replies at `moments` of `stories` by `writers` (0: the file names none). `figures` by name: ``overall.qwk``,
    ``overall.spearman`` and ``overall.pairs`` (both by `overall` before it was made whole) and the same ``_by_level``
    by whole levels, ``<dimension>.qwk``, ``harm.…``, ``injection.…``, ``unsure``, ``not_scored``. `bias`: the mean of
    `overall` given less labelled, of 4, by tag. `baselines`: figures of what is cheap, by name; None where undefined.
    `by`: the main figures by what was asked for. `resampled`: what was drawn to get the intervals, how many there are,
    and how often; `alone`: replies without a story that were drawn by themselves or with their moment.
    """

    n: int
    moments: int
    stories: int
    writers: int
    figures: dict[str, Figure]
    bias: dict[str, Figure]
    baselines: dict[str, dict[str, float | None]]
    by: dict[str, Group]
    resampled: Unit
    clusters: int
    resamples: int
    alone: int


def agreement_of(rated: Sequence[Rated], by: Facet | None = None, resamples: int = RESAMPLES) -> Agreement:
    """How far a scorer agrees with the labels of `rated`."""
    unit, clusters = _clusters([each.item for each in rated])
    count = len(set(clusters))
    measures = _measures(rated, clusters) | {f"{_BIAS}{tag}": _bias(rated, clusters, tag) for tag in _tags(rated)}
    found = with_intervals(measures, count, resamples)
    groups = _groups(rated, by) if by else {}
    return Agreement(
        n=len(rated),
        moments=len({each.item.place for each in rated} - {None}),
        stories=len({each.item.story for each in rated if each.item.story}),
        writers=len({each.item.writer for each in rated if each.item.writer}),
        figures={name: figure for name, figure in found.items() if not name.startswith(_BIAS)},
        bias={name.removeprefix(_BIAS): figure for name, figure in found.items() if name.startswith(_BIAS)},
        baselines=_baselines(rated),
        by={name: Group(n=len(group), figures=_main(group)) for name, group in groups.items()},
        resampled=unit,
        clusters=count,
        resamples=resamples if count > 1 else 0,
        alone=sum(not each.item.story for each in rated) if unit == "stories" else 0,
    )


def _clusters(items: Sequence[LabelledItem]) -> tuple[Unit, list[int]]:
    """What is drawn as a whole, the coarsest of which there are several, and the number of the one of each reply."""
    stories, moments = {item.story for item in items if item.story}, {item.place for item in items if item.place}
    if len(stories) > 1:
        unit: Unit = "stories"
        names: list[Hashable] = [item.story or item.place or index for index, item in enumerate(items)]
    elif len(moments) > 1:
        unit, names = "moments", [item.place or index for index, item in enumerate(items)]
    else:
        unit, names = "replies", [*range(len(items))]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return unit, [numbers[name] for name in names]


def _measures(rated: Sequence[Rated], clusters: Sequence[int]) -> dict[str, Measure]:
    """All measures but the bias by tag."""
    aimed = [(k, *each.overall) for k, each in _with(rated, clusters) if each.overall and _is_aimed(each)]
    attacked = [(k, each.raised) for k, each in _with(rated, clusters) if each.raised is not None]
    scored = [(k, each.given) for k, each in _with(rated, clusters) if each.given and each.given.scorable]
    return {
        **_overall(rated, clusters),
        **{f"{name}.qwk": _kappa(((k, each.levels(name)) for k, each in _with(rated, clusters)), 3) for name in SCORED},
        "harm.grave_as_grave": _found(rated, clusters, 2, 2),
        "harm.grave_as_any": _found(rated, clusters, 2, 1),
        "harm.none_as_any": _found(rated, clusters, 0, 1),
        "harm.none_as_grave": _found(rated, clusters, 0, 2),
        "injection.gain": _mean((k, given - label) for k, given, label in aimed),
        "injection.above_label": _mean((k, given > label) for k, given, label in aimed),
        "injection.raised_by_attack": _mean(attacked),
        "unsure": _mean((k, given.unsure) for k, given in scored),
        "not_scored": _mean((k, not (each.given and each.given.scorable)) for k, each in _with(rated, clusters)),
    }


def _overall(rated: Sequence[Rated], clusters: Sequence[int]) -> dict[str, Measure]:
    both = [(k, each, each.overall) for k, each in _with(rated, clusters) if each.overall]
    given, labels = [pair[0] for _, _, pair in both], [pair[1] for _, _, pair in both]
    where, places = [k for k, _, _ in both], [each.item.place for _, each, _ in both]
    ranks = [each.rank for _, each, _ in both]
    return {
        "overall.qwk": _kappa(zip(where, zip(given, labels, strict=True), strict=True), 5),
        "overall.spearman": _spearman(where, ranks, labels),
        "overall.pairs": _pairs(where, ranks, labels, places),
        "overall.spearman_by_level": _spearman(where, given, labels),
        "overall.pairs_by_level": _pairs(where, given, labels, places),
    }


def _main(rated: Sequence[Rated]) -> dict[str, Figure]:
    """The figures that are told of a part of the replies, without intervals: the parts are small."""
    alone = [0] * len(rated)
    measures = {
        **{name: measure for name, measure in _overall(rated, alone).items() if "_by_level" not in name},
        "harm.grave_as_any": _found(rated, alone, 2, 1),
        "harm.none_as_any": _found(rated, alone, 0, 1),
        "bias": _bias(rated, alone),
    }
    return {name: Figure(measure.n, measure.value) for name, measure in measures.items()}


def _with(rated: Sequence[Rated], clusters: Sequence[int]) -> Iterator[tuple[int, Rated]]:
    return zip(clusters, rated, strict=True)


def _is_aimed(each: Rated) -> bool:
    return not AIMED.isdisjoint(each.item.tags or ())


def _kappa(seen: Iterable[tuple[int, tuple[int, int] | None]], levels: int) -> Measure:
    cells = [(cluster, cell, 1.0) for cluster, cell in seen if cell is not None]

    def of(counts: Counts) -> float | None:
        return kappa_of([[int(counts.get((a, b), 0)) for b in range(levels)] for a in range(levels)])

    return Measure(len(cells), Tally(cells), of)


def _spearman(where: Sequence[int], values: Sequence[float], labels: Sequence[int]) -> Measure:
    cells = [(cluster, cell, 1) for cluster, *cell in zip(where, values, labels, strict=True)]
    tally = Tally((cluster, tuple(cell), times) for cluster, cell, times in cells)
    return Measure(len(cells), tally, lambda counts: spearman_of({cell: int(n) for cell, n in counts.items()}))


def _pairs(
    where: Sequence[int], values: Sequence[float], labels: Sequence[int], places: Sequence[tuple[str, str] | None]
) -> Measure:
    by_place: dict[tuple[str, str], list[int]] = {}
    for index, place in enumerate(places):
        if place is not None:
            by_place.setdefault(place, []).append(index)
    seen: list[tuple[int, str, float]] = []
    for members in by_place.values():
        right, pairs = pairs_in([values[i] for i in members], [labels[i] for i in members])
        seen += [(where[members[0]], "right", right), (where[members[0]], "all", pairs)]
    return Measure(int(sum(n for _, what, n in seen if what == "all")), Tally(seen), _ratio("right", "all"))


def _mean(values: Iterable[tuple[int, float]]) -> Measure:
    known = list(values)
    seen = [(cluster, "sum", float(value)) for cluster, value in known]
    seen += [(cluster, "all", 1.0) for cluster, _ in known]
    return Measure(len(known), Tally(seen), _ratio("sum", "all"))


def _ratio(part: str, whole: str) -> Callable[[Counts], float | None]:
    return lambda counts: counts.get(part, 0) / counts[whole] if counts.get(whole) else None


def _found(rated: Sequence[Rated], clusters: Sequence[int], labelled: int, at_least: int) -> Measure:
    """The share of the replies whose harm is `labelled` to which the scorer gives `at_least` that much."""
    pairs = ((k, each.levels("harm")) for k, each in _with(rated, clusters))
    return _mean((k, pair[0] >= at_least) for k, pair in pairs if pair and pair[1] == labelled)


def _bias(rated: Sequence[Rated], clusters: Sequence[int], tag: str | None = None) -> Measure:
    """The mean of `overall` given less labelled, on the replies with `tag`, or on all."""
    chosen = [(k, each) for k, each in _with(rated, clusters) if tag is None or tag in (each.item.tags or ())]
    return _mean((k, each.overall[0] - each.overall[1]) for k, each in chosen if each.overall)


def _tags(rated: Sequence[Rated]) -> list[str]:
    """The tags that are told of, the most frequent first."""
    counts: dict[str, int] = {}
    for each in rated:
        for tag in set(each.item.tags or ()) if each.overall else ():
            counts[tag] = counts.get(tag, 0) + 1
    return sorted((tag for tag in counts if counts[tag] >= LEAST_TAGGED), key=lambda tag: (-counts[tag], tag))


def _groups(rated: Sequence[Rated], by: Facet) -> Mapping[str, Sequence[Rated]]:
    names = {
        "tag": lambda: _tags(rated),
        "story": lambda: sorted({each.item.story for each in rated if each.item.story}),
        "writer": lambda: sorted({each.item.writer for each in rated if each.item.writer}),
    }[by]()
    if by == "tag":
        return {name: [each for each in rated if name in (each.item.tags or ())] for name in names}
    return {name: [each for each in rated if getattr(each.item, by) == name] for name in names}


def _baselines(rated: Sequence[Rated]) -> dict[str, dict[str, float | None]]:
    """What is cheap, measured on the replies that were scored."""
    replies = [each.item.said for each in rated]
    found = {
        "length": _baseline(rated, [float(len(reply)) for reply in replies]),
        "empathy_words": _baseline(rated, [float(empathy_words(reply)) for reply in replies]),
    }
    stories = [each.item.story for each in rated]
    if len(set(filter(None, stories))) >= STORIES:
        bag = BagOfWords(replies)
        found["bag_of_words"] = _baseline(rated, bag.left_out([each.item.overall for each in rated], stories))
        for name in SCORED:
            values = bag.left_out([each.item.label(name) for each in rated], stories)
            found["bag_of_words"][f"{name}.qwk"] = _leveled(values, [each.levels(name) for each in rated], 3)
    return found


def _baseline(rated: Sequence[Rated], values: Sequence[float]) -> dict[str, float | None]:
    scored = [(value, each) for value, each in zip(values, rated, strict=True) if each.overall]
    kept, labels = [value for value, _ in scored], [each.overall[1] for _, each in scored if each.overall]
    alone = [0] * len(scored)
    return {
        "overall.qwk": _leveled(values, [each.overall for each in rated], 5),
        "overall.spearman": _spearman(alone, kept, labels).value,
        "overall.pairs": _pairs(alone, kept, labels, [each.item.place for _, each in scored]).value,
    }


def _leveled(values: Sequence[float], pairs: Sequence[tuple[int, int] | None], levels: int) -> float | None:
    """The weighted kappa of `values`, cut into levels, with the labels, which come second in `pairs`."""
    both = [(value, pair[1]) for value, pair in zip(values, pairs, strict=True) if pair]
    labels = [label for _, label in both]
    given = as_levels([value for value, _ in both], labels)
    return _kappa(((0, cell) for cell in zip(given, labels, strict=True)), levels).value

"""Fits the offline scorer of a workspace to what its coaches found: a small correction of each head's cuts.

The weights stay. Each head gets the shift and the scale, out of a grid, with which it agrees best with the labels, less
a price for every step away from the shipped scorer. Whether that helps is measured on calls that were left out; a head
that is not helped keeps the shipped cuts. docs/calibration.md tells more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from math import log
from typing import NamedTuple
from zlib import crc32

import msgspec

from roleplay.agreement.bootstrap import TAIL, Counts, Figure, Measure, Tally, with_intervals
from roleplay.agreement.measures import kappa_of
from roleplay.english import looks_english
from roleplay.review.labels import Kind, Rating, known_by
from roleplay.scoring.assessment import SCORED
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.grounding import ground
from roleplay.scoring.offline.heads import HEADS, Head, HeadName, Heads, Where, shipped
from roleplay.scoring.offline.scorer import VERSION, OfflineScorer, Taken
from roleplay.scoring.offline.tuned import (
    FORMAT,
    LEAST_SCALE,
    MOST_SCALE,
    MOST_SHIFT,
    Correction,
    Provenance,
    Tuned,
    corrected,
    fingerprint,
    with_cuts,
)
from roleplay.scoring.overruled import HIGHEST
from roleplay.scoring.rubric import default_rubric

LEAST_RATINGS = 60
"""Blind ratings below which nothing is fitted: a gain worth having could not be told from chance."""
LEAST_CALLS = 20
"""Calls below which nothing is fitted."""
PRIOR = 12.0
"""How strongly the shipped cuts hold: a head is shifted by the most, or scaled by the most, only where its weighted
kappa grows by this, divided by the number of ratings, or more; half the way costs a quarter of that."""
PARTS = 10
"""Parts of the calls that are left out in turn."""
RESAMPLES = 2_000

_SHIFTS = tuple(round(step * 0.05, 2) for step in range(-10, 11))
_SCALES = (LEAST_SCALE, 0.82, 0.9, 1.0, 1.1, 1.2, MOST_SCALE)


def _price(correction: Correction) -> float:
    return (correction.shift / MOST_SHIFT) ** 2 + (log(correction.scale) / log(MOST_SCALE)) ** 2


_GRID = sorted(
    (Correction(shift=shift, scale=scale) for shift in _SHIFTS for scale in _SCALES),
    key=lambda each: (_price(each), each.shift, each.scale),
)


class Gain(msgspec.Struct, frozen=True, kw_only=True):
    """What a head's correction brings on calls that were left out of fitting it, by weighted kappa on `n` ratings.

    `gain` has an interval that holds for all heads together. `correction` is the one fitted to all calls. `helps`: the
    interval leaves 0 out.
    """

    n: int
    before: float | None
    after: float | None
    gain: Figure
    correction: Correction
    helps: bool


class Refit(msgspec.Struct, frozen=True, kw_only=True):
    """What fitting came to. `ratings` and `calls` are those that could be used; `gains` by head, empty for too few.

    `more_ratings` and `more_calls`: how many are wanting before anything is fitted. `tuned`: what is to be kept; None
    where nothing helps.
    """

    ratings: int
    calls: int
    more_ratings: int
    more_calls: int
    gains: dict[HeadName, Gain]
    tuned: Tuned | None


class _Row(NamedTuple):
    """A rating of a reply that cuts decide on. `levels[head][raw level]` is what comes of it after the gates.

    Of `overall` that depends on the other heads, and is worked out by `_seen`. `blind`: it is measured on.
    """

    taken: Taken
    occasion: Occasion
    levels: Mapping[HeadName, tuple[int, ...]]
    rated: Mapping[HeadName, int]
    call: str
    part: int
    blind: bool


class _Seen(NamedTuple):
    """A rating as one head sees it: its value, where, what each raw level comes to, and the coach's level."""

    value: float
    where: Where
    levels: tuple[int, ...]
    label: int
    part: int

    def level(self, head: Head) -> int:
        """The level with the cuts of `head`."""
        return self.levels[bisect_right(head.cuts[self.where], self.value)]


class _Counted(NamedTuple):
    """What a correction gives: ``tables[part]``, level by label, flat; and whether it makes a grave harm smaller."""

    correction: Correction
    levels: int
    tables: Sequence[Sequence[int]]
    smaller: Sequence[bool]

    def agreement(self, left_out: int | None) -> tuple[int, float | None]:
        """How many ratings there are without a part, and the weighted kappa on them."""
        flat = [
            sum(cells) for cells in zip(*(t for part, t in enumerate(self.tables) if part != left_out), strict=True)
        ]
        table = [flat[begin : begin + self.levels] for begin in range(0, len(flat), self.levels)]
        return sum(flat), kappa_of(table)

    def hides_harm(self, left_out: int | None) -> bool:
        """Whether it makes a grave harm smaller, of those without a part."""
        return any(smaller for part, smaller in enumerate(self.smaller) if part != left_out)


class _Fit(NamedTuple):
    """What a head is corrected by, fitted to all calls, and without each part of them."""

    whole: Correction
    without: Mapping[int, Correction]


def refit(rating: Rating, kinds: Sequence[Kind], *, by: str, now: str) -> Refit:
    """Fit the heads to the labels of `kinds`, and measure it on blind ratings of calls that were left out.

    `by`: who wants it; `now`: ISO 8601 in UTC. Replies in another language, silences, replies with words aimed at a
    scorer, and those with a fitting gesture are left out: no cut decides on them.
    """
    rows = _rows(rating, kinds)
    blind = [row for row in rows if row.blind]
    calls = len({row.call for row in blind})
    wanting = max(0, LEAST_RATINGS - len(blind)), max(0, LEAST_CALLS - calls)
    if any(wanting):
        return Refit(
            ratings=len(blind), calls=calls, more_ratings=wanting[0], more_calls=wanting[1], gains={}, tuned=None
        )
    gains = _gains(rows)
    kept = {name: gain.correction for name, gain in gains.items() if gain.helps and not gain.correction.nothing}
    tuned = _tuned(rating, kinds, kept, by, now) if kept else None
    return Refit(ratings=len(blind), calls=calls, more_ratings=0, more_calls=0, gains=gains, tuned=tuned)


def _tuned(rating: Rating, kinds: Sequence[Kind], kept: Mapping[HeadName, Correction], by: str, now: str) -> Tuned:
    labels = rating.labels(kinds)
    return Tuned(
        format=FORMAT,
        scorer=VERSION,
        weights=fingerprint(),
        made=now,
        by=by,
        labels=Provenance(
            ratings=sum(label.kind == "blind" for label in labels),
            overruled=sum(len(label.levels) for label in labels if label.kind == "overruled"),
            replies=sum(bool(reply.of(kinds)) for reply in rating.replies),
            calls=rating.calls(kinds),
            coaches=tuple(sorted({label.coach for label in labels})),
            first=min(label.at for label in labels),
            last=max(label.at for label in labels),
            known_by=known_by(labels),
        ),
        heads=dict(kept),
    )


def _rows(rating: Rating, kinds: Sequence[Kind]) -> list[_Row]:
    scorer = OfflineScorer(default_rubric())
    calls = sorted({reply.session for reply in rating.replies}, key=lambda name: (crc32(name.encode()), name))
    part_of = {name: at % PARTS for at, name in enumerate(calls)}
    rows = []
    for reply in rating.replies:
        labels = reply.of(kinds)
        if not labels or reply.gesture or not looks_english(reply.text):
            continue
        taken = scorer.take(reply.text, ground(reply.occasion, reply.history))
        if not taken.reply.heard or taken.reply.injected:
            continue
        each_raw = [taken.levels(dict.fromkeys(HEADS, raw), reply.occasion) for raw in range(3)]
        levels: dict[HeadName, tuple[int, ...]] = {name: tuple(found[name] for found in each_raw) for name in SCORED}
        call = reply.session
        rows += [
            _Row(taken, reply.occasion, levels, label.levels, call, part_of[call], label.kind == "blind")
            for label in labels
        ]
    return rows


def _gains(rows: Sequence[_Row]) -> dict[HeadName, Gain]:
    """All heads; `overall` last, with those of the others that are helped."""
    shared = dict.fromkeys(range(PARTS), shipped())
    others: dict[HeadName, _Fit] = {name: _fit(name, rows, shipped(), shared) for name in HEADS if name != "overall"}
    gains = _measured(rows, others, shared)
    helped = {name: fit for name, fit in others.items() if gains[name].helps}
    whole, without = shipped(), shared
    if helped:
        whole = corrected(whole, {name: fit.whole for name, fit in helped.items()})
        without = {
            part: corrected(heads, {name: fit.without[part] for name, fit in helped.items()})
            for part, heads in without.items()
        }
    return gains | _measured(rows, {"overall": _fit("overall", rows, whole, without)}, without)


def _fit(name: HeadName, rows: Sequence[_Row], whole: Heads, without: Mapping[int, Heads]) -> _Fit:
    """The head `name` fitted to all `rows`, the other heads being those of `whole`; and without each part."""
    mine = [row for row in rows if name in row.rated]
    different = {id(heads): heads for heads in (whole, *without.values())}
    counted = {ident: _counted(name, mine, heads) for ident, heads in different.items()}
    return _Fit(
        _best(counted[id(whole)], None),
        {part: _best(counted[id(heads)], part) for part, heads in without.items()},
    )


def _counted(name: HeadName, rows: Sequence[_Row], heads: Heads) -> list[_Counted]:
    """For each correction, the shipped cuts first, how often it gives which level for which, by part."""
    seen = [_seen(name, row, heads) for row in rows]
    as_shipped, levels = shipped().heads[name], HIGHEST[name] + 1
    before = [each.level(as_shipped) for each in seen]
    grave = [name == "harm" and each.label == HIGHEST["harm"] for each in seen]
    found = []
    for correction in _GRID:
        head = with_cuts(name, as_shipped, correction)
        tables = [[0] * (levels * levels) for _ in range(PARTS)]
        smaller = [False] * PARTS
        for each, old, is_grave in zip(seen, before, grave, strict=True):
            level = each.level(head)
            tables[each.part][level * levels + each.label] += 1
            smaller[each.part] |= is_grave and level < old
        found.append(_Counted(correction, levels, tables, smaller))
    return found


def _seen(name: HeadName, row: _Row, heads: Heads) -> _Seen:
    """`row` as the head `name` sees it where the other `heads` are these."""
    levels = row.levels.get(name)
    if levels is None:
        raw = row.taken.raw(heads.heads)
        levels = tuple(
            row.taken.levels({**raw, "overall": level}, row.occasion)["overall"]
            for level in range(HIGHEST["overall"] + 1)
        )
    return _Seen(row.taken.values[name], row.taken.where, levels, row.rated[name], row.part)


def _best(counted: Sequence[_Counted], left_out: int | None) -> Correction:
    """The correction that agrees best with the labels, less its price; none where nothing is to be told.

    A correction of harm by which a grave one would be found as less than the shipped scorer finds it is not taken.
    """
    best, most = Correction(), None
    for each in counted:
        n, agreement = each.agreement(left_out)
        if agreement is None or each.hides_harm(left_out):
            continue
        worth = agreement - PRIOR / n * _price(each.correction)
        if most is None or worth > most:
            most, best = worth, each.correction
    return best


def _measured(
    rows: Sequence[_Row], fits: Mapping[HeadName, _Fit], without: Mapping[int, Heads]
) -> dict[HeadName, Gain]:
    """What corrections bring on the parts that they were fitted without, by blind ratings."""
    blind = [row for row in rows if row.blind]
    calls = {call: number for number, call in enumerate(dict.fromkeys(row.call for row in blind))}
    measures: dict[str, Measure] = {}
    for name, fit in fits.items():
        after = {part: corrected(heads, {name: fit.without[part]}) for part, heads in without.items()}
        cells = []
        for row in blind:
            if name in row.rated:
                old = _seen(name, row, shipped()).level(shipped().heads[name])
                new = _seen(name, row, after[row.part]).level(after[row.part].heads[name])
                cells.append((calls[row.call], (old, new, row.rated[name]), 1.0))
        measures[name] = Measure(len(cells), Tally(cells), _difference(HIGHEST[name] + 1))
    gains = with_intervals(measures, len(calls), RESAMPLES, TAIL / len(HEADS))
    found: dict[HeadName, Gain] = {}
    for name, fit in fits.items():
        counts, gain = measures[name].tally.counts(), gains[name]
        before, after_all = (_kappa(counts, which, HIGHEST[name] + 1) for which in (0, 1))
        found[name] = Gain(
            n=gain.n,
            before=before,
            after=after_all,
            gain=gain,
            correction=fit.whole,
            helps=gain.low is not None and gain.low > 0,
        )
    return found


def _kappa(counts: Counts, which: int, levels: int) -> float | None:
    """The weighted kappa with the coaches before (0) or after (1) correcting."""
    table = [[0.0] * levels for _ in range(levels)]
    for given, times in counts.items():
        table[given[which]][given[2]] += times
    return kappa_of(table)


def _difference(levels: int) -> Callable[[Counts], float | None]:
    """By how much the weighted kappa grows."""

    def of(counts: Counts) -> float | None:
        before, after = _kappa(counts, 0, levels), _kappa(counts, 1, levels)
        return None if before is None or after is None else after - before

    return of

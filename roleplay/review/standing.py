"""What a number of calls show: score and trend, dimensions, what was met and missed, harm, safety, self-rating.

Nothing here says more than the number of calls allows: figures carry their `n` and an interval, and what rests on fewer
than `ENOUGH` is for a front end to grey out (`practice.standing.enough`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from math import fsum
from typing import NamedTuple, TypeVar

import msgspec

from roleplay.agreement.bootstrap import Figure
from roleplay.agreement.intervals import ratio, slope
from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.practice.days import day_of, monday_of, read_time
from roleplay.practice.standing import ENOUGH, Gap, Harm, Opportunities, Trend, Week, gap_of, trend_of
from roleplay.store.cohort import Call, Cell, Levels, Reached

Row = TypeVar("Row")
Key = TypeVar("Key")

_WEEK = timedelta(weeks=1)


class Counting(msgspec.Struct, frozen=True):
    """By whom the replies count: overruled by a coach, by a judge's verified verdict, or by the offline scorer."""

    coach: int
    judge: int
    offline: int

    @property
    def replies(self) -> int:
        """All of them."""
        return self.coach + self.judge + self.offline


class Safety(msgspec.Struct, frozen=True):
    """Replies at moments at which somebody's safety was at stake: dealt with, missed, or not scored."""

    handled: int
    missed: int
    unscored: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a number of calls show. `score` is the mean session score (0-100) over those that were scored.

    `dimensions` are shares (0-1) of what was called for. The intervals are those of `agreement.intervals`, with the
    calls of one trainee as a cluster, or with each call as one where there are fewer than `ENOUGH` trainees.
    """

    calls: int
    trainees: int
    score: Figure
    trend: Trend
    weeks: tuple[Week, ...]
    dimensions: dict[Dimension, Figure]
    opportunities: Opportunities
    harm: Harm
    safety: Safety
    self_rating: Gap
    counting: Counting


class Played(NamedTuple):
    """A call with its levels; `at` and `monday` are None where its time is no time."""

    call: Call
    levels: Levels
    at: datetime | None
    monday: date | None


def standing_of(played: Sequence[Played], cells: Sequence[Cell], safety: Collection[tuple[str, str]]) -> Standing:
    """What the calls `played` show, whose replies `cells` counts; `safety` are the persona and moment of those at which
    somebody's safety was at stake.
    """
    trainees = len({each.call.trainee for each in played})
    clusters = _clusters(played, by_trainee=trainees >= ENOUGH)
    at_stake = [cell for cell in cells if (cell.persona, cell.moment) in safety]
    replies, coach, judge = total(cells, "replies"), total(cells, "coach"), total(cells, "judge")
    missed, unscored = total(at_stake, "unsafe"), total(at_stake, "unscored")
    return Standing(
        calls=len(played),
        trainees=trainees,
        score=mean_score(clusters),
        trend=_trend(played),
        weeks=_weeks(played),
        dimensions={name: _dimension(clusters, index) for index, name in enumerate(DIMENSIONS)},
        opportunities=Opportunities(total(cells, "met"), total(cells, "partly"), total(cells, "missed")),
        harm=Harm(total(cells, "sure_harm"), total(cells, "unsure_harm")),
        safety=Safety(total(at_stake, "replies") - missed - unscored, missed, unscored),
        self_rating=_gap([each.call for each in played]),
        counting=Counting(coach, judge, replies - coach - judge),
    )


def played_from(call: Call, levels: Levels) -> Played:
    """`call` with the time and the week it was begun in, as far as its time can be read."""
    at, day = read_time(call.started), day_of(call.started)
    return Played(call, levels, at, monday_of(day)) if at and day else Played(call, levels, None, None)


def _clusters(played: Sequence[Played], *, by_trainee: bool) -> list[list[Played]]:
    return list(by(played, lambda each: each.call.trainee).values()) if by_trainee else [[each] for each in played]


def mean_score(clusters: Iterable[Sequence[Played]]) -> Figure:
    """The mean score (0-100) of all scored calls of `clusters`."""
    scores = [[each.call.score for each in cluster if each.call.score is not None] for cluster in clusters]
    return ratio(((fsum(each), len(each)) for each in scores), sum(map(len, scores)), most=100.0)


def _dimension(clusters: Iterable[Sequence[Played]], index: int) -> Figure:
    """The share of what was called for: half the mean level."""
    counted = [
        (
            fsum(each.levels.reached[index] for each in cluster) / 2,
            sum(each.levels.called_for[index] for each in cluster),
        )
        for cluster in clusters
    ]
    return ratio(counted, sum(size for _, size in counted))


def _weeks(played: Iterable[Played]) -> tuple[Week, ...]:
    scores: dict[date, list[float]] = defaultdict(list)
    for each in played:
        if each.monday and each.call.score is not None:
            scores[each.monday].append(each.call.score)
    return tuple(
        Week(day.isoformat(), len(scores[day]), fsum(scores[day]) / len(scores[day])) for day in sorted(scores)
    )


def _trend(played: Sequence[Played]) -> Trend:
    """The slope within trainees, so that it tells of people who change and not of other people who call."""
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for each in played:
        if each.at and each.call.score is not None:
            points[each.call.trainee].append((each.at.timestamp() / _WEEK.total_seconds(), each.call.score))
    n = sum(map(len, points.values()))
    groups = [each for each in points.values() if len(each) > 1]
    lacking = ""
    if n < ENOUGH:
        lacking = f"it takes {ENOUGH} scored calls"
    elif len(points) > 1 and len(groups) < ENOUGH:
        lacking = f"over several trainees it takes {ENOUGH} with two calls or more"
    weeks = max((max(group)[0] - min(group)[0] for group in groups), default=0.0)
    return trend_of(slope(groups, n), weeks, lacking=lacking)


def _gap(calls: Iterable[Call]) -> Gap:
    return gap_of([(call.rating, call.score) for call in calls if call.rating is not None and call.score is not None])


def by(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    """`rows` by their key, in order; nothing for a key that none has."""
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def total(rows: Iterable[Cell] | Iterable[Reached], column: str) -> int:
    """The sum of a column of counts."""
    return sum(getattr(row, column) for row in rows)

"""What whole calls and tests came to: their scores, persona by persona, and beside the trainee's own ratings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import fsum

import msgspec

from roleplay.agreement.bootstrap import Figure
from roleplay.agreement.intervals import TAIL, ratio, slope
from roleplay.practice.days import day_of, monday_of, read_time
from roleplay.practice.skill import HALF_LIFE
from roleplay.practice.standing import ENOUGH, POINTS_A_RATING, Gap, Trend, Week, gap_of, mean_score, trend_of
from roleplay.practice.trends import TREND_OVER
from roleplay.store.own import OwnCall, OwnTest
from roleplay.store.practised import Practised

_WEEK = timedelta(weeks=1)


class Scores(msgspec.Struct, frozen=True):
    """The scores (0-100) of whole calls: their recency-weighted mean, the trend of the last eight weeks, each week."""

    calls: int
    now: Figure
    trend: Trend
    weeks: tuple[Week, ...]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """An unaided test: `answered` of `moments` have a reply.

    `score` is the mean of those scored (0-100), or None. `asked`: its trainee rated it or skipped that; `rating` is
    0-4, None if skipped.
    """

    started: str
    moments: int
    answered: int
    score: float | None
    asked: bool
    rating: int | None

    @property
    def over(self) -> bool:
        """Whether every moment has a reply, or nothing more is asked: of moments that are in no persona any more."""
        return self.asked or self.answered >= self.moments


class PersonaProgress(msgspec.Struct, frozen=True, kw_only=True):
    """The calls with one persona that have ended, its five-minute form apart; scores 0-100, None if none was scored."""

    persona: str
    title: str
    short: bool
    calls: int
    best: float | None
    latest: float | None
    latest_at: str
    trend: Trend


class SelfRating(msgspec.Struct, frozen=True):
    """The trainee's own ratings of calls and tests beside the scores: the gap in points, and how it moves a week.

    `skipped` were asked for and left out.
    """

    gap: Gap
    trend: Trend
    skipped: int


def scores_of(calls: Sequence[OwnCall], now: datetime) -> Scores:
    """The scores of `calls` at `now`, which has a time zone."""
    points = [(at, call.score) for call in calls if call.score is not None and (at := read_time(call.started))]
    newest = min(max((at for at, _ in points), default=now), now)
    weights = [0.5 ** (max(timedelta(0), newest - at) / HALF_LIFE) for at, _ in points]
    mean = ratio(
        ((weight * score, weight) for weight, (_, score) in zip(weights, points, strict=True)), len(points), most=100.0
    )
    weeks: dict[date, list[float]] = defaultdict(list)
    for at, score in points:
        day = day_of(at.isoformat())
        if day:
            weeks[monday_of(day)].append(score)
    return Scores(
        len(calls),
        mean,
        _score_trend(
            [(at, score) for at, score in points if now - at <= TREND_OVER], what="scored calls within eight weeks"
        ),
        tuple(
            Week(monday.isoformat(), len(weeks[monday]), fsum(weeks[monday]) / len(weeks[monday]))
            for monday in sorted(weeks)
        ),
    )


def _score_trend(points: Sequence[tuple[datetime, float]], looks: int = 1, what: str = "scored calls") -> Trend:
    """The trend of single figures with their times; `looks` of them are told together, so intervals are wider."""
    weeks = [(at.timestamp() / _WEEK.total_seconds(), figure) for at, figure in points]
    apart = max(weeks)[0] - min(weeks)[0] if weeks else 0.0
    lacking = f"it takes {ENOUGH} {what}" if len(points) < ENOUGH else ""
    return trend_of(slope([weeks], len(weeks), TAIL / looks), apart, "calls", lacking)


def tests_of(practised: Sequence[Practised], tests: Sequence[OwnTest]) -> tuple[Taken, ...]:
    """The `tests` with what was `practised` in them, oldest first."""
    replies: dict[str, list[Practised]] = defaultdict(list)
    for each in practised:
        if each.source == "test":
            replies[each.within].append(each)
    return tuple(
        Taken(
            started=test.at,
            moments=test.moments,
            answered=len(replies[test.id]),
            score=mean_score([each.turn_score for each in replies[test.id]]),
            asked=test.asked,
            rating=test.rating,
        )
        for test in tests
    )


def personas_of(calls: Sequence[OwnCall]) -> tuple[PersonaProgress, ...]:
    """What the `calls` came to with each persona; the one played last comes first."""
    forms: dict[tuple[str, bool], list[OwnCall]] = defaultdict(list)
    for call in calls:
        form = call.persona, call.short
        forms[form] = [*forms.pop(form, []), call]
    points = {
        form: [(at, call.score) for call in played if call.score is not None and (at := read_time(call.started))]
        for form, played in forms.items()
    }
    looks = max(1, sum(len(each) >= ENOUGH for each in points.values()))
    found = []
    for (persona, short), played in reversed(forms.items()):
        scores = [call.score for call in played if call.score is not None]
        found.append(
            PersonaProgress(
                persona=persona,
                title=played[-1].title,
                short=short,
                calls=len(played),
                best=max(scores, default=None),
                latest=played[-1].score,
                latest_at=played[-1].started,
                trend=_score_trend(points[persona, short], looks),
            )
        )
    return tuple(found)


def self_rating_of(calls: Sequence[OwnCall], tests: Sequence[Taken]) -> SelfRating:
    """How the ratings of `calls` and `tests` compare with their scores."""
    every: list[OwnCall | Taken] = [*calls, *(test for test in tests if test.over)]
    every.sort(key=lambda each: each.started)
    rated = [(each.started, each.rating, each.score) for each in every if each.rating is not None]
    pairs = [(at, rating, score) for at, rating, score in rated if score is not None]
    points = [(time, POINTS_A_RATING * rating - score) for at, rating, score in pairs if (time := read_time(at))]
    return SelfRating(
        gap_of([(rating, score) for _, rating, score in pairs]),
        _score_trend(points, what="rated calls or tests"),
        sum(each.asked and each.rating is None for each in every),
    )

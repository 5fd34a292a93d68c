"""A trainee's progress: what calls, drills and tests show together, as a record that any front end can tell.

Nothing here says more than there is to say it from: what is recent weighs more, every figure carries its `n`, and one
call is never a trend.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec

from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.practice.days import day_of, monday_of
from roleplay.practice.missed import Missed, MomentKey, Unsafe, missed_of, passed_over
from roleplay.practice.results import (
    PersonaProgress,
    Scores,
    SelfRating,
    Taken,
    personas_of,
    scores_of,
    self_rating_of,
    tests_of,
)
from roleplay.practice.skill import HIGHEST, Skill, skills, weakest_of
from roleplay.practice.standing import Harm, Opportunities, Trend
from roleplay.practice.trends import Dated, trends
from roleplay.store.own import OwnCall, OwnTest
from roleplay.store.practised import Practised

LATELY = timedelta(days=14)
"""What lies no further back is told apart from what was before."""

ROW = 28
"""Days of which it is shown whether anything was practised on them."""


class Given(NamedTuple):
    """Everything that is known of one trainee's practice, oldest first; `titles` of the dimensions by name."""

    practised: Sequence[Practised] = ()
    calls: Sequence[OwnCall] = ()
    tests: Sequence[OwnTest] = ()
    titles: Mapping[str, str] = {}


class Part(msgspec.Struct, frozen=True):
    """The replies of a week at which a dimension was called for, and the share (0-1) reached; None without replies."""

    n: int
    share: float | None


class DimensionWeek(msgspec.Struct, frozen=True):
    """A dimension in the week that begins on `monday`: in calls, and in drills and tests; without hints."""

    monday: str
    calls: Part
    drills: Part


class DimensionProgress(msgspec.Struct, frozen=True):
    """How one dimension goes: now, whether it rises or falls (points of 100 a week), and week by week."""

    title: str
    skill: Skill
    trend: Trend
    weeks: tuple[DimensionWeek, ...]


class Heard(msgspec.Struct, frozen=True):
    """What became of the replies of a time, without those before which a hint was seen."""

    replies: int
    opportunities: Opportunities
    harm: Harm
    unsafe: int


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """The progress of `trainee` on the day `today` (YYYY-MM-DD, where the computer is).

    `since` is the time from which on it looks (ISO 8601), empty: from the beginning. `calls`, `drills` and `tests`
    count replies by where they were given, `first` and `latest` are the days of the first and the last of them.
    `weakest` is the dimension of which least is reached now. `lately` are the last 14 days, and `passed_over` moments
    of them. `aided` replies, before which a hint was seen, are left out of everything but `calls` and `drills`. `due`
    are how many moments drills have for today, `drilled` how many drills there were since the last test, by day, and
    `days` those of the last 28 on which anything was practised.
    """

    trainee: str
    today: str
    since: str
    calls: int
    drills: int
    tests: int
    first: str
    latest: str
    scores: Scores
    dimensions: dict[Dimension, DimensionProgress]
    weakest: Dimension | None
    taken: tuple[Taken, ...]
    personas: tuple[PersonaProgress, ...]
    self_rating: SelfRating
    lately: Heard
    before: Heard
    aided: int
    missed: tuple[Missed, ...]
    passed_over: tuple[Unsafe, ...]
    due: int
    drilled: dict[str, int]
    days: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing was practised yet."""
        return not (self.calls or self.drills or self.tests or self.personas)


def progress_of(
    trainee: str,
    given: Given,
    now: datetime,
    *,
    since: str = "",
    comes_back: Mapping[MomentKey, date] | None = None,
    lines: Mapping[MomentKey, str] | None = None,
) -> Progress:
    """The progress of `trainee` at `now`, which has a time zone, by what is `given` and not before `since`.

    `comes_back`: when the schedule of drills brings each moment back; `lines`: what the customer says at those that are
    missed. What has a time that is no time is counted, and left out where time matters.
    """
    today, returns = now.astimezone().date(), comes_back or {}
    practised = [each for each in given.practised if each.at >= since]
    calls = [call for call in given.calls if call.started >= since]
    taken = tests_of(practised, [test for test in given.tests if test.at >= since])
    dated = [(day, each) for each in practised if (day := day_of(each.at))]
    unaided = [(day, each) for day, each in dated if not each.aided]
    days = sorted({day for day, _ in dated})
    sources = [each.source for each in practised]
    lately = today - LATELY
    dimensions = _dimensions(practised, dated, now, given.titles)
    return Progress(
        trainee=trainee,
        today=today.isoformat(),
        since=since,
        calls=sources.count("call"),
        drills=sources.count("drill"),
        tests=sources.count("test"),
        first=days[0].isoformat() if days else "",
        latest=days[-1].isoformat() if days else "",
        scores=scores_of([call for call in calls if not call.short], now),
        dimensions=dimensions,
        weakest=weakest_of({name: each.skill for name, each in dimensions.items()}),
        taken=taken,
        personas=personas_of(calls),
        self_rating=self_rating_of(calls, taken),
        lately=_heard(each for day, each in unaided if day > lately),
        before=_heard(each for day, each in unaided if day <= lately),
        aided=len(dated) - len(unaided),
        missed=missed_of(practised, returns, lines or {}),
        passed_over=passed_over(dated, lately),
        due=sum(day <= today for day in returns.values()),
        drilled=_drilled(dated, taken),
        days=tuple(day.isoformat() for day in days if today - timedelta(days=ROW) < day <= today),
    )


def _dimensions(
    practised: Sequence[Practised], dated: Sequence[Dated], now: datetime, titles: Mapping[str, str]
) -> dict[Dimension, DimensionProgress]:
    skill, trend = skills(practised, now), trends(dated, now.astimezone().date())
    weeks: dict[tuple[int, date], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for day, each in dated:
        if not each.aided:
            monday, first = monday_of(day), 0 if each.source == "call" else 2
            for index, level in enumerate(each.levels):
                if level is not None:
                    sums = weeks[index, monday]
                    sums[first] += 1
                    sums[first + 1] += level
    by_index: dict[int, list[DimensionWeek]] = defaultdict(list)
    for index, monday in sorted(weeks):
        calls, in_calls, drills, in_drills = weeks[index, monday]
        by_index[index].append(DimensionWeek(monday.isoformat(), _part(calls, in_calls), _part(drills, in_drills)))
    return {
        name: DimensionProgress(
            titles.get(name, name.replace("_", " ")), skill[name], trend[name], tuple(by_index[index])
        )
        for index, name in enumerate(DIMENSIONS)
    }


def _part(n: int, reached: int) -> Part:
    return Part(n, reached / (HIGHEST * n) if n else None)


def _heard(replies: Iterable[Practised]) -> Heard:
    those = list(replies)
    became = [each.opportunity for each in those]
    harmful = [each for each in those if each.harm]
    perhaps = sum(each.unsure for each in harmful)
    return Heard(
        len(those),
        Opportunities(became.count("met"), became.count("partly"), became.count("missed")),
        Harm(len(harmful) - perhaps, perhaps),
        sum(each.unsafe for each in those),
    )


def _drilled(dated: Iterable[Dated], taken: Sequence[Taken]) -> dict[str, int]:
    tested = max((test.started for test in taken), default="")
    drilled: dict[str, int] = defaultdict(int)
    for day, each in dated:
        if each.source == "drill" and each.at > tested:
            drilled[day.isoformat()] += 1
    return dict(sorted(drilled.items()))

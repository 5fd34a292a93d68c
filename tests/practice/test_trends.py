"""A trend is told where the trainee has changed, and hardly ever where only chance or other moments have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from roleplay.practice.trends import TREND_OVER, trends
from roleplay.store.practised import Practised
from tests.practice.month import MET, MISSED, PARTLY, TODAY, row
from tests.practice.synthetic import months


def told(rows: Iterable[tuple[int, Practised]]) -> Any:
    """The trend of acts, of replies that were given so many days ago."""
    return trends([(TODAY - timedelta(days=ago), each) for ago, each in rows], TODAY)["acts"]


def test_somebody_who_gets_better_is_rising_and_somebody_who_gets_worse_is_falling() -> None:
    levels = [MISSED, MISSED, PARTLY, PARTLY, MET, MET]
    rows = [(20 - 3 * n, row(0, level, moment=f"m{n}-{k}")) for n, level in enumerate(levels) for k in range(3)]
    rising = told(rows)
    assert (rising.says, rising.slope.n) == ("rising", 18)
    assert rising.slope.value == pytest.approx(7 * 1200 / 157.5)  # points a week, by least squares
    assert told((20 - ago, each) for ago, each in reversed(rows)).says == "falling"


def test_one_call_is_never_called_a_trend() -> None:
    call = [(3, row(3, MISSED if n < 10 else MET, source="call", moment=f"m{n}")) for n in range(20)]
    assert told(call).says == "no trend yet"
    assert told(call).because == "it takes 10 replies that can be compared, on 5 days"


def test_four_days_are_too_few_however_many_replies_there_are() -> None:
    rows = [
        (ago, row(ago, level, moment=f"m{n}"))
        for ago, level in ((12, MISSED), (8, MISSED), (4, MET), (0, MET))
        for n in range(9)
    ]
    assert told(rows).because.startswith("it takes 10 replies")


def test_five_days_within_a_week_are_too_near_each_other() -> None:
    rows = [(ago, row(ago, MISSED if ago > 2 else MET, moment=f"m{n}")) for ago in (5, 4, 3, 1, 0) for n in range(4)]
    assert told(rows).because == "the replies lie within a week"


def test_harder_customers_are_not_taken_for_a_fall() -> None:
    rows = [
        (20 - day, row(20 - day, level, persona=persona, moment=f"m{day}-{n}"))
        for persona, level, days in (("easy", MET, range(10)), ("hard", MISSED, range(10, 20)))
        for day in days
        for n in range(2)
    ]
    assert told(rows).says == "no trend yet"


def test_a_hint_is_left_out_of_a_trend() -> None:
    rows = [
        (20 - day, row(20 - day, MISSED if hint == 0 or day < 10 else MET, aided=hint, moment=f"m{day}-{hint}"))
        for day in range(20)
        for hint in (0, 1)
    ]
    assert (told(rows).says, told(rows).slope.value) == ("no trend yet", 0.0)


def test_a_moment_replied_to_after_a_hint_is_no_longer_new() -> None:
    """Moments seen before are met and new ones missed, on every day; of the former there come more and more."""
    rows = [(30, row(30, MISSED, aided=1, moment=f"seen{day}-{k}")) for day in range(20) for k in range(3)]
    rows += [
        (20 - day, row(20 - day, MET if seen else MISSED, moment=f"{'seen' if seen else 'new'}{day}-{k}"))
        for day in range(20)
        for k in range(4)
        for seen in (k < day // 5,)
    ]
    assert (told(rows).says, told(rows).slope.value) == ("no trend yet", pytest.approx(0))


def test_what_rose_long_ago_is_not_rising() -> None:
    long = TREND_OVER.days
    rows = [(long + 20 - day, row(0, MISSED if day < 10 else MET, moment=f"m{day}")) for day in range(20)]
    assert told(rows).says == "no trend yet"


def told_of(seeds: int, **how: Any) -> dict[str, float]:
    """In how many of `seeds` months, 0-1, any of the five dimensions is told to rise, and any to fall."""
    every = [{each.says for each in trends(*months(seed, **how)).values()} for seed in range(seeds)]
    return {says: sum(says in those for those in every) / seeds for says in ("rising", "falling")}


@pytest.mark.parametrize("easy_first", [True, False])
def test_somebody_who_does_not_change_is_hardly_ever_told_to_rise_or_fall(easy_first: bool) -> None:
    assert max(told_of(60, easy_first=easy_first).values()) <= 0.05


@pytest.mark.soak
@pytest.mark.parametrize("days", [15, 30, 60])
@pytest.mark.parametrize("easy_first", [True, False])
def test_somebody_who_does_not_change_is_told_to_rise_or_fall_in_one_of_twenty_months_at_most(
    easy_first: bool, days: int
) -> None:
    assert max(told_of(400, easy_first=easy_first, days=days).values()) <= 0.05


def test_somebody_who_learns_much_in_a_month_is_mostly_told_to_rise_and_never_to_fall() -> None:
    told = told_of(30, gain=4.0)
    assert (told["rising"] >= 0.6, told["falling"]) == (True, 0)

"""When a moment comes back: after 1, 3 and 7 days if it was missed, then later and later."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from roleplay.practice.drills.schedule import Schedule, grade_of
from tests.practice.drills.room import OPENING, living_in, row

TODAY = date(2026, 11, 2)


def on(day: int) -> str:
    return f"2026-11-{day:02}T09:00:00+00:00"


def test_a_moment_that_was_missed_comes_back_after_1_3_and_7_days_and_then_later() -> None:
    schedule = Schedule([row(on(2), opportunity="missed", overall=1)])
    days = []
    for _ in range(4):
        scheduled = schedule.get(OPENING)
        assert scheduled
        days.append(scheduled.day)
        schedule.add(row(f"{scheduled.day}T09:00:00+00:00"))
    assert [(later - earlier).days for earlier, later in zip([TODAY, *days], days, strict=False)] == [1, 3, 7, 20]
    scheduled = schedule.get(OPENING)
    assert scheduled and (scheduled.reps, scheduled.lapses, scheduled.missed) == (5, 1, False)


@pytest.mark.parametrize(
    ("changes", "first", "grade"),
    [
        ({"opportunity": "missed", "overall": 1}, False, "again"),
        ({"harm": 1}, False, "again"),
        ({"opportunity": "none", "overall": None}, True, "again"),
        ({"opportunity": "partly"}, False, "hard"),
        ({"unsure": True}, False, "hard"),
        ({"aided": 1, "overall": 4}, True, "hard"),
        ({}, False, "good"),
        ({"overall": 4}, False, "good"),
        ({"overall": 4}, True, "easy"),
        ({"opportunity": "none"}, True, None),
    ],
)
def test_how_a_reply_went_decides_how_long_it_rests(changes: dict[str, Any], first: bool, grade: str | None) -> None:
    assert grade_of(row(on(2), **changes), first=first) == grade


def test_what_is_due_tomorrow_is_due_from_the_morning_on_whenever_today_it_was_drilled() -> None:
    for zone in ("Pacific/Auckland", "America/Los_Angeles", "UTC"):
        with living_in(zone):
            late = Schedule([row("2026-11-02T23:50:00", opportunity="missed")]).get(OPENING)
            early = Schedule([row("2026-11-02T00:10:00", opportunity="missed")]).get(OPENING)
            assert late and early and (late.day - early.day).days <= 1
    with living_in("Europe/Berlin"):  # the day of 25 hours
        scheduled = Schedule([row("2026-10-24T22:30:00+00:00", opportunity="missed")]).get(OPENING)
        assert scheduled and scheduled.day == date(2026, 10, 26)


def test_of_several_replies_to_one_moment_in_a_call_the_first_counts() -> None:
    missed = row(on(2), opportunity="missed", source="call", within="a", turn=3)
    schedule = Schedule([missed, row("2026-11-02T09:01:00+00:00", source="call", within="a", turn=4)])
    scheduled = schedule.get(OPENING)
    assert scheduled and (scheduled.reps, scheduled.day, scheduled.missed_in) == (1, date(2026, 11, 3), ("a", 3))


def test_a_moment_missed_in_a_call_keeps_the_words_of_that_call_whatever_came_of_it_in_drills() -> None:
    schedule = Schedule([row(on(2), opportunity="missed", source="call", within="a", turn=3)])
    for drilled in (row(on(3), opportunity="missed"), row(on(4))):
        schedule.add(drilled)
        scheduled = schedule.get(OPENING)
        assert scheduled and scheduled.missed_in == ("a", 3)
    schedule.add(row(on(7), opportunity="missed", source="call", within="b", turn=1))
    scheduled = schedule.get(OPENING)
    assert scheduled and scheduled.missed_in == ("b", 1)


def test_replies_are_replayed_in_the_order_of_time_and_times_that_are_none_are_passed_over() -> None:
    rows = [row(on(5)), row("soon"), row(on(2), opportunity="missed"), row("9999-12-31T23:59:59+00:00"), row("")]
    assert [(each.day, each.reps) for each in Schedule(rows)] == [(date(2026, 11, 8), 2)]


def test_what_is_due_was_missed_first_on_the_same_day() -> None:
    schedule = Schedule(
        [row(on(2), moment="met"), row(on(4), moment="missed", opportunity="missed"), row(on(9), moment="later")]
    )
    assert [each.item.moment for each in schedule.due(date(2026, 11, 5))] == ["missed", "met"]
    assert schedule.due(date(2026, 11, 4)) == []

"""Times as they are kept, and days in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

from roleplay.practice.days import day_of, monday_of, on_day, read_time

TODAY = date(2026, 11, 2)


def test_days_are_told_in_words() -> None:
    told = [on_day(date(2026, 11, day), TODAY) for day in (1, 2, 3, 5, 30)]
    assert told == ["today", "today", "tomorrow", "in 3 days", "on 30 November"]
    assert on_day(date(2027, 1, 4), TODAY) == "on 4 January 2027"


def test_a_time_without_a_zone_is_utc_and_what_is_no_time_is_none() -> None:
    noon = datetime(2026, 11, 2, 12, tzinfo=UTC)
    assert read_time("2026-11-02T12:00:00") == read_time("2026-11-02T13:00:00+01:00") == noon
    assert day_of("2026-11-02T12:00:00") == noon.astimezone().date()
    assert [read_time("soon"), day_of("soon"), read_time("")] == [None, None, None]


def test_weeks_begin_on_monday() -> None:
    assert [monday_of(date(2026, 11, day)).day for day in (2, 5, 8, 9)] == [2, 2, 2, 9]

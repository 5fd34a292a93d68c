"""Times as they are kept, the days of the calendar here that they lie on, and days in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

_IN_DAYS = 13
"""Up to so many days are counted; what is further away is told by its date."""


def read_time(at: str) -> datetime | None:
    """The time that `at` (ISO 8601; without a zone it is UTC) tells, in UTC; None where it is no time."""
    try:
        time = datetime.fromisoformat(at)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def local_day(at: datetime) -> date:
    """The day of the calendar here on which that was. Raises OverflowError for a time at the end of all calendars."""
    return at.astimezone().date()


def day_of(at: str) -> date | None:
    """The day of the calendar here of an ISO 8601 time; None where it is no time."""
    time = read_time(at)
    try:
        return local_day(time) if time else None
    except (OverflowError, ValueError):
        return None


def monday_of(day: date) -> date:
    """The day that the week of `day` begins on."""
    return day - timedelta(days=day.weekday())


def on_day(day: date, today: date) -> str:
    """A day in words: “today”, “tomorrow”, “in 3 days”, “on 4 December”, with the year where it is another one."""
    days = (day - today).days
    if days <= 0:
        return "today"
    if days == 1:
        return "tomorrow"
    return f"in {days} days" if days <= _IN_DAYS else f"on {date_words(day, today)}"


def date_words(day: date, today: date) -> str:
    """A date in words: “4 December”, with the year where it is not this one."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day.day} {day:%B}{year}"

"""Dates as a person gives them to a command or a filter: 2026-11-04, today, yesterday, 7d, 2w."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from roleplay.errors import BadInput
from roleplay.text import one_line, quote, sanitise

FORMS = "2026-11-04, today, yesterday, 7d (days ago) or 2w (weeks ago)"
"""What can be given, for a person."""

_AGO = re.compile(r"(\d{1,5})\s*([dw])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAYS = {"d": 1, "w": 7}


def moment_of(text: str, now: datetime, *, end: bool = False) -> str:
    """The moment that `text` means: ISO 8601 in UTC, to the millisecond, as times are kept with calls.

    A day means its beginning where `now` is, or with `end`, for what lies before it, the beginning of the next; 7d is
    the day that was 7 days ago. A date with a time, such as 2026-11-04T09:30, is that moment. `now` has a time zone.
    Raises `BadInput` with one sentence.
    """
    given = one_line(sanitise(text)).casefold()
    try:
        moment, whole_day = _read(given, now)
        if whole_day:
            moment = _midnight(moment + timedelta(days=1 if end else 0), now)
        return moment.astimezone(UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError):
        raise BadInput(f"{quote(text, 40)} is no date.", mend=f"Give {FORMS}.") from None


def _read(given: str, now: datetime) -> tuple[datetime, bool]:
    """The moment, and whether a whole day was meant. Raises ValueError, OverflowError."""
    ago = _AGO.fullmatch(given)
    if given in ("today", "yesterday"):
        return now - timedelta(days=given == "yesterday"), True
    if ago:
        return now - timedelta(days=int(ago[1]) * _DAYS[ago[2]]), True
    moment = datetime.fromisoformat(given.upper())
    return (moment if moment.tzinfo else _here(moment, now)), bool(_DAY.fullmatch(given))


def _midnight(moment: datetime, now: datetime) -> datetime:
    return _here(moment.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None), now)


def _here(moment: datetime, now: datetime) -> datetime:
    """The wall clock's `moment` where `now` is: in this computer's zone, which may keep summer time, or a fixed one."""
    here = now.astimezone()
    if now.utcoffset() == here.utcoffset():
        return moment.astimezone()
    return moment.replace(tzinfo=now.tzinfo)

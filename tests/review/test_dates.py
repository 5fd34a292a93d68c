"""Dates are given as people say them, and mean days where the person is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from roleplay.errors import BadInput
from roleplay.review.dates import moment_of

NOW = datetime(2026, 11, 5, 1, 30, tzinfo=timezone(timedelta(hours=3)))
"""Still the 4th in UTC."""


@pytest.mark.parametrize(
    ("given", "means"),
    [
        ("2026-11-04", "2026-11-03T21:00:00.000+00:00"),
        ("today", "2026-11-04T21:00:00.000+00:00"),
        (" Today ", "2026-11-04T21:00:00.000+00:00"),
        ("yesterday", "2026-11-03T21:00:00.000+00:00"),
        ("0d", "2026-11-04T21:00:00.000+00:00"),
        ("7d", "2026-10-28T21:00:00.000+00:00"),
        ("2w", "2026-10-21T21:00:00.000+00:00"),
        ("2026-11-04T09:30", "2026-11-04T06:30:00.000+00:00"),
        ("2026-11-04t09:30z", "2026-11-04T09:30:00.000+00:00"),
    ],
)
def test_a_day_begins_where_the_person_is(given: str, means: str) -> None:
    assert moment_of(given, NOW) == means


def test_until_a_day_means_until_its_end() -> None:
    assert moment_of("2026-11-04", NOW, end=True) == moment_of("today", NOW)
    assert moment_of("2026-11-04T09:30", NOW, end=True) == moment_of("2026-11-04T09:30", NOW)


def test_what_it_gives_is_in_the_order_of_time() -> None:
    given = ["2w", "7d", "yesterday", "today"]
    assert [moment_of(each, NOW) for each in given] == sorted(moment_of(each, NOW) for each in given)
    assert moment_of("today", NOW) <= NOW.astimezone(UTC).isoformat(timespec="milliseconds")


@pytest.mark.parametrize(
    "given", ["", "soon", "7", "d7", "-7d", "9999999d", "2026-13-01", "2026-02-30", "0000-00-00", "\x1b[31m", "7d" * 99]
)
def test_anything_else_is_told_in_one_sentence_with_what_can_be_given(given: str) -> None:
    with pytest.raises(BadInput, match=r"is no date\. Give 2026-11-04, today") as caught:
        moment_of(given, NOW)
    assert "\x1b" not in str(caught.value)
    assert "\n" not in str(caught.value)

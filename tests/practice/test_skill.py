"""What a trainee can do just now: what is recent weighs more, hints are left out, and a pause changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from roleplay.practice.skill import HALF_LIFE, skills, weakest
from tests.practice.month import MET, MISSED, noon, row

NOW = noon(0)


def test_a_reply_weighs_half_as_much_after_the_half_life() -> None:
    rows = [row(HALF_LIFE / timedelta(days=1), MISSED), row(0, MET)]
    skill = skills(rows, NOW)["acts"]
    assert skill.now.value == pytest.approx(2 / 3)
    assert skill.effective == pytest.approx((1 + 0.5) ** 2 / (1 + 0.25))
    assert (skill.now.n, skill.latest) == (2, noon(0))


def test_a_pause_changes_nothing() -> None:
    rows = [row(9, MISSED), row(3, MET), row(2, (1, 1, 0, 1, 1))]
    assert skills(rows, noon(0)) == skills(rows, noon(-4_000))


def test_a_reply_after_a_hint_is_left_out_and_counted() -> None:
    skill = skills([row(2, MISSED), row(1, MET, aided=1)], NOW)["explores"]
    assert (skill.now.value, skill.now.n, skill.aided) == (0.0, 1, 1)


def test_only_what_was_called_for_counts() -> None:
    skill = skills([row(2, (2, None, None, 1, 0)), row(1, (None, None, 2, 1, 0))], NOW)
    assert [each.now.n for each in skill.values()] == [1, 0, 1, 2, 2]
    assert skill["names_need"].now.value is None
    assert skill["names_need"].latest == ""


def test_the_replies_of_one_sitting_are_alike_in_its_interval() -> None:
    """Ten good replies of one sitting and ten bad ones of another say less than those of twenty sittings."""
    together = [row(1, MET if n < 10 else MISSED, within=f"sitting-{n // 10}") for n in range(20)]
    apart = [each._replace(within=f"sitting-{n}") for n, each in enumerate(together)]
    wide, narrow = (skills(rows, NOW)["acts"].now for rows in (together, apart))
    assert wide.value == narrow.value == 0.5
    assert (wide.low, wide.high) == (0.0, 1.0)
    assert narrow.low is not None and narrow.low > 0.2


def test_times_that_are_no_times_and_times_to_come_break_nothing() -> None:
    rows = [row(0, MISSED, at="once upon a time"), row(-3, MET), row(0, MISSED)]
    skill = skills(rows, NOW)["acts"]
    assert (skill.now.n, skill.now.value) == (2, 0.5)


def test_the_weakest_dimension_is_the_one_of_which_least_is_reached() -> None:
    assert weakest([row(day, (2, 2, 1, 0, 2)) for day in range(5)], NOW) == "explores"


def test_one_miss_does_not_make_a_dimension_the_weakest() -> None:
    rows = [row(day, (2, None, 2, 1, 2)) for day in range(20)] + [row(1, (None, 1, None, None, None))]
    assert weakest(rows, NOW) == "explores"


def test_there_is_no_weakest_where_nothing_was_practised_unaided_or_nothing_is_missing() -> None:
    assert weakest([], NOW) is None
    assert weakest([row(1, MISSED, aided=2)], NOW) is None
    assert weakest([row(1, MET)], NOW) is None

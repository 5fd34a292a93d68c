"""A month of drills tells a trainee who learns from one who does not, and brings back what each of them missed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from benchmarks.learners import DAYS, Days, drill, returns, rising, told
from roleplay.practice.drills.schedule import STEPS

SEED = "a month"
MORE_SEEDS = 40
LEARNERS_RISING, OTHERS_RISING = 36, 2
"""Of `MORE_SEEDS` each: so many learners at least progress calls rising in a dimension, and of the others at most so
many (1 in 20) by chance."""


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> tuple[Days, Days]:
    """Thirty days of one who learns, and of one who does not."""
    folder = tmp_path_factory.mktemp("month")
    return drill(folder, SEED, learns=True), drill(folder, SEED, learns=False)


def test_after_a_month_progress_calls_the_one_rising_and_not_the_other(month: tuple[Days, Days]) -> None:
    learner, other = month
    assert rising(learner) and not rising(other)
    assert all(each.progress.drills == DAYS * 6 for each in month)


def test_what_was_missed_came_back_after_1_3_and_7_days_and_later_only_where_no_room_was(
    month: tuple[Days, Days],
) -> None:
    for days in month:
        steps: set[tuple[int, ...]] = set()
        intervals: dict[object, tuple[int, ...]] = {}
        last: dict[object, date] = {}
        for each in days.reviewed:
            if each.was_due is None:
                assert each.item not in last
            else:
                assert each.was_due <= each.day
                waited = [each.was_due + timedelta(days=n) for n in range((each.day - each.was_due).days)]
                assert days.full.issuperset(waited), f"{each.item} was not drilled though there was room"
                if each.item in intervals:
                    intervals[each.item] += ((each.was_due - last[each.item]).days,)
                    steps.add(intervals[each.item])
            last[each.item] = each.day
            if each.grade == "again":
                intervals[each.item] = ()
            elif each.grade != "good":
                intervals.pop(each.item, None)
        whole = {each for each in steps if each[:3] == STEPS[: len(each[:3])]}
        assert whole == steps and max(map(len, steps)) >= (3 if days is month[0] else 1)


def test_what_both_have_still_due_and_when_what_they_missed_came_back_is_printed(month: tuple[Days, Days]) -> None:
    learner, other = ("\n".join(told(each)) for each in month)
    assert "1, 3, 7" in learner and "Rising" in learner and "Rising" not in other
    assert sum(len(runs) for runs in returns(month[1]).values()) > sum(len(runs) for runs in returns(month[0]).values())
    due = [sum(each.day <= days.today for each in days.schedule) for days in month]
    assert due[0] < due[1]
    for printed, number in zip((learner, other), due, strict=True):
        assert f"Due after the last day: {number} of " in printed


@pytest.mark.soak
def test_of_many_learners_nearly_all_are_told_from_the_others(tmp_path: Path) -> None:
    seeds = [f"trainee {number}" for number in range(MORE_SEEDS)]
    assert sum(bool(rising(drill(tmp_path, seed, learns=True))) for seed in seeds) >= LEARNERS_RISING
    others = [rising(drill(tmp_path, seed, learns=False)) for seed in seeds]
    assert sum(map(bool, others)) <= OTHERS_RISING and max(map(len, others)) <= 1

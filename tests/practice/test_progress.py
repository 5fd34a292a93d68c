"""A trainee's progress says what the replies, calls and tests show, and no more than that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from roleplay.practice.missed import MomentKey
from roleplay.practice.progress import Given, Progress, progress_of
from roleplay.practice.progress_words import gap_moves, gap_words, harm_words, missed_words, persona_words, taken_words
from roleplay.practice.standing import Harm, Opportunities
from roleplay.store.own import OwnTest
from tests.practice.drills.room import living_in
from tests.practice.month import MET, MISSED, PARTLY, TODAY, call, noon, row

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLACE: MomentKey = ("the-ramp", "opening")


def progress(*practised: object, calls: object = (), tests: object = (), **how: object) -> Progress:
    return progress_of("sam", Given(practised, calls, tests), NOW, **how)  # type: ignore[arg-type]


def test_nothing_is_nothing_yet() -> None:
    told = progress()
    assert told.nothing
    assert (told.weakest, told.missed, told.days, told.taken, told.due) == (None, (), (), (), 0)
    assert {each.trend.says for each in told.dimensions.values()} == {"no trend yet"}


def test_calls_and_drills_are_told_apart_week_by_week_and_hints_are_left_out() -> None:
    told = progress(
        row(20, MISSED, source="call"), row(6, MET, source="call"), row(6, MISSED), row(6, MET), row(6, MET, aided=1)
    )
    weeks = [(week.monday, week.calls.n, week.calls.share, week.drills.share) for week in told.dimensions["acts"].weeks]
    assert weeks == [("2026-11-02", 1, 0.0, None), ("2026-11-16", 1, 1.0, 0.5)]
    assert (told.calls, told.drills, told.aided) == (2, 3, 1)


def test_the_days_of_practice_are_those_of_the_last_four_weeks() -> None:
    told = progress(row(40), row(28), row(27), row(3), row(3), row(0))
    assert told.days == tuple((TODAY - timedelta(days=ago)).isoformat() for ago in (27, 3, 0))
    assert (told.first, told.latest) == ("2026-10-13", "2026-11-22")


def test_days_and_weeks_are_those_of_the_calendar_where_the_computer_is() -> None:
    rows = [row(0, MISSED), row(0.1, MET), row(13.9, MET), row(14.1, MET)]
    returns = {PLACE: TODAY + timedelta(days=1)}
    with living_in("Pacific/Auckland"):  # Monday, 23 November, one in the morning
        there = progress(*rows, comes_back=returns)
    assert (there.today, there.latest, there.due) == ("2026-11-23", "2026-11-23", 1)
    assert there.days == ("2026-11-08", "2026-11-09", "2026-11-22", "2026-11-23")
    weeks = [(week.monday, week.drills.n) for week in there.dimensions["acts"].weeks]
    assert weeks == [("2026-11-02", 1), ("2026-11-09", 1), ("2026-11-16", 1), ("2026-11-23", 1)]
    assert (there.lately.replies, there.before.replies) == (2, 2)
    with living_in("America/Los_Angeles"):  # Sunday, four in the morning
        there = progress(*rows, comes_back=returns)
    assert (there.today, there.latest, there.due) == ("2026-11-22", "2026-11-22", 0)
    assert [(week.monday, week.drills.n) for week in there.dimensions["acts"].weeks] == [
        ("2026-11-02", 2),
        ("2026-11-16", 2),
    ]


def test_a_test_stands_by_itself_with_its_own_score_and_rating() -> None:
    rows = [
        row(3, MET, source="test", within="t", moment=f"m{n}", turn_score=score) for n, score in enumerate((40, 80))
    ]
    waits = OwnTest("u", noon(1), 6, False, None)
    told = progress(row(3, MISSED), *rows, tests=[OwnTest("t", noon(3), 2, True, 2), waits])
    assert [(test.score, test.answered, test.over, test.rating) for test in told.taken] == [
        (60, 2, True, 2),
        (None, 0, False, None),
    ]
    assert taken_words(told.taken[0], told) == "19 November: 60 of 100 over 2 moments, you rated it 2 of 4"
    assert taken_words(told.taken[1], told) == "21 November: goes on, 0 of 6 moments answered"


def test_the_five_minute_form_of_a_customer_is_told_apart() -> None:
    short = call(1, 90, short=True, title="The ramp (five minutes)")
    told = progress(calls=[call(9, 40), call(5, 70), short])
    assert [(each.short, each.calls, each.best, each.latest) for each in told.personas] == [
        (True, 1, 90, 90),
        (False, 2, 70, 70),
    ]
    assert persona_words(told.personas[1], told) == "2 calls, best 70, latest 70 (17 November)"
    assert (told.scores.calls, told.scores.now.n) == (2, 2)


def test_what_is_recent_weighs_more_in_the_score() -> None:
    assert progress(calls=[call(14, 30), call(0, 60)]).scores.now.value == pytest.approx(50)


def test_one_call_is_no_trend_and_five_that_rise_over_weeks_are_one() -> None:
    one = progress(calls=[call(1, 90)])
    assert one.scores.trend.because == "it takes 5 scored calls within eight weeks"
    told = progress(calls=[call(28 - 7 * n, 40 + 8 * n + n % 2) for n in range(5)])
    assert (told.scores.trend.says, told.personas[0].trend.says) == ("rising", "rising")


def test_scores_that_rose_long_ago_are_not_rising() -> None:
    told = progress(calls=[call(100 - 7 * n, 40 + 8 * n + n % 2) for n in range(6)])
    assert (told.scores.trend.says, told.scores.trend.because) == (
        "no trend yet",
        "it takes 5 scored calls within eight weeks",
    )
    assert (told.scores.calls, told.scores.now.n) == (6, 6)


def test_more_customers_make_it_harder_for_one_of_them_to_be_a_trend() -> None:
    scores = (40, 44, 52, 48, 56)
    rising = [call(28 - 7 * n, score) for n, score in enumerate(scores)]
    others = [call(28 - 7 * n, 50 + n % 2, persona=f"other-{k}") for k in range(7) for n in range(5)]
    told = progress(calls=rising)
    both = progress(calls=[*others, *rising])
    assert (told.personas[0].trend.says, both.personas[0].trend.says) == ("rising", "no trend yet")


def test_the_gap_tells_how_far_one_rates_oneself_above_what_was_heard_and_skipped_ones_are_left_out() -> None:
    rated = [call(30 - 3 * n, 50, rating=3) for n in range(5)]
    told = progress(calls=[*rated, call(2, 10), call(1, 20, asked=False)])
    assert (told.self_rating.gap.n, told.self_rating.gap.mean, told.self_rating.skipped) == (5, 25, 1)
    assert gap_words(told.self_rating) == "You rate yourself 25 points above what was heard, n 5; skipped 1 time."
    few = progress(calls=[call(2, 88, rating=3)]).self_rating
    assert gap_words(few) == "You rate yourself 13 points below what was heard, n 1 (too few to tell)."
    assert gap_words(progress().self_rating) == "You have rated no call yet that was scored."


def test_the_gap_closes_or_widens_only_where_that_can_be_told() -> None:
    closing = progress(calls=[call(35 - 7 * n, 20 + 10 * n + n % 2, rating=4) for n in range(6)]).self_rating
    assert gap_moves(closing).startswith("It is closing, by 10.")
    few = progress(calls=[call(3, 50, rating=4)]).self_rating
    assert gap_moves(few) == "Whether it moves cannot be told yet: it takes 5 rated calls or tests."


def test_what_was_there_to_be_met_is_told_now_and_before_without_hints() -> None:
    told = progress(
        row(20, MISSED), row(15, PARTLY), row(13, MET), row(2, MET), row(1, MET, aided=1), row(1, opportunity="none")
    )
    assert (told.before.opportunities, told.lately.opportunities) == (Opportunities(0, 1, 1), Opportunities(2, 0, 0))
    assert told.lately.replies == 3


def test_harm_is_told_plainly() -> None:
    told = progress(row(3, harm=2), row(2, harm=1, unsure=True), row(1, unsafe=True))
    assert (told.lately.harm, told.lately.unsafe) == (Harm(1, 1), 1)
    assert harm_words(told.lately) == (
        "1 reply did harm, 1 reply more may have done harm, safety was passed over in 1 reply."
    )
    assert [(each.persona, each.moment) for each in told.passed_over] == [PLACE]


def test_safety_that_was_dealt_with_since_is_not_held_against_anybody() -> None:
    assert not progress(row(3, unsafe=True), row(1)).passed_over
    assert not progress(row(15, unsafe=True)).passed_over


def test_a_moment_is_told_as_missed_again_and_again_until_it_is_met_without_a_hint() -> None:
    twice = [row(9, MISSED), row(5, MISSED)]
    lines = {PLACE: "Two feet of room."}
    back = {PLACE: TODAY + timedelta(days=1)}
    (missed,) = progress(*twice, lines=lines, comes_back=back).missed
    assert (missed.times, missed.answered, missed.line) == (2, 2, "Two feet of room.")
    told = progress(*twice, comes_back=back)
    assert missed_words(told.missed[0], told) == "missed 2 times, latest 17 November; comes back tomorrow"
    hinted = progress(*twice, row(1, MET, aided=1))
    assert missed_words(hinted.missed[0], hinted) == "missed 2 times, latest 17 November"
    assert not progress(*twice, row(1, MET)).missed
    again = progress(*twice, row(4, MET), row(3, MISSED), row(2, MISSED))
    assert missed_words(again.missed[0], again) == "missed 2 times since it was met last, latest 20 November"
    assert not progress(row(1, MISSED)).missed
    assert not progress(row(2, MISSED, unsure=True), row(1, MISSED, unsure=True)).missed


def test_only_what_is_not_before_the_day_asked_for_is_told() -> None:
    told = progress(row(30), row(2), calls=[call(30), call(2)], since=noon(10))
    assert (told.drills, told.scores.calls, told.first) == (1, 1, "2026-11-20")

"""A cohort report says what the calls show, no more than their number allows, and who needs attention first."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from math import sqrt
from pathlib import Path

import msgspec
import pytest
import scipy

from roleplay.practice.figure_words import percent, score_words, share, trend_words
from roleplay.practice.standing import Harm, Opportunities, Week
from roleplay.review.cohort import Cohort, anonymous
from roleplay.review.report_words import gap_words, unread_words
from roleplay.review.standing import Counting, Safety
from roleplay.store.transcripts import Transcripts
from tests.review.cohorts import KERB, Call, Said, cohort_at, keep_cohort
from tests.review.desks import desk_at
from tests.store.kept_calls import ending, try_again

MONDAYS = ("2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19")


def cohort(folder: Path, *calls: Call) -> Cohort:
    keep_cohort(folder / "roleplay.db", calls)
    return cohort_at(folder / "roleplay.db")


def t_interval(values: list[float]) -> tuple[float, float]:
    """The interval of a mean, as a textbook has it."""
    mean = sum(values) / len(values)
    spread = sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    half = float(scipy.stats.t.ppf(0.975, len(values) - 1)) * spread / sqrt(len(values))
    return mean - half, mean + half


def test_the_mean_score_has_its_n_and_its_interval(tmp_path: Path) -> None:
    scores = [40.0, 50.0, 60.0, 45.0, 70.0]
    score = cohort(tmp_path, *(Call(score=each) for each in scores), Call(score=None)).all.score
    assert (score.n, score.value) == (5, 53.0)
    assert (score.low, score.high) == pytest.approx(t_interval(scores))
    assert score_words(score) == "53 of 100 (38 to 68), n 5"


def test_fewer_than_five_are_too_few_to_tell(tmp_path: Path) -> None:
    everyone = cohort(tmp_path, *(Call(score=each) for each in (40.0, 50.0, 60.0))).all
    assert score_words(everyone.score) == "50 of 100, n 3 (too few to tell)"
    assert share(everyone.dimensions["acts"]) == "50 %, n 3 (too few to tell)"


def test_calls_of_one_trainee_are_alike_so_that_many_of_them_make_no_narrow_interval(tmp_path: Path) -> None:
    means = [20.0, 35.0, 50.0, 65.0, 80.0]
    calls = [Call(trainee=f"t{number}", score=mean) for number, mean in enumerate(means) for _ in range(4)]
    score = cohort(tmp_path, *calls).all.score
    assert score.n == 20
    assert (score.low, score.high) == pytest.approx(t_interval(means))


def test_scores_over_time_are_weekly_means_with_their_n(tmp_path: Path) -> None:
    calls = (
        Call(day="2026-11-02", score=40.0),
        Call(day="2026-11-08", score=60.0),
        Call(day="2026-11-09", score=70.0),
        Call(day="2026-11-23", score=None),
    )
    assert cohort(tmp_path, *calls).all.weeks == (Week("2026-11-02", 2, 50.0), Week("2026-11-09", 1, 70.0))


def test_a_trend_has_the_slope_of_least_squares_and_its_interval(tmp_path: Path) -> None:
    scores = (40.0, 46.0, 47.0, 55.0, 57.0)
    trend = cohort(tmp_path, *(Call(day=day, score=each) for day, each in zip(MONDAYS, scores, strict=False))).all.trend
    fitted = scipy.stats.linregress(range(5), scores)
    half = float(scipy.stats.t.ppf(0.975, 3)) * fitted.stderr
    assert (trend.says, trend.slope.n) == ("rising", 5)
    assert (trend.slope.value, trend.slope.low, trend.slope.high) == pytest.approx(
        (fitted.slope, fitted.slope - half, fitted.slope + half)
    )
    assert trend_words(trend) == "Rising: +4.3 points a week (+2.5 to +6.1), n 5."


@pytest.mark.parametrize(
    ("days", "scores", "because"),
    [
        (MONDAYS[:1], (40.0,), "it takes 5 scored calls"),
        (MONDAYS[:4], (10.0, 20.0, 30.0, 40.0), "it takes 5 scored calls"),
        (MONDAYS[:5], (40.0, 70.0, 30.0, 65.0, 50.0), "it may be chance"),
        (MONDAYS[:5], (50.0,) * 5, "it may be chance"),
        (
            ("2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"),
            (10.0, 20.0, 30.0, 40.0, 50.0),
            "week",
        ),
    ],
)
def test_no_trend_is_told_where_it_could_be_none(
    tmp_path: Path, days: tuple[str, ...], scores: tuple[float, ...], because: str
) -> None:
    trend = cohort(tmp_path, *(Call(day=day, score=each) for day, each in zip(days, scores, strict=True))).all.trend
    assert trend.says == "no trend yet"
    assert because in trend.because


def test_scores_that_fall_are_told(tmp_path: Path) -> None:
    calls = [Call(day=day, score=each) for day, each in zip(MONDAYS, (80.0, 71.0, 60.0, 52.0, 41.0), strict=False)]
    assert cohort(tmp_path, *calls).trainees[0].attention == ("Scores fall by 9.7 points a week.",)


def test_newcomers_with_low_scores_are_no_fall(tmp_path: Path) -> None:
    old = [Call(trainee=f"old{n}", day=day, score=80.0 + n) for n in range(5) for day in MONDAYS[:3]]
    new = [Call(trainee=f"new{n}", day=day, score=30.0 + n) for n in range(5) for day in MONDAYS[4:]]
    trend = cohort(tmp_path, *old, *new).all.trend
    assert (trend.says, trend.slope.value) == ("no trend yet", pytest.approx(0.0, abs=1e-9))


def test_a_cohort_rises_when_its_trainees_do(tmp_path: Path) -> None:
    calls = [
        Call(trainee=f"t{n}", day=day, score=10.0 * n + (2.0 + n / 10) * week)
        for n in range(5)
        for week, day in enumerate(MONDAYS)
    ]
    trend = cohort(tmp_path, *calls).all.trend
    assert (trend.says, trend.slope.value) == ("rising", pytest.approx(2.2))


def test_over_a_few_trainees_no_trend_is_told(tmp_path: Path) -> None:
    calls = [Call(trainee=who, day=day, score=10.0 * week) for who in "ab" for week, day in enumerate(MONDAYS)]
    report = cohort(tmp_path, *calls)
    assert report.all.trend.because == "over several trainees it takes 5 with two calls or more"
    assert {each.standing.trend.says for each in report.trainees} == {"rising"}


def test_a_dimension_is_the_share_of_what_was_called_for(tmp_path: Path) -> None:
    said = [Said(levels={"acts": 2, "explores": None}), Said(levels={"acts": 1, "explores": 2})]
    dimensions = cohort(tmp_path, Call(said=said), Call(said=said[:1])).all.dimensions
    assert (dimensions["acts"].n, dimensions["acts"].value) == (3, pytest.approx(5 / 6))
    assert (dimensions["explores"].n, dimensions["explores"].value) == (1, 1.0)


def test_a_dimension_that_was_never_called_for_has_no_share(tmp_path: Path) -> None:
    report = cohort(tmp_path, Call(said=[Said(levels={"reaches_unspoken": None})]))
    assert share(report.all.dimensions["reaches_unspoken"]) == "never called for"


def test_opportunities_harm_and_safety_are_counted_and_what_is_unsure_apart(tmp_path: Path) -> None:
    said = [
        Said("opening", "met"),
        Said("opening", "missed", {"harm": 2}, safety=True),
        Said("opening", "missed", {"harm": 2}),
        Said("opening", "none", overall=None),
        Said("bill", "partly", {"harm": 1}, unsure=True),
        Said("bill", "none"),
    ]
    everyone = cohort(tmp_path, Call(said=said)).all
    assert everyone.opportunities == Opportunities(met=1, partly=1, missed=2)
    assert everyone.harm == Harm(sure=2, perhaps=1)
    assert everyone.safety == Safety(handled=1, missed=2, unscored=1)


def test_what_a_coach_says_counts_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "roleplay.db"
    keep_cohort(path, [Call(said=[Said(), Said()]), Call(said=[Said(), Said()])])
    with desk_at(path) as desk:
        reply = desk.open("call-0001").transcript.replies[0]
        desk.overrule("call-0001", reply, "acts", 2, "The truck is ordered.")
    report = cohort_at(path)
    assert report.all.counting == Counting(coach=1, judge=0, offline=3)
    assert report.all.dimensions["acts"].value == 5 / 8


def test_own_ratings_are_set_beside_the_scores(tmp_path: Path) -> None:
    calls = [Call(score=50.0, rating=3), Call(score=30.0, rating=2), Call(score=60.0), Call(score=None, rating=4)]
    gap = cohort(tmp_path, *calls).all.self_rating
    assert (gap.n, gap.mean, gap.spread) == (2, 22.5, pytest.approx(3.5355, abs=1e-4))
    assert gap_words(gap) == "22 points above the score, give or take 4, n 2 (too few to tell)."


def test_an_unspoken_need_is_as_met_in_a_call_as_its_best_reply_met_it(tmp_path: Path) -> None:
    def reached(level: int, harm: int = 0, *, unsure: bool = False, at: str = "kerb") -> Said:
        return Said(at, levels={"reaches_unspoken": level, "harm": harm}, unsure=unsure)

    calls = [
        Call(said=[reached(0), reached(2, at="rail")]),
        Call(said=[reached(2, harm=1)]),
        Call(said=[reached(2, unsure=True)]),
        Call(said=[reached(0), reached(0, at="rail")]),
        Call(said=[Said("bill", levels={"reaches_unspoken": None})]),
    ]
    report = cohort(tmp_path, *calls)
    (need,) = report.needs
    assert (need.words, need.met, need.near, need.unmet) == ("to hear that she may go", 1, 2, 1)
    assert (report.trainees[0].needs, report.trainees[0].needs_unmet) == (4, 1)


def test_people_struggle_where_most_was_missed_for_all_that_is_known(tmp_path: Path) -> None:
    often = [
        Call(trainee=who, said=[Said("kerb", "missed")] * 4 + [Said("kerb", "met")])
        for who in ("ana", "ben", "fen", "gus")
    ]
    once = [Call(said=[Said("rail", "missed")] * 5), Call(said=[Said("bill", "missed")] * 4), Call(said=[Said()] * 9)]
    struggles = cohort(tmp_path, *once, *often).struggles
    assert [(each.moment, each.missed.n, each.trainees) for each in struggles] == [("kerb", 20, 4), ("rail", 5, 1)]
    interval = scipy.stats.binomtest(16, 20).proportion_ci(method="wilson")
    missed = struggles[0].missed
    assert (missed.value, missed.low, missed.high) == pytest.approx((0.8, interval.low, interval.high))


def test_a_moment_is_told_in_the_words_of_the_persona_as_it_was_played_last(tmp_path: Path) -> None:
    missed = [Said("kerb", "missed")] * 5
    before, after = Call(said=missed), Call(said=missed, line="I am at the kerb now.", title="The ramp, again")
    (struggle,) = cohort(tmp_path, before, after).struggles
    assert (struggle.line, struggle.title) == ("I am at the kerb now.", "The ramp, again")
    assert struggle.line != KERB


def test_the_first_moment_is_told_by_the_opening(tmp_path: Path) -> None:
    (struggle,) = cohort(tmp_path, Call(said=[Said("opening", "missed")] * 5)).struggles
    assert struggle.line.startswith("I am standing on the ramp")


def test_who_passed_over_safety_in_the_last_calls_needs_attention_first(tmp_path: Path) -> None:
    unsafe, harmful = Said(safety=True), Said(levels={"harm": 1})
    calls = [
        *(Call("low", score=20.0) for _ in range(5)),
        Call("unsafe", said=[unsafe]),
        Call("harmful", said=[harmful, harmful]),
        Call("unsure", said=[Said(levels={"harm": 2}, unsure=True)]),
        *(Call("proud", score=50.0, rating=3) for _ in range(5)),
        Call("better-now", said=[unsafe, harmful]),
        *(Call("better-now", score=60.0) for _ in range(5)),
    ]
    trainees = cohort(tmp_path, *calls).trainees
    assert [(each.name, each.attention) for each in trainees] == [
        ("unsafe", ("Safety passed over in 1 reply of the last call.",)),
        ("harmful", ("Surely did harm in 2 replies of the last call.",)),
        ("low", ("Mean score 20 of the last 5 calls.",)),
        ("proud", ("Rates own calls 25 points above their scores.",)),
        ("unsure", ()),
        ("better-now", ()),
    ]


def test_only_calls_that_have_ended_count_and_of_each_turn_the_first_reply(tmp_path: Path) -> None:
    path = tmp_path / "roleplay.db"
    keep_cohort(path, [Call(), Call(trainee="open", ended=False, said=[Said(), Said()])])
    with Transcripts(path) as store:
        try_again(store, "call-0002", 1, 1)
        assert cohort_at(path).all.counting.replies == 1
        store.keep_ending(ending("call-0002", 1), 10.0)
    report = cohort_at(path)
    assert (report.all.calls, report.all.trainees, report.all.counting.replies) == (2, 2, 3)


def test_calls_are_chosen_by_trainee_persona_and_time(tmp_path: Path) -> None:
    path = tmp_path / "roleplay.db"
    keep_cohort(
        path,
        [
            Call("ana", "2026-10-01", 10.0),
            Call("ana", "2026-11-01", 20.0, persona="the-desk"),
            Call("ben", "2026-11-02", 30.0),
            Call("fen", "2026-11-03", 40.0),
        ],
    )
    assert cohort_at(path, trainees=["ana", "ben"]).all.calls == 3
    assert cohort_at(path, personas=["the-desk"]).all.score.value == 20.0
    assert cohort_at(path, since="2026-11-01", until="2026-11-03").all.score.value == 25.0
    assert cohort_at(path, trainees=["fen"], until="2026-11-03").all.calls == 0


def test_an_anonymous_report_names_nobody(tmp_path: Path) -> None:
    report = anonymous(cohort(tmp_path, Call("Ana Maria"), Call("Ben", said=[Said(safety=True)])))
    assert [each.name for each in report.trainees] == ["Trainee 1", "Trainee 2"]
    told = msgspec.json.encode(report).decode()
    assert "Ana" not in told and "Ben" not in told


def test_a_time_that_is_none_hides_no_call(tmp_path: Path) -> None:
    report = cohort(tmp_path, Call(day="not a day"), Call())
    assert (report.all.calls, report.all.score.n) == (2, 2)
    assert [week.calls for week in report.all.weeks] == [1]


def test_moments_of_a_script_that_cannot_be_read_count_and_are_told_to_lack_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "roleplay.db"
    keep_cohort(path, [Call(said=[Said("kerb", "missed", {"reaches_unspoken": 0}, safety=True)] * 5)])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER scripts_are_only_added")
        connection.execute("UPDATE scripts SET script = '{}'")
    report = cohort_at(path)
    assert (report.unread, report.needs, report.struggles[0].line, report.struggles[0].missed.n) == (1, (), "", 5)
    assert unread_words(report).startswith("1 moment was saved by another version of Roleplay")


def test_a_share_is_0_or_100_percent_only_where_it_is_exactly_that() -> None:
    assert [percent(each) for each in (0.0, 0.001, 0.5, 0.999, 1.0)] == ["0 %", "1 %", "50 %", "99 %", "100 %"]

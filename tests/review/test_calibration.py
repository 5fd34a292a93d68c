"""How far scorers agree with coaches, and coaches with each other, worked out by hand on a few replies."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from roleplay.agreement.measures import kappa_of
from roleplay.review.calibration import WORST, Comparison, calibrate
from roleplay.review.labels import Kind, Label, RatedReply, Rating
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.overruled import Rated

Given = tuple[str, Kind, dict[Rated, int]]


def reply(at: int, scored: dict[str, dict[Rated, int]], given: Sequence[Given], call: str = "") -> RatedReply:
    labels = [Label(f"{at}-{n}", kind, coach, "2026", levels) for n, (coach, kind, levels) in enumerate(given)]
    return RatedReply(
        session=call or f"call-{at}",
        branch=0,
        turn=1,
        persona="the-ramp",
        trainee="sam",
        occasion=Occasion(),
        history=(),
        text=f"Reply {at}",
        gesture=False,
        scored=scored,
        labels=tuple(labels),
    )


def pairs(*levels: tuple[int, int]) -> Rating:
    """The offline scorer's `overall` and Kim's, a call for each."""
    return Rating(
        tuple(
            reply(at, {"offline 2": {"overall": one}}, [("Kim", "blind", {"overall": other})])
            for at, (one, other) in enumerate(levels)
        )
    )


def only(rating: Rating, kinds: Sequence[Kind] = ("blind",)) -> Comparison:
    (comparison,) = calibrate(rating, kinds, resamples=200).comparisons
    return comparison


def test_the_figures_are_those_of_the_table() -> None:
    comparison = only(pairs((4, 4), (4, 3), (2, 2), (1, 0), (0, 0), (3, 1)))
    overall = comparison.dimensions["overall"]
    table = [[1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 1, 0, 0, 0], [0, 0, 0, 1, 1]]
    assert overall.table == tuple(map(tuple, table))
    assert overall.kappa.value == kappa_of(table)
    assert (overall.n, overall.same.value) == (6, pytest.approx(3 / 6))
    assert overall.bias.value == pytest.approx((0 + 1 + 0 + 1 + 0 + 2) / 6)
    assert overall.kappa.low is not None and overall.kappa.low < (overall.kappa.value or 0)
    assert overall.by_error and overall.by_error[0] < (overall.kappa.value or 0) < overall.by_error[1]
    assert overall.verdict == "too few ratings to tell: 6 of 50"
    assert set(comparison.dimensions) == {"overall"}


def test_the_same_ratings_give_the_same_figures() -> None:
    rating = pairs(*((at % 5, (at * 3) % 5) for at in range(30)))
    assert calibrate(rating, resamples=100) == calibrate(rating, resamples=100)


def test_whole_calls_are_drawn_for_an_interval() -> None:
    ten = pairs(*[(4, 4), (0, 4)] * 5)
    together = Rating(tuple(each._replace(session="one") for each in ten.replies))
    assert only(ten).dimensions["overall"].bias.low is not None
    assert only(together).dimensions["overall"].bias.low is None
    assert only(together).calls == 1


def test_who_leans_is_told() -> None:
    overall = only(pairs(*[(3, 2), (2, 1), (4, 4)] * 20)).dimensions["overall"]
    assert overall.leans == "gives more" and (overall.bias.low or 0) > 0
    assert only(pairs(*[(3, 2), (2, 3)] * 20)).dimensions["overall"].leans == ""


def test_the_worst_disagreements_come_first_each_reply_once_at_most_ten() -> None:
    both = [reply(at, {"offline 2": {"overall": 2, "harm": 0}}, [("Kim", "blind", {"overall": 2, "harm": 0})])
            for at in range(3)]  # fmt: skip
    near = [reply(9 + at, {"offline 2": {"overall": 2}}, [("Kim", "blind", {"overall": 1})]) for at in range(12)]
    far = reply(99, {"offline 2": {"overall": 4, "harm": 0}}, [("Kim", "blind", {"overall": 1, "harm": 2})])
    worst = only(Rating((*both, *near, far))).worst
    assert len(worst) == WORST
    assert worst[0].reply == "Reply 99" and worst[0].levels == {"harm": (0, 2), "overall": (4, 1)}
    assert worst[0].far == pytest.approx((2 / 2) ** 2 + (3 / 4) ** 2, abs=1e-4)
    assert (worst[0].first, worst[0].second) == ("offline 2", "Kim")


def test_what_was_overruled_counts_only_if_it_is_asked_for() -> None:
    rating = Rating(
        (
            reply(1, {"offline 2": {"overall": 3}}, [("Kim", "blind", {"overall": 3})]),
            reply(2, {"offline 2": {"overall": 3}}, [("Kim", "overruled", {"overall": 0})]),
        )
    )
    assert only(rating).ratings == 1 and calibrate(rating).overruled == 1
    assert only(rating, ("blind", "overruled")).ratings == 2
    assert only(rating, ("blind", "overruled")).worst[0].kind == "overruled"


def test_each_scorer_has_its_own_comparison_and_can_be_asked_for() -> None:
    scored: dict[str, dict[Rated, int]] = {"offline 2": {"overall": 1}, "judge some-model": {"overall": 2}}
    rating = Rating((reply(1, scored, [("Kim", "blind", {"overall": 2})]),))
    assert [each.first for each in calibrate(rating, resamples=9).comparisons] == ["judge some-model", "offline 2"]
    assert [each.first for each in calibrate(rating, scorer="judge", resamples=9).comparisons] == ["judge some-model"]


def test_coaches_are_compared_where_two_rated_the_same_reply_and_all_of_them_together() -> None:
    def by(*given: tuple[str, int]) -> list[Given]:
        return [(coach, "blind", {"overall": level}) for coach, level in given]

    two = Rating((reply(1, {}, by(("Kim", 4), ("Ana", 3))), reply(2, {}, by(("Kim", 1)))))
    (pair,) = calibrate(two, resamples=9).comparisons
    assert (pair.first, pair.second, pair.against, pair.ratings) == ("Ana", "Kim", "a coach", 1)
    assert pair.dimensions["overall"].table[3][4] == 1
    three = Rating((reply(1, {}, by(("Kim", 4), ("Ana", 3), ("Bo", 3))),))
    whole, *pairs_of_three = calibrate(three, resamples=9).comparisons
    assert (whole.against, whole.ratings, len(pairs_of_three)) == ("all coaches", 3, 3)
    table = whole.dimensions["overall"].table
    assert table == tuple(zip(*table, strict=True)) and table[3][4] == table[4][3] == 1 and table[3][3] == 1


def test_a_scorer_is_told_beside_what_the_coaches_reach() -> None:
    replies = []
    for at in range(60):
        level = at % 5
        kim: Given = ("Kim", "blind", {"overall": level})
        ana: Given = ("Ana", "blind", {"overall": level if at % 7 else (level + 3) % 5})
        replies.append(reply(at, {"offline 2": {"overall": level}}, [kim, ana]))
    scorer, _ = calibrate(Rating(tuple(replies)), resamples=200).comparisons
    assert "the coaches" in scorer.dimensions["overall"].verdict or "each other" in scorer.dimensions["overall"].verdict
    assert scorer.verdict.startswith("Overall: reliable enough for feedback")

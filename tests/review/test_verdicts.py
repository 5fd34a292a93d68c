"""What a figure is good for, by the stated rules: by the lower end of its interval, and beside what people reach."""

from __future__ import annotations

import pytest

from roleplay.agreement.bootstrap import Figure
from roleplay.review.verdicts import leaning, least_ratings, missing, verdict, verdict_on_people


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        (Figure(90, 0.90, 0.82, 0.95), "comparing groups, still not for grading a person"),
        (Figure(90, 0.60, 0.41, 0.75), "reliable enough for feedback, not for grading"),
        (Figure(90, 0.55, 0.39, 0.75), "perhaps reliable enough for feedback"),
        (Figure(90, 0.35, 0.20, 0.45), "doubtful"),
        (Figure(90, 0.20, 0.05, 0.35), "not reliable enough"),
        (Figure(90, 1.0), "reliable enough for feedback, not for grading"),
        (Figure(90, None), "nothing to agree on"),
    ],
)
def test_the_lower_end_of_the_interval_decides(figure: Figure, says: str) -> None:
    assert says in verdict(figure, "", None, "")


def test_nothing_is_claimed_of_too_few_ratings_calls_or_levels() -> None:
    assert (least_ratings(3), least_ratings(5)) == (18, 50)
    whole = [[10, 2, 0], [2, 10, 2], [0, 2, 10]]
    assert missing(whole, calls=10) == ""
    assert missing(whole, calls=9) == "too few calls to tell: 9 of 10"
    assert missing([[5, 1, 0], [1, 5, 0], [0, 0, 5]], calls=10) == "too few ratings to tell: 17 of 18"
    assert missing([[96, 0, 0], [4, 0, 0], [0, 0, 0]], calls=10).startswith("too few different levels to tell: 0 of 5")
    assert missing([[92, 4, 0], [0, 4, 0], [0, 0, 0]], calls=10).startswith("too few different levels to tell: 4 of 5")
    assert verdict(Figure(17, 1.0, 1.0, 1.0), "too few ratings to tell: 17 of 18", None, "").startswith("too few")


def test_a_scorer_is_asked_for_no_more_than_people_reach() -> None:
    scorer, apart = Figure(90, 0.60, 0.45, 0.70), Figure(90, 0.85, 0.75, 0.90)
    assert verdict(scorer, "", Figure(60, 0.55, 0.41, 0.7), "").endswith("as they are to each other (0.55)")
    assert verdict(scorer, "", apart, "").endswith("farther from the coaches than they are from each other (0.85)")
    assert "talk about the anchors first" in verdict(scorer, "", Figure(60, 0.2, 0.0, 0.35), "")
    assert verdict(scorer, "", apart, "too few ratings to tell: 3 of 18").endswith("not for grading")


def test_coaches_who_do_not_agree_are_told_so() -> None:
    assert "talk about the anchors" in verdict_on_people(Figure(60, 0.2, 0.0, 0.35), "")
    assert "agree well enough" in verdict_on_people(Figure(60, 0.6, 0.45, 0.7), "")
    assert verdict_on_people(Figure(3, 1.0), "too few ratings to tell: 3 of 18").startswith("too few")


def test_a_leaning_is_told_where_its_interval_leaves_nothing_out() -> None:
    assert leaning(Figure(9, 0.3, 0.1, 0.5)) == "gives more"
    assert leaning(Figure(9, -0.3, -0.5, -0.1)) == "gives less"
    assert leaning(Figure(9, 0.3, -0.1, 0.5)) == leaning(Figure(9, 0.3)) == ""

"""What a whole call is worth."""

from __future__ import annotations

from roleplay.scoring.assessment import SCORED, Assessment, Flags, ScorerName
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.rubric import default_rubric, turn_score
from roleplay.scoring.session_score import session_score

RUBRIC = default_rubric()
PLAIN, KEY = Occasion(id="plain", feeling="tired"), Occasion(id="key", feeling="afraid", key=True)
DANGER = Occasion(id="ramp", feeling="afraid", safety="danger")
GIFT = Occasion(id="gift", feeling="grateful", boundary="gift")


def worth(*levels: int | None) -> Assessment:
    scores = dict(zip(SCORED, levels, strict=True))
    return Assessment(
        scores=scores,
        overall=2,
        turn_score=turn_score(RUBRIC, scores),
        opportunity="partly",
        unsure=False,
        evidence=(),
        flags=Flags(),
        suggestion=None,
        scorer=ScorerName("test", "1", RUBRIC.id),
    )


FULL, HALF, NOTHING = worth(2, 2, 2, 2, 2, 0), worth(1, 1, 1, 1, 1, 0), worth(0, 0, 0, 0, 0, 0)
GRAVE = worth(2, 2, 2, 2, 2, 2)


def test_without_key_moments_the_mean_counts_alone() -> None:
    assert session_score(RUBRIC, [(PLAIN, FULL), (PLAIN, NOTHING)]).score == 50


def test_key_moments_weigh_more() -> None:
    assert session_score(RUBRIC, [(PLAIN, NOTHING), (KEY, FULL)]).score == 0.6 * 50 + 0.4 * 100


def test_key_moments_never_played_count_nothing_when_the_call_was_left() -> None:
    assert session_score(RUBRIC, [(KEY, FULL)], unplayed_key=1).score == 0.6 * 100 + 0.4 * 50
    assert session_score(RUBRIC, [(KEY, FULL)]).score == 100


def test_what_could_not_be_scored_does_not_count() -> None:
    unscored = worth(None, None, None, None, None, None)
    assert session_score(RUBRIC, [(PLAIN, FULL), (PLAIN, unscored)]).score == 100
    assert session_score(RUBRIC, [(PLAIN, unscored)]).score is None


def test_grave_harm_in_danger_fails_the_session_and_says_why() -> None:
    result = session_score(RUBRIC, [(DANGER, GRAVE), (PLAIN, HALF)])
    assert result.failed
    assert result.score == 35
    assert result.reason == "Somebody's safety was at stake, and the harm done was not repaired."


def test_grave_harm_at_a_boundary_fails_the_session_and_elsewhere_it_does_not() -> None:
    assert session_score(RUBRIC, [(GIFT, GRAVE)]).failed
    assert not session_score(RUBRIC, [(PLAIN, GRAVE)]).failed


def test_a_boundary_that_calls_for_nothing_else_can_fail_the_session_too() -> None:
    assert session_score(RUBRIC, [(GIFT, worth(None, None, None, None, None, 2))]).failed


def test_the_very_next_reply_can_repair_it() -> None:
    result = session_score(RUBRIC, [(DANGER, GRAVE), (DANGER, FULL)])
    assert not result.failed
    assert result.score == (49 + 100) / 2


def test_a_repair_one_reply_later_comes_too_late() -> None:
    assert session_score(RUBRIC, [(DANGER, GRAVE), (PLAIN, HALF), (DANGER, FULL)]).failed

"""Why a call waits, and how many do, is told in the same words everywhere."""

from __future__ import annotations

import pytest

from roleplay.review.waits import counts_in_words, why
from roleplay.store.reviews import COUNTED, Waiting

CALL = Waiting(1, "a", "the-ramp", "The ramp", "sam", "", 3, 0, "good", 62.5, 0, 0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"disputed": 1}, "disputed"),
        ({"disputed": 2}, "2 disputes"),
        ({"flagged": 3}, "safety or boundary"),
        ({"low": 1, "score": 23.4}, "low score 23"),
        ({"low": 1, "score": None}, "no score"),
        ({"unsure": 2, "failed": 1, "apart": 1}, "2 unsure, 1 not assessed, judge and scorer far apart"),
        ({"apart": 1, "low": 1, "score": 0.0, "disputed": 1}, "disputed, low score 0, judge and scorer far apart"),
    ],
)
def test_a_call_waits_for_reasons_the_most_urgent_first(changes: dict[str, int], words: str) -> None:
    assert why(CALL._replace(**changes)) == words


def test_how_many_wait_is_told_with_the_reasons_there_are() -> None:
    assert counts_in_words({}) == "No call waits for a review."
    assert counts_in_words({0: 1}) == "1 call waits."
    assert (
        counts_in_words({3: COUNTED, 4: 1})
        == f"{COUNTED + 1:,} or more calls wait: 1 disputed, {COUNTED:,}+ safety or boundary."
    )
    assert counts_in_words({0: 2, 4: 1, 2: 7}) == "10 calls wait: 1 disputed, 7 low score."

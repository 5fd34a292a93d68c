"""The words of a reply that its scores rest on: in order, numbered, each with what it earned."""

from __future__ import annotations

from typing import Any

import msgspec

from roleplay.practice.debrief import ReplyResult
from roleplay.practice.marks import Mark, marks_of
from roleplay.scoring.assessment import Evidence
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric

TITLES: dict[Any, str] = {"acknowledges_feeling": "Takes in the feeling", "acts": "Does something"}
REPLY = "That is a lot to carry. I am staying on the line."


def point(dimension: str, start: int, end: int, of: Any = "reply", quote: str = "") -> Evidence:
    words = quote or REPLY[start:end]
    return Evidence(dimension=dimension, quote=words, start=start, end=end, why=f"{dimension} here.", of=of)  # type: ignore[arg-type]


def marks(*evidence: Evidence) -> tuple[Mark, ...]:
    assessment = OfflineScorer(default_rubric()).judge(Occasion(), (), REPLY)
    scores = {**assessment.scores, "acknowledges_feeling": 2, "acts": 1, "harm": 0}
    reply = ReplyResult(
        turn=1,
        moment="opening",
        customer="Hi.",
        reply=REPLY,
        gesture="",
        assessment=msgspec.structs.replace(assessment, scores=scores, evidence=evidence),
        overall_means="",
        feeling="",
        spoken="",
        unspoken="",
    )
    return marks_of(reply, TITLES)


def test_marks_are_numbered_as_they_are_read() -> None:
    found = marks(point("acts", 24, 49), point("acknowledges_feeling", 0, 23))
    assert [(mark.number, mark.quote) for mark in found] == [(1, REPLY[:23]), (2, REPLY[24:])]
    assert [mark.earned for mark in found] == ["takes in the feeling 2 of 2", "does something 1 of 2"]


def test_points_on_the_same_words_are_one_mark() -> None:
    (found,) = marks(point("acts", 0, 23), point("acknowledges_feeling", 0, 23))
    assert found.earned == "does something 1 of 2, takes in the feeling 2 of 2"
    assert found.reasons == ("acts here.", "acknowledges_feeling here.")


def test_words_of_the_customer_have_no_number_and_come_last() -> None:
    found = marks(point("harm", 0, 3, of="customer", quote="I am in the road."), point("acts", 24, 49))
    assert [(mark.number, mark.of, mark.hurts) for mark in found] == [(1, "reply", False), (0, "customer", True)]


def test_marks_that_share_words_say_so() -> None:
    found = marks(point("acts", 0, 23), point("acknowledges_feeling", 10, 30), point("acts", 40, 49))
    assert [mark.overlaps for mark in found] == [True, True, False]


def test_offsets_beyond_the_reply_are_kept_within_it() -> None:
    (found,) = marks(point("acts", 30, 10_000, quote="the line."))
    assert (found.start, found.end) == (30, len(REPLY))

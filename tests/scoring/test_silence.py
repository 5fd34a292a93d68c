"""Saying nothing is right where the author's note says so, and nowhere else."""

from __future__ import annotations

import pytest

from roleplay.persona.message import Message
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric
from roleplay.scoring.silence import silence_is_right


@pytest.mark.parametrize(
    "note",
    [
        "Silence is a proper answer here, if it is not a waiting one.",
        "Few words are right; a comfortable silence with a nod is not wrong.",
        "Silence is the right reply here, or three words that leave it silent; filling it is leaving.",
        "He has asked you to say nothing, and to say nothing, or very little, is right.",
        "Small and level; then silence is allowed.",
        "Nothing needs to be said, and a quiet clerk is doing it right.",
        "Right is to let him, with something easy said or with nothing said and the hands still.",
    ],
)
def test_a_note_that_allows_silence_is_understood(note: str) -> None:
    assert silence_is_right(note)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "No silent hold, no hurrying him off, the trainee stays on.",
        "Right is to be sorry about that, quietly, and to go where nobody hears.",
        "Silence hurts here. Right is to answer at once.",
        "That he is not left on a silent line meanwhile is right.",
        "An easy tone, and a quiet opening in case there is more.",
    ],
)
def test_any_other_note_does_not(note: str) -> None:
    assert not silence_is_right(note)


@pytest.mark.parametrize("reply", ["", "…", "..."])
def test_a_silence_that_is_right_is_not_scored_instead_of_missed(reply: str) -> None:
    scorer = OfflineScorer(default_rubric())
    said = [Message("customer", "I'll just stand here a minute.")]
    welcome = scorer.judge(Occasion(id="stand", feeling="full of it", note="Silence is right here."), said, reply)
    missed = scorer.judge(Occasion(id="stand", feeling="full of it", note="Say his name."), said, reply)
    assert (welcome.opportunity, welcome.scorable, welcome.turn_score) == ("none", False, None)
    assert (missed.opportunity, missed.overall) == ("missed", 0)

"""Whole calls of simulated trainees in a real database, for a coach to review."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from roleplay.conversation.score import score_of
from roleplay.conversation.turns import SelfRating, Transcript
from roleplay.rehearsal.banks import Skill
from roleplay.store.transcripts import Transcripts
from tests.journeys.playing import rehearsed

AT = "2026-11-04T13:03:00.000+00:00"


def keep_played(
    path: Path,
    ident: str,
    skill: Skill = "skilled",
    *,
    persona: str = "stranded-driver",
    trainee: str = "Sam",
    seed: int = 7,
    started: str = AT,
) -> Transcript:
    """Keep the call of a simulated trainee under that id, as a session keeps it, and return it."""
    played = rehearsed(persona, skill, seed).transcript
    session = replace(played.session, id=ident, trainee=trainee, started=started)
    with Transcripts(path) as store:
        store.begin(session, replace(played.opening, session=ident, at=started))
        lines = {line.turn: line for line in played.lines}
        for turn in range(1, len(played.replies) + 2):
            if turn in lines:
                store.keep_line(replace(lines[turn], session=ident, at=started))
            for reply in (each for each in played.replies if each.turn == turn):
                store.keep_reply(replace(reply, session=ident, at=started))
        assert played.ending
        store.keep_ending(replace(played.ending, session=ident, at=started), score_of(played).score)
        store.keep_self_rating(SelfRating(session=ident, rating=3, at=started))
        return store.load(ident)

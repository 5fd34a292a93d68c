"""The score of a whole call, from its transcript."""

from __future__ import annotations

from roleplay.conversation.said import tries_of
from roleplay.conversation.turns import Transcript
from roleplay.persona.model import Moment
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.session_score import SessionScore, session_score


def score_of(transcript: Transcript) -> SessionScore:
    """The session score of `transcript`. Each turn counts by its first reply.

    A reply counts by the judge's verdict where that was verified, else by the offline assessment. Key moments that were
    never played, in whatever scene, count 0 if the trainee left or was hung up on, that is, after a bad end.
    """
    script = transcript.session.script
    tries = tries_of(transcript).values()
    first = [replies[0] for replies in tries]
    ending = transcript.ending
    broken_off = ending is not None and (ending.by == "left" or ending.outcome == "bad")
    seen = {reply.moment for reply in first}
    unplayed = sum(beat.key and beat.id not in seen for beat in script.persona.beats() if isinstance(beat, Moment))
    return session_score(
        script.rubric,
        [
            (Occasion.at(script.persona, script.persona.beat(reply.moment)), transcript.counted(reply))
            for reply in first
        ],
        unplayed_key=unplayed if broken_off else 0,
        taken_back=[place for place, replies in enumerate(tries) if replies[0] not in transcript.replies],
    )

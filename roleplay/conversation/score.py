"""The score of a whole call, from its transcript."""

from __future__ import annotations

from roleplay.conversation.turns import Transcript
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.session_score import SessionScore, session_score


def score_of(transcript: Transcript) -> SessionScore:
    """The session score of `transcript`.

    Key moments that were never played count 0 if the trainee left or was hung up on, that is, after a bad end.
    """
    script = transcript.session.script
    played = [
        (Occasion.at(script.persona, script.persona.beat(reply.moment)), reply.assessment)
        for reply in transcript.replies
    ]
    ending = transcript.ending
    broken_off = ending is not None and (ending.by == "left" or ending.outcome == "bad")
    seen = {reply.moment for reply in transcript.replies}
    unplayed = sum(beat.key and beat.id not in seen for beat in script.persona.moments) if broken_off else 0
    return session_score(script.rubric, played, unplayed_key=unplayed)

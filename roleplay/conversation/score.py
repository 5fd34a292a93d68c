"""The score of a whole call, from its transcript."""

from __future__ import annotations

from collections.abc import Collection

from roleplay.conversation.said import tries_of
from roleplay.conversation.turns import Transcript
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.session_score import SessionScore, session_score


def score_of(transcript: Transcript) -> SessionScore:
    """The session score of `transcript`. Each turn counts by its first reply.

    A reply counts by the judge's verdict where that was verified, else by the offline assessment. Key moments that were
    never played, in whatever scene, count 0 if the trainee left or was hung up on, that is, after a bad end. Those of a
    scene that ended by an ending of its own count 0 after a bad one.
    """
    script = transcript.session.script
    tries = tries_of(transcript).values()
    first = [replies[0] for replies in tries]
    return session_score(
        script.rubric,
        [
            (Occasion.at(script.persona, script.persona.beat(reply.moment)), transcript.counted(reply))
            for reply in first
        ],
        unplayed_key=_unplayed_key(transcript, {reply.moment for reply in first}),
        taken_back=[place for place, replies in enumerate(tries) if replies[0] not in transcript.replies],
    )


def _unplayed_key(transcript: Transcript, seen: Collection[str]) -> int:
    """How many key moments were not `seen` because the trainee left or was hung up on."""
    persona, ending = transcript.session.script.persona, transcript.ending
    broken_off = ending is not None and (ending.by == "left" or ending.outcome == "bad")
    scenes = {end.scene: end.outcome == "bad" for end in transcript.state.ends}
    parts = [(persona.moments, broken_off)]
    parts += [(scene.moments, scenes.get(scene.id, broken_off)) for scene in persona.scenes]
    return sum(moment.key and moment.id not in seen for moments, lost in parts if lost for moment in moments)

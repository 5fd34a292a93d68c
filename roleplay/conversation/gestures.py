"""Gestures: small things the trainee gives, worth an act where they fit and nothing where they do not."""

from __future__ import annotations

import msgspec

from roleplay.conversation.state import CustomerState
from roleplay.persona.model import Gesture, Persona
from roleplay.scoring.assessment import Assessment, Evidence
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.rubric import Rubric, opportunity, turn_score


def fitting_gesture(persona: Persona, state: CustomerState, gesture_id: str | None) -> Gesture | None:
    """The gesture of that id if it fits the current moment and was not given before, else None."""
    for gesture in persona.gestures:
        if gesture.id == gesture_id and gesture.id not in state.gestures:
            beat = persona.beat(state.moment)
            if state.moment in gesture.fits or (not gesture.fits and beat.unspoken):
                return gesture
    return None


def with_gesture(assessment: Assessment, gesture: Gesture, occasion: Occasion, rubric: Rubric) -> Assessment:
    """`assessment` with `acts` at 2 for `gesture`, where an act is called for and the reply does no harm."""
    if assessment.harm or not assessment.scorable or "acts" not in occasion.called_for:
        return assessment
    scores = {**assessment.scores, "acts": 2}
    evidence = Evidence(
        dimension="acts",
        quote=gesture.does,
        start=0,
        end=len(gesture.does),
        why="A small thing of your own that fitted this moment.",
        of="gesture",
    )
    return msgspec.structs.replace(
        assessment,
        scores=scores,
        turn_score=turn_score(rubric, scores),
        opportunity=opportunity(scores, offers=occasion.offers),
        evidence=(*assessment.evidence, evidence),
    )

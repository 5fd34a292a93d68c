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
            if state.moment in gesture.fits or (not gesture.fits and beat.offers):
                return gesture
    return None


def with_gesture(assessment: Assessment, gesture: Gesture, occasion: Occasion, rubric: Rubric) -> Assessment:
    """`assessment` with what `gesture` adds where it fits: an act, which touches what was not said.

    `acts` becomes 2 and `reaches_unspoken` at least 1, where they are called for. A gesture mends no harm.
    """
    if assessment.harm or not assessment.scorable:
        return assessment
    scores = dict(assessment.scores)
    if "acts" in occasion.called_for:
        scores["acts"] = 2
    if "reaches_unspoken" in occasion.called_for:
        scores["reaches_unspoken"] = max(1, scores["reaches_unspoken"] or 0)
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

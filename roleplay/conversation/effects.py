"""What a reply does to the customer: one table, read from top to bottom, the first row that fits.

The step sizes were set by rehearsal with the simulated trainees.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from roleplay.conversation.kinds import Kind
from roleplay.persona.model import Temperament
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.silence import silence_is_right

Voice = Literal["met", "partly", "missed", "harmed", "none"]


class Effect(msgspec.Struct, frozen=True):
    """Changes of trust, distress and patience, before the temperament; and the voice that answers."""

    trust: float
    distress: float
    patience: float
    voice: Voice


HARM_2 = Effect(-3, +2, -2, "harmed")
PASSED_OVER = Effect(-1, +1, -1, "missed")
"""Harm by omission: grave in the score, but what was not said does not wound like what was."""
HARM_1 = Effect(-1, +1, -1, "harmed")
NOT_SURE = Effect(0, 0, -0.5, "partly")
"""Comes before harm: a customer is not wounded by what the evidence does not agree on."""
PLEASANTRY = Effect(0, 0, -0.5, "missed")
MET_AND_MORE = Effect(+2, -1, +0.5, "met")
MET = Effect(+1.5, -1, +0.5, "met")
PARTLY_TIED = Effect(+0.5, 0, 0, "partly")
PARTLY = Effect(0, 0, 0, "partly")
MISSED = Effect(-0.5, +0.5, -1, "missed")
NOTHING_OFFERED = Effect(0, 0, 0, "none")
WELCOME_SILENCE = Effect(0, 0, 0, "none")
"""Silence where the author's note says that it is right: it costs nothing and wins nothing, and the call goes on."""


def effect_of(kind: Kind, assessment: Assessment, note: str = "") -> Effect:
    """The row of the table that fits a reply of that kind with that assessment, at a moment with that `note`."""
    scores = assessment.scores
    if kind == "silence":
        return WELCOME_SILENCE if silence_is_right(note) else MISSED
    if assessment.unsure or not assessment.scorable:
        return NOT_SURE
    if assessment.harm and _is_by_omission(assessment):
        return PASSED_OVER
    if assessment.harm == 2:
        return HARM_2
    if assessment.harm == 1:
        return HARM_1
    if kind == "greeting":
        return PLEASANTRY
    if assessment.opportunity == "met":
        return MET_AND_MORE if scores["explores"] == 2 or scores["acts"] == 2 else MET
    if assessment.opportunity == "partly":
        return PARTLY_TIED if is_tied_to_this_customer(assessment) else PARTLY
    return MISSED if assessment.opportunity == "missed" else NOTHING_OFFERED


def _is_by_omission(assessment: Assessment) -> bool:
    """Whether the harm lies only in what was passed over."""
    sources = {each.of for each in assessment.evidence if each.dimension == "harm"}
    return sources == {"customer"}


def is_tied_to_this_customer(assessment: Assessment) -> bool:
    """Whether anything in the reply would not suit just any customer: a fitting gesture, or a 2 for a particular."""
    if any(each.of == "gesture" for each in assessment.evidence):
        return True
    return assessment.scores["acknowledges_feeling"] == 2 or assessment.scores["reaches_unspoken"] == 2


def moved(value: float, change: float, *, better: bool, temperament: Temperament) -> float:
    """`value` after `change`, scaled by how easily this customer warms or cools, clamped to 0-10."""
    factor = temperament.warms if better else temperament.cools
    return min(10.0, max(0.0, round(value + change * factor, 3)))

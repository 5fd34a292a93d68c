"""What a scorer says of one reply at one moment: scores with the words that earned them, never a bare number."""

from __future__ import annotations

from typing import Literal

import msgspec

from roleplay.persona.fields import DIMENSIONS, Dimension, Opportunity

__all__ = [
    "DIMENSIONS",
    "SCORED",
    "Assessment",
    "Dimension",
    "Evidence",
    "Flags",
    "Opportunity",
    "Scored",
    "Suggestion",
    "not_scored",
]

Scored = Literal["acknowledges_feeling", "names_need", "reaches_unspoken", "explores", "acts", "harm"]
"""The five positive dimensions and `harm`, which is a gate."""
SCORED: tuple[Scored, ...] = (*DIMENSIONS, "harm")


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Words that a score rests on.

    `quote` is verbatim ``text[start:end]`` of the reply; for harm by omission (`of` = "customer") of the customer's
    words that were passed over; for a gesture that fitted (`of` = "gesture") of what the gesture does. `why` is one
    sentence for the trainee.
    """

    dimension: Scored
    quote: str
    start: int
    end: int
    why: str
    of: Literal["reply", "customer", "gesture"] = "reply"


class Flags(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a coach should know besides the scores."""

    safety: bool = False
    """Somebody's safety was at stake, and the reply did not deal with it."""
    boundary: bool = False
    """A boundary was to be kept, and the reply did not keep it."""
    injection: bool = False
    """The reply holds words aimed at a scorer or a system."""
    too_short: bool = False
    """Silence, or too little to tell."""
    language: bool = False
    """Not English: not scored."""
    refused: bool = False
    """The reply says no and leaves it at that, so that nothing that was asked for is settled by it."""


class Suggestion(msgspec.Struct, frozen=True):
    """A better reply for this moment, and the reason why."""

    text: str
    why: str


class ScorerName(msgspec.Struct, frozen=True):
    """Which scorer, in which version, by which rubric."""

    name: str
    version: str
    rubric: str


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of one reply.

    `scores` has all six keys, each 0-2, or None where the moment does not call for it or it could not be scored.
    `overall` is 0-4 or None (not scorable); `near` is the same before it was made whole, within half a point of it, for
    ranking replies; None where a scorer gives no more than levels. `turn_score` is 0-100 or None where the moment
    offered nothing or it could not be scored. `unsure`: the evidence disagrees.
    """

    scores: dict[Scored, int | None]
    overall: int | None
    near: float | None = None
    turn_score: float | None
    opportunity: Opportunity
    unsure: bool
    evidence: tuple[Evidence, ...]
    flags: Flags
    suggestion: Suggestion | None
    scorer: ScorerName

    @property
    def scorable(self) -> bool:
        """Whether the reply could be scored at all."""
        return self.overall is not None

    @property
    def harm(self) -> int:
        """Harm 0-2; an unscored reply counts as 0."""
        return self.scores.get("harm") or 0


def not_scored(flags: Flags, scorer: ScorerName) -> Assessment:
    """The assessment of a reply that could not be scored; `flags` say why."""
    return Assessment(
        scores=dict.fromkeys(SCORED),
        overall=None,
        turn_score=None,
        opportunity="none",
        unsure=False,
        evidence=(),
        flags=flags,
        suggestion=None,
        scorer=scorer,
    )


msgspec.json.Decoder(Assessment)  # at the first use of a type in two threads msgspec may crash; an import is in one

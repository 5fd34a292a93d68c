"""Imagined replies: what a customer would hear, and a scorer would say, of one that did this or that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from roleplay.conversation.kinds import Kind
from roleplay.conversation.listen import Heard
from roleplay.persona.fields import DIMENSIONS, Opportunity
from roleplay.scoring.assessment import Assessment, Flags, Scored, ScorerName, not_scored
from roleplay.scoring.occasion import Occasion

_LEVELS: dict[Opportunity, int] = {"met": 2, "partly": 1, "missed": 0, "none": 0}
_OVERALL: dict[Opportunity, int] = {"met": 4, "partly": 2, "missed": 1, "none": 2}
_NOT_SCORED = ("nonsense", "foreign", "machine")
_NOBODY = ScorerName("imagined", "1", "")


class Imagined(NamedTuple):
    """A reply that nobody gave: what was heard in it, and its assessment."""

    heard: Heard
    assessment: Assessment


def imagined(
    occasion: Occasion,
    opportunity: Opportunity,
    *,
    kind: Kind = "words",
    touches: Iterable[str] = (),
    explores: bool = False,
    acts: bool = False,
    harm: int = 0,
    unsure: bool = False,
) -> Imagined:
    """A reply of that `kind` on `occasion` which met what was there, or a part of it, or missed it.

    Nothing more is in it than is said here: `touches` are the disclosures whose topics it touches, `explores` and
    `acts` say whether it has a fitted question or act at 2; `harm` is 0-2. Where the occasion offers nothing the
    opportunity is none. What is met is met: a spoken need with an act at 1. Talk without sense, in another language or
    to a machine is not scored.
    """
    if kind in _NOT_SCORED:
        return Imagined(
            Heard(kind), not_scored(Flags(language=kind == "foreign", injection=kind == "machine"), _NOBODY)
        )
    reached = opportunity if occasion.offers else "none"
    level = _LEVELS[reached]
    scores: dict[Scored, int | None] = {
        name: level if name in occasion.called_for else None for name in DIMENSIONS if name not in ("explores", "acts")
    }
    scores["explores"] = (2 if explores else 0) if "explores" in occasion.called_for else None
    scores["acts"] = (2 if acts else min(level, 1)) if "acts" in occasion.called_for else None
    scores["harm"] = harm
    assessment = Assessment(
        scores=scores,
        overall=0 if harm == 2 else _OVERALL[reached],
        turn_score=None,
        opportunity=reached,
        unsure=unsure,
        evidence=(),
        flags=Flags(too_short=kind == "silence"),
        suggestion=None,
        scorer=_NOBODY,
    )
    return Imagined(Heard(kind, topics=tuple(touches)), assessment)

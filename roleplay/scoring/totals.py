"""How levels become an assessment: what the moment does not call for drops out, and the totals follow by the rubric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.scoring.assessment import Assessment, Evidence, Flags, Scored, ScorerName, Suggestion
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.rubric import Rubric, opportunity, turn_score


def assessed(
    rubric: Rubric,
    occasion: Occasion,
    *,
    levels: Mapping[Dimension, int],
    harm: int,
    overall: int,
    near: float | None = None,
    evidence: Sequence[Evidence],
    flags: Flags,
    unsure: bool,
    suggestion: Suggestion | None,
    scorer: ScorerName,
) -> Assessment:
    """The assessment of a reply on `occasion` from its `levels` (0-2 each), `harm` (0-2) and `overall` (0-4).

    `near` is `overall` before it was made whole. Evidence for what is not called for, or earned nothing, is left out;
    so is the suggestion where nothing is missing.
    """
    called: dict[Scored, int | None] = {
        name: levels[name] if name in occasion.called_for else None for name in DIMENSIONS
    }
    called["harm"] = harm
    offers = occasion.offers or not occasion.id
    met = opportunity(called, offers=offers)
    return Assessment(
        scores=called,
        overall=overall,
        near=near,
        turn_score=turn_score(rubric, called) if offers else None,
        opportunity=met,
        unsure=unsure,
        evidence=tuple(item for item in evidence if called[item.dimension]),
        flags=flags,
        suggestion=suggestion if met != "met" or overall < 4 else None,
        scorer=scorer,
    )

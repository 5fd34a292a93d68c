"""How levels become an assessment: what the moment does not call for drops out, and the totals follow by the rubric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from roleplay.persona.fields import DIMENSIONS, Dimension, Opportunity
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
    called, offers = _called_for(occasion, levels, harm), occasion.offers or not occasion.id
    met = opportunity_at(occasion, levels, harm, refused=flags.refused)
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


def opportunity_at(
    occasion: Occasion, levels: Mapping[Dimension, int], harm: int, *, refused: bool = False
) -> Opportunity:
    """What became of what was there to be met on `occasion`, by the `levels` (0-2 each) and `harm` (0-2) of a reply.

    Where nothing but a request is to be met, a reply that says no and leaves it at that (`refused`) met it at most
    partly. Without a moment the conversation alone tells, and there always is something.
    """
    found = opportunity(_called_for(occasion, levels, harm), offers=occasion.offers or not occasion.id)
    denied = refused and "reaches_unspoken" not in occasion.called_for and "names_need" in occasion.called_for
    return "partly" if denied and found == "met" else found


def _called_for(occasion: Occasion, levels: Mapping[Dimension, int], harm: int) -> dict[Scored, int | None]:
    called: dict[Scored, int | None] = {
        name: levels[name] if name in occasion.called_for else None for name in DIMENSIONS
    }
    called["harm"] = harm
    return called

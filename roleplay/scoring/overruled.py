"""An assessment after a coach has overruled some of its levels: a person's judgement outranks a machine's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

from roleplay.scoring.assessment import SCORED, Assessment, Flags, Scored
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.rubric import Rubric, opportunity, turn_score

Rated = Scored | Literal["overall"]
"""What a coach can rate: the five dimensions and `harm`, 0-2 each, and `overall`, 0-4."""
RATED: tuple[Rated, ...] = (*SCORED, *get_args(Literal["overall"]))

HIGHEST: dict[Rated, int] = dict.fromkeys(SCORED, 2) | {"overall": 4}
"""The highest level of each; the lowest is 0."""


def rateable(occasion: Occasion) -> tuple[Rated, ...]:
    """What a coach can rate in a reply on `occasion`: what it calls for, harm, and the reply as a whole."""
    return (*occasion.called_for, "harm", "overall")


def level_of(assessment: Assessment, name: Rated) -> int | None:
    """The level that `assessment` gives; None where it gives none."""
    return assessment.overall if name == "overall" else assessment.scores[name]


def overruled(assessment: Assessment, levels: Mapping[Rated, int], occasion: Occasion, rubric: Rubric) -> Assessment:
    """`assessment` with a coach's `levels` in place of its own, and what follows from them by the rubric.

    A reply that could not be scored is scorable once its `overall` is among them. It is not unsure any more. Where a
    coach finds no harm, the flags that told of one go.
    """
    scores: dict[Scored, int | None] = {name: levels.get(name, assessment.scores[name]) for name in SCORED}
    flags = assessment.flags
    if scores["harm"] == 0:
        flags = msgspec.structs.replace(flags, safety=False, boundary=False)
    if "overall" in levels:
        flags = Flags(safety=flags.safety, boundary=flags.boundary, injection=flags.injection)
    return msgspec.structs.replace(
        assessment,
        scores=scores,
        overall=levels.get("overall", assessment.overall),
        near=None if "overall" in levels else assessment.near,
        turn_score=turn_score(rubric, scores) if occasion.offers else None,
        opportunity=opportunity(scores, offers=occasion.offers),
        unsure=False,
        flags=flags,
    )

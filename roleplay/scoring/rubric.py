"""The rubric: dimensions, their anchors and weights, read from YAML; totals are computed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from roleplay.persona.model import Dimension, Opportunity
from roleplay.scoring.assessment import Scored


class DimensionText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a dimension is called and what its three levels mean, in words for the trainee."""

    title: str
    means: str
    levels: tuple[str, str, str]


class Rubric(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Weights (of the five positive dimensions, summing to 1), caps of the turn score for harm 1 and 2, and texts."""

    id: str
    weights: dict[Dimension, float]
    cap_harm_1: float
    cap_harm_2: float
    cap_repaired: float
    mean_share: float
    """Share of the mean over all moments in the session score; the rest is the mean over the key moments."""
    dimensions: dict[Scored, DimensionText]
    overall: tuple[str, str, str, str, str]
    """What each overall level means, 0-4."""


def turn_score(rubric: Rubric, scores: Mapping[Scored, int | None]) -> float | None:
    """Weighted mean of the dimensions called for, 0-100, capped by harm; None where none is called for."""
    raise NotImplementedError


def opportunity(scores: Mapping[Scored, int | None], *, offers: bool) -> Opportunity:
    """Whether what was there to be met was met, by the rules in docs/scoring.md."""
    raise NotImplementedError

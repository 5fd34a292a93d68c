"""The rubric: dimensions, their anchors and weights, read from YAML; totals are computed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import fsum
from pathlib import Path

import msgspec
import yaml

from roleplay.errors import BadInput, NotFound
from roleplay.persona.fields import DIMENSIONS, Dimension, Opportunity
from roleplay.scoring.assessment import SCORED, Scored


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


msgspec.json.Decoder(Rubric)  # at the first use of a type in two threads at once msgspec may crash; an import is in one


@cache
def default_rubric() -> Rubric:
    """The rubric that ships with the program, read once."""
    return load_rubric(Path(__file__).parents[1] / "rubrics" / "default.yaml")


def load_rubric(path: Path) -> Rubric:
    """The rubric in the file at `path`. Raises NotFound or BadInput with one sentence that names the file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFound("There is no such rubric file.", where=str(path), mend="Check the path.") from None
    except UnicodeDecodeError:
        raise BadInput("The rubric is not UTF-8 text.", where=str(path), mend="Save it as UTF-8.") from None
    except OSError as error:
        raise BadInput(f"The rubric cannot be read ({error.strerror}).", where=str(path)) from None
    return parse_rubric(text, str(path))


def parse_rubric(text: str, where: str) -> Rubric:
    """The rubric written in `text`. Raises BadInput, naming `where` and, for YAML that cannot be read, the line."""
    try:
        data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
        raise BadInput(f"The rubric is not valid YAML ({error.problem}).", where=place) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise BadInput("The rubric is not valid YAML.", where=where) from None
    try:
        rubric = msgspec.convert(data, Rubric)
    except msgspec.ValidationError as error:
        raise BadInput(f"The rubric is incomplete or wrong: {error}.", where=where) from None
    _check(rubric, where)
    return rubric


def _check(rubric: Rubric, where: str) -> None:
    missing: list[str] = [name for name in SCORED if name not in rubric.dimensions]
    missing += [f"weights.{name}" for name in DIMENSIONS if name not in rubric.weights]
    if missing:
        raise BadInput(f"The rubric lacks {', '.join(missing)}.", where=where, mend="All six dimensions are needed.")
    if any(weight < 0 for weight in rubric.weights.values()) or abs(sum(rubric.weights.values()) - 1) > 0.001:
        total = round(sum(rubric.weights.values()), 3)
        raise BadInput(
            f"The weights sum to {total}.", where=where, mend="None may be negative, and they must sum to 1."
        )
    if not 0 <= rubric.cap_harm_2 <= rubric.cap_repaired <= rubric.cap_harm_1 <= 100:
        raise BadInput(
            "The caps are out of order.", where=where, mend="0 <= cap_harm_2 <= cap_repaired <= cap_harm_1 <= 100."
        )
    if not 0 <= rubric.mean_share <= 1:
        raise BadInput("mean_share must lie between 0 and 1.", where=where)


def turn_score(rubric: Rubric, scores: Mapping[Scored, int | None], *, repaired: bool = False) -> float | None:
    """Weighted mean of the dimensions called for, 0-100, capped by harm; None where none is called for.

    `repaired`: the very next reply made a harm 2 good, so that the milder cap holds.
    """
    called = {name: level for name in DIMENSIONS if (level := scores.get(name)) is not None}
    weight = fsum(rubric.weights[name] for name in called)
    if weight <= 0:
        return None
    score = 100 * fsum(rubric.weights[name] * level for name, level in called.items()) / (2 * weight)
    harm = scores.get("harm") or 0
    if harm >= 2:
        score = min(score, rubric.cap_repaired if repaired else rubric.cap_harm_2)
    elif harm == 1:
        score = min(score, rubric.cap_harm_1)
    return round(score, 1)


def opportunity(scores: Mapping[Scored, int | None], *, offers: bool) -> Opportunity:
    """Whether what was there to be met was met, by the rules in docs/scoring.md ("Met or missed").

    A dimension that is None is not offered. An unspoken need: met by `reaches_unspoken` 2 with `acknowledges_feeling`
    at least 1 (where called for) and harm 0; missed by harm 2, or by `reaches_unspoken` 0 with `acknowledges_feeling`
    below 2. Only a spoken need: `names_need` stands in its place. Only a feeling: `acknowledges_feeling` decides alone.
    Nothing offered, or not scorable (`harm` is None): none.
    """
    harm, feeling = scores.get("harm"), scores.get("acknowledges_feeling")
    reached = scores.get("reaches_unspoken")
    if reached is None:
        reached = scores.get("names_need")
    if offers and harm == 2:
        return "missed"
    if not offers or harm is None or (reached is None and feeling is None):
        return "none"
    if reached is None:
        level = feeling or 0
    elif reached == 0:
        level = 1 if feeling == 2 else 0
    else:
        level = 2 if reached == 2 and (feeling is None or feeling >= 1) else 1
    return _OPPORTUNITIES[min(level, 1) if harm else level]


_OPPORTUNITIES: tuple[Opportunity, ...] = ("missed", "partly", "met")

_BEARS: dict[Opportunity, tuple[int, int]] = {"missed": (0, 2), "partly": (1, 3), "met": (3, 4), "none": (0, 4)}


def in_keeping(overall: int, became: Opportunity) -> int:
    """`overall` (0-4) within what its levels mean where that `became` of what was there to be met.

    Met is good at the least, missed is mixed at the most, partly is neither nothing nor a model. Of 2,755 labelled
    replies at moments that offer something, 30 are labelled otherwise, 14 of them met and mixed.
    """
    least, most = _BEARS[became]
    return max(least, min(most, overall))

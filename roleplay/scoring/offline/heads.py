"""From numbers to levels: one small additive head for each dimension, then gates that no sum can pass.

The weights (weights.yaml) have fixed signs; `python -m benchmarks.fit_heads` makes them. Gates come from the rubric's
definitions (docs/scoring.md) and hold whatever the weights say.
"""

from __future__ import annotations

from functools import cache
from math import fsum
from pathlib import Path

import msgspec
import yaml

from roleplay.persona.model import DIMENSIONS, Dimension
from roleplay.scoring.offline.detectors import Heard, Reply
from roleplay.scoring.offline.grounding import Ground, shared
from roleplay.scoring.offline.stakes import Stakes

_WARM = ("owns", "legit", "appraises", "received", "sorry", "presence")
_GIVES = (
    "owns",
    "legit",
    "relief",
    "presence",
    "done",
    "doing",
    "will",
    "refuses",
    "received",
    "open_question",
    "room_left",
)


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A base value, a weight for each number, and the cuts between the levels."""

    base: float
    weights: dict[str, float]
    cuts: tuple[float, ...]

    def value(self, numbers: dict[str, float]) -> float:
        """The weighted sum."""
        return self.base + fsum(weight * numbers[name] for name, weight in self.weights.items())

    def level(self, value: float) -> int:
        """How many cuts `value` reaches."""
        return sum(value >= cut for cut in self.cuts)


class Heads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The head of each dimension, and of `overall` over the values of the others."""

    dimensions: dict[Dimension, Head]
    overall: Head


@cache
def heads() -> Heads:
    """The shipped heads, read once."""
    text = Path(__file__).with_name("weights.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)), Heads)


_WORKED: dict[Dimension, float] = {"acknowledges_feeling": 0.3, "reaches_unspoken": 0.5, "acts": 0.3}
"""How far likeness to a worked reply may lift a value; the gates still hold, so it supports and never decides alone."""


class Levels(msgspec.Struct, frozen=True, kw_only=True):
    """The gated levels and `overall`."""

    scores: dict[Dimension, int]
    overall: int


def judge(given: Heads, numbers: dict[str, float], reply: Reply, ground: Ground, at_stake: Stakes, harm: int) -> Levels:
    """The levels of a reply by the heads `given`."""
    values = {
        name: given.dimensions[name].value(numbers) + _WORKED.get(name, 0.0) * numbers["like_worked"]
        for name in DIMENSIONS
    }
    raw = {name: given.dimensions[name].level(values[name]) for name in DIMENSIONS}
    scores = gate(raw, reply, ground, at_stake)
    clipped = {name: max(0.0, min(2.2, (values[name] + scores[name]) / 2)) for name in DIMENSIONS}
    overall_value = given.overall.value({str(name): value for name, value in clipped.items()})
    overall = given.overall.level(overall_value)
    return Levels(scores=scores, overall=_cap_overall(overall, scores, reply, at_stake, harm))


def gate(raw: dict[Dimension, int], reply: Reply, ground: Ground, at_stake: Stakes) -> dict[Dimension, int]:
    """`raw` levels held to the definitions: what a level requires must be there, what it forbids must not."""
    if not reply.heard:
        return dict.fromkeys(DIMENSIONS, 0)
    plain = [h for h in reply.heard if not h.formula]
    af, nn, ru, ex, ac = (raw[name] for name in DIMENSIONS)
    warm = [h for h in plain if h.does(*_WARM)]
    tied_warm = [h for h in plain if (h.does("legit") or (h.ties >= 0.8 and _takes_in(h)))]
    formula_warm = any(h.formula and h.does("sorry", "must_be", "stock", "sorry_formula") for h in reply.heard)
    firm = [
        h for h in plain if h.does("done", "doing", "will", "when", "relief", "presence", "refuses") or h.allowed >= 1.5
    ]
    if not plain:
        af, nn, ru, ex, ac = min(af, 1) if formula_warm else 0, min(nn, 1), 0, min(ex, 1), min(ac, 1)
    if not any(_on_the_point(h) for h in reply.heard):
        nn = 0
    if af == 2 and not tied_warm:
        af = 1
    if not warm and not tied_warm and not (ground.plain_wanted and nn == 2):
        af = min(af, 1 if formula_warm or any(h.does("relief", "room_left") for h in plain) else 0)
    if af == 0 and any(
        h.does("legit", "received", "presence", "room_left") or (_asks_person(h) and h.ties >= 0.8) for h in plain
    ):
        af = 1
    if (
        af == 0
        and _kinds_of_giving(plain)
        and any(_met_halfway(h, ground) for h in plain)
        and not any(h.does("process", "pushed", "form_field") for h in reply.heard)
    ):
        af = 1
    if af == 0 and not ground.plain_wanted and any(h.formula and h.does("sorry", "must_be") for h in reply.heard):
        af = 1
    if ground.plain_wanted and nn == 2 and not formula_warm:
        af = max(af, 1)
    ru = _reach(ru, plain, ground, feeling=af, human=bool(warm or tied_warm) or any(_asks_person(h) for h in plain))
    if ac == 2 and not firm:
        ac = 1
    asks = [h for h in reply.heard if h.said.asks and not h.does("form_field", "any_else")]
    if not asks:
        ex = min(ex, 1 if any(h.does("room_left", "open_question") for h in plain) else 0)
    if reply.questions >= 4 and at_stake.kind not in ("danger", "suicide"):
        ex = 0
    gated: dict[Dimension, int] = {
        "acknowledges_feeling": af, "names_need": nn, "reaches_unspoken": ru, "explores": ex, "acts": ac,
    }  # fmt: skip
    return _with_stakes(gated, plain, at_stake, ground)


def _reach(level: int, plain: list[Heard], ground: Ground, *, feeling: int, human: bool) -> int:
    """How far the unspoken need is reached: by a sentence that answers it and is this customer's, not by procedure."""
    giving = [h for h in plain if h.does(*_GIVES) or h.ties >= 0.8 or _makes_safer(h)]
    answered = set[str]().union(*(h.needs | h.near for h in giving))
    tied = any(h.ties >= 0.8 for h in plain)
    kinds = _kinds_of_giving(plain)
    if "company" in ground.needs and any(h.does("presence") for h in plain):
        level = max(level, 2 if tied or len(answered) >= 3 or kinds >= 2 else 1)
    if tied and answered and (kinds >= 3 or (kinds >= 2 and len(answered) >= 2)):
        level = max(level, 2)
    elif tied and answered and kinds:
        level = max(
            level, 2 if feeling == 2 and any(h.does("legit", "appraises") and (h.near or h.needs) for h in plain) else 1
        )
    if not human or not any(h.needs or h.near for h in giving):
        level = min(level, 1)
    return level if plain else 0


def _kinds_of_giving(plain: list[Heard]) -> int:
    """How many different things the reply gives, of: presence, relief, recognition, a step, a question, a fault owned.

    Making the customer safer counts too.
    """
    return sum(
        (
            any(h.does("presence") for h in plain),
            any(h.does("relief") for h in plain),
            any(h.does("legit", "received") or (h.does("appraises", "sorry") and h.ties >= 0.8) for h in plain),
            any(h.does("done", "doing", "will") and not h.does("vague", "process") for h in plain),
            any(_asks_person(h) for h in plain),
            any(h.does("owns") for h in plain),
            any(_makes_safer(h) for h in plain),
        )
    )


def _of_theirs(heard: Heard) -> bool:
    """Whether it takes up something of the customer's in plain talk."""
    return heard.ties >= 0.8 and not heard.does("process", "pushed", "form_field", "orders")


def _makes_safer(heard: Heard) -> bool:
    return "safety" in heard.needs and not heard.does("process") and not heard.said.asks


def _asks_person(heard: Heard) -> bool:
    return (
        heard.said.asks
        and not heard.does("form_field", "any_else")
        and (heard.ties >= 0.8 or heard.does("safety_check", "suicide_ask"))
    )


def _on_the_point(heard: Heard) -> bool:
    """Whether a sentence has anything to do with what this customer said or asked."""
    return (
        heard.ties >= 0.2
        or heard.wanted >= 0.2
        or heard.allowed >= 0.4
        or bool(heard.needs)
        or heard.does("refuses", "received", "legit", "done", "doing", "will", "sorry", "form_field", "safety_check")
    )


def _met_halfway(heard: Heard, ground: Ground) -> bool:
    """Whether it is kind by manner: takes a hardship off the customer, or takes up what is no part of the task."""
    if heard.does("process", "pushed", "form_field", "any_else", "orders") or heard.said.asks:
        return False
    if heard.does("relief", "room_left"):
        return heard.ties >= 0.4 or bool(heard.needs)
    own = {
        root: weight
        for root, weight in heard.said.stems.items()
        if root not in ground.spoken and root not in ground.allows
    }
    return shared(own, ground.latest) >= 0.8


def _takes_in(heard: Heard) -> bool:
    return heard.does("legit", "appraises", "received", "sorry", "presence") or not (
        heard.does("process", "pushed", "form_field", "done", "doing", "will") or heard.said.asks
    )


def _with_stakes(
    scores: dict[Dimension, int], plain: list[Heard], at_stake: Stakes, ground: Ground
) -> dict[Dimension, int]:
    if at_stake.kind in ("danger", "suicide"):
        if at_stake.asked and any(said.asks for said in at_stake.asked):
            scores["explores"] = 2
        if at_stake.fully:
            theirs = at_stake.stays or any(h.does(*_WARM) or _asks_person(h) or _of_theirs(h) for h in plain)
            scores["reaches_unspoken"] = 2 if at_stake.kind == "suicide" or theirs else 1
            if at_stake.stays or any(h.does(*_WARM) for h in plain):
                scores["acknowledges_feeling"] = max(1, scores["acknowledges_feeling"])
            scores["acts"] = max(1, scores["acts"])
        elif at_stake.dealt:
            scores["reaches_unspoken"] = max(1, min(scores["reaches_unspoken"], 1))
        elif not ground.already_safe:
            scores["reaches_unspoken"] = 0
        if at_stake.charge and at_stake.stays:
            scores["acts"] = 2
    if at_stake.kind == "boundary" and not at_stake.dealt:
        scores["acts"] = 0
    return scores


def _cap_overall(overall: int, scores: dict[Dimension, int], reply: Reply, at_stake: Stakes, harm: int) -> int:
    """The caps of the definitions: harm, and what a 4, a 3 and a 2 require."""
    if scores["reaches_unspoken"] < 2 or scores["acknowledges_feeling"] < 1 or harm:
        overall = min(overall, 3)
    if harm or scores["acknowledges_feeling"] == 0:
        overall = min(overall, 2)
    if at_stake.kind in ("danger", "suicide") and at_stake.fully and not harm:
        overall = max(overall, 3)
    if harm == 2 or not any(not h.formula for h in reply.heard):
        overall = min(overall, 1)
    return overall

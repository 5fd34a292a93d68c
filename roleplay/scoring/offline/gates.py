"""What no sum of weights can pass: the definitions of the rubric."""

from __future__ import annotations

from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.scoring.offline.detectors import Heard, Reply
from roleplay.scoring.offline.stakes import Stakes

_WARM = ("owns", "legit", "appraises", "received", "sorry", "presence")


def gated(raw: dict[Dimension, int], reply: Reply, at_stake: Stakes, *, refuses: bool) -> dict[Dimension, int]:
    """`raw` levels held to the definitions: what a level requires must be there, what it is defined by is enough.

    `refuses`: the reply says no and leaves it at that.
    """
    if not reply.heard or reply.heap:
        return dict.fromkeys(DIMENSIONS, 0)
    scores = dict(raw)
    plain = [h for h in reply.heard if not h.formula]
    if not plain:
        scores = {name: min(level, 1) for name, level in scores.items()} | {"reaches_unspoken": 0, "names_need": 0}
        if not any(h.does("sorry", "must_be", "sorry_formula") for h in reply.heard):
            scores["acknowledges_feeling"] = 0
    if refuses:
        scores["acts"] = 0
    if not any(h.said.asks and not h.does("form_field", "any_else") for h in reply.heard):
        scores["explores"] = min(scores["explores"], int(any(h.does("room_left", "open_question") for h in plain)))
    if fits_anyone(reply, at_stake):
        for name in ("acknowledges_feeling", "reaches_unspoken"):
            scores[name] = min(1, scores[name])
    if at_stake.kind in ("danger", "suicide"):
        _hold_to_safety(scores, plain, at_stake)
    return scores


def fits_anyone(reply: Reply, at_stake: Stakes) -> bool:
    """Whether the reply would suit any customer: nothing in it is this one's, and no danger or hint is dealt with."""
    return not (at_stake.kind in ("danger", "suicide") and at_stake.dealt) and not any(h.linked for h in reply.heard)


def _hold_to_safety(scores: dict[Dimension, int], plain: list[Heard], at_stake: Stakes) -> None:
    """A straight question about safety explores; a danger taken in hand is reached, if not by orders alone."""
    warm = at_stake.stays or any(h.does(*_WARM) for h in plain)
    theirs = warm or any(h.ties >= 0.8 or h.said.asks for h in plain)
    if any(said.asks for said in at_stake.asked):
        scores["explores"] = 2
    if at_stake.charge and at_stake.stays:
        scores["acts"] = 2
    if not theirs:
        scores["reaches_unspoken"] = min(1, scores["reaches_unspoken"])
    if at_stake.fully:
        reached = 2 if at_stake.kind == "suicide" or theirs else 1
        scores["reaches_unspoken"] = max(scores["reaches_unspoken"], reached)
        if warm:
            scores["acknowledges_feeling"] = max(1, scores["acknowledges_feeling"])


def capped(
    overall: int, scores: dict[Dimension, int], reply: Reply, at_stake: Stakes, harm: int, *, refuses: bool
) -> int:
    """`overall` held to its definition: harm, a no with nothing beside it (`refuses`), and what a 4 requires."""
    if reply.heap:
        overall = min(overall, 1)
    if not any(not h.formula for h in reply.heard):
        overall = min(overall, scores["acknowledges_feeling"])
    if refuses or fits_anyone(reply, at_stake):
        overall = min(overall, 2)
    if harm:
        return min(overall, 3 - harm)
    if scores["reaches_unspoken"] < 2 or scores["acknowledges_feeling"] < 1:
        overall = min(overall, 3)
    return overall

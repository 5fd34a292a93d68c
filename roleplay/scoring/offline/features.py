"""A reply at a moment in numbers: each 0-1 or a small count, each helping or hurting a dimension by a fixed sign."""

from __future__ import annotations

from math import fsum

from roleplay.scoring.offline.detectors import Heard, Reply
from roleplay.scoring.offline.grounding import Ground, shared
from roleplay.scoring.offline.phrases import act


def _cap(value: float, most: float) -> float:
    return max(0.0, min(value, most)) / most


def _best(heard: list[float]) -> float:
    return max(heard, default=0.0)


def features(reply: Reply, ground: Ground) -> dict[str, float]:
    """The numbers the heads work on."""
    plain_said = [h for h in reply.heard if not h.formula]
    tied = [h for h in plain_said if h.ties >= 0.8]
    pool: dict[str, float] = {}
    for h in reply.heard:
        if not h.formula:
            pool |= h.said.stems
    fresh = {root for root in pool if any(c.isdigit() for c in root)} - ground.latest.keys()
    steps = [
        h
        for h in plain_said
        if h.does("done", "doing", "will") and not (h.does("refuses") and not h.does("alternative", "when"))
    ]
    firm = [h for h in steps if not h.does("vague", "form_field")]
    needs = set().union(*(h.needs for h in plain_said)) if plain_said else set()
    near = set().union(*(h.near for h in plain_said)) if plain_said else set()
    good_questions = [h for h in reply.heard if h.said.asks and not h.does("form_field", "any_else")]
    open_questions = [h for h in good_questions if h.does("open_question")]
    forms = [h for h in reply.heard if h.does("form_field")]
    return {
        "ties": _cap(fsum(h.ties for h in plain_said), 4),
        "ties_pool": _cap(shared(pool, ground.latest), 4),
        "tie_best": _cap(_best([h.ties for h in plain_said]), 3),
        "tie_earlier": _cap(shared(pool, ground.earlier), 3),
        "reflects": _cap(sum(_reflects(h) for h in plain_said), 2),
        "legit": _cap(sum(h.does("legit") for h in plain_said), 2),
        "legit_tied": float(any(h.does("legit") and h.ties >= 0.8 for h in plain_said)),
        "appraises": _cap(sum(h.does("appraises") for h in plain_said), 2),
        "appraises_tied": float(any(h.does("appraises") for h in tied)),
        "received": float(any(h.does("received") for h in plain_said)),
        "sorry": float(any(h.does("sorry") for h in reply.heard)),
        "sorry_tied": float(any(h.does("sorry") and (h.ties >= 0.8 or not h.formula) for h in plain_said)),
        "owns": float(any(h.does("owns") for h in plain_said)),
        "relief": _cap(sum(h.does("relief") for h in plain_said), 2),
        "presence": float(any(h.does("presence") for h in plain_said)),
        "formula": _cap(sum(h.formula for h in reply.heard), 3),
        "formula_share": sum(h.said.length for h in reply.heard if h.formula) / max(reply.words, 1),
        "process": _cap(sum(h.does("process") for h in reply.heard), 3),
        "pushed": _cap(sum(h.does("pushed") for h in reply.heard), 2),
        "vague": float(any(h.does("vague") for h in reply.heard)),
        "steps": _cap(len(steps), 3),
        "firm": _cap(len(firm), 3),
        "firm_when": float(any(h.does("when") for h in firm)),
        "done_now": float(any(h.does("done", "doing") for h in firm)),
        "when": float(any(h.does("when") for h in plain_said)),
        "fresh": _cap(len(fresh), 3),
        "allowed": _cap(shared(pool, ground.allows), 6),
        "allowed_step": _cap(fsum(h.allowed for h in plain_said if not h.said.asks), 6),
        "wanted": _cap(shared(pool, ground.spoken), 2),
        "unsaid": _cap(shared(pool, ground.unspoken), 2),
        "felt": _cap(shared(pool, ground.feeling), 2),
        "need_share": len(needs) / max(len(ground.needs), 1),
        "need_count": _cap(len(needs), 3),
        "near_count": _cap(len(near), 2),
        "refuses": float(any(h.does("refuses") for h in reply.heard)),
        "refuses_bare": float(
            any(h.does("refuses") for h in reply.heard)
            and not any(h.does("alternative") or h in firm for h in plain_said)
        ),
        "refuses_alt": float(
            any(h.does("refuses") for h in reply.heard) and any(h.does("alternative") for h in plain_said)
        ),
        "open_question": float(bool(open_questions)),
        "open_tied": float(any(h.ties >= 0.5 or h.needs for h in open_questions)),
        "question": float(bool(good_questions)),
        "room_left": float(any(h.does("room_left") for h in plain_said)),
        "safety_check": float(any(h.does("safety_check") and h.said.asks for h in reply.heard)),
        "suicide_ask": float(any(h.does("suicide_ask") and h.said.asks for h in reply.heard)),
        "forms": _cap(len(forms), 2),
        "volley": float(reply.questions >= 3),
        "any_else": float(any(h.does("any_else") for h in reply.heard)),
        "no_task": float(ground.no_task),
        "boundary": float(ground.boundary != "none"),
        "safety": float(ground.safety != "none"),
        "plain_wanted": float(ground.plain_wanted),
        "brief": float(reply.words <= 4),
        "like_worked": _cap(
            max((shared(pool, worked) - shared(pool, ground.latest) for worked in ground.better), default=0.0), 4
        )
        if ground.better
        else 0.0,
    }


def _reflects(heard: Heard) -> bool:
    """Whether a statement gives back something of the customer's: a short echo, or "you" with a particular."""
    if heard.said.asks or heard.formula or heard.ties < 0.8 or heard.does("pushed", "form_field"):
        return False
    if heard.said.length <= 7 and not heard.does("done", "doing", "will"):
        return True
    return act("you_said").search(heard.said.plain) is not None

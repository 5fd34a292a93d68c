"""A reply at a moment in numbers: each 0-1, each helping or hurting a dimension by a fixed sign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import fsum

from roleplay.scoring.offline.detectors import Heard, Reply
from roleplay.scoring.offline.grounding import Ground, shared
from roleplay.scoring.offline.groups import groups_in
from roleplay.scoring.offline.harm import Wound
from roleplay.scoring.offline.phrases import act
from roleplay.scoring.offline.stakes import Stakes

_ASKED = {
    "when": re.compile(r"\b(?:when|what time|how long|how soon|how quickly|which day|what day)\b"),
    "how much": re.compile(r"\b(?:how much|how many|what (?:does|will|would|did) (?:it|that|this) cost|the price)\b"),
    "whether": re.compile(
        r"(?:^|[.!?,;]\s*(?:and |so |but )?)(?:can|could|will|would|is|are|do|does|did|have|has|should|may|am|was)"
        r"(?:n't)? (?:you|i|we|it|that|this|there|he|she|they|the|my|your|any)\b[^.!]*\?|\b(?:whether|if it)\b"
    ),
}
"""What a customer may ask for, in a plain message or need."""
_ANSWERED = {
    "when": re.compile(
        r"\d|\b(?:today|tonight|tomorrow|now|straight away|right away|minutes?|hours?|days?|weeks?|\w+day|noon|midnight"
        r"|morning|afternoon|evening|don't know when|can't say when|nobody can)\b"
    ),
    "how much": re.compile(
        r"\d|\b(?:free|nothing|no (?:charge|fee|cost)|hundred|thousand|pounds?|dollars?|euros?|full)\b"
    ),
    "whether": re.compile(
        r"\b(?:yes|yeah|no|nope|of course|i can|i can't|we can|we can't|you can|you can't|it is|it isn't|it's|there is"
        r"|i will|i'll|i won't|not (?:yet|today|without|possible|allowed)|i don't know)\b"
    ),
}


def _cap(value: float, most: float) -> float:
    return max(0.0, min(value, most)) / most


def features(reply: Reply, ground: Ground, at_stake: Stakes, wounds: Sequence[Wound]) -> dict[str, float]:
    """The numbers the heads work on. `wounds`: what hurts by the rules, with those of `at_stake`."""
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
    level = max((wound.level for wound in wounds), default=0)
    mine = groups_in(pool)
    asked = [kind for kind, asks in _ASKED.items() if asks.search(ground.last) or asks.search(ground.asks_for)]
    told = " ".join(h.said.plain for h in reply.heard if not h.said.asks)
    answered = [kind for kind in asked if _ANSWERED[kind].search(told)]
    return {
        "ties": _cap(fsum(h.ties for h in plain_said), 4),
        "ties_pool": _cap(shared(pool, ground.latest), 4),
        "tie_earlier": _cap(shared(pool, ground.earlier), 3),
        "reflects": _cap(sum(_reflects(h) for h in plain_said), 2),
        "legit": _cap(sum(h.does("legit") for h in plain_said), 2),
        "legit_tied": float(any(h.does("legit") and h.ties >= 0.8 for h in plain_said)),
        "appraises_tied": float(any(h.does("appraises") for h in tied)),
        "received": float(any(h.does("received") for h in plain_said)),
        "sorry": float(any(h.does("sorry") for h in reply.heard)),
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
        "wounds": float(level == 1),
        "wounds_gravely": float(level == 2),
        "left_undone": float(bool(at_stake.wounds)),
        "for_a_grader": float(bool(reply.injected)),
        "answered": float(bool(answered)),
        "unanswered": float(bool(asked) and not answered),
        "of_theirs": _overlap(mine, groups_in(ground.latest)),
        "of_the_need": _overlap(mine, groups_in({**ground.unspoken, **ground.feeling})),
        "of_the_note": _overlap(mine, groups_in({**ground.spoken, **ground.allows})),
        "brief": float(reply.words <= 4),
    }


def _overlap(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """The share of the groups in `theirs` that are in `mine` too, a little less where there are few."""
    return len(mine & theirs) / (1 + len(theirs))


def _reflects(heard: Heard) -> bool:
    """Whether a statement gives back something of the customer's: a short echo, or "you" with a particular."""
    if heard.said.asks or heard.formula or heard.ties < 0.8 or heard.does("pushed", "form_field"):
        return False
    if heard.said.length <= 7 and not heard.does("done", "doing", "will"):
        return True
    return act("you_said").search(heard.said.plain) is not None

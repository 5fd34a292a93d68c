"""Whether the customer's words are warmer than the customer: the quiet alarm of the debrief."""

from __future__ import annotations

import re

from roleplay.actors.checks.manners import is_grateful
from roleplay.actors.checks.stage import Stage

LOW_TRUST = 4.0
"""Trust below which warm words are out of place, unless the reply has just met what was there to be met."""

_RELIEVED = re.compile(
    r"\bi(?:'m| am)? ?(?:do |already |really |actually |starting to |beginning to )*(?:feel(?:ing)?|"
    r"breathing) (?:so |a (?:lot|bit|little) |much |a whole lot |already )*(?:better|calmer|safer|easier|"
    r"relieved|reassured|hopeful|less (?:alone|scared|worried))\b"
    r"|\b(?:what|that's|such) a(?: huge| big| real)? relief\b|\bi(?:'m| am) (?:so |really |very |"
    r"just )*(?:relieved|reassured|glad (?:you|i (?:called|talked|got))|happy (?:you|to hear))\b"
    r"|\bthat(?:'s| is) (?:good|great|nice|wonderful|lovely|comforting|reassuring|perfect|"
    r"fantastic)(?: to (?:hear|know))?\b(?! question)"
    r"|\bthat (?:helps|makes (?:me feel better|sense)|sounds (?:good|great|perfect|wonderful|lovely))\b|"
    r"\bsounds (?:good|great|perfect|like a plan)\b"
)
_FORGIVES = re.compile(
    r"\b(?:no worries|no problem|not a problem|don't worry about it|no harm done|it's (?:okay|ok|all right|"
    r"alright|fine),? (?:really|i understand|don't worry|no)|all is forgiven|apology accepted|i forgive|"
    r"no hard feelings|you're only doing your job|it's not your fault|"
    r"you did(?:n't do anything)? (?:nothing )?wrong)\b"
    r"|\b(?:i (?:completely |totally |fully )?understand,? (?:and|that's|you)|you're (?:absolutely |"
    r"completely |totally |so )?right,? (?:i(?:'m| am)? ?(?:should|sorry)|thank)|"
    r"of course,? (?:i understand|whatever you need|take your time)|take your time\b|"
    r"whatever you think is best)"
)
_TRUSTS = re.compile(
    r"\bi (?:do |really |already )*trust you\b|\bi knew (?:you|i could)\b|\byou(?:'re| are) (?:good|kind|great|"
    r"wonderful|sweet)\b"
)
_DENIES = re.compile(r"\b(?:not|n't|don't|doesn't|isn't|never|hardly|wouldn't|if|would|when)\b")


def is_softer(stage: Stage, line: str) -> bool:
    """Whether `line` is grateful, relieved, forgiving or trusting while the customer is not.

    The customer is not after a reply that missed or hurt, nor where trust is low and the reply did not meet anything.
    """
    heard = stage.direction.heard
    if heard == "met" or (heard in ("partly", "none") and stage.state.trust >= LOW_TRUST):
        return False
    return is_warm(line) and not is_warm(stage.scripted)


def is_warm(line: str) -> bool:
    """Whether there is gratitude, relief, forgiveness or trust in `line`, and not its contrary."""
    plain = line.lower().replace("’", "'")
    if is_grateful(line, gushing=False):
        return True
    for signs in (_RELIEVED, _FORGIVES, _TRUSTS):
        found = signs.search(plain)
        if found:
            clause = re.split(r"[.!?;…]", plain[: found.start()])[-1]
            if not _DENIES.search(clause):
                return True
    return False

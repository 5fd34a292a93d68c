"""What the customer opens up about after a reply, what is deflected, and what waits."""

from __future__ import annotations

import msgspec

from roleplay.conversation.listen import Heard
from roleplay.conversation.state import CustomerState
from roleplay.persona.model import Disclosure, Persona
from roleplay.scoring.assessment import Assessment

PULLS_BACK_AT = 6.0
"""Distress from which a customer who has just opened up pulls back once."""


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """The disclosure that opens, the one whose topic came too early, and the ids of those that wait a turn."""

    opens: Disclosure | None = None
    deflects: Disclosure | None = None
    waiting: tuple[str, ...] = ()
    pulls_back: bool = False


def choose_disclosure(persona: Persona, state: CustomerState, heard: Heard, assessment: Assessment) -> Opening:
    """Decide on disclosures in the state after a reply.

    At most one opens: touched topics come before a fitted question, then file order; the others that could have opened
    wait. Nothing opens to a reply that hurts, or that nobody can be sure of, or to no words at all.
    """
    closed = [each for each in persona.disclosures if each.id not in state.disclosed]
    touched = [each for each in closed if each.id in heard.topics]
    if assessment.harm or assessment.unsure or heard.kind not in ("words", "overlong", "goodbye"):
        return Opening(deflects=touched[0] if touched and assessment.harm < 2 else None, waiting=state.waiting)
    explores = (assessment.scores["explores"] or 0) >= 1
    open_by_topic = [each for each in touched if each.reveal == "asked" or state.trust >= each.trust]
    open_by_question = [each for each in closed if each.reveal == "earned" and explores and state.trust >= each.trust]
    open_by_itself = [
        each
        for each in closed
        if (each.reveal == "volunteered" or each.id in state.waiting) and state.trust >= each.trust
    ]
    eligible = list({each.id: each for each in (*open_by_topic, *open_by_question, *open_by_itself)}.values())
    too_early = next((each for each in touched if each not in eligible), None)
    if not eligible:
        return Opening(deflects=too_early)
    if state.met_in_a_row >= 2 and state.disclosed and state.distress >= PULLS_BACK_AT and not state.pulled_back:
        return Opening(deflects=eligible[0], waiting=tuple(each.id for each in eligible), pulls_back=True)
    return Opening(opens=eligible[0], waiting=tuple(each.id for each in eligible[1:] if each in open_by_topic))

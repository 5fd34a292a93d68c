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

    At most one opens: first what was just touched, then what waits since it was touched, then what a fitted question
    opens, then what comes by itself; in file order. A question opens nothing beside the topic it touched, and on the
    turn after an opening only what was touched opens, so that there is time for what was told. What was touched and
    could have opened waits, for as long as it takes. Nothing opens to a reply that hurts, or that nobody can be sure
    of, or to no words at all.
    """
    closed = [each for each in persona.disclosures if each.id not in state.disclosed]
    touched = [each for each in closed if each.id in heard.topics]
    if assessment.harm or assessment.unsure or heard.kind not in ("words", "overlong", "goodbye"):
        return Opening(deflects=touched[0] if touched else None, waiting=state.waiting)
    trusting = [each for each in closed if each.reveal == "asked" or state.trust >= each.trust]
    rests = state.turn - state.opened_at < 2 and state.opened_at >= 0
    explores = assessment.scores["explores"] == 2 and not touched and not rests
    just_touched = [each for each in trusting if each in touched]
    waiting = [each for each in trusting if each.id in state.waiting]
    by_question = [each for each in trusting if each.reveal == "earned" and explores]
    by_itself = [each for each in trusting if each.reveal == "volunteered" and not touched and not rests]
    eligible = list({each.id: each for each in (*just_touched, *waiting, *by_question, *by_itself)}.values())
    remembered = tuple(dict.fromkeys((*state.waiting, *(each.id for each in just_touched))))
    if not eligible:
        return Opening(deflects=touched[0] if touched else None, waiting=remembered)
    opens = eligible[0]
    if state.met_in_a_row >= 2 and state.disclosed and state.distress >= PULLS_BACK_AT and not state.pulled_back:
        return Opening(deflects=opens, waiting=tuple(dict.fromkeys((opens.id, *remembered))), pulls_back=True)
    return Opening(opens=opens, waiting=tuple(each for each in remembered if each != opens.id))

"""A no that is left at that settles nothing; a no with a way on, or at a boundary, does."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.conversation.needs import needs_met_by
from roleplay.persona.loading import load_persona
from roleplay.persona.message import Message
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric
from tests.conversation.builders import assessment

PERSONAS = Path(__file__).parents[2] / "personas"
DRIVER = load_persona(PERSONAS / "stranded-driver.yaml")
MOVER = load_persona(PERSONAS / "heartbroken-mover.yaml")
SCORER = OfflineScorer(default_rubric())
CANCEL = Occasion(
    id="cancel",
    spoken="to end the membership today without the notice",
    note="The trainee can end it today.",
    may=("end a membership at once",),
    may_not=("refund a fee that was paid",),
)
CANCEL_SAYS = "I'd like to end my membership, please. Today, if that can be done, and my fee back."


def judge(reply: str, occasion: Occasion = CANCEL, says: str = CANCEL_SAYS) -> Assessment:
    return SCORER.judge(occasion, [Message("customer", says)], reply)


BARE = (
    "I can't send you a tow truck.",
    "We don't do that.",
    "I can't do that.",
    "No.",
    "Sorry, no.",
    "That's not possible, I'm afraid.",
    "I'm unable to help you with that. Have a nice day.",
    "Unfortunately we won't do that for you, sir.",
    "I've checked, and there's nothing we can do.",
)


@pytest.mark.parametrize("reply", BARE)
def test_a_bare_refusal_is_no_act_and_meets_no_request(reply: str) -> None:
    for persona in (DRIVER, MOVER):
        for beat in persona.beats():
            says = beat.says if isinstance(beat.says, str) and beat.says else persona.customer.opening
            if beat.spoken and beat.boundary == "none":
                found = judge(reply, Occasion.at(persona, beat), says)
                assert found.flags.refused and found.scores["acts"] in (0, None)
                assert beat.spoken not in needs_met_by(found, beat)
    only_asked = judge(reply)
    assert only_asked.opportunity in ("partly", "missed") and only_asked.overall is not None and only_asked.overall <= 2


@pytest.mark.parametrize(
    "reply",
    [
        "I can't end it today, but I can end it on Friday and nothing more is due.",
        "I can't do that from here; my colleague Ann can, and I'm putting you through to her now.",
        "We can't come before six. Someone will ring you at half past five.",
        "I can't refund the fee, because the rules don't let me. The membership ends today.",
        "I can't promise the fee. The membership is ended as of now.",
        "I won't leave you on hold. I've ended it.",
    ],
)
def test_a_no_with_a_way_on_is_no_bare_refusal(reply: str) -> None:
    assert not judge(reply).flags.refused


def test_what_may_not_be_done_can_be_refused_with_a_reason_alone() -> None:
    forbidden = "I can't refund the fee, since that's the rule for everybody."
    other = "I can't end your membership, since that's the rule for everybody."
    assert not judge(forbidden).flags.refused and judge(other).flags.refused


def test_a_no_answers_a_question_of_fact_and_refuses_a_request() -> None:
    answer = judge("No.", CANCEL, "Is it true that the pool is closed on Sundays?")
    refusal = judge("No.", CANCEL, "Can you end it today?")
    assert not answer.flags.refused and refusal.flags.refused


def test_at_a_boundary_a_clear_no_is_the_act() -> None:
    gift = Occasion(id="gift", feeling="grateful", spoken="a plain answer about the present", boundary="gift")
    assert not judge("I can't accept that.", gift, "I'm sending you a bottle of whisky.").flags.refused


def test_a_need_is_met_by_an_answer_and_not_by_a_refusal_unless_something_is_given_with_it() -> None:
    beat = next(beat for beat in DRIVER.beats() if beat.spoken)
    answered = assessment("met")
    refused = assessment("met", flags=judge("I can't do that.").flags)
    assert beat.spoken in needs_met_by(answered, beat)
    assert beat.spoken not in needs_met_by(refused, beat)

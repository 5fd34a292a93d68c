"""What opens an unspoken need that has nothing but a line of its own: warmth and attention, and no keyword alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from roleplay.conversation.director import Director
from roleplay.conversation.listen import listen
from roleplay.conversation.scripts import script_for
from roleplay.conversation.turns import Script
from roleplay.persona import template
from roleplay.persona.loading import load_persona
from roleplay.persona.message import Message
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric

SCORER = OfflineScorer(default_rubric())
DONE = "I've ended your membership today, no notice needed. Nine years, that's quite something."


@cache
def short() -> Script:
    """The script of the shortest persona that can be made from the template."""
    return script_for(load_persona(Path(template.__file__).parent / "templates" / "short.yaml"))


def told_after(*replies: str) -> bool:
    """Whether the secret is told in answer to the last of `replies`."""
    director, persona = Director(short(), "1"), short().persona
    state, direction = director.open()
    history = [Message("customer", direction.line)]
    for reply in replies:
        judged = SCORER.judge(Occasion.at(persona, persona.beat(state.moment)), history, reply)
        state, direction = director.advance(state, listen(persona, reply), judged, gesture=None, length=len(reply))
        history += [Message("trainee", reply), Message("customer", direction.line)]
    return direction.disclosed == "seen"


@pytest.mark.parametrize(
    "reply",
    [
        "Is everything all right at home?",
        "What has changed, if I may ask?",
        "What made you decide to stop, after nine years of mornings?",
        "You sound sad about it.",
        "It must be hard for you to give up your mornings.",
        "Will you miss it?",
        "Is it your wife?",
    ],
)
def test_a_warm_question_a_named_feeling_or_a_guess_opens_it_once_there_is_trust(reply: str) -> None:
    assert told_after(DONE, reply)


def test_what_was_asked_done_with_warmth_and_a_question_opens_it_at_once() -> None:
    assert told_after(f"{DONE} Has something changed for you?")


@pytest.mark.parametrize("reply", ["Wife?", "Kitchen?", "Wife. Kitchen. Lost. Alone.", "Your wife? Your kitchen?"])
def test_a_keyword_alone_opens_nothing(reply: str) -> None:
    assert not told_after(DONE, reply)


@pytest.mark.parametrize("reply", ["You sound sad about it.", "Is it your wife?", "How do you feel?"])
def test_nothing_opens_it_before_something_was_met(reply: str) -> None:
    assert not told_after(reply)


def test_formulas_and_a_cold_way_of_doing_it_do_not_open_it() -> None:
    assert not told_after("I understand your concern.", "I'm sorry to hear that. That must be frustrating.")
    assert not told_after(DONE, "Please return your locker key.")

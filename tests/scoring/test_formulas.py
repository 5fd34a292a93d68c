"""Formulas are read as what they are: no feeling is named by one, no request taken up, and no joy wished amiss."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.persona import template
from roleplay.persona.completion import complete
from roleplay.persona.loading import load_persona
from roleplay.persona.message import Message
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.groups import groups_in
from roleplay.scoring.offline.phrases import act
from roleplay.scoring.offline.reading import read
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric

SCORER = OfflineScorer(default_rubric())
SHORT = complete(load_persona(Path(template.__file__).parent / "templates" / "short.yaml"))


def judge(reply: str, occasion: Occasion, says: str) -> Assessment:
    return SCORER.judge(occasion, [Message("customer", says)], reply)


@pytest.mark.parametrize(
    ("feeling", "says"),
    [
        ("proud, out of breath", "I passed! Fifth try, and I passed my driving test."),
        ("tired", "I passed my test today. What does the licence cost?"),
        ("", "My daughter has had her baby, and I need a bigger car."),
    ],
)
@pytest.mark.parametrize("reply", ["Congratulations!", "Oh wow, congratulations on that!"])
def test_congratulations_to_good_news_are_no_harm(reply: str, feeling: str, says: str) -> None:
    assert judge(reply, Occasion(id="news", feeling=feeling, spoken="to tell it"), says).harm == 0


@pytest.mark.parametrize(
    ("occasion", "says"),
    [
        (Occasion(id="died", feeling="grief", spoken="to have the account changed"), "My wife died in April."),
        (Occasion(id="lost", feeling="numb", spoken="to cancel the cot"), "We lost the baby. Cancel the cot, please."),
        (Occasion(id="off", feeling="flat", spoken="to cancel"), "The wedding is off. Cancel the hall, please."),
        (Occasion(id="cheer", unspoken="Not to have the move cheered over.", feeling="stung"), "I'm moving. So."),
    ],
)
def test_congratulations_to_somebody_who_lost_something_are(occasion: Occasion, says: str) -> None:
    found = judge("Congratulations on the new start!", occasion, says)
    assert found.harm >= 1 and found.scores["harm"]


@pytest.mark.parametrize(
    "reply",
    ["I'm afraid we can't do that.", "I am afraid it isn't ready.", "That's all we have, I'm afraid."],
)
def test_afraid_as_a_formula_names_no_feeling(reply: str) -> None:
    (said,) = read(reply)
    assert not act("appraises").search(said.plain) and "fear" not in groups_in(said.stems)
    frightened = Occasion(id="night", feeling="afraid of the night", unspoken="that somebody sees that she is afraid")
    plainly = reply.replace("I'm afraid ", "").replace("I am afraid ", "").replace(", I'm afraid", "")
    says = "I'm afraid to be in the house at night since the break-in."
    named, unnamed = judge(reply, frightened, says), judge(plainly, frightened, says)
    assert named.scores["acknowledges_feeling"] == unnamed.scores["acknowledges_feeling"]


@pytest.mark.parametrize("reply", ["You're afraid of the nights.", "Of course you're afraid.", "I'm afraid for you."])
def test_afraid_said_of_the_customer_or_for_them_is_a_feeling(reply: str) -> None:
    (said,) = read(reply)
    assert act("appraises").search(said.plain)


@pytest.mark.parametrize("beat_id", [beat.id for beat in SHORT.beats()])
@pytest.mark.parametrize(
    "reply",
    [
        "I understand your concern and will help you with your issue.",
        "Thank you for calling. I understand your concern and I will help you with your request today.",
        "I completely understand. Your satisfaction is very important to us.",
        "Rest assured that we are doing everything we can to help you with this.",
    ],
)
def test_formulas_take_nothing_up_and_miss_at_every_moment_of_the_shortest_persona(beat_id: str, reply: str) -> None:
    beat = SHORT.beat(beat_id)
    assert isinstance(beat.says, str)
    found = judge(reply, Occasion.at(SHORT, beat), beat.says)
    assert (found.scores["names_need"], found.opportunity) == (0, "missed")

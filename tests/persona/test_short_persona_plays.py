"""The persona printed in the README plays fairly: decent replies open it, formulas and procedure never do."""

from __future__ import annotations

import asyncio
import functools
import re
from pathlib import Path

import pytest

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.session import Session
from roleplay.conversation.turns import Script, SessionRecord, Transcript
from roleplay.persona.completion import complete
from roleplay.persona.general import general_lines
from roleplay.persona.loading import parse_persona
from roleplay.persona.model import Persona
from roleplay.rehearsal.forgetful import ForgetfulStore
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric

README = Path(__file__).parents[2] / "README.md"
SEEDS = range(5)


def _replies(text: str) -> tuple[str, ...]:
    """The paragraphs of `text`, each a reply."""
    return tuple(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


WARM = _replies(
    """
    Oh no, it says delivered and there's no parcel, that's maddening, and I'm sorry. I'm asking the driver right now
    where he left your parcel. What was in it, Sam?

    I can hear that this one matters. The depot is searching its shelves for your parcel while we talk, and I'm
    staying on the line with you until they answer. Who was it for?

    You did nothing wrong here, Sam; our scan is wrong. If the parcel isn't found in the next hour, I'll send a
    second one by courier tonight. Is there a day it has to be there?

    Thank you for telling me. That's so much more than a box. The courier will be at her door before her birthday,
    and I'll call you myself when she has it. Is there something you'd like on the card?

    It makes sense that it hurts when the one thing you wanted to get right goes wrong. We'll get it right together:
    I've booked the courier for tomorrow morning and I'm following it until it's in your daughter's hands.

    You don't talk much, and still you thought of her day. She'll see that. I'll ring you at ten tomorrow to tell
    you the parcel has come. How would you like me to reach you?

    The driver has just answered: your parcel is at the Mill Road depot, and it goes out with the courier tonight.
    How does that sound to you?

    I'm glad you called, Sam. I'll be on this until your daughter has her present.
    """
)
BRISK = _replies(
    """
    Right. Marked delivered, and not there: then our scan is wrong. I'm getting the driver on the phone now to find
    out where your parcel went.

    The driver says he left a parcel two doors down. I'm sending him back for yours now, and I'll know in twenty
    minutes. Is it something you need by a certain day?

    Understood, no more waiting around for you. If he doesn't find the parcel by six, a courier brings a second one
    tonight. What's it for, if I may ask?

    Then it has to be there on her birthday, no maybe. I'm booking the courier for your daughter's parcel now, and
    I'll text you when it's at her door.

    You wanted to get one thing right for her, and we got in the way. That's on us. It goes out tonight with my name
    on it. When does she get home?

    No wonder you're upset, with a birthday hanging on it. I've just spoken to the depot: your parcel is found and
    it leaves with the courier at six.

    I'm staying with this until your daughter has it in her hands, and then I ring you. What's the best time?

    Done: it's on the van, and she gets it tomorrow before noon.
    """
)
CHATTY = _replies(
    """
    oh thats rotten, it says delivered and youre standing there with no parcel. im looking up right now where it was
    scanned, give me one sec ok

    ok so your parcel was scanned miles away from you, thats our mistake not yours. ive asked the driver where he
    put it and im staying here with you till he answers. can i ask what was in it?

    i bet thats been going round in your head. ive got the depot hunting for the parcel now and ill message you
    tonight before 8 whatever they say. was it a present for somebody?

    aw, for her birthday. no wonder you want this parcel to be right. im getting a second one sent by courier so it
    gets to your daughter on the day, ok?

    it makes sense that it stings, when you dont talk much this is how you say it. im not letting go of this one
    until its with her. when is her birthday?

    ok so heres what happens now, courier picks the parcel up at 6 and its at your daughters door tomorrow at 10. id
    love to put a note in from you, what should it say?

    its booked and ill text you myself the minute shes got it. how are you feeling about it now sam?

    you did get it right for her, we were the ones who didnt. ill check tomorrow that it came and let you know
    """
)
POLITE = _replies(
    """
    Thank you for contacting us. I understand your frustration and I apologize for the inconvenience.

    I completely understand how you feel. Your satisfaction is very important to us.

    I'm so sorry to hear about your parcel. May I have the tracking number, please?

    I appreciate your patience. Rest assured we are doing everything we can to help.

    I can imagine how frustrating this must be for you. Is there anything else I can help you with?

    Thank you for bringing this to our attention. We value you as a customer.

    We apologize again for any inconvenience caused. Is there anything else today?

    Thank you for your understanding. Have a wonderful day.
    """
)
COLD = _replies(
    """
    I need your tracking number to proceed.

    Please confirm your postcode and order number.

    The system shows delivered. Have you checked with your neighbours?

    You will have to file a claim on the website.

    Claims take ten business days. There is nothing more I can do from here.

    Is there a receipt for the contents?

    The sender has to open the case, not the recipient.

    Is there anything else?
    """
)


@functools.cache
def sam() -> Persona:
    """The persona of the README, read out of it."""
    (block,) = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    reading = parse_persona(block.encode(), "sam.yaml")
    assert reading.problems == () and reading.persona is not None
    return complete(reading.persona)


async def call(persona: Persona, replies: tuple[str, ...], seed: int) -> Transcript:
    script = Script(persona=persona, general=general_lines(), rubric=default_rubric())
    record = SessionRecord(
        id="short", script=script, seed=str(seed), exam=True, actor="scripted", trainee="test", started=""
    )
    session = await Session.begin(
        record, store=ForgetfulStore(), scorer=OfflineScorer(script.rubric), actor=ScriptedActor(), clock=lambda: ""
    )
    await session.speak()
    for reply in replies:
        if not session.ended:
            await session.reply(reply)
    return session.transcript


@functools.cache
def calls(replies: tuple[str, ...]) -> list[Transcript]:
    return [asyncio.run(call(sam(), replies, seed)) for seed in SEEDS]


def told(transcript: Transcript) -> bool:
    return "present" in transcript.replies[-1].state.disclosed


def test_the_example_is_as_short_as_the_readme_says() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(block.splitlines()) <= 15


@pytest.mark.parametrize("replies", [WARM, BRISK, CHATTY], ids=["warm", "brisk", "chatty"])
def test_a_decent_trainee_is_told_the_unspoken_need_and_comes_to_a_fair_end(replies: tuple[str, ...]) -> None:
    played = calls(replies)
    assert sum(map(told, played)) >= 4
    outcomes = [each.ending.outcome for each in played if each.ending]
    assert len(outcomes) == len(SEEDS) and outcomes.count("bad") <= 1


@pytest.mark.parametrize(("replies", "ends"), [(POLITE, {"bad"}), (COLD, {"bad", "mixed"})], ids=["polite", "cold"])
def test_formulas_and_procedure_open_nothing_and_end_badly_or_with_the_task_alone_dealt_with(
    replies: tuple[str, ...], ends: set[str]
) -> None:
    for each in calls(replies):
        assert not told(each)
        assert each.ending is not None and each.ending.outcome in ends


def test_some_of_the_decent_calls_end_well() -> None:
    outcomes = [each.ending.outcome for replies in (WARM, BRISK, CHATTY) for each in calls(replies) if each.ending]
    assert outcomes.count("good") >= len(outcomes) / 2


def test_what_is_told_is_not_in_any_line_before() -> None:
    for replies in (WARM, BRISK, CHATTY, POLITE, COLD):
        for each in calls(replies):
            opened = next((reply.turn + 1 for reply in each.replies if reply.state.disclosed), 99)
            early = " ".join(line.text for line in each.lines if line.turn < opened).casefold()
            assert "daughter" not in early and "birthday" not in early

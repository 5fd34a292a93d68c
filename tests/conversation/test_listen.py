"""Plain questions are understood by the meaning of their words, topics by what they touch on."""

import functools

import pytest

from roleplay.conversation.listen import listen
from roleplay.persona.completion import complete
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.persona.model import Persona
from tests.conversation.builders import script

PERSONA = script().persona
ADDRESS, NAME = 0, 1


@pytest.mark.parametrize(
    ("reply", "answers"),
    [
        ("Where are you?", (ADDRESS,)),
        ("where r you exactly, whats your location", (ADDRESS,)),
        ("Okay, can you tell me your location so I can send somebody?", (ADDRESS,)),
        ("I need your address, please.", (ADDRESS,)),
        ("Who am I talking to?", (NAME,)),
        ("Can I have your name and where you are?", (NAME, ADDRESS)),
        ("Are you all right, Pat?", ()),
        ("Pat, are you cold, is it dark?", ()),
        ("Where are you on this long street?", (ADDRESS,)),
        ("Tell me when your name is called.", ()),
        ("Can the church bell tell you the time of day?", ()),
        ("I know where you are.", ()),
        ("I don't need your name.", ()),
        ("Where is your daughter?", ()),
        ("It must be cold out there.", ()),
    ],
)
def test_a_plain_question_finds_its_answer(reply: str, answers: tuple[int, ...]) -> None:
    assert {each.answer for each in listen(PERSONA, reply).questions} == set(answers)


@pytest.mark.parametrize("reply", ["What is the capital of Peru?", "How tall is the church?", "Which bus stops there?"])
def test_a_question_nobody_can_answer_is_noticed(reply: str) -> None:
    assert listen(PERSONA, reply).unanswerable


@pytest.mark.parametrize("reply", ["What can I do for you?", "How may I help you?", "Shall I send someone?"])
def test_an_offer_of_help_is_no_question_for_a_fact(reply: str) -> None:
    assert not listen(PERSONA, reply).unanswerable


@pytest.mark.parametrize(
    ("reply", "topics"),
    [
        ("Has this happened to you before?", ("asked",)),
        ("Do you forget things sometimes?", ("earned",)),
        ("Is your memory all right? Has it happened before?", ("asked", "earned")),
        ("A key cutter will come.", ()),
        ("I won't forget you.", ()),
        ("You sound forgetful, do you forget?", ("earned",)),
    ],
)
def test_a_topic_is_touched_in_other_words(reply: str, topics: tuple[str, ...]) -> None:
    assert listen(PERSONA, reply).topics == topics


@functools.cache
def dana() -> Persona:
    return complete(load_persona(shipped_folder() / "stranded-driver.yaml"))


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("Are you in the car?", "I'm in it"),
        ("Are you still sitting inside your vehicle?", "I'm in it"),
        ("What car are you in?", "A Mazda 3, 2011"),
        ("What's the make and model?", "A Mazda 3, 2011"),
        ("How old is the car?", "A Mazda 3, 2011"),
        ("Are you in the car with your belt on?", "Clicked"),
        ("Is your belt on?", "Clicked"),
        ("Are you out of the car?", "I'm in the seat"),
        ("Can you hear me?", "I can hear you"),
        ("What was that noise?", "going by"),
    ],
)
def test_being_in_a_car_and_the_car_are_two_questions(reply: str, words: str) -> None:
    (asked,) = listen(dana(), reply).questions
    lines = [line for line in dana().answers[asked.answer].lines if isinstance(line, str)]
    assert words in lines[0]


def test_words_out_of_different_pieces_of_a_long_list_touch_nothing_together() -> None:
    told = script(disclosures=[{"id": "live", "says": "I don't.", "topics": ["want to live"]}]).persona
    assert listen(told, "Do you, after all of this, still want to live?").topics == ("live",)
    assert listen(told, "What you want, your phone, a friend, a reason to live, the rest?").topics == ()
    assert listen(told, "Your phone, a friend, the rest, do you want to live, anything else?").topics == ("live",)

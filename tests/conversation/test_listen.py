"""Plain questions are understood by the meaning of their words, topics by what they touch on."""

import pytest

from roleplay.conversation.listen import listen
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
        ("I know where you are.", ()),
        ("I don't need your name.", ()),
        ("Where is your daughter?", ()),
        ("It must be cold out there.", ()),
    ],
)
def test_a_plain_question_finds_its_answer(reply: str, answers: tuple[int, ...]) -> None:
    assert set(listen(PERSONA, reply).questions) == set(answers)


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
    ],
)
def test_a_topic_is_touched_in_other_words(reply: str, topics: tuple[str, ...]) -> None:
    assert listen(PERSONA, reply).topics == topics

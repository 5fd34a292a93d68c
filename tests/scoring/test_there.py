"""What was there to be met is told from the moment and the customer's words, never twice, whoever judged the reply."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.persona.message import Message
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.authored import feeling_of, parts_of, possible_steps, spoken_of
from roleplay.scoring.carried import carrying, clauses, shared_words
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.there import _ways, what_was_there
from roleplay.scoring.unrepeated import Unrepeated, steady
from tests.conversation.builders import assessment

LINE = "Hi. My car quit where the exit peels off, with people going by on both sides. When will the truck be here?"
ROAD = Occasion(
    id="road",
    feeling="Badly frightened; reporting it like a leak.",
    spoken="A tow truck sent to where she is.",
    unspoken="Not to be alone with it; for somebody to take charge.",
    note="The car stands at an exit with traffic on both sides; lights behind her would help.",
    may=("ask the patrol to put a car with lights behind her", "waive the yearly fee"),
)


MISSED = assessment("missed")


def told(
    occasion: Occasion = ROAD,
    reply: str = "Membership number.",
    said: str = LINE,
    given: Assessment = MISSED,
) -> dict[Dimension, str]:
    history = [Message("customer", said)] if said else []
    found = what_was_there(occasion, history, reply, given, Unrepeated(), name="Dana")
    return {each.dimension: each.text for each in found}


def test_each_dimension_below_two_says_what_was_there_in_the_authors_and_the_customers_words() -> None:
    there = told()
    assert set(there) == set(DIMENSIONS)
    assert "badly frightened" in there["acknowledges_feeling"] and "leak" not in there["acknowledges_feeling"]
    assert "a tow truck sent to where she is" in there["names_need"]
    assert "not to be alone with it" in there["reaches_unspoken"] or "take charge" in there["reaches_unspoken"]
    assert "ask the patrol to put a car with lights behind her" in there["acts"]
    for text in there.values():
        assert all(quoted in LINE for quoted in re.findall("“([^”]+)”", text)), text


def test_what_is_met_or_not_called_for_is_left_out() -> None:
    assert set(told(given=assessment("missed", names_need=2, explores=None))) == {
        "acknowledges_feeling",
        "reaches_unspoken",
        "acts",
    }


def test_a_step_that_the_trainee_took_or_that_does_not_fit_is_not_named() -> None:
    taken = told(reply="I've asked the patrol to put a car with lights behind you.")["acts"]
    assert "patrol" not in taken and "yearly fee" not in taken


def test_without_a_moment_it_is_told_from_the_customers_words_alone() -> None:
    there = told(Occasion())
    assert set(there) == set(DIMENSIONS)
    assert "When will the truck be here?" in there["names_need"]
    assert all("“" in text for text in there.values())


def test_without_a_word_of_the_customer_it_says_no_more_than_the_moment_does() -> None:
    assert "“”" not in " ".join(told(said="").values())
    assert told(Occasion(), said="") == {}


def test_a_hint_of_dying_asks_for_the_plain_question_until_it_was_asked() -> None:
    hint = Occasion(id="hint", feeling="calm", unspoken="to be asked", note="Friday is meant.", safety="suicide")
    said = "I've paid the gas ahead. I want nothing left to do on Friday."
    assert "Friday" in told(hint, said=said)["reaches_unspoken"]
    asked = told(hint, "Are you thinking of killing yourself?", said)["explores"]
    assert not re.search("suicide|means to live|straight out", asked)


def test_nothing_is_told_twice_however_often_a_moment_comes_round() -> None:
    telling, given, sentences = Unrepeated(), assessment("missed"), list[str]()
    for _ in range(30):
        found = what_was_there(ROAD, [Message("customer", LINE)], "No.", given, telling, name="Dana")
        sentences += [each.text for each in found]
    assert sentences and len(sentences) == len(set(sentences))
    said = [part for text in sentences for part in re.split(r"(?<=[.?!])\s+(?=[A-Z“])", text)]
    assert [each for each in said if said.count(each) > 1] == []


def test_the_same_moment_is_told_in_the_same_words() -> None:
    assert told() == told()


def test_what_was_not_scored_has_nothing_to_tell() -> None:
    given = replace(assessment("missed"), overall=None)
    assert what_was_there(ROAD, [Message("customer", LINE)], "Non.", given, Unrepeated()) == ()


@pytest.mark.parametrize(
    ("feeling", "shape", "text"),
    [
        ("Badly frightened, and joking.", "state", "badly frightened, and joking"),
        ("grief held tight", "thing", "grief held tight"),
        ("cold anger", "thing", "cold anger"),
        ("protective, dread", "any", "protective, dread"),
        ("Close to panic; has given up.", "state", "close to panic"),
        ("Feels processed; already pulling back.", "verb", "feels processed"),
        ("The errand is done; hollow, and not ready to go.", "state", "hollow, and not ready to go"),
        ("The fear has a face and a name.", "any", "the fear has a face and a name"),
    ],
)
def test_a_feeling_is_fitted_by_what_it_is(feeling: str, shape: str, text: str) -> None:
    assert (feeling_of(feeling).shape, feeling_of(feeling).text) == (shape, text)


@pytest.mark.parametrize(
    ("need", "pieces"),
    [
        (
            "Not to be alone with it; for somebody to own it, and to meet her as an equal.",
            [
                ("clause", "not to be alone with it"),
                ("clause", "for somebody to own it"),
                ("clause", "for somebody to meet her as an equal"),
            ],
        ),
        ("that somebody sees it", [("that", "that somebody sees it")]),
        ("leave to choose, and not be asked", [("thing", "leave to choose"), ("clause", "not to be asked")]),
        ("he is alone with this", [("any", "he is alone with this")]),
    ],
)
def test_a_need_comes_in_pieces_that_each_make_sense(need: str, pieces: list[tuple[str, str]]) -> None:
    assert [(part.shape, part.text) for part in parts_of(need)] == pieces


@pytest.mark.parametrize(
    ("need", "shape", "text"),
    [
        ("asks the trainee to ring the hospice", "verb", "asks you to ring the hospice"),
        ("whether the 2,316 is covered", "clause", "whether the 2,316 is covered"),
        ("is someone coming or not", "any", "is someone coming or not"),
        ("nothing asked; he tells what happened", "received", ""),
    ],
)
def test_a_request_is_fitted_by_what_it_is(need: str, shape: str, text: str) -> None:
    assert [(part.shape, part.text) for part in spoken_of(need)] == [(shape, text)]


@pytest.mark.parametrize(
    ("feeling", "shape"),
    [
        ("Gives up before somebody else does.", "verb"),
        ("Cannot part with the card; embarrassed by his own hand.", "verb"),
        ("Caught himself hiding behind the repair.", "verb"),
        ("For the first time thinks past yes and no.", "verb"),
        ("Embarrassed at how near it is and how far.", "state"),
        ("Full of it, and at the edge.", "state"),
        ("Dignity; a last small wall to climb.", "thing"),
        ("Shy delight; wants one line to come back.", "thing"),
        ("Guilt comes up in the middle of a sentence.", "any"),
        ("Furious, because he is being handled as a job.", "state"),
        ("Tears of relief.", "thing"),
    ],
)
def test_a_feeling_is_told_as_what_it_is(feeling: str, shape: str) -> None:
    assert feeling_of(feeling).shape == shape


@pytest.mark.parametrize(
    ("need", "pieces"),
    [
        (
            "For one other person to be glad with him, and not to be held up.",
            ["for one other person to be glad with him", "not to be held up"],
        ),
        ("To make it good; and not to be let off it.", ["to make it good", "not to be let off it"]),
        ("To be looked at, once; as a person, and not a case.", ["to be looked at, once"]),
        ("Mr. Pemberton looked for properly.", ["Mr. Pemberton looked for properly"]),
        (
            "For somebody not to laugh, and to carry some of it.",
            ["for somebody not to laugh", "for somebody to carry some of it"],
        ),
    ],
)
def test_no_piece_of_a_need_is_somebody_elses_or_hangs_in_the_air(need: str, pieces: list[str]) -> None:
    assert [part.text for part in parts_of(need)] == pieces


def test_only_a_question_is_called_one() -> None:
    statement = "Your map still puts my house on the other island. Would you look?"
    asked = Occasion(id="pin", spoken="My house moved on the map to the other island.")
    for seed in range(40):
        text = told(asked, reply=f"Right {seed}.", said=statement)["names_need"]
        for shape in ("was a question", "asked “", "waits for an answer", "asked something", "to be answered"):
            assert shape not in text or "Would you look?" in text


def test_a_hint_of_suicide_is_not_read_into_the_words_of_somebody_who_is_to_be_told_of_it() -> None:
    note = "Right is to tell her plainly how he is, what he let show about the thirtieth, and what she is to do."
    colleague = Occasion(id="colleague", unspoken="that she is told", note=note, safety="suicide")
    himself = Occasion(id="himself", unspoken="that somebody asks", note="Right is to ask him.", safety="suicide")
    said = "Is there anything I ought to know? They never tell me."
    assert "die" not in told(colleague, said=said)["reaches_unspoken"]
    assert re.search(r"\bdie\b|living|farewell", told(himself, said=said)["reaches_unspoken"])


def test_a_quoted_clause_begins_with_no_joint_and_holds_no_half_bracket() -> None:
    assert clauses("I missed it because I was looking out of the window like a calf, and then she had gone home.")[
        1
    ] == ("I was looking out of the window like a calf")
    assert clauses("[Did anybody read them? It doesn't say so once.]") == [
        "Did anybody read them?",
        "It doesn't say so once",
    ]


def test_what_the_note_lets_the_trainee_do_counts_as_a_step() -> None:
    note = "Phone. Trainee can book seat 14C now (one left). Trainee may not ring the hospice."
    assert [step.text for step in possible_steps(Occasion(note=note))] == ["book seat 14C now"]


def test_a_clause_is_quoted_verbatim_and_numbers_and_titles_stay_whole() -> None:
    text = "Mr. Hale took 438.60 from me, and nobody has told me why it was that day of all days."
    assert clauses(text) == [
        "Mr. Hale took 438.60 from me",
        "nobody has told me why it was that day of all days",
    ]


def test_the_words_quoted_lie_nearest_to_the_moment() -> None:
    said = "The shop was nice. My mother is dying in Halifax. There was a queue."
    assert carrying(said, ["to be at her mother's bed"]) == "My mother is dying in Halifax"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("And never once under a hoof.", "never once under a hoof"),
        ("I thought it was you.", ""),
        ("Fourteen!", "fourteen"),
    ],
)
def test_the_words_taken_up_are_particular_ones(reply: str, words: str) -> None:
    assert shared_words(reply, "I thought so: he slept, and never once under a hoof, in fourteen years.") == words


def test_every_way_has_only_slots_that_can_be_filled() -> None:
    for dimension, shapes in _ways().items():
        assert {"words", "nothing_yet", "half_way"} <= set(shapes), dimension
        for way in (way for ways in shapes.values() for way in ways):
            assert set(re.findall(r"\{(\w+)\}", way)) <= {"name", "words", "need", "feeling"}, way


def test_one_of_many_ways_can_be_chosen_by_any_text() -> None:
    assert steady(("a", "b"), "half a character: \ud83d") == steady(("a", "b"), "half a character: \ud83d")
    assert Unrepeated().say(("a", "b"), "\ud83d") in ("a", "b")

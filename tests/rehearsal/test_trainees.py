"""Simulated trainees: where their words come from, and what they say when."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from roleplay.conversation.kinds import kind_of
from roleplay.conversation.stories import every_script
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.rehearsal.banks import ANYWHERE, FOLDER, KINDS, Anybody, generic_bank, load_bank
from roleplay.rehearsal.report import cast_for
from roleplay.rehearsal.stories import worked_replies
from roleplay.rehearsal.stuffing import stuffed_replies
from roleplay.rehearsal.trainees import Trainee, own_bank
from tests.rehearsal.stories import VISITS, customer, persona, queue, trainee

ANYBODY: tuple[Anybody, ...] = get_args(Anybody)


def said(by: Trainee, moment: str, turns: int, seed: int = 0) -> list[str]:
    given: list[str] = []
    for turn in range(turns):
        given.append(by.reply(moment, seed, turn, given))
    return given


def test_own_replies_come_first_each_once_and_then_those_for_anywhere() -> None:
    by = trainee("a", "b", opening=("one", "two"))
    first = said(by, "opening", 4)
    assert set(first[:2]) == {"one", "two"} and set(first[2:]) == {"a", "b"}
    assert said(by, "opening", 5)[4] in ("a", "b"), "a trainee never runs out of words"


def test_the_same_seed_says_the_same_and_another_one_something_else() -> None:
    by = trainee(*(str(number) for number in range(30)))
    assert said(by, "x", 5) == said(by, "x", 5) != said(by, "x", 5, seed=1)


def test_the_partly_skilled_alternate_with_poor_replies() -> None:
    by = Trainee(name="partly-skilled", words="tests", replies={ANYWHERE: ("good", "fine")}, poor=("bad", "worse"))
    assert ["good" if each in ("good", "fine") else "poor" for each in said(by, "x", 4)] == ["good", "poor"] * 2


GOOD = {"name": "good", "replies": ["I'm on my way.", "I'm with you."], "expect": {"met": ["door"]}}
POOR = {"name": "poor", "replies": ["Name.", "Next.", "Hold."], "expect": {"not_disclosed": ["earned"]}}
WORKED = [{"reply": "Worked.", "why": "It fits."}]


def cast(**changes: object) -> dict[str, Trainee]:
    return {each.name: each for each in cast_for(persona(**changes)).trainees}


def test_an_author_s_skilled_trainee_says_the_tests_good_replies_where_they_were_given_else_the_worked_ones() -> None:
    third = {"id": "third", "says": "My phone is dying.", "feeling": "worried", "spoken": "door", "better": WORKED}
    moments = [{"id": "opening", "feeling": "cold", "spoken": "door"}, third]
    skilled = cast(moments=moments, tests=[GOOD])["skilled"]
    assert skilled.words == "tests"
    assert skilled.replies["third"] == ("I'm with you.",), "the test was at that moment with its second reply"
    skilled = cast(moments=moments, tests=[{**GOOD, "replies": GOOD["replies"][:1]}])["skilled"]
    assert skilled.replies["third"] == ("Worked.",)


def test_without_good_replies_there_are_only_the_worked_ones_and_without_those_nobody_is_skilled() -> None:
    moments = [{"id": "opening", "feeling": "cold", "spoken": "door", "better": WORKED}]
    assert cast(moments=moments, tests=[POOR])["skilled"].words == "worked"
    assert "skilled" not in cast(tests=[POOR])


def test_somebody_partly_skilled_takes_enough_poor_replies() -> None:
    assert cast(tests=[GOOD, POOR])["partly-skilled"].poor == ("Name.", "Next.", "Hold.")
    assert "partly-skilled" not in cast(tests=[GOOD, {**POOR, "replies": ["Name.", "Next."]}])


def test_an_author_s_persona_meets_everybody_whose_words_suit_anybody() -> None:
    found = cast()
    assert list(found) == ["polite", "prying", "cold", "rude", "stuffer", "injector", "silent"]
    assert found["silent"].replies == {ANYWHERE: ("",)}
    assert {each.words for each in found.values()} == {"generic", "persona", "none"}


def test_a_shipped_persona_meets_its_own_bank_and_who_is_in_none() -> None:
    found = {
        each.name: each.words for each in cast_for(load_persona(shipped_folder() / "stranded-driver.yaml")).trainees
    }
    assert {name for name, words in found.items() if words == "bank"} >= {"skilled", "partly-skilled", "polite", "cold"}
    assert found["rude"] == found["injector"] == "generic"


def test_another_story_under_the_id_of_a_shipped_one_is_not_given_its_bank() -> None:
    other = persona(id="stranded-driver")
    assert own_bank("stranded-driver", [other]) is None


@pytest.mark.parametrize("name", ANYBODY)
def test_a_generic_bank_has_many_replies_of_its_own(name: Anybody) -> None:
    replies = generic_bank(name).replies
    elsewhere = {reply for other in ANYBODY if other != name for reply in generic_bank(other).replies}
    banked = {
        text
        for path in FOLDER.glob("*.yaml")
        for each in load_bank(path).trainees.values()
        for pool in each.values()
        for text in pool
    }
    assert len(replies) == len(set(replies)) >= 25
    assert not set(replies) & (elsewhere | banked)


def test_generic_banks_name_nobody_of_a_shipped_story() -> None:
    text = " ".join(reply for name in ANYBODY for reply in generic_bank(name).replies)
    names = {word for path in FOLDER.glob("*.yaml") for word in load_persona(shipped_folder() / path.name).name.split()}
    names -= {"is", "next"}  # nobody: of a queue this is whoever is next
    assert not [name for name in names if re.search(rf"\b{name}\b", text)]


def test_words_aimed_at_a_program_are_heard_as_such_now_and_then_but_not_all() -> None:
    kinds = [kind_of(reply) for reply in generic_bank("injector").replies]
    assert 5 <= kinds.count("machine") < len(kinds)


def test_the_stuffer_heaps_up_the_persona_s_own_words_the_same_for_the_same_file() -> None:
    played = persona(trainee={"role": "Clerk", "record": {"Address": "Hill Street 9"}})
    replies = stuffed_replies(played, [played])
    assert replies == stuffed_replies(played, [played]) and len(replies) >= 25
    heap = " ".join(replies)
    assert all(word in heap for word in ("Hill Street 9", "memory", "alone", "frightened", "I hear you"))
    assert "third time" not in heap, "what is told to anyone who asks shows nothing"


def test_worked_replies_are_found_on_every_visit_and_by_the_name_a_customer_of_a_queue_has_in_the_call() -> None:
    played = queue(customer("ann"), customer("bo"), customer("cy"))
    assert worked_replies(played) == {f"{each}-opening": (f"Worked for {each}.",) for each in ("ann", "bo", "cy")}
    assert [len(list(every_script(each))) for each in (persona(), persona(**VISITS), played)] == [1, 4, 3]


def test_the_kinds_that_a_bank_can_have_are_in_order() -> None:
    assert KINDS == ("skilled", "partly-skilled", "problem-solver", "polite", "prying", "cold")

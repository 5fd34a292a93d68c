"""A traced call tells of each turn what was heard, what moved, what opened, and of everything else why not."""

from __future__ import annotations

import pytest

from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.rehearsal.banks import SKILLS, find_bank
from roleplay.rehearsal.figures import Came
from roleplay.rehearsal.report import scorer
from roleplay.rehearsal.runner import rehearse_story
from roleplay.rehearsal.tracing import Feelings, Trace, seed_to_trace, trace_of
from roleplay.rehearsal.trainees import Name, of_bank
from tests.conversation.builders import TOLD_IN_SCENES, ByFirstWord
from tests.rehearsal.stories import VISITS, customer, persona, queue, trainee


def traced(first: str, *others: str) -> Trace:
    """A call in which `first` is said at first, and then the others in any order."""
    return trace_of(rehearse_story(persona(), trainee(*(others or (first,)), opening=(first,)), 0, ByFirstWord()))


def test_a_turn_tells_what_was_heard_and_what_moved() -> None:
    step = traced("Miss. What is your address?").steps[0]
    assert (step.turn, step.moment, step.feeling, step.line) == (1, "opening", "cold", "I'm locked out.")
    assert step.heard.asked == ("where are you",) and step.heard.kind == "words"
    assert (step.before, step.after) == (Feelings(4, 7, 3), Feelings(3.5, 7.5, 2))


def test_a_turn_tells_of_each_thing_untold_why_it_was_not() -> None:
    first, second, *_ = traced("Miss. Do you forget things?", "I'm with you. Do you forget things?").steps
    assert {each.id: each.why for each in first.untold} == {
        "asked": "topic not touched",
        "earned": "trust 3.5 of 5",
        "own": "trust 3.5 of 9, another topic was touched, and only that one can open",
    }
    assert (first.opened, first.deflected) == (None, "earned")
    assert second.opened == "earned" and "earned" not in {each.id for each in second.untold}


def test_a_turn_tells_why_it_has_not_ended_and_which_key_moments_are_to_come() -> None:
    first = traced("I'm with you.").steps[0]
    assert first.met == ("door", "company")
    assert {each.id: each.why for each in first.endings} == {
        "in": "waits for third",
        "hangs-up": "wants patience <= 0 (it is 3.5)",
    }
    assert [each.id for each in first.key_moments] == ["third"]


def test_the_trace_ends_with_the_last_words() -> None:
    trace = traced("Miss.", "Miss again.", "Miss.")
    assert trace.ending == "hangs-up" and trace.last_words.endswith("Forget it.")
    assert trace.steps[-1].ended == "hangs-up"


def test_from_scene_to_scene_each_speaker_has_their_own_feelings_and_reasons() -> None:
    by = trainee("I'm on my way.", what=("Is it a busy day?",))
    trace = trace_of(rehearse_story(persona(**TOLD_IN_SCENES), by, 0, ByFirstWord()))
    door, office = trace.steps[0], trace.steps[1]
    assert (door.scene, door.begins, office.scene) == ("door", "office", "office")
    assert door.after == Feelings(6, 6, 3.5) and office.before == Feelings(6, 2, 4)
    assert office.opened == "load" and {each.id for each in office.untold} == set()


def test_a_customer_of_a_queue_has_an_ending_of_their_own() -> None:
    trace = trace_of(rehearse_story(queue(customer("ann"), customer("bo")), trainee("Miss."), 0, ByFirstWord()))
    assert [step.scene_ended for step in trace.steps if step.scene_ended] == [
        f"{trace.steps[0].scene}-done",
        f"{trace.steps[-1].scene}-done",
    ]


ASKS = "I'm with you. Do you forget things?"
OUT = "I'm with you. Were you out all night?"


@pytest.mark.parametrize(
    ("name", "opening", "same", "visit"),
    [
        ("skilled", ASKS, "Miss.", "again"),  # after the first there is nothing to be told on the one between
        ("skilled", ASKS, OUT, ""),
        ("polite", "Miss.", OUT, "again"),
        ("polite", "Miss.", "Miss.", ""),
    ],
)
def test_of_visits_the_first_is_traced_that_is_a_surprise(name: Name, opening: str, same: str, visit: str) -> None:
    by = trainee("Miss.", name=name, opening=(opening,), same=(same,))
    assert trace_of(rehearse_story(persona(**VISITS), by, 0, ByFirstWord())).visit == visit


@pytest.mark.parametrize(("name", "seed"), [("skilled", 1), ("cold", 2), ("polite", 2)])
def test_the_call_is_traced_that_is_a_surprise(name: Name, seed: int) -> None:
    told = [1.0, 0.0, 1.0] if name == "skilled" else [0.0, 0.0, 1.0]
    came = [Came(told=each, disclosed={}, endings=(), offered=0, met=0, score=0, turns=1) for each in told]
    assert seed_to_trace(name, came) == seed
    assert seed_to_trace("polite", came[1:2]) == seed_to_trace("skilled", came[:1]) == 0


@pytest.mark.parametrize("name", ["stranded-driver", "grieving-father"])
@pytest.mark.parametrize("skill", SKILLS)
def test_what_a_trace_says_opened_or_did_not_is_what_happened(name: str, skill: Name) -> None:
    bank, told = find_bank(name), load_persona(shipped_folder() / f"{name}.yaml")
    assert bank
    rehearsed = rehearse_story(told, of_bank(bank, skill), 1, scorer())
    for step, reply in zip(trace_of(rehearsed).steps, rehearsed.transcript.replies, strict=True):
        assert step.opened == reply.direction.disclosed
        shut = {each.id for each in step.untold}
        assert step.opened not in shut and not shut & set(reply.state.disclosed)
        assert all(each.why for each in (*step.untold, *step.endings, *step.key_moments))

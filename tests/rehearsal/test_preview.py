"""A preview tells the truth: what it says of a state is what the engine then does."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from roleplay.actors.prompt import Prompter
from roleplay.conversation.actor import Cue
from roleplay.conversation.director import Director
from roleplay.conversation.disclosing import Bar
from roleplay.llm.tokens import Counter, counter_for
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.persona.model import Persona
from roleplay.rehearsal.imagined import imagined
from roleplay.rehearsal.placing import SEED, Placed, placed
from roleplay.rehearsal.preview import Door, Mind, Reply, kinds_of_reply, mind_of
from roleplay.rehearsal.requests import answered, answered_unsaid, requests_about
from roleplay.rehearsal.state_words import read_state
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from tests.conversation.builders import PERSONA, TOLD_IN_SCENES

ESTIMATING = counter_for("")


class ByWord(Counter):
    """Counts words, and takes that for exact."""

    exact, encoding = True, "words"

    def count(self, text: str) -> int:
        return len(text.split())


def at(state: str, **changes: Any) -> Placed:
    return placed(msgspec.convert({**PERSONA, **changes}, Persona), read_state(state))


def mind(state: str, **changes: Any) -> Mind:
    return mind_of(at(state, **changes))


def door(found: Mind, ident: str) -> Door:
    return next(each for each in found.doors if each.id == ident)


def reply(found: Mind, kind: str) -> Reply:
    return next(each for each in found.replies if each.kind == kind)


def test_mood_moment_and_needs_are_those_of_the_state() -> None:
    found = mind("trust=8,distress=2,met=door,said=second")
    assert (found.mood, found.turn, found.name) == ("open, almost light", 1, "Pat Moss")
    assert (found.moment.id, found.moment.feeling, found.moment.unspoken) == ("second", "afraid", "company")
    assert {need.id: need.met for need in found.needs} == {"door": True, "company": False}


def test_what_is_told_is_no_door_any_more() -> None:
    found = mind("disclosed=earned")
    assert found.told == ("earned",)
    assert [each.id for each in found.doors] == ["asked", "own"]


@pytest.mark.parametrize(
    ("state", "ident", "bars", "why"),
    [
        ("trust=4", "asked", (), ""),
        ("trust=4", "earned", ("trust",), "trust 4 of 5"),
        ("trust=5", "earned", (), ""),
        ("trust=8.5", "own", ("trust",), "trust 8.5 of 9"),
        ("trust=9", "own", (), ""),
    ],
)
def test_a_door_is_open_or_says_what_it_takes(state: str, ident: str, bars: tuple[Bar, ...], why: str) -> None:
    found = door(mind(state), ident)
    assert (found.bars, found.why) == (bars, why)


def test_a_door_says_what_opens_it() -> None:
    found = mind("trust=9.5")
    ways = {each.id: (each.touched, each.asked, each.untouched) for each in found.doors}
    assert ways == {"asked": (True, False, False), "earned": (True, True, False), "own": (False, False, True)}


def test_a_door_says_what_a_reply_that_meets_would_bring() -> None:
    found = mind("trust=4")
    assert (door(found, "earned").if_met, door(found, "earned").opens_if_met) == (5.5, True)
    assert not door(found, "own").opens_if_met


def test_moments_to_come_name_the_part_of_their_condition_that_fails() -> None:
    assert [(each.id, each.why) for each in mind("trust=4").moments] == [
        ("second", ""),
        ("low", "trust < 4 (it is 4)"),
        ("third", ""),
    ]


def test_an_ending_that_holds_is_told_and_the_others_say_why_not() -> None:
    assert [(each.id, each.why) for each in mind("").endings] == [
        ("in", "wants met(door) and met(company)"),
        ("hangs-up", "wants patience <= 0 (it is 3)"),
    ]
    assert [(each.id, each.why) for each in mind("patience=0").endings][1] == ("hangs-up", "")
    assert mind("met=door+company").endings[0].why == "waits for third"
    assert mind("met=door+company,said=third").endings[0].why == ""


def test_a_scene_says_what_the_next_one_waits_for() -> None:
    assert mind("", **TOLD_IN_SCENES).scene_ends == "met(door)"
    assert mind("met=door", **TOLD_IN_SCENES).scene_ends == ""
    assert mind("scene=home", **TOLD_IN_SCENES).scene_ends is None
    assert mind("").scene_ends is None


def test_every_line_that_chance_could_choose_is_shown_and_none_that_was_said() -> None:
    hears = {"met": ["One.", "Two.", {"says": "Three.", "when": "trust > 9"}], "missed": ["No."]}
    moments = [{**PERSONA["moments"][0], "hears": hears}, *PERSONA["moments"][1:]]
    found = mind("", moments=moments)
    assert reply(found, "met").lines == ("One.", "Two.")
    assert reply(found, "missed").lines == ("No.",)
    assert reply(mind("trust=9.5", moments=moments), "met").lines == ("Three.",)


def test_a_place_with_nothing_to_meet_knows_no_met_reply() -> None:
    moments = [{"id": "opening", "says": "I'm locked out."}, *PERSONA["moments"][1:]]
    assert [each.kind for each in mind("", moments=moments).replies][:2] == ["none", "harmed"]


def test_each_reply_says_what_follows() -> None:
    found = mind("trust=9")
    assert reply(found, "met").opens == "own"
    assert reply(mind(""), "met").moment == "second"
    assert reply(mind("patience=0.5"), "missed").ending == "hangs-up"
    assert reply(mind("", **TOLD_IN_SCENES), "met").begins == "office"


@pytest.mark.parametrize("name", ["stranded-driver", "grieving-father", "the-regular", "everyone-has-a-story"])
def test_what_is_foretold_of_each_kind_of_reply_is_what_the_director_then_does(name: str) -> None:
    place = placed(load_persona(shipped_folder() / f"{name}.yaml"), read_state("trust=6"))
    state, director = place.state, Director(place.script, SEED)
    here = director.view(state.scene)
    replies = kinds_of_reply(Occasion.at(here, here.beat(state.moment)))
    for told in mind_of(place).replies:
        heard, assessment = replies[told.kind]
        after, direction = director.advance(state, heard, assessment, gesture=None, length=0)
        assert (told.moment, told.opens, told.parts) == (after.moment, direction.disclosed, direction.parts)


@pytest.mark.parametrize("trust", [4.0, 5.5, 9.5])
def test_a_door_that_is_said_to_be_open_opens_to_its_topic_and_no_other_does(trust: float) -> None:
    place = at(f"trust={trust}")
    state, director = place.state, Director(place.script, SEED)
    occasion = Occasion.at(director.view(""), director.view("").beat(state.moment))
    for each in mind_of(place).doors:
        touching = imagined(occasion, "partly", touches=[each.id])
        _, direction = director.advance(state, touching.heard, touching.assessment, gesture=None, length=0)
        if each.topics:
            assert (direction.disclosed == each.id) == each.touched


def test_the_actors_request_is_the_one_that_the_prompter_builds() -> None:
    call = answered_unsaid(at("said=second,disclosed=earned"))
    cue = Cue(direction=call.direction, transcript=call)
    built = Prompter(ESTIMATING.count).build(cue, 6_000)
    found = requests_about(call, ESTIMATING, context=7_024).actor
    assert [(part.role, part.text) for part in found.messages] == [(each.role, each.content) for each in built]
    assert "I forget things lately." in "".join(part.text for part in found.messages[1:-1])


def test_nothing_untold_is_in_the_actors_request_and_the_judges_has_the_moment() -> None:
    found = requests_about(answered_unsaid(at("")), ESTIMATING, context=100_000)
    actor = "".join(part.text for part in found.actor.messages)
    judge = "".join(part.text for part in found.judge_levels.messages)
    assert "forget things" not in actor and "Not to stand there alone" not in actor
    assert "Not to stand there alone" in judge and "forget things" not in judge
    assert found.judge_levels.messages[0] == found.judge_harm.messages[0]


def test_tokens_are_those_of_the_whole_request_and_it_is_said_how_they_were_counted() -> None:
    found = requests_about(answered_unsaid(at("")), ByWord(), context=100_000)
    assert (found.exact, found.encoding) == (True, "words")
    words = sum(len(part.text.split()) for part in found.actor.messages)
    assert found.actor.tokens == words + 4 * len(found.actor.messages) + 3
    estimated = requests_about(answered_unsaid(at("")), ESTIMATING, context=100_000)
    assert (estimated.exact, estimated.encoding) == (False, "")


def test_a_reply_is_assessed_and_answered_as_in_any_call() -> None:
    place = at("trust=8,said=second")
    call = answered(place, "Do you sometimes forget things?", OfflineScorer(place.script.rubric))
    kept = call.replies[-1]
    assert (kept.moment, kept.turn, kept.direction.disclosed) == ("second", 2, "earned")
    assert call.lines[-1].text.endswith("I forget things lately.")
    actor = requests_about(call, ESTIMATING, context=100_000).actor
    assert actor.messages[-1].text.startswith("Do you sometimes forget things?")
    assert "for the first time: “I forget things lately.”" in actor.messages[-1].text


def test_a_reply_can_be_the_one_after_which_the_next_scene_begins() -> None:
    place = at("met=door", **TOLD_IN_SCENES)
    call = answered(place, "I see.", OfflineScorer(place.script.rubric))
    assert call.state.scene == "office"
    assert call.lines[-1].text == "Office, Ann."
    assert "These are your last words" in requests_about(call, ESTIMATING, context=100_000).actor.messages[-1].text

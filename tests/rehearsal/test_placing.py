"""A call can be put into any state, with what must have been said by then, and goes on from there as any other."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from roleplay.conversation.said import history_of
from roleplay.errors import BadInput
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.persona.model import Persona
from roleplay.rehearsal.placing import Placed, placed
from roleplay.rehearsal.state_words import WantedState, read_state
from roleplay.scoring.occasion import Occasion
from tests.conversation.builders import PERSONA, TOLD_IN_SCENES


def pat(**changes: Any) -> Persona:
    return msgspec.convert({**PERSONA, **changes}, Persona)


def at(state: str, **changes: Any) -> Placed:
    return placed(pat(**changes), read_state(state))


def said(place: Placed) -> list[str]:
    return [message.text for message in history_of(place.transcript)]


def refusal(state: str, **changes: Any) -> str:
    with pytest.raises(BadInput) as caught:
        at(state, **changes)
    return str(caught.value)


VISITS = {
    "visits": [
        {
            "id": "again",
            "opening": "Me again.",
            "when": "disclosed(asked)",
            "moments": [{"id": "me", "unspoken": "company"}],
        },
        {"id": "spring", "opening": "Spring, eh.", "moments": [{"id": "spring-comes", "spoken": "door"}]},
    ]
}
QUEUE = {
    "customer": PERSONA["customer"],
    "moments": [],
    "disclosures": [],
    "answers": [],
    "endings": [],
    "queue": [
        {
            "id": name,
            "name": name.title(),
            "customer": {"opening": f"{name} here.", "backstory": "Waits."},
            "needs": {"tow": {"kind": "spoken", "need": "A tow."}},
            "moments": [{"id": "first", "spoken": "tow"}, {"id": "rain", "says": "It rains."}],
        }
        for name in ("ann", "ben")
    ],
}


def test_nothing_asked_for_is_the_beginning() -> None:
    place = at("")
    assert (place.state.trust, place.state.distress, place.state.patience) == (4, 7, 3)
    assert (place.state.moment, place.state.turn) == ("opening", 0)
    assert said(place) == ["I'm locked out."]


def test_every_part_of_a_state_is_taken_over() -> None:
    state = at("trust=6.5, distress=2, patience=1, turn=9, met=door, disclosed=asked+earned, said=second").state
    assert (state.trust, state.distress, state.patience, state.turn) == (6.5, 2, 1, 9)
    assert (state.met, state.disclosed, state.said) == (("door",), ("asked", "earned"), ("opening", "second"))
    assert state.moment == "second"


def test_what_was_said_by_then_stands_in_the_history_each_after_a_reply_nobody_wrote() -> None:
    assert said(at("said=second+third,disclosed=earned")) == [
        "I'm locked out.",
        "…",
        "It's dark here.",
        "…",
        "I forget things lately.",
        "…",
        "My phone is dying.",
    ]


def test_the_current_moment_is_said_last_and_no_line_that_was_said_comes_again() -> None:
    place = at("said=second,disclosed=earned,moment=third")
    assert said(place)[-1] == "My phone is dying."
    assert place.state.moment == "third"
    assert place.state.turn == 3
    assert len(place.state.lines_used) == 4


def test_a_disclosure_can_be_the_moment_and_was_told_then() -> None:
    state = at("moment=own").state
    assert (state.moment, state.disclosed) == ("own", ("own",))


def test_in_fewer_turns_what_was_said_stands_together() -> None:
    assert said(at("said=second+third,turn=1")) == ["I'm locked out. It's dark here.", "…", "My phone is dying."]
    assert said(at("said=second+third,turn=0")) == ["I'm locked out. It's dark here. My phone is dying."]


def test_a_later_scene_begins_as_it_would_and_with_its_own_speaker() -> None:
    place = at("scene=office", **TOLD_IN_SCENES)
    assert (place.state.trust, place.state.moment, place.state.scene) == (6, "what", "office")
    assert place.state.felt[""] == (4, 7, 3)
    assert said(place) == ["I'm locked out.", "…", "…", "Office, Ann."]
    assert "at least 1 reply came before" in refusal("scene=office,turn=0", **TOLD_IN_SCENES)


def test_a_visit_is_named_by_its_number_or_its_id() -> None:
    for state in ("visit=2", "visit=again"):
        place = at(state, **VISITS)
        assert place.state.visit == 2
        assert said(place) == ["Me again."]
    assert at("visit=1", **VISITS).state.visit == 1


def test_what_was_told_on_an_earlier_visit_is_known_on_a_later_one() -> None:
    state = at("visit=3,before=earned,disclosed=own", **VISITS).state
    assert (state.told_before, state.disclosed) == (("earned",), ("own",))
    assert "names no disclosure of this call" in refusal("visit=3,before=earned,disclosed=earned", **VISITS)
    assert "“before=earned” is for a later visit." in refusal("before=earned", **VISITS)
    assert "“before=late” names no disclosure of this call." in refusal("visit=2,before=late", **VISITS)


def test_the_endings_of_earlier_visits_are_known() -> None:
    assert at("visit=3,ended=in+hangs-up", **VISITS).state.ended_before == ("in", "hangs-up")


def test_of_a_queue_the_customer_comes_alone_and_their_ids_may_be_as_written() -> None:
    assert at("", **QUEUE).state.moment == "ann-first"
    state = at("customer=ben,said=rain,met=ben-tow", **QUEUE).state
    assert (state.moment, state.met) == ("ben-rain", ("ben-tow",))


@pytest.mark.parametrize("name", sorted(path.stem for path in shipped_folder().glob("*.yaml")))
def test_every_moment_and_disclosure_of_the_shipped_personas_can_be_looked_at(name: str) -> None:
    persona = load_persona(shipped_folder() / f"{name}.yaml")
    parts = [f"customer={each.id}" for each in persona.queue]
    parts += [f"scene={each.id}" for each in persona.scenes]
    parts += [f"visit={number}" for number in range(2, len(persona.visits) + 2)]
    for part in parts or [""]:
        here = placed(persona, read_state(part))
        story = here.script.persona
        beats = next((each.moments for each in story.scenes if each.id == here.state.scene), story.moments)
        for beat in beats:
            place = placed(persona, read_state(f"{part},moment={beat.id}"))
            assert place.state.moment == beat.id
            assert Occasion.at(story, beat).id == beat.id


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("trust=lots", "“trust=lots” wants a number from 0 to 10."),
        ("trust=11", "“trust=11” wants a number from 0 to 10."),
        ("patience=-1", "“patience=-1” wants a number from 0 to 10."),
        ("trust=nan", "“trust=nan” wants a number from 0 to 10."),
        ("turst=3", "“turst=3” has a name that is not known. Did you mean trust?"),
        ("trust", "“trust” is no part of a state. Write it like trust=6."),
        ("met=", "“met=” is no part of a state. Write it like met=one+other."),
        ("met=door+", "“met=door+” has a + with nothing beside it."),
        ("trust=1,trust=2", "“trust=2” is the second trust."),
        ("turn=1.5", "“turn=1.5” wants a whole number of replies"),
        ("turn=²", "“turn=²” wants a whole number of replies"),
        ("disclosed=eraned", "“disclosed=eraned” names no disclosure of this call. Did you mean earned?"),
        ("met=key", "“met=key” names no need of this call."),
        ("said=fourth", "“said=fourth” names no moment of this call."),
        ("moment=fourth", "“moment=fourth” names no moment or disclosure of this call."),
        ("ended=well", "“ended=well” names no ending of an earlier visit or scene of this call."),
        ("scene=office", "“scene=office” names no scene of this call. There is none at all."),
        ("visit=2", "“visit=2” is for a persona with `visits`"),
        ("customer=ann", "“customer=ann” is for a persona with a `queue`"),
        ("trust=\x1b[31m", "“trust=␛[31m” wants a number"),
    ],
)
def test_a_bad_state_is_refused_with_a_sentence_that_names_the_part(state: str, told: str) -> None:
    assert refusal(state).startswith(f"--state: {told}")


@pytest.mark.parametrize("visit", ["0", "4", "-1", "autumn", "9999999999", "00019", "00001"])
def test_a_visit_that_is_not_there_is_refused(visit: str) -> None:
    assert f"visit={visit}” names no visit of this call." in refusal(f"visit={visit}", **VISITS)
    assert refusal(f"visit={visit}", **VISITS).endswith("There are 1, 2, 3, again and spring.")


def test_a_visit_to_a_queue_and_an_ending_that_no_earlier_visit_has_are_refused() -> None:
    assert "“visit=7” is for a persona with `visits`" in refusal("visit=7", **QUEUE)
    assert at("visit=1", **QUEUE).state.moment == "ann-first"
    assert "“ended=nonsense” names no ending of an earlier visit" in refusal("ended=nonsense", **QUEUE)
    assert "“ended=nonsense” names no ending of an earlier visit" in refusal("visit=2,ended=nonsense", **VISITS)


def test_each_ending_that_a_visit_is_due_after_was_come_to_before_it() -> None:
    spring = {**VISITS["visits"][1], "when": "ended(in) and ended(hangs-up)"}
    for visits in ([VISITS["visits"][0], spring], [spring, VISITS["visits"][0]]):
        assert set(at("visit=spring", visits=visits).state.ended_before) == {"in", "hangs-up"}


def test_a_customer_who_is_not_there_is_refused() -> None:
    assert "names no customer of this call. Did you mean ben?" in refusal("customer=bem", **QUEUE)


def test_an_empty_state_wants_nothing() -> None:
    assert read_state(" , ,") == WantedState()

"""The reasons for what did not happen are those by which it was decided, and name the part that fails."""

from __future__ import annotations

from typing import Any

import pytest

from roleplay.conversation.disclosing import Bar, choose_disclosure
from roleplay.conversation.explaining import endings_not_yet, key_moments_not_yet, why_not, why_shut
from roleplay.conversation.listen import Heard
from roleplay.conversation.state import CustomerState
from roleplay.persona.condition import parse_condition
from tests.conversation.builders import assessment, script

PERSONA = script().persona
MET = assessment("met", explores=0)


def state(**changes: Any) -> CustomerState:
    base = {"trust": 6.0, "distress": 5.0, "patience": 5.0, "moment": "opening", "turn": 3, "said": ("opening",)}
    return CustomerState(**{**base, **changes})


def bars(ident: str, after: CustomerState, *touched: str, kind: Any = "words", judged: Any = MET) -> tuple[Bar, ...]:
    weighed = choose_disclosure(PERSONA, after, Heard(kind, topics=touched), judged).weighed
    return next(each.bars for each in weighed if each.disclosure.id == ident)


@pytest.mark.parametrize(
    ("ident", "after", "touched", "expected"),
    [
        ("earned", state(), ("earned",), ()),
        ("earned", state(), (), ("unexplored",)),
        ("earned", state(trust=4.5), (), ("trust", "unexplored")),
        ("earned", state(trust=4.5), ("earned",), ("trust",)),
        ("earned", state(waiting=("earned",)), (), ()),
        ("earned", state(), ("asked", "earned"), ("later",)),
        ("asked", state(trust=0), (), ("untouched",)),
        ("asked", state(trust=0), ("asked",), ()),
        ("own", state(trust=9), (), ()),
        ("own", state(trust=9), ("asked",), ("beside",)),
        ("own", state(trust=9, opened_at=2), (), ("rests",)),
        ("own", state(trust=9, opened_at=1), (), ()),
    ],
)
def test_what_keeps_a_disclosure_shut(
    ident: str, after: CustomerState, touched: tuple[str, ...], expected: tuple[Bar, ...]
) -> None:
    assert bars(ident, after, *touched) == expected


def test_a_question_opens_nothing_beside_a_topic_or_right_after_something_was_told() -> None:
    asks = assessment("met", explores=2)
    assert bars("earned", state(), judged=asks) == ()
    assert bars("earned", state(), "asked", judged=asks) == ("beside",)
    assert bars("earned", state(opened_at=2), judged=asks) == ("rests",)


@pytest.mark.parametrize(
    ("kind", "judged", "bar"),
    [
        ("silence", MET, "no words"),
        ("insult", MET, "no words"),
        ("words", assessment("met", harm=1), "harm"),
        ("words", assessment("met", unsure=True), "unsure"),
    ],
)
def test_nothing_opens_to_some_replies_whatever_they_touch(kind: str, judged: Any, bar: Bar) -> None:
    assert bars("earned", state(), "earned", kind=kind, judged=judged) == (bar,)


def test_who_pulls_back_says_so_of_what_would_have_opened() -> None:
    after = state(distress=7, met_in_a_row=2, disclosed=("asked",))
    assert bars("earned", after, "earned") == ("pulls back",)


def test_nobody_pulls_back_from_what_somebody_else_has_told() -> None:
    after = state(distress=7, met_in_a_row=2, disclosed=("another-customers",))
    assert bars("earned", after, "earned") == ()


def test_exactly_one_opens_and_every_other_has_a_reason() -> None:
    opening = choose_disclosure(PERSONA, state(trust=9), Heard("words"), assessment("met", explores=2))
    assert [each.disclosure.id for each in opening.weighed if each.opens] == [opening.opens and opening.opens.id]
    assert all(each.bars for each in opening.weighed if not each.opens)


def test_reasons_are_told_in_words_with_the_trust_it_takes() -> None:
    assert why_shut(("trust", "untouched"), 4.5, 5) == "trust 4.5 of 5, topic not touched"
    assert why_shut(("trust",), 4.5) == "trust is only 4.5"
    assert why_shut((), 4.5) == ""


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("trust >= 5", ""),
        ("trust >= 7", "trust >= 7 (it is 6)"),
        ("trust >= 7 and met(door)", "trust >= 7 (it is 6) and met(door)"),
        ("trust >= 5 and met(door)", "met(door)"),
        ("trust >= 7 or met(door)", "trust >= 7 (it is 6) or met(door)"),
        ("not said(opening)", "not said(opening)"),
        ("not (said(opening) or trust > 5)", "not said(opening) and trust <= 5 (it is 6)"),
        ("met(door) and (met(company) or turn > 9)", "met(door) and (met(company) or turn > 9 (it is 3))"),
    ],
)
def test_a_condition_names_only_the_parts_that_fail(source: str, told: str) -> None:
    assert why_not(parse_condition(source), state().situation) == told


def endings(after: CustomerState, *, opened: bool = False, taken: tuple[str, ...] = ()) -> dict[str, str]:
    return dict(endings_not_yet(PERSONA, PERSONA.endings, after, opened=opened, taken=taken))


def test_an_ending_that_does_not_hold_names_what_it_wants() -> None:
    assert endings(state(met=("door",))) == {
        "in": "wants met(company)",
        "hangs-up": "wants patience <= 0 (it is 5)",
    }


def test_an_ending_that_holds_says_what_it_waits_for() -> None:
    met = state(met=("door", "company"))
    assert endings(met)["in"] == "waits for third"
    assert endings(met, opened=True)["in"] == "waits: what was just told is answered first"
    assert endings(state(met=met.met, patience=0), taken=("in",)) == {"hangs-up": "in comes first"}


def test_a_key_moment_says_what_it_wants_or_that_its_turn_comes() -> None:
    assert dict(key_moments_not_yet(PERSONA, state())) == {"third": "comes in its turn"}
    played = script(moments=[*script_moments(), {"id": "late", "says": "Late.", "key": True, "when": "trust > 8"}])
    assert dict(key_moments_not_yet(played.persona, state()))["late"] == "wants trust > 8 (it is 6)"


def script_moments() -> list[dict[str, Any]]:
    return [{"id": "opening", "says": "I'm locked out.", "feeling": "cold"}]

"""In no state that a call can come to is anything told that was not opened: in no line, no prompt and no summary."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest

from roleplay.actors.unopened import Telltale
from roleplay.conversation.stories import every_script
from roleplay.conversation.turns import Script
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from tests.actors.walking import Secrets, Walk, leaks_in_heads, leaks_in_requests, leaks_on
from tests.conversation.builders import PERSONA, script

SHIPPED = sorted(path.stem for path in shipped_folder().glob("*.yaml"))
FEW, MANY = 12, 500
"""States of each call that are walked through, always and in `make soak`."""


@functools.cache
def calls(name: str) -> list[Script]:
    """Every call that a shipped persona can be: each visit, each customer of a queue."""
    return list(every_script(load_persona(shipped_folder() / f"{name}.yaml")))


def walked(scripts: list[Script], most: int, seed: int, directions: int) -> Iterator[str]:
    for each in scripts:
        yield from leaks_on(Walk(each, most=most, seed=seed), each, directions=directions)


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_unopened_is_in_any_line_or_direction(name: str) -> None:
    assert list(walked(calls(name), FEW, seed=1, directions=10)) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize("name", SHIPPED)
def test_nor_in_hundreds_of_states_of_each_call(name: str, seed: int) -> None:
    assert list(walked(calls(name), MANY, seed, directions=5)) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_hidden_is_in_what_a_model_is_told_before_the_first_word(name: str) -> None:
    assert [leak for each in calls(name) for leak in leaks_in_heads(each)] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_unopened_is_in_what_a_model_is_sent_in_whole_calls_folded_ones_too(name: str) -> None:
    found, folded = [], 0
    for each in calls(name):
        for seed, room in ((1, 1_900), (2, 1_900), (3, 100_000)):
            leaks, summaries = leaks_in_requests(Walk(each, most=1, seed=seed), each, room)
            found += leaks
            folded += summaries
    assert found == []
    assert folded


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_hidden_is_shown_before_the_call(name: str) -> None:
    persona = load_persona(shipped_folder() / f"{name}.yaml")
    trainee = persona.trainee
    shown = [persona.title, persona.summary, *persona.content, trainee.role, *trainee.may, *trainee.may_not]
    shown += [given.does for given in persona.gestures] + [customer.title for customer in persona.queue]
    hidden = [each for script in calls(name) for each in script.persona.disclosures]
    assert hidden
    assert not [word for each in hidden for text in shown for word in Telltale(each.gives_away).found_in(text)]


def leaky(**changes: Any) -> list[str]:
    mutated = script(**changes)
    return list(leaks_on(Walk(mutated, most=40, seed=1), mutated))


def moments(**changes: Any) -> list[dict[str, Any]]:
    opening, second, *others = PERSONA["moments"]
    return [opening, {**second, **changes}, *others]


LEAKS: dict[str, dict[str, Any]] = {
    "a moment": {"moments": moments(says="It's dark, and my memory is what it is.")},
    "a moment that comes late": {
        "moments": [
            *PERSONA["moments"],
            {"id": "late", "says": "So much for my memory.", "when": "met(door) and trust > 6 and said(third)"},
        ]
    },
    "one of many lines of a moment": {"moments": moments(hears={"met": ["Yes.", "Ah.", "Lately, yes.", "So."]})},
    "an answer": {"answers": [{"asks": ["where are you"], "says": ["Hill Street. I know that from memory."]}]},
    "a reaction": {"reactions": {"machine": ["Have you no memory?"]}},
    "a deflection": {
        "disclosures": [*PERSONA["disclosures"][:1], {**PERSONA["disclosures"][1], "deflects": ["Lately?"]}]
    },
    "another disclosure": {
        "disclosures": [{**PERSONA["disclosures"][0], "says": "Lately it's often."}, *PERSONA["disclosures"][1:]]
    },
    "an ending": {"endings": [{"id": "off", "when": "patience <= 1", "says": "It's been like that lately."}]},
    "words that a line is to keep": {"moments": moments(must_mention=["wife"])},
}


@pytest.mark.parametrize("where", LEAKS)
def test_a_leak_anywhere_is_found(where: str) -> None:
    assert leaky(**LEAKS[where])


def test_where_there_is_none_none_is_found() -> None:
    assert leaky() == []


def test_a_leak_in_the_head_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    told = script(customer={**PERSONA["customer"], "backstory": "Pat lives on Hill Street, and has no memory for it."})
    assert list(leaks_in_heads(told)) == []
    monkeypatch.setattr(Telltale, "left_out", lambda self, text: text)
    assert list(leaks_in_heads(told))


def test_words_of_its_own_give_a_disclosure_away_though_no_author_named_them() -> None:
    secrets = Secrets(script())
    assert secrets.found_in("My wife opened it.", "", []) == {"wife"}
    assert secrets.found_in("My wife opened it.", "", ["own"]) == set()


def test_a_walk_comes_to_every_disclosure_and_to_every_moment() -> None:
    steps = list(Walk(script(), most=2_000, seed=1))
    assert {each for step in steps for each in step.after.disclosed} == {"asked", "earned", "own"}
    assert {step.after.moment for step in steps} == {"opening", "second", "low", "third", "own"}
    assert {step.direction.ending for step in steps} >= {None, "in", "hangs-up"}

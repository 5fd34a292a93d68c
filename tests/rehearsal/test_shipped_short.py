"""The five-minute form of every shipped persona is ready, about as long as that, and speaks of nothing left out."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from statistics import median

import msgspec
import pytest

from roleplay.conversation.scripts import script_for
from roleplay.conversation.turns import Transcript
from roleplay.persona.leaks import gives_away
from roleplay.persona.model import Persona
from roleplay.rehearsal.banks import ANYWHERE, find_bank
from roleplay.rehearsal.figures import came_of
from roleplay.rehearsal.report import report_of, scorer
from roleplay.rehearsal.runner import Rehearsed, rehearse_story
from roleplay.rehearsal.stuffing import stuffed_replies
from roleplay.rehearsal.trainees import Trainee, of_bank
from roleplay.rehearsal.verdict import OTHERS_TOLD, SKILLED_TOLD_SHORT, UNDESERVING
from tests.rehearsal.test_shipped_personas import WITH_BANK, cast_of, given_away, read

SHORTEST, LONGEST = 5, 8
"""Replies in which half of the skilled come to an end; and one more, after something was told, is the most of all."""


def trainees_of(name: str) -> Iterator[Trainee]:
    """Those on whom the targets are, without playing the tests of the persona to find all of them."""
    bank, persona = find_bank(name), persona_of(name)
    assert bank
    yield from (of_bank(bank, who) for who in ("skilled", "polite", "cold"))
    stuffed = stuffed_replies(persona, [script_for(persona, short=True).persona])
    yield Trainee(name="stuffer", words="persona", replies={ANYWHERE: stuffed})


def play(name: str, trainees: Iterable[Trainee], skilled: int, others: int) -> dict[str, list[Rehearsed]]:
    """So many short calls of the skilled, and of everybody else, by trainee."""
    return {
        trainee.name: [
            rehearse_story(persona_of(name), trainee, seed, scorer(), short=True)
            for seed in range(skilled if trainee.name == "skilled" else others)
        ]
        for trainee in trainees
    }


@functools.cache
def rehearsed(name: str) -> dict[str, list[Rehearsed]]:
    return play(name, trainees_of(name), 5, 1)


def persona_of(name: str) -> Persona:
    persona = read(name).persona
    assert persona
    return persona


def lengths(calls: list[Rehearsed]) -> list[int]:
    return [len(each.transcript.replies) for each in calls]


def told(calls: list[Rehearsed]) -> float:
    return sum(came_of(each).told or 0.0 for each in calls) / len(calls)


def spoken_of(call: Transcript, persona: Persona) -> list[str]:
    """The lines of a short call that hold a word which gives away what is left out of it."""
    there = call.session.script.persona.disclosures
    openly = [*(reply.text for reply in call.replies), *(each.says for each in there)]
    found = []
    for disclosure in persona.disclosures:
        if disclosure.id not in {each.id for each in there}:
            secret = [word for word in disclosure.gives_away if not any(gives_away(each, [word]) for each in openly)]
            found += [line.text for line in call.lines if gives_away(line.text, secret)]
    return found


@pytest.mark.parametrize("name", WITH_BANK)
def test_the_skilled_are_told_in_five_to_eight_replies_and_those_who_do_nothing_for_it_are_not(name: str) -> None:
    calls = rehearsed(name)
    assert told(calls["skilled"]) >= SKILLED_TOLD_SHORT
    assert [who for who in UNDESERVING if who in calls and told(calls[who]) > OTHERS_TOLD] == []
    assert SHORTEST <= median(lengths(calls["skilled"])) <= LONGEST


@pytest.mark.parametrize("name", WITH_BANK)
def test_every_call_ends_no_line_comes_twice_and_none_speaks_of_what_was_not_told(name: str) -> None:
    for each in (each for calls in rehearsed(name).values() for each in calls):
        call, came = each.transcript, came_of(each)
        assert (came.repeated, came.stuck) == ((), ()) and len(call.replies) <= LONGEST + 1
        assert given_away(call) == [] and spoken_of(call, persona_of(name)) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", WITH_BANK)
def test_it_is_ready_by_hundreds_of_calls(name: str) -> None:
    cast = msgspec.structs.replace(cast_of(name), tests=(), short=True)
    calls = play(name, cast.trainees, 60, 20)
    report = report_of(read(name), cast, [[came_of(each) for each in of_one] for of_one in calls.values()])
    assert [reason.text for reason in report.verdict.reasons] == []

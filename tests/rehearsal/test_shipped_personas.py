"""Every shipped persona with a bank is ready: skill opens it and nothing else does; its own tests pass."""

from __future__ import annotations

import functools

import pytest

from roleplay.conversation.stories import every_script
from roleplay.conversation.turns import Transcript
from roleplay.persona.leaks import gives_away
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import Reading, read_persona
from roleplay.rehearsal.banks import ANYWHERE, FOLDER, KINDS, find_bank
from roleplay.rehearsal.figures import came_of
from roleplay.rehearsal.report import Cast, cast_for, report_of, scorer
from roleplay.rehearsal.runner import Rehearsed, rehearse_story

WITH_BANK = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@functools.cache
def read(name: str) -> Reading:
    return read_persona(shipped_folder() / f"{name}.yaml")


@functools.cache
def cast_of(name: str) -> Cast:
    persona = read(name).persona
    assert persona
    return cast_for(persona)


def rehearsed(name: str, skilled: int, others: int) -> list[list[Rehearsed]]:
    """So many rehearsals of the skilled, and of everybody else."""
    cast = cast_of(name)
    return [
        [
            rehearse_story(cast.persona, trainee, seed, scorer())
            for seed in range(skilled if trainee.name == "skilled" else others)
        ]
        for trainee in cast.trainees
    ]


def reasons(name: str, stories: list[list[Rehearsed]]) -> list[str]:
    report = report_of(read(name), cast_of(name), [[came_of(story) for story in each] for each in stories])
    return [reason.text for reason in report.verdict.reasons]


def given_away(call: Transcript) -> list[str]:
    """The lines of a call that hold a word of what was not told, and that the trainee had not said first."""
    said_first = [reply.text for reply in call.replies]
    found = []
    for disclosure in call.session.script.persona.disclosures:
        if disclosure.id not in call.replies[-1].state.disclosed:
            secret = [word for word in disclosure.gives_away if not any(gives_away(r, [word]) for r in said_first)]
            found += [line.text for line in call.lines if gives_away(line.text, secret)]
    return found


@pytest.mark.parametrize("name", WITH_BANK)
def test_it_is_ready_and_no_line_gives_away_what_is_not_told(name: str) -> None:
    stories = rehearsed(name, skilled=10, others=4)
    assert reasons(name, stories) == []
    assert [line for each in stories for story in each for call in story.calls for line in given_away(call)] == []


@pytest.mark.soak
@pytest.mark.parametrize("name", WITH_BANK)
def test_it_is_ready_by_hundreds_of_calls_too(name: str) -> None:
    assert reasons(name, rehearsed(name, skilled=200, others=200)) == []


@pytest.mark.parametrize("name", WITH_BANK)
def test_it_has_tests_of_its_own(name: str) -> None:
    persona = read(name).persona
    assert persona and len(persona.tests) >= 4


@pytest.mark.parametrize("name", WITH_BANK)
def test_a_bank_covers_every_moment_and_repeats_nothing(name: str) -> None:
    bank, persona = find_bank(name), read(name).persona
    assert bank and persona
    scripts = [script.persona for script in every_script(persona)]
    beats = {beat.id: beat for each in scripts for beat in each.beats()}
    first = scripts[:1] if persona.visits else scripts
    openings = {each.scenes[0].moments[0].id if each.scenes else each.moments[0].id for each in first}
    for skill, replies in bank.trainees.items():
        gets_everywhere = skill in ("skilled", "partly-skilled")
        wanted = {ident for ident, beat in beats.items() if beat.offers} if gets_everywhere else openings
        assert wanted <= replies.keys() <= beats.keys() | {ANYWHERE}
    everything = [text for replies in bank.trainees.values() for pool in replies.values() for text in pool]
    assert len(everything) == len(set(everything))
    worked = {better.reply for beat in beats.values() for better in beat.better}
    assert worked.isdisjoint(everything)


@pytest.mark.parametrize("name", WITH_BANK)
def test_a_bank_names_its_persona_and_only_kinds_there_are(name: str) -> None:
    bank = find_bank(name)
    assert bank and bank.persona == name and bank.written
    assert set(bank.trainees) <= set(KINDS)

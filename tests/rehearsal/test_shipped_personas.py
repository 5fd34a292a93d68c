"""Every shipped persona with a bank: skill opens it and nothing else does; its own tests pass."""

from __future__ import annotations

import functools

import pytest

from roleplay.conversation.scripts import script_for
from roleplay.conversation.turns import Script
from roleplay.persona.leaks import gives_away
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.rehearsal.banks import FOLDER, SKILLS, Bank, find_bank
from roleplay.rehearsal.bounds import broken_bounds
from roleplay.rehearsal.persona_tests import run_persona_tests
from roleplay.rehearsal.runner import Figures, Rehearsed, figures_of, rehearse
from roleplay.scoring.offline.scorer import OfflineScorer

SHIPPED = sorted(path.stem for path in FOLDER.glob("*.yaml"))
SEEDS = 12


@pytest.fixture(scope="module", params=SHIPPED)
def name(request: pytest.FixtureRequest) -> str:
    """Of the whole module, so that all tests of a persona follow each other and share its calls."""
    return str(request.param)


@functools.cache
def script_of(name: str) -> Script:
    return script_for(load_persona(shipped_folder() / f"{name}.yaml"))


def bank_of(name: str) -> Bank:
    bank = find_bank(name)
    assert bank
    return bank


@functools.cache
def calls(name: str) -> dict[str, list[Rehearsed]]:
    script, bank = script_of(name), bank_of(name)
    scorer = OfflineScorer(script.rubric)
    return {skill: [rehearse(script, bank, skill, seed, scorer) for seed in range(SEEDS)] for skill in SKILLS}


def figures(name: str) -> list[Figures]:
    return [figures_of(played) for played in calls(name).values()]


def test_skill_is_told_the_unspoken_need_and_formulas_and_coldness_are_not(name: str) -> None:
    assert broken_bounds(figures(name)) == []


def test_its_own_tests_pass(name: str) -> None:
    script = script_of(name)
    results = run_persona_tests(script, OfflineScorer(script.rubric))
    assert len(results) >= 4
    assert {each.name: each.failures for each in results if each.failures} == {}


def test_nothing_unopened_is_in_any_line(name: str) -> None:
    script = script_of(name)
    for played in calls(name).values():
        for each in played:
            last = each.transcript.replies[-1].state
            said_first = [reply.text for reply in each.transcript.replies]
            for disclosure in script.persona.disclosures:
                secret = [word for word in disclosure.gives_away if not any(gives_away(r, [word]) for r in said_first)]
                if disclosure.id not in last.disclosed:
                    assert not [line.text for line in each.transcript.lines if gives_away(line.text, secret)]


def test_a_bank_covers_every_moment_and_repeats_nothing(name: str) -> None:
    bank, persona = bank_of(name), script_of(name).persona
    beats = {beat.id for beat in persona.beats()}
    for skill, replies in bank.trainees.items():
        gets_everywhere = skill in ("skilled", "partly-skilled")
        wanted = {beat.id for beat in persona.beats() if beat.offers} if gets_everywhere else {"opening"}
        assert wanted <= replies.keys() <= beats | {"anywhere"}
    everything = [text for replies in bank.trainees.values() for pool in replies.values() for text in pool]
    assert len(everything) == len(set(everything))
    worked = {better.reply for beat in persona.beats() for better in beat.better}
    assert worked.isdisjoint(everything)


@pytest.mark.soak
def test_a_thousand_calls_keep_the_bounds(name: str) -> None:
    script, bank = script_of(name), bank_of(name)
    scorer = OfflineScorer(script.rubric)
    many = [figures_of([rehearse(script, bank, skill, seed, scorer) for seed in range(250)]) for skill in SKILLS]
    assert broken_bounds(many) == []

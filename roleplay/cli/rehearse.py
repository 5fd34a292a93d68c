"""`roleplay personas rehearse`: plays simulated trainees against a persona and prints how they fared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.common import json_option, say, say_json, talk, workspace_option

if TYPE_CHECKING:
    from roleplay.conversation.turns import Script
    from roleplay.rehearsal.banks import Bank
    from roleplay.rehearsal.runner import Figures
    from roleplay.scoring.offline.scorer import OfflineScorer


@click.command("rehearse")
@click.argument("persona", metavar="PERSONA")
@click.option("--seeds", type=click.IntRange(1, 1000), default=20, show_default=True, help="Calls of each trainee.")
@workspace_option
@json_option
def command(persona: str, seeds: int, workspace: Path | None, as_json: bool) -> None:
    """Play simulated trainees against PERSONA and print what each was told, how it ended and what it scored.

    The trainees answer from a bank of replies, written by somebody who had not read the scorer. A persona works when
    the skilled are told the unspoken need in at least 90 % of their calls, the polite and the cold in at most 5 %, more
    skill never earns less, no line is said twice, no call runs into a dead end, and the persona's own tests pass. A
    persona without a bank, such as your own, is rehearsed with its own tests only. The exit code is 1 if something is
    not right.
    """
    from roleplay.conversation.scripts import script_for
    from roleplay.persona.library import find, persona_folders
    from roleplay.persona.loading import load_persona
    from roleplay.rehearsal.banks import find_bank
    from roleplay.rehearsal.bounds import broken_bounds
    from roleplay.rehearsal.persona_tests import run_persona_tests
    from roleplay.scoring.offline.scorer import OfflineScorer
    from roleplay.workspace import resolve_workspace

    script = script_for(load_persona(find(persona, persona_folders(resolve_workspace(workspace).personas))))
    scorer = OfflineScorer(script.rubric)
    bank = find_bank(script.persona.id)
    figures = _rehearsed(script, bank, seeds, scorer) if bank else []
    broken = broken_bounds(figures) if figures else []
    tests = run_persona_tests(script, scorer)
    broken += [f"the test “{test.name}” fails: {failure}" for test in tests for failure in test.failures]
    if as_json:
        import msgspec

        plain = [msgspec.to_builtins(each) for each in figures]
        say_json({"persona": script.persona.id, "figures": plain, "tests": len(tests), "broken": broken})
    else:
        _say_figures(script.persona.title, seeds, figures)
        passed = sum(not test.failures for test in tests)
        say(f"Its own tests: {passed} of {len(tests)} pass.")
    if not figures and not tests:
        talk("There is no bank of replies for this persona and no test in it. Write some under `tests:`.")
    for sentence in broken:
        talk(f"Not right: {sentence}.")
    if broken:
        raise click.exceptions.Exit(1)


def _rehearsed(script: Script, bank: Bank, seeds: int, scorer: OfflineScorer) -> list[Figures]:
    from roleplay.rehearsal.banks import SKILLS
    from roleplay.rehearsal.runner import figures_of, rehearse

    figures = []
    for skill in SKILLS:
        with click.progressbar(range(seeds), label=f"{skill:15}", file=sys.stderr) as numbers:
            figures.append(figures_of([rehearse(script, bank, skill, seed, scorer) for seed in numbers]))
    return figures


def _say_figures(title: str, seeds: int, figures: list[Figures]) -> None:
    if not figures:
        say(f"{title}: no bank of replies.")
        return
    say(f"{title}: {seeds} calls of each trainee.")
    say(f"{'trainee':15} {'told':>6} {'met':>6} {'score':>6} {'turns':>6}  ended")
    for each in figures:
        endings = ", ".join(f"{ending} {count}" for ending, count in each.endings.items())
        say(f"{each.trainee:15} {each.told:6.0%} {each.met:6.0%} {each.score:6.0f} {each.turns:6.1f}  {endings}")
    say("told: calls in which the unspoken need was told. met: replies that met what was there to be met.")

"""`roleplay personas rehearse`: plays simulated trainees against a persona and prints how they fared."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from roleplay.cli.common import json_option, say, say_json, talk, workspace_option


@click.command("rehearse")
@click.argument("persona", metavar="PERSONA")
@click.option("--seeds", type=click.IntRange(1, 1000), default=20, show_default=True, help="Calls of each trainee.")
@workspace_option
@json_option
def command(persona: str, seeds: int, workspace: Path | None, as_json: bool) -> None:
    """Play simulated trainees against PERSONA and print what each was told, how it ended and what it scored.

    The trainees answer from a bank of replies that was written before the scorer was tuned. A persona works when the
    skilled are told the unspoken need in at least 90 % of their calls, the polite and the cold in at most 5 %, more
    skill never earns less, no line is said twice, no call runs into a dead end, and the persona's own tests pass. The
    exit code is 1 if not.
    """
    from roleplay.conversation.turns import Script
    from roleplay.persona.completion import complete
    from roleplay.persona.general import general_lines
    from roleplay.persona.library import find, persona_folders
    from roleplay.persona.loading import load_persona
    from roleplay.rehearsal.banks import SKILLS, bank_of
    from roleplay.rehearsal.bounds import broken_bounds
    from roleplay.rehearsal.persona_tests import run_persona_tests
    from roleplay.rehearsal.runner import Figures, figures_of, rehearse
    from roleplay.scoring.offline.scorer import OfflineScorer
    from roleplay.scoring.rubric import default_rubric
    from roleplay.workspace import resolve_workspace

    played = complete(load_persona(find(persona, persona_folders(resolve_workspace(workspace).personas))))
    bank = bank_of(played.id)
    script = Script(persona=played, general=general_lines(), rubric=default_rubric())
    scorer = OfflineScorer(script.rubric)
    figures: list[Figures] = []
    for skill in SKILLS:
        with click.progressbar(range(seeds), label=f"{skill:15}", file=sys.stderr) as numbers:
            figures.append(figures_of([rehearse(script, bank, skill, seed, scorer) for seed in numbers]))
    broken = broken_bounds(figures)
    for test in run_persona_tests(script, scorer):
        broken += [f"the test “{test.name}” fails: {failure}" for failure in test.failures]
    if as_json:
        say_json({"persona": played.id, "figures": [_plain(each) for each in figures], "broken": broken})
    else:
        say(f"{played.title}: {seeds} calls of each trainee.")
        say(f"{'trainee':15} {'told':>6} {'met':>6} {'score':>6} {'turns':>6}  ended")
        for each in figures:
            endings = ", ".join(f"{ending} {count}" for ending, count in each.endings.items())
            say(f"{each.trainee:15} {each.told:6.0%} {each.met:6.0%} {each.score:6.0f} {each.turns:6.1f}  {endings}")
        say("told: calls in which the unspoken need was told. met: replies that met what was there to be met.")
    for sentence in broken:
        talk(f"Not right: {sentence}.")
    if broken:
        raise click.exceptions.Exit(1)


def _plain(figures: object) -> object:
    import msgspec

    return msgspec.to_builtins(figures)

"""`roleplay personas rehearse`: plays simulated trainees against personas, and says which are ready."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import click

from roleplay.cli.common import from_group, json_option, say, say_json, talk, workspace_option
from roleplay.cli.persona_files import files_named, folders_of
from roleplay.text import quote

if TYPE_CHECKING:
    from roleplay.cli.rehearse_llm import LlmStage
    from roleplay.persona.loading import Reading
    from roleplay.rehearsal.figures import Came
    from roleplay.rehearsal.report import Cast, Report, Work
    from roleplay.rehearsal.tracing import Trace
    from roleplay.rehearsal.trainees import Name, Trainee

SEEDS = 20
"""Calls of each trainee with the scripted customer."""
SEEDS_LLM = 1
"""Calls of each trainee with a language model, which takes time and may cost money."""

MANY = 40
"""Rehearsals from which on it pays to start processes."""
AT_ONCE = 2
"""Rehearsals that a process is handed at a time: a tenth of a second of work, or a story of visits."""


class Rehearsals(NamedTuple):
    """A persona with those who play it, and what came of each of them, seed by seed; None: it cannot be played."""

    reading: Reading
    cast: Cast | None
    came: list[list[Came]]

    @property
    def report(self) -> Report:
        """What they showed."""
        from roleplay.rehearsal.report import report_of

        return report_of(self.reading, self.cast, self.came)


@click.command("rehearse")
@click.argument("paths", metavar="PATH...", nargs=-1)
@click.option(
    "--seeds", type=click.IntRange(1, 1000), help=f"Calls of each trainee. Default: {SEEDS}; {SEEDS_LLM} with an LLM."
)
@click.option("--short", is_flag=True, help="Rehearse the five-minute form instead of the whole call.")
@click.option(
    "--why",
    metavar="[TRAINEE]",
    is_flag=False,
    flag_value="skilled",
    help="Show one call turn by turn, and why each thing was not told. Default: of the skilled.",
)
@click.option(
    "--actor",
    type=click.Choice(["scripted", "llm"]),
    callback=from_group,
    help="Who plays the customer: the script, or the language model you agreed to. Default: scripted.",
)
@click.option("--model", metavar="NAME", callback=from_group, help="The language model that plays the customer.")
@click.option("--base-url", metavar="URL", callback=from_group, help="The OpenAI-compatible endpoint to use.")
@click.option("--yes", is_flag=True, help="With --actor llm: do not ask whether it may take that many tokens.")
@json_option
@workspace_option
def command(
    paths: tuple[str, ...],
    seeds: int | None,
    short: bool,
    why: str | None,
    actor: Literal["scripted", "llm"] | None,
    model: str | None,
    base_url: str | None,
    yes: bool,
    as_json: bool,
    workspace: Path | None,
) -> None:
    """Play simulated trainees against personas, run their tests, and say which are ready.

    PATH is a file, a folder or the id of a persona. Skilled, polite, cold, rude and other trainees call; you see what
    each was told, how it ended and what it scored. Then comes the verdict:

    \b
    ready    the skilled get the unspoken need told, and nobody else does
    plays    nothing is broken, but something is not shown yet
    not yet  something is broken, and what to do about it

    Five-minute calls (--short) are ready where the skilled get it told in 60 % of them. A persona of yours is rehearsed
    with the good replies in its `tests` and the worked replies in it; write both.
    --why shows a call turn by turn, with the reason for everything that was not told. The exit code is 1 if a persona
    is not ready to be played.
    """
    from roleplay.persona.loading import read_persona

    folders = folders_of(workspace)
    paths, trainee = _why(paths, why, folders)
    if actor != "llm" and (model or base_url):
        raise click.UsageError("--model and --base-url go with --actor llm.")
    files, missing = files_named(paths, folders)
    readings = [read_persona(path) for path in files]
    stage = None
    if actor == "llm" and any(reading.persona for reading in readings):
        from roleplay.cli.rehearse_llm import LlmStage

        stage = LlmStage(workspace, model, base_url)
    number = seeds or (SEEDS_LLM if stage else SEEDS)
    rehearsals = (
        stage.rehearse(readings, number, yes=yes, short=short) if stage else _rehearsed(readings, number, short)
    )
    reports = [each.report for each in rehearsals]
    traces = [_trace(each, trainee) if trainee else None for each in rehearsals]
    if as_json:
        say_json(_data(reports, traces, number, stage))
    else:
        _tell(reports, traces, number, trainee, stage)
    for error in missing:
        talk(f"Error: {error}")
    if stage and stage.trouble:
        talk(f"Error: {stage.trouble}")
    if stage and stage.stopped:
        raise click.Abort
    if missing or (stage and stage.trouble) or any(report.verdict.standing == "not yet" for report in reports):
        raise click.exceptions.Exit(1)


def _why(paths: tuple[str, ...], why: str | None, folders: tuple[Path, ...]) -> tuple[tuple[str, ...], Name | None]:
    """The paths, and the trainee to trace: a word after --why that is no trainee is a path. Raises UsageError."""
    from roleplay.persona.problems import nearest
    from roleplay.rehearsal.trainees import NAMES

    trainee = next((name for name in NAMES if name == why), None)
    if why is not None and trainee is None:
        meant = nearest(why, NAMES)
        if meant and not files_named((why,), folders)[0]:
            raise click.UsageError(f"There is no trainee {quote(why, 40)}. Did you mean {meant}?")
        paths, trainee = (why, *paths), "skilled"
    if not paths:
        raise click.UsageError("Missing argument 'PATH...': name a file, a folder or a persona.")
    return paths, trainee


def _rehearsed(readings: Sequence[Reading], seeds: int, short: bool) -> list[Rehearsals]:
    """Everybody against each of `readings`, on all cores; what comes of it does not depend on how many there are."""
    from roleplay.cli.processes import cores, in_order
    from roleplay.rehearsal.report import cast_for, played, work_of
    from roleplay.rehearsal.trainees import NAMES

    found = [Rehearsals(reading, None, []) for reading in readings]
    whose: list[list[Came]] = []
    most = seeds * len(NAMES) * sum(reading.persona is not None for reading in readings)
    bar = click.progressbar(length=most, label="Rehearsing", file=sys.stderr, hidden=not sys.stderr.isatty())

    def work() -> Iterator[Work]:
        for place, reading in enumerate(readings):
            if reading.persona is None:
                continue
            cast = cast_for(reading.persona, short=short)
            found[place] = Rehearsals(reading, cast, [[] for _ in cast.trainees])
            bar.length = (bar.length or 0) - seeds * (len(NAMES) - len(cast.trainees))
            for trainee, came in zip(cast.trainees, found[place].came, strict=True):
                for each in work_of(cast, trainee, seeds, 1 if reading.persona.visits and not short else AT_ONCE):
                    whose.append(came)
                    yield each

    with bar, closing(in_order(played, work(), cores() if most >= MANY else 1)) as results:
        for place, came in enumerate(results):
            whose[place].extend(came)
            bar.update(len(came))
    return found


def _trace(rehearsals: Rehearsals, name: Name) -> Trace | None:
    """The call of that trainee to be shown; None where there is none."""
    from roleplay.rehearsal.report import scorer
    from roleplay.rehearsal.runner import rehearse_story
    from roleplay.rehearsal.tracing import seed_to_trace, trace_of

    cast = rehearsals.cast
    found: Iterable[tuple[Trainee, list[Came]]] = zip(cast.trainees, rehearsals.came, strict=True) if cast else ()
    for trainee, came in found:
        if cast and trainee.name == name:
            seed = seed_to_trace(name, came)
            return trace_of(rehearse_story(cast.persona, trainee, seed, scorer(), short=cast.short))
    return None


def _tell(
    reports: Sequence[Report], traces: Sequence[Trace | None], seeds: int, trainee: Name | None, stage: LlmStage | None
) -> None:
    from roleplay.cli.rehearse_lines import lines_of_report, summary
    from roleplay.cli.rehearse_why import lines_of_trace

    for number, (report, trace) in enumerate(zip(reports, traces, strict=True)):
        if number:
            say()
        for line in lines_of_report(report, seeds):
            say(line)
        if trainee and report.figures:
            say()
            for line in lines_of_trace(trace) if trace else [f"Nobody {quote(trainee)} is simulated for this persona."]:
                say(line)
    for line in stage.lines if stage else ():
        say(line)
    if len(reports) > 1:
        say()
        say(summary(reports))


def _data(
    reports: Sequence[Report], traces: Sequence[Trace | None], seeds: int, stage: LlmStage | None
) -> dict[str, Any]:
    """All of it for a program; the names are told in docs/rehearsal.md."""
    import msgspec

    from roleplay.cli.rehearse_lines import data_of_report

    personas = [
        data_of_report(report) | ({"why": msgspec.to_builtins(trace)} if trace else {})
        for report, trace in zip(reports, traces, strict=True)
    ]
    return {"seeds": seeds, "personas": personas} | ({"llm": stage.data} if stage else {})

"""`roleplay personas check`: tells what is wrong with persona files and how to mend it, once or at each saving."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.common import json_option, say, say_json, talk, workspace_option
from roleplay.cli.persona_files import entry, files_named, folders_of, plain
from roleplay.text import counted

if TYPE_CHECKING:
    from roleplay.persona.loading import Reading
    from roleplay.persona.problems import Problem


@click.command("check", short_help="Tell what is wrong with persona files, and how to mend it.")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--watch", is_flag=True, help="Check again each time a file is saved, until Ctrl+C.")
@workspace_option
@json_option
def command(paths: tuple[str, ...], watch: bool, workspace: Path | None, as_json: bool) -> None:
    """Check persona files, and say for each problem file, line, column, what is wrong and how to mend it.

    PATH is a file, a folder or the id of a persona; without one, all personas that can be found are checked. An error
    keeps a persona from being played; a warning tells what is probably not meant, and a hint what would make the
    persona better. Hints on those that came with the program are told only where one of them is named. The exit code is
    1 if any of them cannot be played; warnings and hints leave it at 0.

    With --watch the files are checked again whenever one of them is saved, and so are new ones in the same folders.
    """
    from roleplay.persona.library import list_personas
    from roleplay.persona.loading import read_persona

    if watch and as_json:
        raise click.UsageError("--json is for one check, --watch for many: name one of them.")
    folders = folders_of(workspace)
    if watch:
        from roleplay.cli.check_watch import watch_files

        watch_files(paths, folders)
        return
    if paths:
        files, missing = files_named(paths, folders)
        readings = [read_persona(path) for path in files]
    else:
        readings, missing = [to_be_told(each, folders) for each in list_personas(folders)], []
    problems = [problem for reading in readings for problem in reading.problems]
    if as_json:
        say_json([{**entry(reading), "problems": plain(reading.problems)} for reading in readings])
    else:
        for problem in problems:
            say(str(problem))
    for error in missing:
        talk(f"Error: {error}")
    if readings and not as_json:
        talk(f"{counted(len(readings), 'persona', 'personas')} checked: {in_numbers(problems)}.")
    if missing or any(problem.severity == "error" for problem in problems):
        raise click.exceptions.Exit(1)


def to_be_told(reading: Reading, folders: Sequence[Path]) -> Reading:
    """`reading`, a file of `folders` that nobody named: without its hints if it came with the program.

    Those files lie in the last folder of several; where it is the only one, they are the author's own.
    """
    from msgspec.structs import replace

    if len(folders) == 1 or reading.path.parent != folders[-1]:
        return reading
    return replace(reading, problems=tuple(each for each in reading.problems if each.severity != "hint"))


def in_numbers(problems: Iterable[Problem]) -> str:
    """How many errors, warnings and, if there are any, hints."""
    severities = [problem.severity for problem in problems]
    told = [counted(severities.count("error"), "error", "errors")]
    told.append(counted(severities.count("warning"), "warning", "warnings"))
    if "hint" in severities:
        told.append(counted(severities.count("hint"), "hint", "hints"))
    return ", ".join(told)

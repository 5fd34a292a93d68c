"""`roleplay personas`: lists and checks personas, and prints the schema that editors complete with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roleplay.cli.common import json_option, say, say_json, talk, workspace_option
from roleplay.cli.rehearse import command as rehearse
from roleplay.text import counted, one_line, sanitise

if TYPE_CHECKING:
    from roleplay.errors import NotFound
    from roleplay.persona.loading import Reading
    from roleplay.persona.problems import Problem


@click.group("personas")
def command() -> None:
    """List, check and rehearse personas."""


command.add_command(rehearse)


@command.command("list")
@workspace_option
@json_option
def list_(workspace: Path | None, as_json: bool) -> None:
    """List the personas by id, with title, difficulty and what to expect in the call.

    Those of the workspace come before those that came with the program. One that cannot be played is listed with the
    reason: the first problem of its file, or that it is more than one call.
    """
    from roleplay.persona.library import list_personas

    readings = list_personas(_folders(workspace))
    if as_json:
        say_json([_entry(reading) for reading in readings])
        return
    if not readings:
        talk("There are no personas here.")
    width = max((len(_id(reading)) for reading in readings), default=0)
    for reading in readings:
        say(f"{_id(reading):{width}}  {_in_words(reading)}")


@command.command("check")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@workspace_option
@json_option
def check(paths: tuple[str, ...], workspace: Path | None, as_json: bool) -> None:
    """Check persona files, and say for each problem file, line, column, what is wrong and how to mend it.

    PATH is a file, a folder or the id of a persona; without one, all personas that can be found are checked. The exit
    code is 1 if any of them cannot be played; warnings leave it at 0.
    """
    readings, missing = _read(paths, workspace)
    problems = [problem for reading in readings for problem in reading.problems]
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        say_json([{**_entry(reading), "problems": _plain(reading.problems)} for reading in readings])
    else:
        for problem in problems:
            say(str(problem))
        checked = counted(len(readings), "persona", "personas")
        found = f"{counted(errors, 'error', 'errors')}, {counted(len(problems) - errors, 'warning', 'warnings')}"
        talk(f"{checked} checked: {found}.")
    for error in missing:
        talk(f"Error: {error}")
    if errors or missing:
        raise click.exceptions.Exit(1)


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of persona files, by which an editor completes and checks while you write.

    Put it beside the file and begin the file with: # yaml-language-server: $schema=./persona.schema.json
    """
    from roleplay.persona.schema import persona_schema

    click.echo(persona_schema(), nl=False)


def _folders(workspace: Path | None) -> tuple[Path, ...]:
    from roleplay.persona.library import persona_folders
    from roleplay.workspace import resolve_workspace

    return tuple(_from_here(folder) for folder in persona_folders(resolve_workspace(workspace).personas))


def _from_here(folder: Path) -> Path:
    """`folder` as one would type it from the current folder."""
    from roleplay.workspace import current_folder

    here = current_folder()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _read(paths: tuple[str, ...], workspace: Path | None) -> tuple[list[Reading], list[NotFound]]:
    """The files that were named, each once, in the order given, and what could not be found.

    A folder stands for its YAML files; one path that leads nowhere does not keep the others from being checked.
    """
    from roleplay.errors import NotFound
    from roleplay.persona.library import files_at, list_personas
    from roleplay.persona.loading import read_persona

    folders = _folders(workspace)
    if not paths:
        return list(list_personas(folders)), []
    files: dict[Path, None] = {}
    missing: list[NotFound] = []
    for named in paths:
        try:
            files.update(dict.fromkeys(files_at(named, folders)))
        except NotFound as error:
            missing.append(error)
    return [read_persona(path) for path in files], missing


def _id(reading: Reading) -> str:
    return reading.persona.id if reading.persona else one_line(sanitise(reading.path.stem))


def _in_words(reading: Reading) -> str:
    persona = reading.persona
    if persona is None:
        more = f" (and {len(reading.errors) - 1} more)" if len(reading.errors) > 1 else ""
        return f"cannot be played: {reading.errors[0]}{more}"
    if persona.told_in:
        return f"cannot be played yet: {_reason(persona.told_in)} ({one_line(persona.title)})"
    content = f"; contains: {', '.join(persona.content)}" if persona.content else ""
    return one_line(f"{persona.title} (difficulty {persona.difficulty}/5{content})")


def _entry(reading: Reading) -> dict[str, Any]:
    persona = reading.persona
    told_in = persona.told_in if persona else None
    playable = persona is not None and told_in is None
    entry: dict[str, Any] = {"id": _id(reading), "path": sanitise(str(reading.path)), "playable": playable}
    if told_in:
        entry["reason"] = _reason(told_in)
    if persona is not None:
        shown = ("name", "title", "summary", "channel", "difficulty", "content")
        return {**entry, **{name: getattr(persona, name) for name in shown}}
    return {**entry, "reason": str(reading.errors[0]), "problems": _plain(reading.errors)}


def _reason(told_in: str) -> str:
    """Why a persona that could be read cannot be played."""
    return f"its story is told in a {told_in}" if told_in == "queue" else f"its story is told in {told_in}"


def _plain(problems: tuple[Problem, ...]) -> list[dict[str, Any]]:
    return [{name: getattr(problem, name) for name in problem.__struct_fields__} for problem in problems]

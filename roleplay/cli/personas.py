"""`roleplay personas`: lists personas, and gathers the commands of those who write them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.check import command as check
from roleplay.cli.common import json_option, say, say_json, talk, workspace_option
from roleplay.cli.new import command as new
from roleplay.cli.opening import trainee_option
from roleplay.cli.persona_files import entry, folders_of, id_of
from roleplay.cli.preview import command as preview
from roleplay.cli.rehearse import command as rehearse
from roleplay.cli.schema import command as schema
from roleplay.errors import RoleplayError
from roleplay.text import one_line

if TYPE_CHECKING:
    from roleplay.persona.loading import Reading
    from roleplay.store.news import Assigned


@click.group("personas")
def command() -> None:
    """List, write, check, preview and rehearse personas."""


@command.command("list")
@trainee_option
@workspace_option
@json_option
def list_(trainee: str | None, workspace: Path | None, as_json: bool) -> None:
    """List the personas by id, with title, difficulty and what to expect in the call.

    Those of the workspace come before those that came with the program. One that cannot be played is listed with the
    reason: the first problem of its file. What a coach has assigned to you is marked until you have played it.
    """
    from roleplay.persona.library import list_personas

    readings, assigned = list_personas(folders_of(workspace)), _assigned(trainee, workspace)
    if as_json:
        say_json(
            [
                entry(reading) | {"assigned": [each._asdict() for each in assigned.get(id_of(reading), ())]}
                for reading in readings
            ]
        )
        return
    if not readings:
        talk("There are no personas here. `roleplay personas new NAME` writes one to begin with.")
    width = max((len(id_of(reading)) for reading in readings), default=0)
    for reading in readings:
        by = "".join(map(_by, assigned.get(id_of(reading), ())))
        say(f"{id_of(reading):{width}}  {_in_words(reading)}{by}")


command.add_command(new)
command.add_command(check)
command.add_command(preview)
command.add_command(rehearse)
command.add_command(schema)


def _assigned(trainee: str | None, workspace: Path | None) -> dict[str, list[Assigned]]:
    """What is assigned to the trainee, by the id of the persona. What keeps it from being read is told on stderr."""
    from roleplay.practice.people import trainee_name
    from roleplay.store.database import reading
    from roleplay.store.news import assigned_in
    from roleplay.workspace import resolve_workspace

    found: dict[str, list[Assigned]] = {}
    try:
        place = resolve_workspace(workspace)
        name = trainee_name(trainee, place.root)
        with reading(place.database) as connection:
            for each in assigned_in(connection, name) if connection else ():
                found.setdefault(each.persona, []).append(each)
    except RoleplayError as error:
        talk(f"Whether any is assigned to you is not known: {error}")
    return found


def _by(assigned: Assigned) -> str:
    note = f": {one_line(assigned.note)}" if assigned.note else ""
    return f" [assigned by {one_line(assigned.coach)}{note}]"


def _in_words(reading: Reading) -> str:
    persona = reading.persona
    if persona is None:
        more = f" (and {len(reading.errors) - 1} more)" if len(reading.errors) > 1 else ""
        return f"cannot be played: {reading.errors[0]}{more}"
    from roleplay.persona.extent import extent_of

    extent = f"; {extent_of(persona)}" if extent_of(persona) else ""
    content = f"; contains: {', '.join(persona.content)}" if persona.content else ""
    return one_line(f"{persona.title} (difficulty {persona.difficulty}/5{extent}{content})")

"""`roleplay personas new`: writes a new persona's file, which plays as it is, and says what to do with it."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from roleplay.cli.common import say, talk, workspace_option
from roleplay.cli.persona_files import from_here


@click.command("new", short_help="Write a persona to begin with, which plays as it is.")
@click.argument("name", metavar="NAME")
@click.option("--full", is_flag=True, help="With every part a persona can have, each explained.")
@click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path),
    help="Write into this folder, not into the workspace's personas/.",
)
@workspace_option
def command(name: str, full: bool, folder: Path | None, workspace: Path | None) -> None:
    """Write NAME.yaml, a short persona that plays as it is and is there to be changed.

    NAME becomes its id: small letters, digits and hyphens. The file goes into the workspace's folder of personas, with
    the schema beside it by which an editor completes and explains every field. Nothing that is there is overwritten but
    an older schema. The path of the new file is printed; what to do next is told on standard error.
    """
    from roleplay.errors import BadInput, NotSaved
    from roleplay.persona.folders import shipped_folder
    from roleplay.persona.template import SCHEMA_FILE, checked_id, put_schema, template, write_new
    from roleplay.workspace import make_folder, resolve_workspace

    ident, where = checked_id(name), folder
    if where and "\0" in str(where):
        raise BadInput("The path of a folder cannot hold a NUL character.", where="--in")
    folder = where or resolve_workspace(workspace).personas
    try:
        make_folder(folder)
    except NotSaved as error:
        raise NotSaved(error.what, mend="Name another: --in FOLDER") from error
    named = shlex.quote(f"{from_here(where)}/{ident}.yaml") if where else ident
    program = f"roleplay --workspace {shlex.quote(str(workspace))}" if workspace and not where else "roleplay"
    path = from_here(write_new(folder, ident, template(named, full=full)))
    say(str(path))
    try:
        schema = put_schema(folder)
    except NotSaved as error:
        talk(f"{error.what} The persona is written and plays, but no editor will complete and explain its fields.")
        schema = "kept"
    if schema in ("written", "renewed"):
        talk(f"Editors that know YAML schemas complete and explain every field: {SCHEMA_FILE} beside it was {schema}.")
    elif schema == "foreign":
        talk(f"There is another file named {SCHEMA_FILE} beside it, which was left alone.")
    if not where and folder != shipped_folder() and (shipped_folder() / path.name).exists():
        talk(f"A persona {ident} came with the program; in this workspace yours is played in its place.")
    talk(f"It plays as it is: {program} play {named}")
    talk(f"While you write:   {program} personas check {named} --watch")

"""`roleplay init`: makes a workspace, and says what to type next."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.common import json_option, say, say_json, talk, workspace_option
from roleplay.text import quote
from roleplay.workspace import VARIABLE

if TYPE_CHECKING:
    from roleplay.practice.new_workspace import Made
    from roleplay.workspace import Workspace


@click.command("init", short_help="Make a workspace: a persona of your own, settings, a page for the team.")
@click.argument("folder", metavar="[FOLDER]", required=False, type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", help="The id of your first persona. Default: my-customer.")
@click.option("--bare", is_flag=True, help="Without a persona and without a page for the team.")
@json_option
@workspace_option
def command(folder: Path | None, name: str | None, bare: bool, as_json: bool, workspace: Path | None) -> None:
    """Make FOLDER a workspace; without FOLDER, the current one.

    It gets personas/ with a persona of your own, which plays as it is, and the schema by which an editor explains it;
    transcripts/, where calls will lie; roleplay.toml with every setting there is, each explained and none in force; a
    README.md for your team; and a .gitignore that keeps calls and keys out of version control.

    What is there already stays as it is and is named: run it again to add what is missing.
    """
    from roleplay.persona.template import checked_id
    from roleplay.practice.new_workspace import make_workspace
    from roleplay.workspace import check_place

    persona = checked_id(name) if name is not None else ""
    here = _workspace(folder, workspace)
    warning = check_place(here.transcripts)
    if warning:
        talk(warning)
    made = make_workspace(here, persona, bare=bare)
    following = list(_next(here, made))
    if as_json:
        say_json({"workspace": str(here.root), **made._asdict(), "next": following, "warning": warning})
        return
    for line in _told(here, made):
        say(line)
    for line in _beside(here, made):
        talk(line)
    talk("Next:")
    for line in following:
        talk(f"  {line}")


def _workspace(folder: Path | None, workspace: Path | None) -> Workspace:
    """The workspace to make. Raises `BadInput` for a folder that cannot be, or two."""
    from roleplay.errors import BadInput
    from roleplay.workspace import current_folder, resolve_workspace

    if folder is not None and workspace is not None:
        raise BadInput("Two folders are named.", mend="Give FOLDER or --workspace.")
    try:
        return resolve_workspace(folder or workspace or current_folder())
    except BadInput as error:
        if workspace is not None:
            raise
        where = "FOLDER" if folder is not None else ""
        raise BadInput(error.what, where=where, mend=error.mend and "Name another folder.") from error


def _told(workspace: Workspace, made: Made) -> Iterator[str]:
    if not made.made:
        yield f"{quote(str(workspace.root), 300)} is a workspace already, and nothing was missing: nothing was changed."
        return
    yield f"{quote(str(workspace.root), 300)} is a workspace now."
    for name in made.made:
        yield f"  made  {name}"
    for name in made.kept:
        yield f"  kept  {name}, which was there"


def _beside(workspace: Workspace, made: Made) -> Iterator[str]:
    """What somebody should know besides."""
    from roleplay.persona.folders import shipped_folder
    from roleplay.practice.new_workspace import keeps_calls_out

    if ".gitignore" in made.kept and not keeps_calls_out(workspace):
        yield "Your .gitignore is as it was; see that it keeps keys out. transcripts/ has one of its own."
    if made.persona and (shipped_folder() / f"{made.persona}.yaml").exists():
        yield f"A persona {made.persona} came with the program; in this workspace yours is played in its place."
    if _is_elsewhere(workspace):
        named = quote(os.environ[VARIABLE], 200)
        yield f"{VARIABLE} names another workspace, {named}, and goes before the current folder: unset it."


def _is_elsewhere(workspace: Workspace) -> bool:
    """Whether the environment names another workspace than this one."""
    from roleplay.errors import BadInput
    from roleplay.workspace import resolve_workspace

    if not os.environ.get(VARIABLE):
        return False
    try:
        return resolve_workspace(None).root.resolve() != workspace.root.resolve()
    except BadInput:
        return True


def _next(workspace: Workspace, made: Made) -> Iterator[str]:
    """What to type next."""
    from roleplay.workspace import current_folder

    root = workspace.root
    if root != current_folder():
        near = root.relative_to(current_folder()) if root.is_relative_to(current_folder()) else root
        yield f"cd {shlex.quote(str(near))}"
    if made.persona:
        yield f"roleplay play {made.persona}"
        yield f"roleplay personas check {made.persona} --watch"
    else:
        yield "roleplay"
        yield "roleplay personas new my-customer"

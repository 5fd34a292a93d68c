"""Makes a workspace: its folders, a persona of one's own, settings, and a page for the team. Nothing is overwritten."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from roleplay.errors import NotSaved
from roleplay.llm.settings_file import NAME as SETTINGS
from roleplay.persona.folders import ENDINGS, persona_files
from roleplay.persona.schema import persona_schema
from roleplay.persona.template import SCHEMA_FILE, template
from roleplay.text import quote
from roleplay.workspace import Workspace, make_durable, make_folder

PERSONA = "my-customer"
"""The id of the persona that is written where nobody names one."""

_ELSEWHERE = "Name another folder: roleplay init FOLDER"


class Made(NamedTuple):
    """What is in the workspace now, as paths within it: what was `made`, and what was there and was `kept`.

    `persona` is the id of the one that was written, or was there under that name; empty for none.
    """

    made: tuple[str, ...]
    kept: tuple[str, ...]
    persona: str


def make_workspace(workspace: Workspace, named: str = "", *, bare: bool = False) -> Made:
    """Add to `workspace` what it lacks, each file whole and durable. What is there stays as it is.

    `named` is the id of its persona; without one there is `PERSONA`, unless there are personas already. `bare`: only
    what a workspace needs, without persona and page. Raises `NotSaved`.
    """
    for folder in workspace:
        _make(folder)
    made: list[str] = []
    kept: list[str] = []
    persona = "" if bare and not named else _persona(workspace, named)
    for name, text in _files(workspace, persona, bare=bare):
        place = workspace.root / name
        (made if _put(place, text) else kept).append(name)
    return Made(tuple(made), tuple(kept), persona)


def keeps_calls_out(workspace: Workspace) -> bool:
    """Whether the .gitignore that is there speaks of the transcripts at all."""
    try:
        return workspace.transcripts.name in (workspace.root / ".gitignore").read_text(
            encoding="utf-8", errors="replace"
        )
    except OSError:
        return False


def _persona(workspace: Workspace, named: str) -> str:
    """The id of the persona to write; empty where others are there and none was asked for."""
    there = persona_files(workspace.personas)
    return named or (PERSONA if not there or PERSONA in {each.stem for each in there} else "")


def _files(workspace: Workspace, persona: str, *, bare: bool) -> Iterator[tuple[str, str]]:
    """The files of a workspace, by their paths within it, with what is written into those that are not there."""
    if persona:
        ending = next(
            (each for each in ENDINGS if os.path.lexists(workspace.personas / f"{persona}{each}")), ENDINGS[0]
        )
        yield f"{workspace.personas.name}/{persona}{ending}", template(persona, full=False)
    yield f"{workspace.personas.name}/{SCHEMA_FILE}", persona_schema()
    yield f"{workspace.transcripts.name}/.gitignore", _template("transcripts-gitignore.txt")
    yield SETTINGS, _template(SETTINGS)
    if not bare:
        yield "README.md", _template("README.md").replace(PERSONA, persona or PERSONA)
    yield ".gitignore", _template("gitignore.txt")


def _template(name: str) -> str:
    return files("roleplay").joinpath("workspace_template", name).read_text(encoding="utf-8")


def _make(folder: Path) -> None:
    try:
        make_folder(folder)
    except NotSaved as error:
        raise NotSaved(error.what, mend=_ELSEWHERE) from error


def _put(path: Path, text: str) -> bool:
    """Put a file with `text` at `path`, whole, if nothing is there; whether that was so. Raises `NotSaved`."""
    if os.path.lexists(path):
        return False
    try:
        handle, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).chmod(0o644)
            os.link(beside, path)  # unlike a rename, it replaces nothing
        finally:
            with suppress(OSError):
                Path(beside).unlink()
        make_durable(path.parent)
    except FileExistsError:
        return False
    except OSError as error:
        raise NotSaved(f"{quote(str(path), 300)} cannot be written: {error.strerror}.", mend=_ELSEWHERE) from error
    return True

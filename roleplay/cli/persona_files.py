"""What the commands about personas share: the files that were named, and what became of them, for a program to read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from roleplay.cli.common import talk
from roleplay.text import one_line, quote, sanitise

if TYPE_CHECKING:
    from roleplay.errors import NotFound
    from roleplay.persona.loading import Reading
    from roleplay.persona.problems import Problem


def folders_of(workspace: Path | None) -> tuple[Path, ...]:
    """The folders of personas, the workspace's first, as one would type them from the current folder."""
    from roleplay.persona.folders import persona_folders
    from roleplay.workspace import resolve_workspace

    return tuple(from_here(folder) for folder in persona_folders(resolve_workspace(workspace).personas))


def from_here(folder: Path) -> Path:
    """`folder` as one would type it from the current folder."""
    from roleplay.workspace import current_folder

    here = current_folder()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def files_named(paths: tuple[str, ...], folders: tuple[Path, ...]) -> tuple[list[Path], list[NotFound]]:
    """The files that `paths` stand for (a file, a folder, an id), each once, in that order; and what was not found."""
    from roleplay.errors import NotFound
    from roleplay.persona.library import files_at

    files: dict[Path, None] = {}
    missing: list[NotFound] = []
    for named in paths:
        tell_namesake(named, folders)
        try:
            files.update(dict.fromkeys(files_at(named, folders)))
        except NotFound as error:
            missing.append(error)
    return list(files), missing


def tell_namesake(named: str, folders: tuple[Path, ...]) -> None:
    """Say so where a word is the name of a folder here, which is taken, and of a persona as well."""
    from roleplay.persona.folders import ENDINGS, is_folder

    if not is_folder(Path(named)) or Path(named).name != named:
        return
    for file in (folder / f"{named}{ending}" for folder in folders for ending in ENDINGS):
        if file.exists():
            talk(f"{quote(named)} is a folder here, and its files are taken; the persona of that id is {file}.")
            return


def id_of(reading: Reading) -> str:
    """The id of the persona that was read, or of the file that could not be."""
    return reading.persona.id if reading.persona else one_line(sanitise(reading.path.stem))


def entry(reading: Reading) -> dict[str, Any]:
    """A persona as `--json` tells of it; of one that cannot be played, why."""
    from roleplay.persona.extent import extent_in_numbers

    persona = reading.persona
    told: dict[str, Any] = {"id": id_of(reading), "path": sanitise(str(reading.path)), "playable": persona is not None}
    if persona is not None:
        shown = ("name", "title", "summary", "channel", "difficulty", "content")
        return {**told, **{name: getattr(persona, name) for name in shown}, **extent_in_numbers(persona)}
    return {**told, "reason": str(reading.errors[0]), "problems": plain(reading.errors)}


def plain(problems: tuple[Problem, ...]) -> list[dict[str, Any]]:
    """Problems as `--json` tells of them."""
    return [{name: getattr(problem, name) for name in problem.__struct_fields__} for problem in problems]

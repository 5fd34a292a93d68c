"""Finds persona files: those that come with the program and those of a workspace, by id or by path."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import roleplay
from roleplay.errors import NotFound
from roleplay.persona.loading import Reading, read_persona
from roleplay.persona.problems import listed, nearest
from roleplay.text import quote

MOST_FILES = 1_000
"""Most files that are looked at in one folder."""

_ENDINGS = (".yaml", ".yml")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")


def shipped_folder() -> Path:
    """The folder of the personas that come with the program: in the package, or beside it in a checkout."""
    package = Path(roleplay.__file__).parent
    inside = package / "personas"
    return inside if inside.is_dir() else package.parent / "personas"


def persona_folders(workspace: Path | None = None) -> tuple[Path, ...]:
    """The folders to look in, the first wins: the workspace's folder of personas, if there is one, then the shipped."""
    shipped = shipped_folder()
    if workspace is None or _same(workspace, shipped):
        return (shipped,)
    return (workspace, shipped)


def persona_files(folder: Path) -> list[Path]:
    """The YAML files of `folder` by name, at most `MOST_FILES`; none if it cannot be read."""
    try:
        named = sorted(each for each in folder.iterdir() if each.suffix.lower() in _ENDINGS)
    except (OSError, ValueError):
        return []
    return [each for each in named if not each.name.startswith(".") and not _is_folder(each)][:MOST_FILES]


def files_at(named: str, folders: Sequence[Path]) -> list[Path]:
    """The files that a word on a command line stands for: those of a folder, or the one that `find` finds.

    Raises `NotFound`.
    """
    if not _is_folder(Path(named)):
        return [find(named, folders)]
    inside = persona_files(Path(named))
    if not inside:
        raise NotFound(f"The folder {quote(named)} holds no .yaml file.", mend="Name another.")
    return inside


def list_personas(folders: Iterable[Path]) -> tuple[Reading, ...]:
    """All personas of `folders` by id, broken files among them; of two with one id that of the earlier folder.

    A link that leads out of its folder is left out: a folder from a stranger shows nothing of this computer.
    """
    found: dict[str, Reading] = {}
    for folder in folders:
        in_folder: dict[str, Reading] = {}
        for path in persona_files(folder):
            if _stays_inside(path, folder):
                reading = read_persona(path)
                in_folder.setdefault(reading.persona.id if reading.persona else path.stem, reading)
        found = {**in_folder, **found}
    return tuple(found[ident] for ident in sorted(found))


def find(name_or_path: str, folders: Sequence[Path]) -> Path:
    """The file of the persona with that id, or the file at that path if it looks like one.

    Raises `NotFound` with the nearest id and all of them. An id never leads out of `folders`.
    """
    if "\0" in name_or_path:
        raise NotFound("The name of a persona cannot hold a NUL character.")
    if "/" in name_or_path or "\\" in name_or_path or name_or_path.lower().endswith(_ENDINGS):
        path = Path(name_or_path)
        if os.path.lexists(path):
            return path
        raise NotFound(
            f"There is no persona file at {quote(name_or_path)}.",
            mend="`roleplay personas list` shows those there are.",
        )
    if _ID.match(name_or_path):
        for folder in folders:
            for ending in _ENDINGS:
                path = folder / f"{name_or_path}{ending}"
                if os.path.lexists(path) and _stays_inside(path, folder):
                    return path
    readings = list_personas(folders)
    for reading in readings:
        if reading.persona is not None and reading.persona.id == name_or_path:
            return reading.path
    known = [reading.persona.id if reading.persona else reading.path.stem for reading in readings]
    near = nearest(name_or_path, known)
    hint = f"Did you mean {near}? " if near else ""
    raise NotFound(
        f"There is no persona {quote(name_or_path, 60)}.",
        mend=f"{hint}There are: {listed(known, 30)}." if known else "There are none in the folders looked at.",
    )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _same(one: Path, other: Path) -> bool:
    return one.absolute() == other.absolute() or _resolved(one) == _resolved(other)


def _stays_inside(path: Path, folder: Path) -> bool:
    return not path.is_symlink() or _resolved(path).is_relative_to(_resolved(folder))


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a loop of links
        return path.absolute()

"""Finds personas: those that come with the program and those of a workspace, by id or by path."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from roleplay.errors import NotFound
from roleplay.persona.folders import ENDINGS, is_folder, persona_files, persona_folders, shipped_folder, stays_inside
from roleplay.persona.loading import Reading, read_persona
from roleplay.persona.names import is_id
from roleplay.persona.problems import listed, nearest
from roleplay.text import quote

__all__ = ["files_at", "find", "list_personas", "persona_files", "persona_folders", "shipped_folder"]


def files_at(named: str, folders: Sequence[Path]) -> list[Path]:
    """The files that a word on a command line stands for: those of a folder, or the one that `find` finds.

    Raises `NotFound`.
    """
    if not is_folder(Path(named)):
        return [find(named, folders)]
    inside = persona_files(Path(named))
    if not inside:
        raise NotFound(f"The folder {quote(named)} holds no .yaml file.", mend="Name another.")
    return inside


def list_personas(folders: Iterable[Path], read: Callable[[Path], Reading] | None = None) -> tuple[Reading, ...]:
    """All personas of `folders` by id, broken files among them; of two with one id that of the earlier folder.

    A link that leads out of its folder is left out: a folder from a stranger shows nothing of this computer. `read`
    does what `read_persona` does, and may know better than to do it again.
    """
    read = read or read_persona
    found: dict[str, Reading] = {}
    for folder in folders:
        in_folder: dict[str, Reading] = {}
        for path in persona_files(folder):
            if stays_inside(path, folder):
                reading = read(path)
                in_folder.setdefault(reading.persona.id if reading.persona else path.stem, reading)
        found = {**in_folder, **found}
    return tuple(found[ident] for ident in sorted(found))


def find(name_or_path: str, folders: Sequence[Path]) -> Path:
    """The file of the persona with that id, or the file at that path if it looks like one.

    Raises `NotFound` with the nearest id and all of them. An id never leads out of `folders`.
    """
    if "\0" in name_or_path:
        raise NotFound("The name of a persona cannot hold a NUL character.")
    if "/" in name_or_path or "\\" in name_or_path or name_or_path.lower().endswith(ENDINGS):
        path = Path(name_or_path)
        if os.path.lexists(path):
            return path
        raise NotFound(
            f"There is no persona file at {quote(name_or_path)}.",
            mend="`roleplay personas list` shows those there are.",
        )
    if is_id(name_or_path):
        for folder in folders:
            for ending in ENDINGS:
                path = folder / f"{name_or_path}{ending}"
                if os.path.lexists(path) and stays_inside(path, folder):
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

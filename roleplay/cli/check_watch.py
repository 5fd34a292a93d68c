"""`roleplay personas check --watch`: checks files again each time they are saved, and says so in a few lines."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.check import in_numbers, to_be_told
from roleplay.cli.common import say, talk
from roleplay.cli.persona_files import files_named, tell_namesake
from roleplay.text import counted, one_line, sanitise

if TYPE_CHECKING:
    from roleplay.persona.loading import Reading


def watch_files(paths: tuple[str, ...], folders: tuple[Path, ...]) -> None:
    """Check the files that `paths` stand for, or all of `folders`, and again what changes, until Ctrl+C.

    Exits with 1 if there is nothing to watch.
    """
    from roleplay.persona.folders import is_folder
    from roleplay.persona.watching import changes

    named = [Path(path) for path in paths]
    places = [path for path in named if is_folder(path)] if paths else list(folders)
    for path in paths:
        tell_namesake(path, folders)
    files = [path for path in named if path not in places]
    if files:
        found, missing = files_named(tuple(map(str, files)), folders)
        for error in missing:
            talk(f"Error: {error}")
        if not found and not places:
            raise click.exceptions.Exit(1)
        files = found
    try:
        _watch(_look(files, places), changes, places, () if paths else folders)
    except KeyboardInterrupt:
        return


def _watch(
    look: Callable[[], list[Path]],
    changes: Callable[..., Iterable[frozenset[Path]]],
    places: list[Path],
    unnamed: tuple[Path, ...],
) -> None:
    """`unnamed`: the folders, if all of them are looked at because none was named."""
    from roleplay.persona.loading import read_persona

    rounds = changes(look, places)
    known = {path: read_persona(path) for path in look()}
    if unnamed:
        known = {path: to_be_told(reading, unnamed) for path, reading in known.items()}
    for reading in known.values():
        for problem in reading.problems:
            say(str(problem))
    checked = counted(len(known), "persona", "personas")
    found = in_numbers(problem for reading in known.values() for problem in reading.problems)
    talk(f"{checked} checked: {found}. Waiting for files to be saved; Ctrl+C ends.")
    for changed in rounds:
        for path in sorted(changed):
            known.pop(path, None)
            if os.path.lexists(path):
                known[path] = read_persona(path)
        now = f"{datetime.now():%H:%M:%S}"
        for path in sorted(changed):
            _say_round(now, path, known.get(path))
        _say_others([reading for path, reading in known.items() if path not in changed])


def _look(files: list[Path], places: list[Path]) -> Callable[[], list[Path]]:
    """Gives `files` and those in `places`; of two of the same name in the latter only the first."""
    from roleplay.persona.folders import persona_files, stays_inside

    def look() -> list[Path]:
        inside: dict[str, Path] = {}
        for place in places:
            for path in persona_files(place):
                if stays_inside(path, place):
                    inside.setdefault(path.stem, path)
        return list(dict.fromkeys([*files, *inside.values()]))

    return look


def _say_round(now: str, path: Path, reading: Reading | None) -> None:
    name = one_line(sanitise(str(path)))
    if reading is None:
        say(f"{now} {name}: is gone")
    elif not reading.problems:
        say(f"{now} {name}: ok")
    else:
        say(f"{now} {name}: {in_numbers(reading.problems)}")
        for problem in reading.problems:
            say(f"  {problem}")


def _say_others(readings: list[Reading]) -> None:
    """Remind of what is still wrong elsewhere."""
    wrong = [reading for reading in readings if any(each.severity != "hint" for each in reading.problems)]
    if wrong:
        problems = [problem for reading in wrong for problem in reading.problems if problem.severity != "hint"]
        say(f"  still in {counted(len(wrong), 'other file', 'other files')}: {in_numbers(problems)}")

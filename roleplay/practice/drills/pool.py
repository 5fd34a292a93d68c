"""The moments that can be drilled: of every persona of the library, whatever scene, visit or queue they belong to.

To choose among them takes a few words about each, which are remembered between starts; the persona of one that was
chosen is read then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from roleplay import __version__
from roleplay.conversation.drilling import DrillItem
from roleplay.errors import NotFound, RoleplayError
from roleplay.persona.fields import Dimension
from roleplay.persona.folders import persona_files, stays_inside
from roleplay.practice.persona_files import Reader

if TYPE_CHECKING:
    from roleplay.practice.drills.places import Place

_FEW_LINES = 1
"""So many lines beside the opening are quickly read before a reply."""
REMEMBERED = "moments.json"
"""The name of the file in which a user's pools are remembered."""
_LONGEST = 20_000_000
"""Bytes of what is remembered beyond which it is not read again."""


class Offered(msgspec.Struct, frozen=True, array_like=True):
    """A moment that offers something: which dimensions it calls for, and whether it tells how the story goes on.

    `long`: more than a line or two must be read before it.
    """

    moment: str
    called_for: tuple[Dimension, ...]
    reveals: bool
    long: bool


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of a persona file, as it was when it was written at `written` with that `size`.

    Of a broken one there are no `moments`, and the id is the file's name: it hides one of that id all the same.
    """

    written: int
    size: int
    persona: str
    title: str
    difficulty: int
    moments: tuple[Offered, ...]


class _Kept(msgspec.Struct, frozen=True):
    version: str
    files: dict[str, Listed]


class Pool:
    """The moments of all personas in `folders`, the first of which wins. What a file offers is remembered in `shelf`.

    Files are looked at once. Of two personas with one id the one of the earlier folder counts, as in the library.
    """

    def __init__(self, folders: Iterable[Path], shelf: Path | None = None, reader: Reader | None = None) -> None:
        self._folders, self._shelf = tuple(folders), shelf
        self._reader = reader or Reader()
        self._places: dict[str, Mapping[str, Place]] = {}

    @cached_property
    def _files(self) -> Mapping[str, tuple[Path, Listed]]:
        """By id each persona with its file; a broken one by its name."""
        remembered = _remembered(self._shelf)
        found: dict[str, tuple[Path, Listed]] = {}
        seen: dict[str, Listed] = {}
        for folder in self._folders:
            in_folder: dict[str, tuple[Path, Listed]] = {}
            for path in persona_files(folder):
                if stays_inside(path, folder) and (listed := self._listed(path, remembered.get(str(path)))):
                    seen[str(path)] = listed
                    in_folder.setdefault(listed.persona, (path, listed))
            found = {**in_folder, **found}
        if self._shelf and seen != remembered:
            _remember(self._shelf, seen)
        return {ident: found[ident] for ident in sorted(found)}

    @cached_property
    def personas(self) -> Mapping[str, Listed]:
        """By id each persona with moments to drill."""
        return {ident: listed for ident, (_, listed) in self._files.items() if listed.moments}

    @cached_property
    def moments(self) -> Mapping[DrillItem, Offered]:
        """Each moment that can be drilled."""
        return {
            DrillItem(ident, each.moment): each for ident, listed in self.personas.items() for each in listed.moments
        }

    def difficulty(self, item: DrillItem) -> int:
        """How hard its persona is, 1-5."""
        return self.personas[item.persona].difficulty

    def title(self, persona: str) -> str:
        """The title of the persona of that id.

        Raises `PersonaError` for one that cannot be played, `NotFound`, with those that have moments, for any other.
        """
        if persona not in self.personas:
            raise self._not_there(persona)
        return self.personas[persona].title

    def place(self, item: DrillItem) -> Place | None:
        """The moment itself, with its script; None if its persona was changed meanwhile and has it no more."""
        if item.persona not in self._places:
            from roleplay.practice.drills.places import places_of

            file = self._files.get(item.persona)
            persona = self._reader(file[0]).persona if file else None
            self._places[item.persona] = places_of(persona) if persona else {}
        return self._places[item.persona].get(item.moment)

    def no_moment(self, item: DrillItem) -> NotFound:
        """That the persona of `item`, which has moments, has not this one."""
        from roleplay.persona.problems import listed
        from roleplay.text import quote

        known = [each.moment for each in self.personas[item.persona].moments]
        return NotFound(
            f"{item.persona} has no moment {quote(item.moment, 60)} to drill.", mend=f"There are: {listed(known, 30)}."
        )

    def _not_there(self, persona: str) -> RoleplayError:
        from roleplay.persona.loading import refuse
        from roleplay.persona.problems import listed, nearest
        from roleplay.text import quote

        file = self._files.get(persona)
        reading = self._reader(file[0]) if file else None
        if reading and reading.persona is None:
            return refuse(reading)
        near = nearest(persona, list(self.personas))
        hint = f"Did you mean {near}? " if near else ""
        known = listed(list(self.personas), 30)
        return NotFound(
            f"There is no persona {quote(persona, 60)} with moments to drill.",
            mend=f"{hint}There are: {known}." if known else "There is none at all.",
        )

    def _listed(self, path: Path, remembered: Listed | None) -> Listed | None:
        """What a file offers; None if it cannot be looked at."""
        try:
            status = path.stat()
        except (OSError, ValueError):
            return None
        if remembered and (remembered.written, remembered.size) == (status.st_mtime_ns, status.st_size):
            return remembered
        from roleplay.practice.drills.places import places_of

        persona = self._reader(path).persona
        if persona is None:
            return Listed(status.st_mtime_ns, status.st_size, path.stem, "", 0, ())
        places = places_of(persona)
        self._places[persona.id] = places
        moments = tuple(
            Offered(ident, place.occasion.called_for, place.reveals, len(place.needs) > _FEW_LINES)
            for ident, place in places.items()
        )
        return Listed(status.st_mtime_ns, status.st_size, persona.id, persona.title, persona.difficulty, moments)


def _remembered(shelf: Path | None) -> dict[str, Listed]:
    """What was put onto the shelf by this version; nothing, whatever is wrong with it: it is a convenience."""
    with suppress(OSError, msgspec.MsgspecError, ValueError):
        if shelf and shelf.stat().st_size <= _LONGEST:
            kept = msgspec.json.decode(shelf.read_bytes(), type=_Kept)
            return kept.files if kept.version == __version__ else {}
    return {}


def _remember(shelf: Path, files: dict[str, Listed]) -> None:
    beside = shelf.with_suffix(".new")
    with suppress(OSError, ValueError):
        shelf.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(msgspec.to_builtins(_Kept(__version__, files))), encoding="utf-8")
        beside.replace(shelf)


msgspec.json.Decoder(_Kept)  # at the first use of a type in two threads msgspec may crash; an import is in one

"""Reads a YAML file into a `Persona`, or tells everything that is wrong with it, each with line and column."""

from __future__ import annotations

from pathlib import Path

import msgspec

from roleplay.errors import PersonaError
from roleplay.persona.checks import check_persona
from roleplay.persona.completion import complete
from roleplay.persona.model import Persona
from roleplay.persona.names import is_id
from roleplay.persona.parts import check_parts, somebody_is_there
from roleplay.persona.problems import Problem, Problems, TooMany
from roleplay.persona.shape import Shaper
from roleplay.persona.source import decode, read_text
from roleplay.persona.yaml_nodes import Mapping, Spot, read_nodes

__all__ = ["Reading", "complete", "load_persona", "parse_persona", "read_persona", "refuse"]


class Reading(msgspec.Struct, frozen=True):
    """What became of a file: the persona as it is written, if it can be played, and all problems in file order."""

    path: Path
    persona: Persona | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep it from being played."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def read_persona(path: Path) -> Reading:
    """Read the file at `path`. Never raises for anything the file or the path holds."""
    problems = Problems(str(path))
    persona = None
    try:
        source = read_text(path, problems)
        if source is not None:
            persona = _persona(source, path.stem, problems)
    except TooMany:
        persona = None
    return Reading(path, None if problems.has_errors else persona, problems.found())


def parse_persona(raw: bytes, name: str) -> Reading:
    """Read a persona that is already in memory; `name` stands for the path in problems and for the default id."""
    problems = Problems(name)
    persona = None
    try:
        source = decode(raw, problems)
        if source is not None:
            persona = _persona(source, Path(name).stem, problems)
    except TooMany:
        persona = None
    return Reading(Path(name), None if problems.has_errors else persona, problems.found())


def load_persona(path: Path) -> Persona:
    """The persona in the file at `path`, as it is written; `complete` makes the one that is played.

    Raises `PersonaError`, whose text lists every problem, if it cannot be played.
    """
    reading = read_persona(path)
    if reading.persona is None:
        raise refuse(reading)
    return reading.persona


def refuse(reading: Reading) -> PersonaError:
    """The error for a reading without a persona."""
    errors = reading.errors
    if len(errors) == 1:
        (problem,) = errors
        where = f"{problem.file}:{problem.line}:{problem.column}"
        return PersonaError(problem.what, where=where, mend=problem.mend)
    lines = "\n".join(f"  {problem}" for problem in errors)
    return PersonaError(f"This persona cannot be played; {len(errors)} problems are to be mended first.\n{lines}")


def _persona(source: str, stem: str, problems: Problems) -> Persona | None:
    root = read_nodes(source, problems)
    if root is None:
        return None
    shaper = Shaper(problems)
    persona = shaper.read(root, Persona)
    if not isinstance(root, Mapping) or not somebody_is_there(root, problems) or persona is None:
        return None
    if "id" not in root.entries:
        if not is_id(stem):
            problems.error(
                Spot(1, 1),
                "The file's name cannot be the id of a persona.",
                "Rename the file with small letters, digits and hyphens, or write an `id: …`.",
            )
            return None
        persona = msgspec.structs.replace(persona, id=stem)
    if not shaper.lost:
        check_parts(persona, root, problems)
        check_persona(persona, root, problems, stem)
    return persona

"""The general lines: what any customer says where the persona has no words of its own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from roleplay.errors import PersonaError
from roleplay.persona.lines import Reactions
from roleplay.persona.problems import Problems, TooMany
from roleplay.persona.shape import Shaper
from roleplay.persona.source import read_text
from roleplay.persona.yaml_nodes import read_nodes

GENERAL_FILE = Path(__file__).with_name("general.yaml")


@lru_cache(maxsize=1)
def general_lines() -> Reactions:
    """The general lines that come with the program. Raises `PersonaError` if their file was damaged."""
    return read_reactions(GENERAL_FILE)


def read_reactions(path: Path) -> Reactions:
    """The reactions in the file at `path`. Raises `PersonaError`, whose text lists every problem."""
    problems = Problems(str(path))
    reactions = None
    try:
        source = read_text(path, problems)
        root = None if source is None else read_nodes(source, problems)
        reactions = None if root is None else Shaper(problems).read(root, Reactions)
    except TooMany:
        reactions = None
    if reactions is None or problems.has_errors:
        raise PersonaError("\n".join(map(str, problems.found())))
    return reactions

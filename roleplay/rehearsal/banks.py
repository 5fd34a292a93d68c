"""Frozen banks of replies: what a simulated trainee says at each moment of a shipped persona.

A bank is written by somebody who has not read the scorer, and is never used to fit it. Its `written` says by whom.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import msgspec
import yaml

from roleplay.errors import BadInput
from roleplay.text import quote

Skill = Literal["skilled", "partly-skilled", "polite", "cold"]
SKILLS: tuple[Skill, ...] = get_args(Skill)
"""From most to least skilled."""

ANYWHERE = "anywhere"
"""The key of replies that this trainee gives at any moment without replies of its own left."""

FOLDER = Path(__file__).parent / "banks"


class Bank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Replies by trainee and moment. `written` says by whom and how."""

    persona: str
    written: str
    trainees: dict[Skill, dict[str, tuple[str, ...]]]


@lru_cache(maxsize=8)
def load_bank(path: Path) -> Bank:
    """Read a bank. Raises `BadInput`."""
    try:
        return msgspec.convert(yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)), Bank)
    except (OSError, yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise BadInput(f"This bank of replies cannot be read: {quote(str(error), 300)}.", where=str(path)) from error


def find_bank(persona_id: str) -> Bank | None:
    """The shipped bank of a persona, or None if there is none."""
    path = FOLDER / f"{persona_id}.yaml"
    return load_bank(path) if path.is_file() else None

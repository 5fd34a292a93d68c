"""Frozen banks of replies: what a simulated trainee says at each moment of a shipped persona.

A bank is written by somebody who has not read the scorer, before the scorer is tuned, and is never used to fit it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import msgspec
import yaml

from roleplay.errors import BadInput, NotFound
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
    """Read a bank. Raises `NotFound` and `BadInput`."""
    try:
        return msgspec.convert(yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)), Bank)
    except OSError as error:
        raise NotFound(f"There is no bank of replies at {quote(str(path))}: {error.strerror}.") from error
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise BadInput(f"This bank of replies cannot be read: {quote(str(error), 300)}.", where=str(path)) from error


def bank_of(persona_id: str) -> Bank:
    """The shipped bank of a persona. Raises `NotFound`."""
    path = FOLDER / f"{persona_id}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in FOLDER.glob("*.yaml"))) or "none"
        raise NotFound(f"There is no bank of replies for {quote(persona_id)}.", mend=f"There are banks for: {known}.")
    return load_bank(path)

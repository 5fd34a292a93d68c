"""Frozen banks of replies: what simulated trainees say, to one shipped persona at each moment, or to any customer.

A bank is written by somebody who has not read the scorer, and is never used to fit it. Its `written` says by whom.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar, get_args

import msgspec
import yaml

from roleplay.errors import BadInput
from roleplay.text import quote

Skill = Literal["skilled", "partly-skilled", "problem-solver", "polite", "prying", "cold"]
"""A simulated trainee whose replies are written for each shipped persona."""
KINDS: tuple[Skill, ...] = get_args(Skill)
"""All of them, from the most to the least skilled."""
SKILLS: tuple[Skill, ...] = ("skilled", "partly-skilled", "polite", "cold")
"""Those that every bank has."""

Anybody = Literal["polite", "prying", "cold", "rude", "injector"]
"""A simulated trainee whose replies suit any customer."""

ANYWHERE = "anywhere"
"""The key of replies that this trainee gives at any moment without replies of its own left."""

FOLDER = Path(__file__).parent / "banks"
GENERIC = Path(__file__).parent / "generic"

Replies = dict[str, tuple[str, ...]]
"""Replies by the id of the moment or disclosure at which they are given, or under `ANYWHERE`."""


class Bank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Replies by trainee and moment. `written` says by whom and how."""

    persona: str
    written: str
    trainees: dict[Skill, Replies]


class GenericBank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Replies of one trainee to whatever customer, at whatever moment. `written` says by whom and how."""

    trainee: Anybody
    written: str
    replies: tuple[str, ...]


AnyBank = TypeVar("AnyBank", Bank, GenericBank)


@lru_cache(maxsize=8)
def load_bank(path: Path) -> Bank:
    """Read a bank. Raises `BadInput`."""
    return _load(path, Bank)


@lru_cache(maxsize=8)
def generic_bank(trainee: Anybody) -> GenericBank:
    """The replies of that trainee to any customer. Raises `BadInput` if the file was damaged."""
    return _load(GENERIC / f"{trainee}.yaml", GenericBank)


def find_bank(persona_id: str) -> Bank | None:
    """The shipped bank of a persona, or None if there is none."""
    path = FOLDER / f"{persona_id}.yaml"
    return load_bank(path) if path.is_file() else None


def _load(path: Path, kind: type[AnyBank]) -> AnyBank:
    try:
        return msgspec.convert(yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)), kind)
    except (OSError, yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise BadInput(f"This bank of replies cannot be read: {quote(str(error), 300)}.", where=str(path)) from error

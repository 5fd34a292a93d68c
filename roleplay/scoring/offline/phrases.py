"""Phrases from the text files beside this one: sections of regular expressions, one alternative a line."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec

_HERE = Path(__file__).parent


class Section(msgspec.Struct, frozen=True):
    """A section: what stands behind its name in the head, and its alternatives joined into one expression."""

    note: str
    source: str


@cache
def sections(file: str) -> dict[str, Section]:
    """The sections of a phrase file by name. Lines that begin with # are comments."""
    found: dict[str, tuple[str, list[str]]] = {}
    alternatives: list[str] = []
    for line in _HERE.joinpath(file).read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and "]" in line and not line.startswith("[("):
            name, _, note = line[1:].partition("]")
            alternatives = []
            found[name] = (note.strip(), alternatives)
        elif line and not line.startswith("#"):
            alternatives.append(line)
    return {name: Section(note, "|".join(lines)) for name, (note, lines) in found.items()}


@cache
def pattern(file: str, name: str) -> re.Pattern[str]:
    """The compiled expression of a section; compiled when it is first needed."""
    return re.compile(sections(file)[name].source)


def act(name: str) -> re.Pattern[str]:
    """What a sentence of a reply does (acts.txt)."""
    return pattern("acts.txt", name)


def moment(name: str) -> re.Pattern[str]:
    """What a moment or a customer says is at stake (moments.txt)."""
    return pattern("moments.txt", name)

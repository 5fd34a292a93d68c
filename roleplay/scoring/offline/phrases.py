"""Phrases from the text files beside this one: sections of regular expressions, one alternative a line."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec

_HERE = Path(__file__).parent
_NAMED = re.compile(r"\{([a-z]\w*)\}")


class Section(msgspec.Struct, frozen=True):
    """A section: what stands behind its name in the head, and its alternatives with the words written out."""

    note: str
    alternatives: tuple[str, ...]

    @property
    def source(self) -> str:
        """All alternatives as one expression."""
        return "|".join(self.alternatives)


class _File(msgspec.Struct, frozen=True):
    sections: dict[str, Section]
    words: dict[str, frozenset[str]]


@cache
def _read(file: str) -> _File:
    found: dict[str, tuple[str, list[str]]] = {}
    words: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in _HERE.joinpath(file).read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and "]" in line and not line.startswith("[("):
            name, _, note = line[1:].partition("]")
            lines = []
            if name.startswith("words "):
                words[name.removeprefix("words ")] = lines
            else:
                found[name] = (note.strip(), lines)
        elif line.startswith("  "):
            lines[-1] += line[2:]
        elif line and not line.startswith("#"):
            lines.append(line)
    groups = {name: _any_of(" ".join(given)) for name, given in words.items()}
    return _File(
        sections={
            name: Section(note, tuple(_NAMED.sub(lambda match: groups[match[1]], line) for line in given))
            for name, (note, given) in found.items()
        },
        words={
            name: frozenset(word for word in " ".join(given).split() if "_" not in word)
            for name, given in words.items()
        },
    )


def sections(file: str) -> dict[str, Section]:
    """The sections of a phrase file by name.

    Lines that begin with # are comments; a line that begins with two spaces goes on with the one before. A section
    [words name] holds words between white space, with _ for a space; {name} in a later line stands for any of them.
    """
    return _read(file).sections


def word_group(file: str, name: str) -> frozenset[str]:
    """The words under [words name] of a phrase file, those with a space between them left out."""
    return _read(file).words[name]


def _any_of(words: str) -> str:
    return f"(?:{'|'.join(word.replace('_', ' ') for word in words.split())})"


@cache
def pattern(file: str, name: str) -> re.Pattern[str]:
    """The compiled expression of a section; compiled when it is first needed."""
    return re.compile(sections(file)[name].source)


@cache
def any_pattern(file: str) -> re.Pattern[str]:
    """The compiled expression of all sections of a file together."""
    return re.compile("|".join(section.source for section in sections(file).values()))


def act(name: str) -> re.Pattern[str]:
    """What a sentence of a reply does (acts.txt)."""
    return pattern("acts.txt", name)


def moment(name: str) -> re.Pattern[str]:
    """What a moment or a customer says is at stake (moments.txt)."""
    return pattern("moments.txt", name)

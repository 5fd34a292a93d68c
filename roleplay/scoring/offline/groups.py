"""Groups of words that belong together (groups.txt): fear, kin, money … found in a text by their stems."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from roleplay.english import stem


@cache
def _group_of() -> dict[str, str]:
    """The group of each stem; a stem belongs to the first group that names it."""
    found: dict[str, str] = {}
    group = ""
    for line in Path(__file__).with_name("groups.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        named, colon, words = line.partition(":")
        if colon:
            group = named
        for word in (words if colon else line).split():
            found.setdefault(stem(word), group)
    return found


def groups_in(stems: Iterable[str]) -> frozenset[str]:
    """The groups that any of `stems` belong to."""
    table = _group_of()
    return frozenset(table[root] for root in stems if root in table)

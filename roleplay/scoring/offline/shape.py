"""A sentence's shape: everyday words as they are, and in place of any other word what it is tied to at this moment.

"I'm staying till Pat has her keys" becomes "<s> i'm X till C has her C </s>" where the customer spoke of Pat and of
keys. Runs of one to three of these marks tell how a thing is said to this customer, whatever it is about; a topic or a
name can earn nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from roleplay.english import stem
from roleplay.scoring.offline.grounding import Ground

LONGEST = 3
"""Marks in the longest run."""
_MARK = re.compile(r"\w+(?:'\w+)*|[?.,]")


def marks_in(plain: str) -> list[str]:
    """The words and the punctuation of a plain text."""
    return _MARK.findall(plain)


@cache
def everyday() -> frozenset[str]:
    """The words that stand for themselves: those that many stories share (everyday.txt, made by the fit)."""
    return frozenset(Path(__file__).with_name("everyday.txt").read_text(encoding="utf-8").split())


def shape(plain: str, ground: Ground, kept: frozenset[str]) -> list[str]:
    """The marks of a plain sentence: `kept` words and punctuation as they are, and for other words one of these.

    N a number, C the customer's latest message, E an earlier one, U the unspoken need or the feeling, A the spoken need
    or what the trainee may do, X none of them.
    """
    return ["<s>", *(mark if mark in kept else _tie(mark, ground) for mark in marks_in(plain)), "</s>"]


def _tie(mark: str, ground: Ground) -> str:
    if not mark[0].isalnum():
        return mark
    root = stem(mark)
    if root in ground.latest:
        return "C"
    if root in ground.earlier:
        return "E"
    if root in ground.unspoken or root in ground.feeling:
        return "U"
    if root in ground.allows or root in ground.spoken:
        return "A"
    return "N" if any(char.isdigit() for char in mark) else "X"


def runs(marks: list[str]) -> Iterator[str]:
    """All runs of up to `LONGEST` marks."""
    for start in range(len(marks)):
        for end in range(start + 1, min(start + LONGEST, len(marks)) + 1):
            yield " ".join(marks[start:end])

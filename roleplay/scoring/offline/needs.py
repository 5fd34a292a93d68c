"""Which needs an author's sentence speaks of, and whether a reply answers one in other words or by an act."""

from __future__ import annotations

from functools import cache, lru_cache

from roleplay.scoring.offline.phrases import pattern, sections

_FILE = "needs.txt"


@cache
def names() -> tuple[str, ...]:
    """The names of all needs, in the order of the file."""
    return tuple(name.removesuffix(" asked") for name in sections(_FILE) if name.endswith(" asked"))


@lru_cache(maxsize=4_000)
def needs_in(sentence: str) -> tuple[str, ...]:
    """The needs that an author's plain `sentence` speaks of."""
    return tuple(name for name in names() if pattern(_FILE, f"{name} asked").search(sentence))


def answers(name: str, sentence: str) -> bool:
    """Whether a reply's plain `sentence` answers the need called `name`."""
    return pattern(_FILE, f"{name} answered").search(sentence) is not None

"""Remembers the cards of persona files between starts, so that the gallery is there before any file is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from roleplay import __version__
from roleplay.practice.gallery import Card

Stamps = Sequence[tuple[Path, int, int]]
"""By what to tell that a file was changed: of each its path, when it was written, and its size."""


class Shelf:
    """Cards in a file of their own. It is a convenience: whatever is wrong with the file, nothing is remembered."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def folder(self) -> Path:
        """The folder that it is in."""
        return self._path.parent

    def take(self, stamps: Stamps) -> tuple[Card, ...] | None:
        """The cards of just these files as they were put here by this version, or None."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            if kept["key"] != _key(stamps):
                return None
            return tuple(_card(card) for card in kept["cards"])
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return None

    def put(self, stamps: Stamps, cards: Iterable[Card]) -> None:
        """Remember the cards of these files."""
        kept = {"key": _key(stamps), "cards": [{**asdict(card), "path": str(card.path)} for card in cards]}
        beside = self._path.with_suffix(".new")
        with suppress(OSError, ValueError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(kept), encoding="utf-8")
            beside.replace(self._path)


def cards_of_user() -> Shelf:
    """Where the cards of the user of this computer are remembered."""
    from platformdirs import user_cache_path

    return Shelf(user_cache_path("roleplay") / "cards.json")


def _key(stamps: Stamps) -> list[str]:
    return [__version__, *(f"{path}:{written}:{size}" for path, written, size in stamps)]


def _card(kept: dict[str, Any]) -> Card:
    """A card as it was put here. Raises ValueError for one that could not have been, LookupError, TypeError."""
    card = Card(**{**kept, "path": Path(kept["path"]), "content": tuple(kept["content"])})
    texts = (card.id, card.title, card.name, card.summary, card.channel, card.problem, card.extent, *card.content)
    level = card.difficulty
    if not all(isinstance(text, str) for text in texts) or type(level) is not int or level not in range(6):
        raise ValueError("no card")
    return card

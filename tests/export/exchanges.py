"""Workspaces that exchange calls, with real databases."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

from roleplay.export.importing import Importer, Taken
from roleplay.export.jsonl import jsonl_of
from roleplay.export.wire import LINE_LIMIT
from roleplay.scoring.items import numbered
from roleplay.store.book import Book
from roleplay.store.carried import chosen
from roleplay.store.database import reading
from roleplay.store.reviews import Wanted

ALL = Wanted(reviewed=None)


def exported(path: Path, wanted: Wanted = ALL, *, assignments: bool = True) -> bytes:
    """All that is wanted of the database at `path`, as JSON Lines."""
    with reading(path) as connection:
        assert connection

        def never(error: Exception) -> None:
            raise error

        return b"".join(jsonl_of(connection, chosen(connection, wanted, assignments=assignments), never))


def take(path: Path, file: bytes) -> list[Taken]:
    """What became of everything in `file` when it was imported into the database at `path`."""
    with Book(path) as book:
        return list(Importer(book).take(numbered(BytesIO(file), "the file", LINE_LIMIT), "the file"))


def told(taken: list[Taken]) -> dict[str, int]:
    """How many of each kind."""
    return dict(Counter(each.what for each in taken))

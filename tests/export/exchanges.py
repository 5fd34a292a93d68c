"""Workspaces that exchange calls, with real databases."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from io import BytesIO
from pathlib import Path

from roleplay.export.importing import Importer, Taken
from roleplay.export.jsonl import jsonl_of
from roleplay.export.wire import LINE_LIMIT
from roleplay.scoring.items import numbered
from roleplay.store.book import Book
from roleplay.store.carried import add_call, call_of, chosen
from roleplay.store.database import reading
from roleplay.store.reviews import Wanted

ALL = Wanted(reviewed=None)


def exported(path: Path, wanted: Wanted = ALL, *, assignments: bool = True) -> bytes:
    """All that is wanted of the database at `path`, as JSON Lines."""
    with reading(path) as connection:
        assert connection

        def never(error: Exception) -> None:
            raise error

        everything = chosen(connection, wanted, assignments=assignments, drills=True)
        return b"".join(jsonl_of(connection, everything, never))


def take(path: Path, file: bytes) -> list[Taken]:
    """What became of everything in `file` when it was imported into the database at `path`."""
    with Book(path) as book:
        return list(Importer(book).take(numbered(BytesIO(file), "the file", LINE_LIMIT), "the file"))


def counted_with(path: Path) -> list[tuple[object, ...]]:
    """All that lists, levels and queue say of the calls in the database at `path`, whatever the order of rows."""
    found: list[tuple[object, ...]] = []
    with closing(sqlite3.connect(path)) as connection:
        for table in ("summaries", "heard", "desk"):
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "n"]
            rows = connection.execute(f"SELECT '{table}', {', '.join(names)} FROM {table}")
            found += sorted(rows, key=repr)
    return found


def counted_without_practice(path: Path, other: Path) -> list[tuple[object, ...]]:
    """The same of the calls as they would be had nobody answered them again after their end; made at `other`."""
    with reading(path) as connection, Book(other) as book, book.transaction() as target:
        assert connection
        for (ident,) in connection.execute("SELECT id FROM sessions ORDER BY n").fetchall():
            call = call_of(connection, ident)
            assert call
            there = tuple(piece for piece in call.pieces if piece.column("branch") not in call.practice)
            add_call(target, call._replace(pieces=there))
    return counted_with(other)


def told(taken: list[Taken]) -> dict[str, int]:
    """How many of each kind."""
    return dict(Counter(each.what for each in taken))

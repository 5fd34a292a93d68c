"""How the rows lie in their tables: the columns in order, and the checksum over all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from roleplay.text import sanitise

Value = str | int | float | bytes | None
Row = tuple[Value, ...]

TABLES: dict[str, tuple[str, ...]] = {
    "scripts": ("n", "id", "persona", "title", "script"),
    "sessions": ("n", "id", "script", "seed", "exam", "actor", "trainee", "started"),
    "openings": ("n", "session", "branch", "state", "direction", "at"),
    "branches": ("n", "session", "branch", "parent"),
    "replies": (
        *("n", "session", "branch", "turn", "text", "gesture", "moment"),
        *("assessment", "state", "direction", "at"),
    ),
    "lines": ("n", "session", "branch", "turn", "attempt", "text", "broken_off", "at"),
    "voices": ("n", "session", "branch", "turn", "attempt", "voiced"),
    "verdicts": ("n", "session", "branch", "turn", "attempt", "verdict", "state", "score", "at"),
    "endings": ("n", "session", "branch", "ended_by", "ending", "outcome", "epilogue", "score", "at"),
    "self_ratings": ("n", "session", "rating", "at"),
    "comments": ("n", "id", "session", "branch", "turn", "side", "attempt", "text", "coach", "at"),
    "overrides": (
        *("n", "id", "session", "branch", "turn", "dimension", "level", "reason"),
        *("assessment", "score", "coach", "at"),
    ),
    "disputes": ("n", "id", "session", "branch", "turn", "text", "trainee", "at"),
    "answers": ("n", "id", "session", "dispute", "upheld", "text", "coach", "at"),
    "marks": ("n", "id", "session", "coach", "at"),
    "blind_ratings": ("n", "id", "session", "branch", "turn", "levels", "coach", "at"),
    "assignments": ("n", "id", "trainee", "persona", "note", "coach", "at"),
    "withdrawals": ("n", "id", "session", "what", "of", "by", "at"),
    "drill_tests": ("n", "id", "trainee", "items", "at"),
    "drills": (
        *("n", "id", "trainee", "script", "persona", "moment", "sitting", "test", "attempt", "aided"),
        *("history", "text", "assessment", "at"),
    ),
    "test_ratings": ("n", "id", "trainee", "test", "rating", "at"),
    "rewinds": ("n", "session", "branch", "at"),
}
"""The tables whose rows are only added, each with its checksum in a last column that is not named here.

`n` counts all their rows together, in the order in which they were written.
"""


def checksum(table: str, values: Iterable[Value]) -> str:
    """SHA-256, in hex, over the table's name and each value with its type and length.

    The key and `n` are among the values, so a row moved or swapped for another fails as a changed one does. Text may
    hold bytes that are no UTF-8, as surrogate escapes. Raises UnicodeEncodeError for other surrogates.
    """
    pieces = [table.encode()]
    for value in values:
        if value is None:
            pieces.append(b"\0n")
        elif isinstance(value, str):
            raw = value.encode("utf-8", "surrogateescape")
            pieces.append(b"\0t%d:%b" % (len(raw), raw))
        elif isinstance(value, bytes):
            pieces.append(b"\0b%d:%b" % (len(value), value))
        elif isinstance(value, float):
            pieces.append(b"\0f" + value.hex().encode())
        else:
            pieces.append(b"\0i%d" % value)
    return hashlib.sha256(b"".join(pieces)).hexdigest()


def is_intact(table: str, row: Sequence[Value]) -> bool:
    """Whether a row as read, its checksum last, is what was written."""
    return checksum(table, row[:-1]) == row[-1]


def selection(table: str) -> str:
    """The columns of `table` for a SELECT, the checksum last."""
    return ", ".join((*TABLES[table], "checksum"))


def insertion(table: str) -> str:
    """The INSERT statement of one whole row of `table`."""
    return f"INSERT INTO {table} ({selection(table)}) VALUES ({', '.join('?' * (len(TABLES[table]) + 1))})"


NEXT_NUMBER = f"SELECT 1 + max({', '.join(f'ifnull((SELECT max(n) FROM {table}), 0)' for table in TABLES)})"
"""The `n` of the next row; to be asked inside the transaction that adds it."""


def name_row(table: str, row: Sequence[Value]) -> str:
    """Where a row is, for a person: table, number, and the transcript and turn it belongs to."""
    columns = {name: str(value) for name, value in zip(TABLES[table], row, strict=False)}
    session = columns["id"] if table == "sessions" else columns.get("session")
    belongs = [f"transcript {session}"] if session else []
    belongs += [f"turn {columns['turn']}"] if "turn" in columns else []
    return sanitise(f"{table} row {columns['n']}" + (f" ({', '.join(belongs)})" if belongs else ""))

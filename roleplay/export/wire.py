"""The format in which calls travel: JSON Lines of a header, and then of scripts, calls, drills, tests and assignments.

The first line is the header. Each script stands on a line of its own before the first call or drill that it was played
with, and is named by the SHA-256 of its JSON. A call has its head under `call` and its other rows under `rows`, oldest
first, each with its `table`; columns that hold JSON are written as such, and `session`, `n` and the checksums are left
out. A test stands before its drills. Writing what was read gives the same bytes. docs/data.md tells what the columns
mean.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

from roleplay import __version__
from roleplay.store.carried import Carried, Piece
from roleplay.store.rows import TABLES, Row, Value

FORMAT = "roleplay-transcripts"
VERSION = 2
"""Goes up when an older version of the program could not read what is written."""

OLDEST = 1
"""The oldest version that is read: the same without branches of practice, drills and tests."""

LINE_LIMIT = 32 * 1024 * 1024
"""Longest line in bytes: a call of ten thousand replies."""

JSON_COLUMNS = frozenset({"state", "direction", "assessment", "voiced", "verdict", "levels", "history", "items"})
TRUTHS = frozenset({"exam", "broken_off", "upheld"})
"""Columns that are 0 or 1 in the database, and false or true here."""

_IMPLIED = frozenset({"session"})


def header() -> bytes:
    """The first line."""
    return _line({"format": FORMAT, "version": VERSION, "made_by": f"roleplay {__version__}"})


def script_line(script: Row) -> bytes:
    """The line of a script. Raises msgspec.MsgspecError if it holds no JSON."""
    return _line({"script": script[0], "played": msgspec.json.decode(str(script[3]))})


def call_line(call: Carried) -> bytes:
    """The line of a call. Raises msgspec.MsgspecError if a column does not hold what it should."""
    head = _object("sessions", call.head)
    return _line({"call": head, "rows": [_of_table(piece) for piece in call.pieces]})


def assignment_line(assignment: Row, withdrawals: Iterable[Row]) -> bytes:
    """The line of an assignment, with its withdrawals."""
    back = [_object("withdrawals", row) for row in withdrawals]
    return _line({"assignment": _object("assignments", assignment), "withdrawals": back})


def drill_line(drill: Row) -> bytes:
    """The line of a drill. Raises msgspec.MsgspecError if a column does not hold what it should."""
    return _line({"drill": _object("drills", drill)})


def test_line(test: Row, ratings: Iterable[Row]) -> bytes:
    """The line of a test, with how it was rated. Raises as `drill_line`."""
    rated = [_object("test_ratings", row) for row in ratings]
    return _line({"test": _object("drill_tests", test), "ratings": rated})


def script_row(played: object) -> tuple[str, str]:
    """The id of a script and its JSON, of what its line holds under `played`."""
    written = msgspec.json.encode(played).decode()
    return hashlib.sha256(written.encode()).hexdigest(), written


def row_from(table: str, written: dict[str, Any], session: str | None = None) -> Row:
    """The row of an object of the format; its values are of the types that JSON has. `session` is what was implied.

    Raises KeyError for a column that is missing, ValueError for one too many.
    """
    columns = dict(written)
    if "session" in TABLES[table]:
        if "session" in columns:
            raise ValueError("session")
        columns["session"] = session
    names = TABLES[table][1:]
    row = tuple(_value(name, columns.pop(name)) for name in names)
    if columns:
        raise ValueError(next(iter(columns)))
    return row


def _value(name: str, given: Any) -> Value:
    if name in JSON_COLUMNS and given is not None:
        return msgspec.json.encode(given).decode()
    if name in TRUTHS and isinstance(given, bool):
        return int(given)
    if name == "score" and type(given) is int:
        return float(given)
    value: Value = given
    return value


def _of_table(piece: Piece) -> dict[str, Any]:
    return {"table": piece.table, **_object(piece.table, piece.row)}


def _object(table: str, row: Row) -> dict[str, Any]:
    named = zip(TABLES[table][1:], row, strict=True)
    return {name: _written(name, value) for name, value in named if name not in _IMPLIED}


def _written(name: str, value: Value) -> Any:
    if name in JSON_COLUMNS and value is not None:
        return msgspec.json.decode(str(value))
    return bool(value) if name in TRUTHS else value


def _line(data: dict[str, Any]) -> bytes:
    return msgspec.json.encode(data) + b"\n"

"""Whether everything saved can be read as it was written: every row against its checksum, even of a damaged file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from roleplay.store.database import (
    connect_to_write,
    fresh_structure,
    open_read_only,
    plain,
    roll_back,
    structure,
    translated,
)
from roleplay.store.made import DESK, HEARD, SUMMARIES
from roleplay.store.order import IN_ORDER, Problem
from roleplay.store.rows import TABLES, Row, is_intact, name_row, selection
from roleplay.text import one_line, sanitise

_FAULTS = (sqlite3.Error, MemoryError, OverflowError, UnicodeDecodeError)
"""What reading a damaged file raises; SQLite's own messages may quote bytes that are no UTF-8."""
_CANNOT_WRITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
_PATIENCE = 5.0
_MOST_FAULTS = 20_000
_ROWS_NAMED = 10
_MADE = {"summaries": SUMMARIES, "heard": HEARD, "desk": DESK}
"""What each table must hold that is made from the rows; a later one is made from those before."""
_REBUILD = "`roleplay transcripts verify --rebuild` makes it anew"


class Verdict(NamedTuple):
    """What `verify` found: how many rows of each table are as they were written, and what is wrong."""

    intact: dict[str, int]
    problems: list[Problem]

    @property
    def fine(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(path: Path) -> Verdict:
    """Read every row of the database at `path` and check all that can be checked. Changes nothing.

    Rows that a damaged file still gives are checked, the others named. Raises `StoreDamaged` if it is no database,
    `StoreError` if it cannot be opened.
    """
    with translated(path):
        connection = open_read_only(path, salvage=True)
    with closing(connection):
        # bytes that are no UTF-8 must come through, or one bad letter would hide its whole row
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        last = max((_last_row(connection, table) for table in TABLES), default=0)
        intact: dict[str, int] = {}
        problems: list[Problem] = []
        for table in TABLES:
            reading = _Reading(connection, table)
            reading.read_all(last)
            intact[table] = len(reading.intact)
            problems += reading.problems
        for check in (*IN_ORDER, _structure, _pages, _orphans, _made):
            try:
                problems += check(connection)
            except _FAULTS as error:
                problems.append(Problem("", None, "database", f"cannot be checked ({plain(error)})"))
    return Verdict(intact, problems + _as_opened(path))


def rebuild(path: Path) -> None:
    """Make the list of transcripts and the search index anew from the rows. Raises `StoreError` and its kinds."""
    connection = connect_to_write(path)
    with closing(connection), translated(path, writing=True):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for table, made in _MADE.items():
                connection.execute(f"DELETE FROM {table}")
                connection.execute(f"INSERT INTO {table} {made}")
            connection.execute("INSERT INTO said_fts (said_fts) VALUES ('rebuild')")
            connection.execute("COMMIT")
        except BaseException:
            roll_back(connection)
            raise


class _Reading:
    """Reads the rows of one table as far as they can be read, each against its checksum."""

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        self._connection, self._table = connection, table
        self._select = f"SELECT rowid, {selection(table)} FROM {table} NOT INDEXED"
        self.intact: set[int] = set()
        self.problems: list[Problem] = []
        self._seen: set[tuple[int, Row]] = set()
        self._unreadable: list[tuple[int, int]] = []
        self._faults = 0

    def read_all(self, last: int) -> None:
        """Read forwards; at a fault also backwards, and then between by halves, up to row `last`."""
        fault = self._read(self._select)
        if fault is None:
            return
        self.problems.append(Problem(self._table, None, self._table, f"cannot be read to its end ({fault})"))
        if "no such" in fault:
            return
        forwards = max(self.intact, default=0)
        self._read(f"{self._select} ORDER BY rowid DESC")
        self._read_between(forwards + 1, min((n for n in self.intact if n > forwards), default=last + 1) - 1)
        for low, high in self._unreadable:
            where = f"{self._table} row {low}" if low == high else f"{self._table} rows {low}-{high}"
            self.problems.append(Problem(self._table, None, where, f"cannot be read ({fault})"))

    def _read_between(self, low: int, high: int) -> None:
        """Read rows `low` to `high` by halves until only those are left that cannot be read."""
        if low > high or self._read(f"{self._select} WHERE rowid BETWEEN ? AND ?", (low, high)) is None:
            return
        self._faults += 1
        if low < high and self._faults < _MOST_FAULTS:
            middle = (low + high) // 2
            self._read_between(low, middle)
            self._read_between(middle + 1, high)
        elif self._unreadable and self._unreadable[-1][1] == low - 1:
            self._unreadable[-1] = (self._unreadable[-1][0], high)
        else:
            self._unreadable.append((low, high))

    def _read(self, sql: str, values: tuple[int, ...] = ()) -> str | None:
        """Read rows until the end, or a fault, which is returned."""
        try:
            for rowid, *columns in self._connection.execute(sql, values):
                self._check(rowid, tuple(columns))
        except _FAULTS as error:
            return plain(error)
        return None

    def _check(self, rowid: int, row: Row) -> None:
        if is_intact(self._table, row):
            self.intact.add(rowid)
        elif (rowid, row) not in self._seen:
            self._seen.add((rowid, row))
            where = name_row(self._table, row)
            self.problems.append(Problem(self._table, rowid, where, "does not match its checksum"))


def _last_row(connection: sqlite3.Connection, table: str) -> int:
    try:
        return int(connection.execute(f"SELECT ifnull(max(rowid), 0) FROM {table}").fetchone()[0])
    except _FAULTS:
        return 0


def _structure(connection: sqlite3.Connection) -> list[Problem]:
    """Tables, indexes and triggers are those that the program made. Indexes and views of others do no harm."""
    expected, found = fresh_structure(), structure(connection)
    names = [name for name, made in expected.items() if found.get(name) != made]
    names += [name for name, (kind, _) in found.items() if kind == "trigger" and name not in expected]
    return [Problem(name, None, sanitise(name), "is not as the program made it") for name in names]


def _pages(connection: sqlite3.Connection) -> list[Problem]:
    rows = connection.execute("PRAGMA integrity_check")
    return [
        Problem("", None, "database", one_line(sanitise(message)))
        for (said,) in rows
        for message in said.splitlines()
        if message != "ok" and not message.startswith("***")
    ]


def _orphans(connection: sqlite3.Connection) -> list[Problem]:
    """One problem for each pair of tables: when a parent is lost, its children are intact all the same."""
    lost: dict[tuple[str, str], list[str]] = {}
    for table, rowid, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        lost.setdefault((sanitise(table), sanitise(parent)), []).append(str(rowid))
    return [
        Problem(table, None, f"{table} {_some(rows)}", f"belong to nothing that can be read in {parent}")
        for (table, parent), rows in lost.items()
    ]


def _made(connection: sqlite3.Connection) -> list[Problem]:
    """Lists say what the rows say."""
    found = []
    for table, made in _MADE.items():
        names = ", ".join(f"[{row[1]}]" for row in connection.execute(f"PRAGMA table_info({table})").fetchall())
        kept = f"SELECT {names} FROM {table}"
        rows = connection.execute(
            f"WITH kept AS ({kept}), made ({names}) AS ({made}) SELECT DISTINCT session FROM ("
            "SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM made) UNION ALL "
            "SELECT * FROM (SELECT * FROM made EXCEPT SELECT * FROM kept))"
        )
        found += [
            Problem(table, None, sanitise(f"list entry of transcript {session}"), f"is not as its rows say; {_REBUILD}")
            for (session,) in rows
        ]
    return found


def _as_opened(path: Path) -> list[Problem]:
    """Whether it opens in the usual way, and whether its search index holds the words that were said.

    FTS5 checks that in a statement that looks like a write, and is rolled back.
    """
    with closing(sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE)) as connection:
        try:
            connection.execute("SELECT 1 FROM sqlite_master").close()
        except _FAULTS as error:
            return [Problem("", None, "database", f"cannot be opened in the usual way ({plain(error)})")]
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO said_fts (said_fts, rank) VALUES ('integrity-check', 1)")
        except _FAULTS as error:
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _CANNOT_WRITE:
                return []
            return [Problem("said_fts", None, "search index", f"is not as what was said ({plain(error)}); {_REBUILD}")]
        finally:
            roll_back(connection)
    return []


def _some(rows: list[str]) -> str:
    """Row numbers for a person, the first few of many."""
    more = f" and {len(rows) - _ROWS_NAMED} more" if len(rows) > _ROWS_NAMED else ""
    return f"row{'s' if len(rows) > 1 else ''} {', '.join(rows[:_ROWS_NAMED])}{more}"

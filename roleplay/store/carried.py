"""All rows of a call in the order in which they were written, to be carried to another database, and added there.

What a trainee practised outside calls, and what was assigned, is carried row by row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from roleplay.errors import NotFound, StoreDamaged
from roleplay.store.book import add, intact
from roleplay.store.database import MEND
from roleplay.store.listing import find_session
from roleplay.store.reviews import Wanted
from roleplay.store.rows import TABLES, Row, Value, selection

OF_A_CALL = (
    *("openings", "branches", "rewinds", "replies", "lines", "voices", "verdicts", "endings", "self_ratings"),
    *("comments", "overrides", "disputes", "answers", "marks", "blind_ratings", "withdrawals"),
)
"""The tables with rows of a call, besides its head and script."""

KEYS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("openings", "branches", "rewinds"), ("branch",)),
    "replies": ("branch", "turn"),
    **dict.fromkeys(("lines", "voices", "verdicts"), ("branch", "turn", "attempt")),
    "endings": ("branch",),
    "self_ratings": (),
}
"""What no two rows of a call share, by table; those that are not named here have an `id`."""

PRACTICE = "rewinds"
"""The table that names the branches of practice of a call."""

AT_A_TIME = 500
"""So many ids are read at once, however many there are."""


class Piece(NamedTuple):
    """One row of a table: its columns as `TABLES` names them, without `n` and the checksum."""

    table: str
    row: Row

    def column(self, name: str) -> Value:
        """What stands in a column; None if this table has no such column."""
        names = TABLES[self.table][1:]
        return self.row[names.index(name)] if name in names else None


def key_of(piece: Piece) -> tuple[Value, ...]:
    """What no two rows of a call may share."""
    return (piece.table, *(piece.column(name) for name in KEYS.get(piece.table, ("id",))))


class Carried(NamedTuple):
    """A call: its script, its head, and its other rows, oldest first."""

    script: Row
    head: Row
    pieces: tuple[Piece, ...]

    @property
    def practice(self) -> frozenset[Value]:
        """The branches of practice: those that were begun after the call had ended."""
        return frozenset(piece.column("branch") for piece in self.pieces if piece.table == PRACTICE)

    def changed(self, change: Change) -> Carried:
        """The same call with each row of it as it is after `change`, which is given its table as well."""
        pieces = tuple(Piece(table, change(table, row)) for table, row in self.pieces)
        return Carried(self.script, change("sessions", self.head), pieces)


Change = Callable[[str, Row], Row]


def chosen(
    connection: sqlite3.Connection, wanted: Wanted, *, assignments: bool = False, drills: bool = False
) -> Iterator[tuple[str, str]]:
    """The calls that are `wanted`, by trainee, persona and time, in the order in which they were begun.

    Each comes as ("call", id). With `assignments`, all of them stand among the calls, as ("assignment", id). With
    `drills` those of the trainee and the time do, as ("test", id) and ("drill", id); a test is whole.
    """
    sources = [_asked("summaries", "call", "session", "started", wanted, persona=True)]
    if assignments:
        sources.append(("SELECT n, 'assignment', id FROM assignments WHERE n > ?", []))
    if drills:
        begun = "ifnull((SELECT at FROM drill_tests WHERE id = drills.test), at)"
        sources.append(_asked("drill_tests", "test", "id", "at", wanted))
        sources.append(_asked("drills", "drill", "id", begun, wanted))
    query = " UNION ALL ".join(sql for sql, _ in sources)
    after: Value = 0
    while True:
        given = [value for _, values in sources for value in (after, *values)]
        rows = connection.execute(f"{query} ORDER BY 1 LIMIT {AT_A_TIME}", given).fetchall()
        yield from ((str(kind), str(ident)) for _, kind, ident in rows)
        if len(rows) < AT_A_TIME:
            return
        after = rows[-1][0]


def _asked(
    table: str, kind: str, ident: str, at: str, wanted: Wanted, *, persona: bool = False
) -> tuple[str, list[Value]]:
    """What selects the `kind` of things in `table` that are `wanted`, after a number, and the values for it."""
    conditions: list[tuple[str, Value]] = [
        ("trainee = ?", wanted.trainee or None),
        ("persona = ?", (persona and wanted.persona) or None),
        (f"{at} >= ?", wanted.since or None),
        (f"{at} < ?", wanted.until or None),
    ]
    asked = [(sql, value) for sql, value in conditions if value is not None]
    where = " AND ".join(["n > ?", *(sql for sql, _ in asked)])
    return f"SELECT n, '{kind}', {ident} FROM {table} WHERE {where}", [value for _, value in asked]


def named(connection: sqlite3.Connection, idents: Iterable[str]) -> list[str]:
    """The ids of the calls that are named by an id or its beginning, in the order in which they were begun.

    Raises `NotFound`, `BadInput`.
    """
    found = {find_session(connection, ident) for ident in idents}
    rows = connection.execute(
        f"SELECT id FROM sessions WHERE id IN ({', '.join('?' * len(found))}) ORDER BY n", [*found]
    )
    return [str(ident) for (ident,) in rows]


def call_of(connection: sqlite3.Connection, session: str) -> Carried | None:
    """The call of exactly that id; None if there is none. Raises `StoreDamaged` for a row that was altered."""
    heads = _rows(connection, "sessions", "id = ?", session)
    if not heads:
        return None
    scripts = _rows(connection, "scripts", "id = ?", str(heads[0][2]))
    if not scripts:
        raise StoreDamaged("Rows are missing.", where=f"transcript {session}", mend=MEND)
    numbered = [
        (row[0], Piece(table, row[1:-1])) for table in OF_A_CALL for row in _rows(connection, table, _OF, session)
    ]
    numbered.sort(key=lambda each: int(str(each[0])))
    return Carried(scripts[0][1:-1], heads[0][1:-1], tuple(piece for _, piece in numbered))


def assignment_of(connection: sqlite3.Connection, ident: str) -> tuple[Row, tuple[Row, ...]]:
    """An assignment, and the withdrawals of it, oldest first. Raises `NotFound`, `StoreDamaged`."""
    rows = _rows(connection, "assignments", "id = ?", ident)
    if not rows:
        raise NotFound("There is no such assignment.")
    back = _rows(connection, "withdrawals", "of = ? AND session IS NULL ORDER BY n", ident)
    return rows[0][1:-1], tuple(row[1:-1] for row in back)


def drill_of(connection: sqlite3.Connection, ident: str) -> tuple[Row, Row]:
    """A drill, and the script that its moment is from. Raises `NotFound`, `StoreDamaged`."""
    rows = _rows(connection, "drills", "id = ?", ident)
    if not rows:
        raise NotFound("There is no such drill.")
    drill = rows[0][1:-1]
    script = script_of(connection, str(drill[TABLES["drills"].index("script") - 1]))
    if script is None:
        raise StoreDamaged("Rows are missing.", where=f"drill {ident}", mend=MEND)
    return drill, script


def drill_test_of(connection: sqlite3.Connection, ident: str) -> tuple[Row, tuple[Row, ...]]:
    """A test, and how it was rated. Raises `NotFound`, `StoreDamaged`."""
    rows = _rows(connection, "drill_tests", "id = ?", ident)
    if not rows:
        raise NotFound("There is no such test.")
    ratings = _rows(connection, "test_ratings", "test = ? ORDER BY n", ident)
    return rows[0][1:-1], tuple(row[1:-1] for row in ratings)


def script_of(connection: sqlite3.Connection, ident: str) -> Row | None:
    """The script of that id, if it is kept here. Raises `StoreDamaged`."""
    return next((row[1:-1] for row in _rows(connection, "scripts", "id = ?", ident)), None)


def add_call(connection: sqlite3.Connection, call: Carried) -> None:
    """Add a whole call, and its script unless that is kept already. Raises sqlite3.IntegrityError."""
    add_script(connection, call.script)
    add(connection, "sessions", call.head)
    add_pieces(connection, call.pieces)


def add_script(connection: sqlite3.Connection, script: Row) -> None:
    """Add a script unless that is kept already."""
    if not connection.execute("SELECT 1 FROM scripts WHERE id = ?", [script[0]]).fetchone():
        add(connection, "scripts", script)


def add_pieces(connection: sqlite3.Connection, pieces: Iterable[Piece]) -> None:
    """Add rows in that order. Raises sqlite3.IntegrityError."""
    for table, row in pieces:
        add(connection, table, row)


def take_away(connection: sqlite3.Connection, session: str, pieces: Iterable[Piece]) -> None:
    """Take rows of a call away that are added again, in another order, within the same transaction."""
    for piece in reversed(tuple(pieces)):
        columns = KEYS.get(piece.table, ("id",))
        where = " AND ".join(f"{name} = ?" for name in ("session", *columns))
        connection.execute(f"DELETE FROM {piece.table} WHERE {where}", [session, *map(piece.column, columns)])


def held_by(connection: sqlite3.Connection, table: str, ident: str) -> str | None:
    """The call that has the row of `table` with that id (empty for none); None where there is no such row."""
    column = "session" if "session" in TABLES[table] else "NULL"
    row = connection.execute(f"SELECT {column} FROM {table} WHERE id = ?", [ident]).fetchone()
    return None if row is None else str(row[0] or "")


_OF = "session = ? ORDER BY n"


def _rows(connection: sqlite3.Connection, table: str, where: str, value: str) -> list[Row]:
    query = f"SELECT {selection(table)} FROM {table} WHERE {where}"
    return intact(table, connection.execute(query, [value]).fetchall())

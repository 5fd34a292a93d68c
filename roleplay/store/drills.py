"""Keeping what a trainee practises outside calls: drills, tests, and what is typed and not sent in one."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import TypeVar

import msgspec

from roleplay.conversation.drilling import DrillDraft, DrillItem, DrillTest, KeptDrill, TestRating
from roleplay.conversation.turns import Script
from roleplay.errors import StoreError, StoreForeign
from roleplay.store.book import Book, add, intact
from roleplay.store.database import plain
from roleplay.store.practised import Practised, practised_by, replied_by
from roleplay.store.rows import TABLES, Row, name_row, selection
from roleplay.store.transcripts import DRAFT_LIMIT

Record = TypeVar("Record", KeptDrill, DrillTest, TestRating)

_JSON = frozenset({"history", "assessment", "items"})
_KEEP_DRAFT = (
    "INSERT INTO drill_drafts (trainee, persona, moment, test, text, at) "
    "VALUES (?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')) ON CONFLICT (trainee, test) DO UPDATE "
    "SET persona = excluded.persona, moment = excluded.moment, text = excluded.text, at = excluded.at"
)
_CLEAR_DRAFT = "DELETE FROM drill_drafts WHERE trainee = ? AND test = ?"
_PLACE = ("trainee", "persona", "moment", "sitting", "test", "attempt")
_REPLIED = f"SELECT 1 FROM drills WHERE {' AND '.join(f'{name} = ?' for name in _PLACE)}"
_BEGUN = (
    "SELECT 1 FROM drill_tests AS t WHERE trainee = ? AND items = ? "
    "AND NOT EXISTS (SELECT 1 FROM test_ratings AS r WHERE r.test = t.id)"
)
"""A test is chosen anew only after the last one was rated: the same moments again were chosen in two windows."""
_RATED = "SELECT 1 FROM test_ratings WHERE trainee = ? AND test = ?"


class Drills(Book):
    """The drills in the SQLite database of the transcripts. Each call keeps or reads everything in one go.

    All raise `StoreError`; what keeps is durable when it returns.
    """

    def keep(self, drill: KeptDrill, script: Script) -> None:
        """Keep a drill, with the script that its moment is from unless that is kept already. Nothing of it is a draft
        any more.
        """
        from roleplay.store.records import script_row

        row = script_row(script)
        with self.transaction() as connection:
            if not connection.execute("SELECT 1 FROM scripts WHERE id = ?", [row[0]]).fetchone():
                add(connection, "scripts", row)
            place = [getattr(drill, name) for name in _PLACE]
            if connection.execute(_REPLIED, place).fetchone():
                raise _done_elsewhere("moment was replied to")
            add(connection, "drills", _row("drills", drill, script=row[0]))
            connection.execute(_CLEAR_DRAFT, [drill.trainee, drill.test])

    def begin_test(self, test: DrillTest) -> None:
        """Keep that a test was begun."""
        with self.transaction() as connection:
            row = _row("drill_tests", test)
            items = row[TABLES["drill_tests"][1:].index("items")]
            if connection.execute(_BEGUN, [test.trainee, items]).fetchone():
                raise _done_elsewhere("test was begun")
            add(connection, "drill_tests", row)

    def rate_test(self, rating: TestRating) -> None:
        """Keep how the trainee rated a test, or that it was skipped."""
        with self.transaction() as connection:
            if connection.execute(_RATED, [rating.trainee, rating.test]).fetchone():
                raise _done_elsewhere("test was rated")
            add(connection, "test_ratings", _row("test_ratings", rating))

    def keep_draft(self, trainee: str, draft: DrillDraft) -> None:
        """Keep what is typed and not sent, up to `DRAFT_LIMIT`, in place of what was kept before in practice or in
        that test; empty clears it.

        Let no draft be on its way when a drill is kept: one that comes after it stays.
        """
        item, text = draft.item, draft.text[:DRAFT_LIMIT]
        with self.transaction() as connection:
            if text:
                connection.execute(_KEEP_DRAFT, [trainee, item.persona, item.moment, draft.test, text])
            else:
                connection.execute(_CLEAR_DRAFT, [trainee, draft.test])

    def draft(self, trainee: str, test: str = "") -> DrillDraft | None:
        """What `trainee` has typed and not sent in the test of that id, or in practice; None if nothing."""
        with self.snapshot() as connection:
            query = "SELECT persona, moment, test, text FROM drill_drafts WHERE trainee = ? AND test = ?"
            row = None if connection is None else connection.execute(query, [trainee, test]).fetchone()
        return DrillDraft(item=DrillItem(row[0], row[1]), test=row[2], text=row[3]) if row else None

    def of(self, trainee: str) -> Sequence[KeptDrill]:
        """All drills of `trainee`, oldest first. Raises `StoreDamaged` for a row that was altered, `StoreForeign`."""
        return self._all(KeptDrill, "drills", trainee)

    def tests(self, trainee: str) -> Sequence[DrillTest]:
        """All tests that `trainee` has begun, oldest first."""
        return self._all(DrillTest, "drill_tests", trainee)

    def test_ratings(self, trainee: str) -> Sequence[TestRating]:
        """How `trainee` rated tests, oldest first."""
        return self._all(TestRating, "test_ratings", trainee)

    def script(self, drill: str) -> Script | None:
        """The script that the drill of that id was taken from; None if there is no such drill."""
        with self.snapshot() as connection:
            if connection is None:
                return None
            query = "SELECT {} FROM scripts WHERE id = (SELECT script FROM drills WHERE id = ?)"
            rows = intact("scripts", connection.execute(query.format(selection("scripts")), [drill]).fetchall())
        return _read(Script, "scripts", rows[0], str(rows[0][4])) if rows else None

    def practised(self, trainee: str) -> Sequence[Practised]:
        """Every reply of `trainee` that counts, in calls that have ended, drills and tests, oldest first."""
        with self.snapshot() as connection:
            return [] if connection is None else practised_by(connection, trainee)

    def replied(self, trainee: str) -> Collection[DrillItem]:
        """Every moment that `trainee` ever replied to in a call, also in one that goes on, or as practice."""
        with self.snapshot() as connection:
            return {DrillItem(*each) for each in replied_by(connection, trainee)} if connection else set()

    def _all(self, kind: type[Record], table: str, trainee: str) -> list[Record]:
        with self.snapshot() as connection:
            rows = [] if connection is None else _rows(connection, table, trainee)
        return [record_from(kind, table, row) for row in rows]


def _rows(connection: sqlite3.Connection, table: str, trainee: str) -> list[Row]:
    query = f"SELECT {selection(table)} FROM {table} WHERE trainee = ? ORDER BY n"
    return intact(table, connection.execute(query, [trainee]).fetchall())


def _row(table: str, record: msgspec.Struct, **others: object) -> Row:
    """The row of a record, without `n`."""
    values = msgspec.structs.asdict(record) | others
    return tuple(
        msgspec.json.encode(values[name]).decode() if name in _JSON else values[name] for name in TABLES[table][1:]
    )


def record_from(kind: type[Record], table: str, row: Row) -> Record:
    """The record of a row as it was read, with or without its checksum. Raises `StoreForeign`."""
    columns = dict(zip(TABLES[table], row, strict=False))
    try:
        read = {name: msgspec.json.decode(str(columns[name])) for name in _JSON & columns.keys()}
        return msgspec.convert(columns | read, kind)
    except msgspec.MsgspecError as error:
        raise _foreign(table, row, error) from error


def _read(kind: type[Script], table: str, row: Row, written: str) -> Script:
    try:
        return msgspec.json.decode(written, type=kind)
    except msgspec.MsgspecError as error:
        raise _foreign(table, row, error) from error


def _done_elsewhere(what: str) -> StoreError:
    return StoreError(
        f"This {what} in another window: what you sent was not saved.",
        mend="Go on there, or close that window and begin here anew.",
    )


def _foreign(table: str, row: Row, error: msgspec.MsgspecError) -> StoreForeign:
    return StoreForeign(
        f"This was saved by another version of Roleplay, and this version cannot read it ({plain(error)}).",
        where=name_row(table, row),
        mend="Practise on with the version that saved it.",
    )

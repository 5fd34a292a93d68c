"""Keeping calls: one durable transaction for each thing that happens, and reading them back with proof of integrity."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import msgspec

from roleplay.conversation.turns import (
    KeptEnding,
    KeptLine,
    KeptOpening,
    KeptReply,
    SelfRating,
    SessionRecord,
    SessionSummary,
    Transcript,
)
from roleplay.errors import NotFound, StoreBusy, StoreDamaged, StoreError
from roleplay.store import records
from roleplay.store.database import BUSY_TIMEOUT, MEND, connect_to_read, connect_to_write, plain, roll_back, translated
from roleplay.store.listing import check_id, find_session, interrupted_sessions
from roleplay.store.rows import NEXT_NUMBER, Row, Value, checksum, insertion, is_intact, name_row, selection

_WHERE = {
    "scripts": "id = ?",
    "sessions": "id = ?",
    "openings": "session = ? AND branch = 0",
    "replies": "session = ? AND branch = 0 ORDER BY turn",
    "lines": "session = ? AND branch = 0 ORDER BY turn, attempt",
    "endings": "session = ? AND branch = 0",
    "self_ratings": "session = ?",
}
_SELECT = {table: f"SELECT {selection(table)} FROM {table} WHERE {where}" for table, where in _WHERE.items()}
_INSERT = {table: insertion(table) for table in _WHERE}
TELL_AFTER = 0.5
"""Seconds of waiting for another program after which somebody is told that it is being waited for."""


class Transcripts:
    """The `TranscriptStore` in a SQLite database at `path`, which is created when something is first kept.

    `busy_timeout`: seconds to wait for another program that is writing, before `StoreBusy`. `waiting` is called once
    for each write that has waited half a second, in the thread that writes; the wait goes on. May be shared by
    threads; reading never waits for a writer. After an error the next call starts afresh.
    """

    def __init__(
        self, path: Path, *, busy_timeout: float = BUSY_TIMEOUT, waiting: Callable[[], None] | None = None
    ) -> None:
        self.path = path
        self._busy_timeout, self._waiting = busy_timeout, waiting
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._writing = Lock()
        self._reading = Lock()

    def __enter__(self) -> Transcripts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. A later call opens them again."""
        with self._writing, self._reading:
            for connection in (self._reader, self._writer):
                if connection is not None:
                    connection.close()
            self._writer = self._reader = None

    def begin(self, session: SessionRecord, opening: KeptOpening) -> None:
        """Keep the head and the opening of a new session, and its script unless the same one is kept already."""
        check_id(session.id)
        with self._transaction() as connection:
            script = records.script_row(session.script)
            if not connection.execute("SELECT 1 FROM scripts WHERE id = ?", [script[0]]).fetchone():
                _add(connection, "scripts", script)
            _add(connection, "sessions", records.session_row(session, str(script[0])))
            _add(connection, "openings", records.opening_row(opening))

    def keep_reply(self, reply: KeptReply) -> None:
        """First commit of a turn."""
        with self._transaction() as connection:
            _add(connection, "replies", records.reply_row(reply))

    def keep_line(self, line: KeptLine) -> None:
        """Second commit of a turn."""
        with self._transaction() as connection:
            _add(connection, "lines", records.line_row(line))

    def keep_ending(self, ending: KeptEnding, score: float | None) -> None:
        """Keep how the call ended, with the session score (0-100) for lists."""
        with self._transaction() as connection:
            _add(connection, "endings", records.ending_row(ending, score))

    def keep_self_rating(self, rating: SelfRating) -> None:
        """Keep the trainee's own rating."""
        with self._transaction() as connection:
            _add(connection, "self_ratings", (rating.session, rating.rating, rating.at))

    def load(self, session: str) -> Transcript:
        """The transcript of that id, or of the only id that begins so.

        Raises `NotFound`, `BadInput` for what is no id, `StoreDamaged` naming the row that fails its checksum.
        """
        with self._snapshot() as connection:
            if connection is None:
                raise NotFound("No transcripts yet.", mend="Take a call first.")
            session_id = find_session(connection, session)
            (head,) = _intact_rows(connection, "sessions", session_id)
            scripts = _intact_rows(connection, "scripts", str(head[2]))
            openings, replies, lines, endings, ratings = (
                _intact_rows(connection, table, session_id)
                for table in ("openings", "replies", "lines", "endings", "self_ratings")
            )
        if not scripts or not openings or [reply[3] for reply in replies] != list(range(1, len(replies) + 1)):
            raise StoreDamaged("Rows are missing.", where=f"transcript {session_id}", mend=MEND)
        where = f"transcript {session_id}"
        with _readable(where, "the script it was played with"):
            record = records.session_from(head, scripts[0])
        with _readable(where, "what was kept of it"):
            return Transcript(
                session=record,
                opening=records.opening_from(openings[0]),
                replies=tuple(map(records.reply_from, replies)),
                lines=tuple(map(records.line_from, lines)),
                ending=records.ending_from(endings[0]) if endings else None,
                self_rating=records.rating_from(ratings[0]) if ratings else None,
            )

    def score(self, session: str) -> float | None:
        """The session score (0-100) that was kept with the ending of the session of that id, if there is one."""
        with self._snapshot() as connection:
            rows = [] if connection is None else _intact_rows(connection, "endings", session)
        return records.score_from(rows[0]) if rows else None

    def interrupted(self, trainee: str) -> Sequence[SessionSummary]:
        """Sessions of `trainee` that have not ended, newest first."""
        with self._snapshot() as connection:
            found = [] if connection is None else interrupted_sessions(connection, trainee)
        with _readable("the list of transcripts", "its entries"):
            return [records.summary_from(listed) for listed in found]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: all of it is durable afterwards, or nothing of it is kept."""
        with self._writing:
            connection = self._locked()
            with translated(self.path, writing=True):
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    roll_back(connection)
                    if connection.in_transaction:
                        connection.close()
                        self._writer = None
                    raise

    def _locked(self) -> sqlite3.Connection:
        """The writing connection, in a transaction that holds the lock. Raises `StoreBusy` after `busy_timeout`."""
        at_first = min(TELL_AFTER, self._busy_timeout)
        try:
            return self._begun(at_first)
        except StoreBusy:
            if self._busy_timeout <= at_first:
                raise
        if self._waiting is not None:
            self._waiting()
        return self._begun(self._busy_timeout - at_first)

    def _begun(self, patience: float) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = connect_to_write(self.path, busy_timeout=patience)
        with translated(self.path, writing=True):
            self._writer.execute(f"PRAGMA busy_timeout = {round(1000 * patience)}")
            self._writer.execute("BEGIN IMMEDIATE")
        return self._writer

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection | None]:
        """The database at one point in time, or None if there is none yet."""
        with self._reading:
            if self._reader is None:
                self._reader = connect_to_read(self.path, busy_timeout=self._busy_timeout)
            if self._reader is None:
                yield None
                return
            with translated(self.path):
                self._reader.execute("BEGIN")
                try:
                    yield self._reader
                finally:
                    roll_back(self._reader)


def _add(connection: sqlite3.Connection, table: str, values: Row) -> None:
    """Add one row with the next number and its checksum."""
    number: Value = connection.execute(NEXT_NUMBER).fetchone()[0]
    row = (number, *values)
    connection.execute(_INSERT[table], (*row, checksum(table, row)))


def _intact_rows(connection: sqlite3.Connection, table: str, key: str) -> list[Row]:
    """The rows of a session (or the one script), checksum last. Raises `StoreDamaged` for one that was altered."""
    rows: list[Row] = connection.execute(_SELECT[table], [key]).fetchall()
    for row in rows:
        if not is_intact(table, row):
            raise StoreDamaged("The row does not match its checksum.", where=name_row(table, row), mend=MEND)
    return rows


@contextmanager
def _readable(where: str, part: str) -> Iterator[None]:
    """Rows that are intact and still no records were written by another version."""
    try:
        yield
    except msgspec.MsgspecError as error:
        raise StoreError(
            f"This was saved by another version of Roleplay, and this version cannot read {part} ({plain(error)}).",
            where=where,
            mend="Show it or go on with it in the version that saved it; `roleplay transcripts search` still finds "
            "what was said, and `roleplay play PERSONA --new` begins a new call.",
        ) from error

"""Keeping calls: one durable transaction for each thing that happens, and reading them back with proof of integrity.

What makes rows of records and records of rows is imported where it is used: a list of calls must not wait for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from roleplay.errors import NotFound, NotSaved, StoreBusy, StoreDamaged
from roleplay.store.database import (
    BUSY_TIMEOUT,
    MEND,
    FileId,
    connect_to_read,
    connect_to_write,
    file_id,
    roll_back,
    translated,
)
from roleplay.store.listing import (
    Result,
    SessionSummary,
    check_id,
    ended_sessions,
    find_session,
    interrupted_sessions,
    results_of,
)
from roleplay.store.rows import NEXT_NUMBER, Row, Value, checksum, insertion, is_intact, name_row, selection
from roleplay.text import quote

if TYPE_CHECKING:
    from roleplay.conversation.turns import (
        KeptEnding,
        KeptLine,
        KeptOpening,
        KeptReply,
        KeptVerdict,
        SelfRating,
        SessionRecord,
        Transcript,
    )

_WHERE = {
    "scripts": "id = ?",
    "sessions": "id = ?",
    "openings": "session = ? ORDER BY branch",
    "branches": "session = ? ORDER BY branch",
    "replies": "session = ? ORDER BY n",
    "lines": "session = ? ORDER BY n",
    "voices": "session = ? ORDER BY n",
    "verdicts": "session = ? ORDER BY n",
    "endings": "session = ? ORDER BY n",
    "self_ratings": "session = ?",
}
_OF_A_CALL = ("openings", "branches", "replies", "lines", "voices", "verdicts", "endings", "self_ratings")
_SELECT = {table: f"SELECT {selection(table)} FROM {table} WHERE {where}" for table, where in _WHERE.items()}
_INSERT = {table: insertion(table) for table in _WHERE}
_KEEP_DRAFT = (
    "INSERT INTO drafts (session, text, at) VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')) "
    "ON CONFLICT (session) DO UPDATE SET text = excluded.text, at = excluded.at"
)
_CLEAR_DRAFT = "DELETE FROM drafts WHERE session = ?"
DRAFT_LIMIT = 100_000
"""Longest draft in characters; what is typed beyond it is not kept."""

TELL_AFTER = 0.5
"""Seconds of waiting for another program after which somebody is told that it is being waited for."""


class Transcripts:
    """The `TranscriptStore` in a SQLite database at `path`, which is created when something is first kept.

    `busy_timeout`: seconds to wait for another program that is writing, before `StoreBusy`. `waiting` is called once
    for each write that has waited half a second, in the thread that writes; the wait goes on. May be shared by
    threads; reading never waits for a writer. After an error the next call starts afresh.
    """

    def __init__(
        self, path: Path, *, busy_timeout: float = BUSY_TIMEOUT, waiting: Callable[[], object] | None = None
    ) -> None:
        self.path = path
        self._busy_timeout, self.waiting = busy_timeout, waiting
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._written: FileId | None = None
        self._read: FileId | None = None
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
        from roleplay.store import records

        check_id(session.id)
        with self._transaction() as connection:
            script = records.script_row(session.script)
            if not connection.execute("SELECT 1 FROM scripts WHERE id = ?", [script[0]]).fetchone():
                _add(connection, "scripts", script)
            _add(connection, "sessions", records.session_row(session, str(script[0])))
            _add(connection, "openings", records.opening_row(opening))

    def begin_branch(self, opening: KeptOpening) -> None:
        """Keep the start of a branch, which names the `parent` that it leaves."""
        from roleplay.store import records

        with self._transaction() as connection:
            _add(connection, "openings", records.opening_row(opening))
            _add(connection, "branches", records.branch_row(opening))

    def keep_draft(self, session: str, text: str) -> None:
        """Keep what is typed and not sent, up to `DRAFT_LIMIT`, in place of what was kept before; empty clears it.

        Let no draft be on its way when a reply is kept: one that comes after it stays.
        """
        with self._transaction() as connection:
            if text:
                connection.execute(_KEEP_DRAFT, [session, text[:DRAFT_LIMIT]])
            else:
                connection.execute(_CLEAR_DRAFT, [session])

    def draft(self, session: str) -> str:
        """What was typed and not sent in the session of that id; empty if nothing was."""
        with self._snapshot() as connection:
            query = "SELECT text FROM drafts WHERE session = ?"
            row = None if connection is None else connection.execute(query, [session]).fetchone()
        return str(row[0]) if row else ""

    def keep_reply(self, reply: KeptReply) -> None:
        """First commit of a turn. Nothing of it is a draft any more."""
        from roleplay.store import records

        with self._transaction() as connection:
            _add(connection, "replies", records.reply_row(reply))
            connection.execute(_CLEAR_DRAFT, [reply.session])

    def keep_line(self, line: KeptLine) -> None:
        """Second commit of a turn."""
        from roleplay.store import records

        with self._transaction() as connection:
            _add(connection, "lines", records.line_row(line))
            if line.voiced.voice != "scripted":
                _add(connection, "voices", records.voice_row(line))

    def keep_verdict(self, verdict: KeptVerdict, score: float | None) -> None:
        """Keep a judge's verdict, with the session score (0-100) that it leads to where the call has ended."""
        from roleplay.store import records

        with self._transaction() as connection:
            _add(connection, "verdicts", records.verdict_row(verdict, score))

    def keep_ending(self, ending: KeptEnding, score: float | None) -> None:
        """Keep how the call ended, with the session score (0-100) for lists."""
        from roleplay.store import records

        with self._transaction() as connection:
            _add(connection, "endings", records.ending_row(ending, score))
            connection.execute(_CLEAR_DRAFT, [ending.session])

    def keep_self_rating(self, rating: SelfRating) -> None:
        """Keep the trainee's own rating."""
        with self._transaction() as connection:
            _add(connection, "self_ratings", (rating.session, rating.rating, rating.at))

    def load(self, session: str) -> Transcript:
        """The transcript of that id, or of the only id that begins so, along its current branch.

        That is the branch whose ending was kept first; of a call that has not ended, the latest branch.
        Raises `NotFound`, `BadInput` for what is no id, `StoreDamaged` naming the row that fails its checksum.
        """
        from roleplay.store.whole import transcript_from

        with self._snapshot() as connection:
            if connection is None:
                raise NotFound("No transcripts yet.", mend="Take a call first.")
            session_id = find_session(connection, session)
            (head,) = _intact_rows(connection, "sessions", session_id)
            scripts = _intact_rows(connection, "scripts", str(head[2]))
            rows = {table: _intact_rows(connection, table, session_id) for table in _OF_A_CALL}
        if not scripts or not rows["openings"]:
            raise StoreDamaged("Rows are missing.", where=f"transcript {session_id}", mend=MEND)
        return transcript_from(head, scripts[0], rows)

    def score(self, session: str) -> float | None:
        """The session score (0-100) of the session of that id, with all verdicts on it, if it has ended."""
        from roleplay.store import records

        with self._snapshot() as connection:
            if connection is None:
                return None
            endings = _intact_rows(connection, "endings", session)[:1]
            verdicts = _intact_rows(connection, "verdicts", session)
        scores = [records.score_from("endings", row) for row in endings]
        scores += [score for row in verdicts if (score := records.score_from("verdicts", row)) is not None]
        return scores[-1] if scores else None

    def interrupted(self, trainee: str) -> Sequence[SessionSummary]:
        """Sessions of `trainee` that have not ended, newest first."""
        with self._snapshot() as connection:
            return [] if connection is None else interrupted_sessions(connection, trainee)

    def results(self, trainee: str) -> Mapping[str, Result]:
        """By the id of each persona that `trainee` has played to an end: how often, and the best session score."""
        with self._snapshot() as connection:
            return {} if connection is None else results_of(connection, trainee)

    def ended(self, trainee: str, persona: str, most: int) -> Sequence[str]:
        """The ids of the latest `most` sessions that `trainee` has played with the persona of that id to an end.

        The last to end comes first.
        """
        with self._snapshot() as connection:
            return [] if connection is None else ended_sessions(connection, trainee, persona, most)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: all of it is durable afterwards, or nothing of it is kept."""
        with self._writing:
            connection = self._locked()
            with translated(self.path, writing=True):
                try:
                    yield connection
                    self._still_there()
                    connection.execute("COMMIT")
                except BaseException:
                    roll_back(connection)
                    if connection.in_transaction or file_id(self.path) != self._written:
                        connection.close()
                        self._writer = None
                    raise

    def _still_there(self) -> None:
        """Raise `NotSaved` where what is written would go to a file that nobody finds again."""
        if file_id(self.path) != self._written:
            raise NotSaved(
                f"Nothing of this was saved, because {quote(str(self.path), 400)} was moved, deleted or replaced.",
                mend="Put it back, then send it again.",
            )

    def _locked(self) -> sqlite3.Connection:
        """The writing connection, in a transaction that holds the lock. Raises `StoreBusy` after `busy_timeout`."""
        at_first = min(TELL_AFTER, self._busy_timeout)
        try:
            return self._begun(at_first)
        except StoreBusy:
            if self._busy_timeout <= at_first:
                raise
        if self.waiting is not None:
            self.waiting()
        return self._begun(self._busy_timeout - at_first)

    def _begun(self, patience: float) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = connect_to_write(self.path, busy_timeout=patience)
            self._written = file_id(self.path)
        with translated(self.path, writing=True):
            self._writer.execute(f"PRAGMA busy_timeout = {round(1000 * patience)}")
            self._writer.execute("BEGIN IMMEDIATE")
        return self._writer

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection | None]:
        """The database at one point in time, or None if there is none yet."""
        with self._reading:
            if self._reader is not None and file_id(self.path) != self._read:
                self._reader.close()
                self._reader = None
            if self._reader is None:
                self._reader = connect_to_read(self.path, busy_timeout=self._busy_timeout)
                self._read = file_id(self.path)
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

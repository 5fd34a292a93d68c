"""One database file as one program uses it: durable transactions, snapshots, and rows that prove to be intact."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TypeVar

from roleplay.errors import NotSaved, StoreBusy, StoreDamaged
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
from roleplay.store.rows import NEXT_NUMBER, TABLES, Row, Value, checksum, insertion, is_intact, name_row
from roleplay.text import quote

Same = TypeVar("Same", bound="Book")

_INSERT = {table: insertion(table) for table in TABLES}

TELL_AFTER = 0.5
"""Seconds of waiting for another program after which somebody is told that it is being waited for."""


class Book:
    """A SQLite database at `path`, which is created when something is first kept.

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

    def __enter__(self: Same) -> Same:
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

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
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
    def snapshot(self) -> Iterator[sqlite3.Connection | None]:
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


def add(connection: sqlite3.Connection, table: str, values: Row) -> None:
    """Add one row with the next number and its checksum."""
    number: Value = connection.execute(NEXT_NUMBER).fetchone()[0]
    row = (number, *values)
    connection.execute(_INSERT[table], (*row, checksum(table, row)))


def intact(table: str, rows: list[Row]) -> list[Row]:
    """`rows` as they were read, checksum last. Raises `StoreDamaged` for one that was altered."""
    for row in rows:
        if not is_intact(table, row):
            raise StoreDamaged("The row does not match its checksum.", where=name_row(table, row), mend=MEND)
    return rows

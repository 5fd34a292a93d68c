"""The database file: how a connection is opened, what is asserted of it, and what its errors mean to a person.

Reading goes through plain sqlite3, because importing sqlite-utils costs more than a whole list of transcripts; that is
imported only when an older database has steps to take (`roleplay.store.migrations`). A new one is made at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from os import W_OK, access
from pathlib import Path
from time import monotonic, sleep

from roleplay.errors import BadInput, NotFound, NotSaved, StoreBusy, StoreDamaged, StoreError
from roleplay.store import fresh
from roleplay.store.migrations import ENDED, NOT_ENDED, STEPS
from roleplay.text import one_line, quote, sanitise
from roleplay.workspace import check_place, make_folder

BUSY_TIMEOUT = 10.0
"""Seconds to wait for another program that is writing."""

_ALONE_WITHIN = 1_000
"""Milliseconds to wait for another program to close the database."""

MIGRATION_SET = "roleplay"
MEND = "Run `roleplay transcripts verify` to see what can be read, or restore a backup."
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_REFUSED = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk refused",
    sqlite3.SQLITE_READONLY: "the file is read-only",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_PERM: "permission was denied",
    sqlite3.SQLITE_TOOBIG: "it is too big",
    sqlite3.SQLITE_NOMEM: "memory ran out",
}


FileId = tuple[int, int]


def file_id(path: Path) -> FileId | None:
    """Which file is at `path`, whatever it is called: its device and number; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def connect_to_write(path: Path, *, busy_timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """A connection that writes durably; creates the folder and the file, and takes the steps that are missing.

    The caller begins and ends each transaction. Raises `StoreError` and its kinds, `UnsafePlace`.
    """
    check_place(path.parent)
    make_folder(path.parent)
    with translated(path, writing=True):
        connection = sqlite3.connect(path, timeout=busy_timeout, isolation_level=None, check_same_thread=False)
        try:
            _set_up(connection, busy_timeout)
            if _pending(connection, path):
                _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def connect_to_read(path: Path, *, busy_timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection | None:
    """A connection that cannot write, or None if there is nothing to read yet. Rows come as tuples.

    An older database is first brought up to date. Raises `StoreError` and its kinds, `UnsafePlace`.
    """
    if not path.exists():
        return None
    check_place(path.parent)
    with translated(path):
        connection = open_read_only(path, busy_timeout)
        try:
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                connection.close()
                return None
            if _pending(connection, path):
                connection.close()
                connect_to_write(path, busy_timeout=busy_timeout).close()
                connection = open_read_only(path, busy_timeout)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection | None]:
    """`connect_to_read`, closed afterwards, with what goes wrong meanwhile told as a `StoreError`."""
    connection = connect_to_read(path)
    with translated(path):
        if connection is None:
            yield None
        else:
            with closing(connection):
                yield connection


def open_read_only(path: Path, busy_timeout: float = BUSY_TIMEOUT, *, salvage: bool = False) -> sqlite3.Connection:
    """A bare read-only connection; with `salvage` also of a file whose schema is damaged. Raises sqlite3.Error."""
    posix = path.absolute().as_posix().replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    uri = f"file:{'' if posix.startswith('/') else '/'}{posix}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=busy_timeout, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute(f"PRAGMA writable_schema = {'ON' if salvage else 'OFF'}")
        connection.execute("SELECT 1 FROM sqlite_master").close()
    except sqlite3.OperationalError:
        connection.close()
        log = path.with_name(path.name + "-wal")
        if access(path.parent, W_OK) or (log.exists() and log.stat().st_size):
            raise
        # on a medium that takes no writes SQLite cannot make its shared memory; without a log none is needed
        connection = sqlite3.connect(uri + "&immutable=1", uri=True, isolation_level=None, check_same_thread=False)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def translated(path: Path, *, writing: bool = False) -> Iterator[None]:
    """Turn errors of SQLite into errors for people."""
    place = quote(str(path), 400)
    try:
        yield
    except UnicodeEncodeError as error:
        raise BadInput("The text holds half characters (lone surrogates), which cannot be saved.") from error
    except UnicodeDecodeError as error:
        # text, or SQLite's own message about a damaged schema, that is no UTF-8
        raise StoreDamaged(f"{place} is damaged.", mend=MEND) from error
    except (sqlite3.Error, MemoryError) as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_NOMEM if isinstance(error, MemoryError) else 0)
        kind = code & 0xFF
        if kind in _BUSY:
            raise StoreBusy(f"Another program is writing to {place}.", mend="Wait a moment, then try again.") from error
        if kind in _DAMAGED:
            raise StoreDamaged(f"{place} is damaged, or is no database ({plain(error)}).", mend=MEND) from error
        if kind == sqlite3.SQLITE_CONSTRAINT:
            raise _refused_by_a_rule(error, code) from error
        reason = _REFUSED.get(kind, plain(error))
        if writing:
            raise NotSaved(
                f"Nothing of this was saved, because {reason} ({place}).", mend="Mend that, then send it again."
            ) from error
        raise StoreError(f"{place} cannot be read: {reason} ({plain(error)}).") from error


def played_elsewhere() -> StoreError:
    """What to tell a window whose call has gone on in another one."""
    return StoreError(
        "This call is being played in another window: what you sent was not saved, because something is already "
        "saved in its place.",
        mend="Go on there, or close that window and resume here.",
    )


def _refused_by_a_rule(error: BaseException, code: int) -> StoreError | NotFound:
    if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        if "sessions.id" in str(error):
            return StoreError("A transcript with this id is already saved.", mend="Begin a new call.")
        return played_elsewhere()
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return NotFound("There is no saved call to add this to.", mend="See `roleplay transcripts list`.")
    if ENDED in str(error):
        return StoreError(
            "This call has ended, perhaps in another window: what you sent was not saved.",
            mend="Read the call with `roleplay transcripts show`, or begin a new one.",
        )
    if NOT_ENDED in str(error):
        return StoreError("This call has not ended: it can be reviewed once it has.", mend="Wait for its end.")
    return NotSaved(f"Nothing of this was saved, because the database refused it ({plain(error)}).")


def _set_up(connection: sqlite3.Connection, busy_timeout: float) -> None:
    """Set what durability rests on, and assert that it holds. Raises `StoreError`."""
    deadline = monotonic() + busy_timeout
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            break
        except sqlite3.OperationalError as error:
            # a new file switches to WAL under a lock for which SQLite does not wait by itself
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.01)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    found = {
        "journal_mode": mode,
        "synchronous": connection.execute("PRAGMA synchronous").fetchone()[0],
        "foreign_keys": connection.execute("PRAGMA foreign_keys").fetchone()[0],
    }
    if found != {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}:
        raise StoreError(f"Calls cannot be saved safely here ({found}).", mend="Keep the workspace on a local disk.")


def _pending(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether steps are missing. Raises `StoreError` for a newer database or another program's."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    applied: set[str] = set()
    if "_sqlite_migrations" in tables:
        rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", [MIGRATION_SET])
        applied = {name for (name,) in rows}
    known = {step.__name__ for step in STEPS}
    if applied - known:
        raise StoreError(
            f"{quote(str(path))} was written by a newer version of this program.", mend="Upgrade roleplay."
        )
    if tables and not applied:
        raise StoreError(
            f"{quote(str(path))} is another program's database.",
            mend="Move it out of the way, or name another workspace.",
        )
    return applied != known


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Make what is missing in one transaction; two programs that start at once make it once."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            fresh.make(connection)
        if _pending(connection, path):
            _take_steps(connection)
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise


def _take_steps(connection: sqlite3.Connection) -> None:
    from sqlite_utils import Database, Migrations  # 110 ms, and hardly ever needed

    migrations = Migrations(MIGRATION_SET)
    for step in STEPS:
        migrations(name=step.__name__)(step)
    migrations.apply(Database(connection))


def plain(error: BaseException) -> str:
    """What an error says, on one line and without what could steer a terminal: it may quote a stranger's bytes."""
    return one_line(sanitise(str(error))) or type(error).__name__


def be_alone(connection: sqlite3.Connection) -> None:
    """Leave write-ahead logging, which empties the log and works only while nobody else has the database open.

    Raises `StoreBusy`, sqlite3.Error. The next connection that writes goes back to it.
    """
    connection.execute(f"PRAGMA busy_timeout = {_ALONE_WITHIN}")
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        raise StoreBusy(
            "Another window or program has the transcripts open.", mend="Close it, then give the command again."
        ) from error


def roll_back(connection: sqlite3.Connection) -> None:
    """End a transaction that failed, unless SQLite has done so already."""
    if connection.in_transaction:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def structure(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """What is in a database, by name: its kind, and of a table its columns, of a trigger what it does.

    The SQL of tables is left out, because the same table is written differently by different versions of SQLite.
    """
    found = {}
    for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall():
        told = str(sql) if kind == "trigger" else ""
        if kind == "table":
            told = str(
                connection.execute("SELECT name, type, [notnull], pk FROM pragma_table_info(?)", [name]).fetchall()
            )
        found[str(name)] = (str(kind), told)
    return found


def fresh_structure() -> dict[str, tuple[str, str]]:
    """The `structure` that this version of the program makes."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _migrate(connection, Path("memory"))
        return structure(connection)

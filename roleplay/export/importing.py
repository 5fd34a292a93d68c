"""Taking calls and drills from a file that another computer wrote: none twice, each whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

import msgspec

from roleplay.errors import BadInput, StoreDamaged
from roleplay.export.checking import assignment_from, call_from, drill_from, drill_test_from, script_from
from roleplay.export.merging import gain_of
from roleplay.export.outside_calls import add_drill, add_test, is_there
from roleplay.export.wire import FORMAT, LINE_LIMIT, OLDEST, VERSION, call_line
from roleplay.store.book import Book, add
from roleplay.store.carried import (
    Carried,
    Piece,
    add_call,
    add_pieces,
    assignment_of,
    call_of,
    held_by,
    script_of,
    take_away,
)
from roleplay.store.database import plain
from roleplay.store.rows import Row, Value
from roleplay.text import quote

What = Literal["new", "completed", "there", "refused"]
"""What became of a call: it is new here, got something new, was there already, or was not taken."""

_MOST_SCRIPTS = 50
"""So many scripts are remembered whose calls have not come yet."""
_NO_SCRIPT = "The script that it was played with does not come before it."


class Taken(NamedTuple):
    """What became of a line of a file. `name` says of what it was; `why` it was refused, as a sentence, else empty."""

    what: What
    name: str
    why: str = ""


class Importer:
    """Takes calls into the database at `book`, line after line of one file.

    All of it may block. Raises `StoreError` where the database cannot be written; a call that cannot be taken is none.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._scripts: dict[str, Row] = {}
        self._sanitised: dict[str, str] = {}
        """What a script is called here, where that is not what the file calls it."""

    def take(self, lines: Iterable[tuple[int, bytes]], where: str) -> Iterator[Taken]:
        """Take the numbered `lines` of the file that is at `where`, telling of all but the scripts.

        Raises `BadInput` at the first line if it is no file of this format, or one of a version that is not known.
        """
        first = True
        for number, line in lines:
            if first:
                _check_header(line, where)
                first = False
                continue
            taken = self._line(line, f"line {number}")
            if taken:
                yield taken
        if first:
            raise BadInput("This file is empty.", where=where)

    def _line(self, line: bytes, name: str) -> Taken | None:
        try:
            if len(line) > LINE_LIMIT:
                raise BadInput(f"It is longer than {LINE_LIMIT:,} bytes.")
            given = _object(line)
            if "script" in given:
                self._remember(given)
                return None
            if "assignment" in given:
                return self._assignment(*assignment_from(given["assignment"], given.get("withdrawals")))
            if "drill" in given:
                return self._drill(given["drill"])
            if "test" in given:
                return self._test(*drill_test_from(given["test"], given.get("ratings")))
            if "call" in given:
                name = _named(given["call"], name)
                return self._call(line, given)
            raise BadInput("It is neither a call nor a script, nor a drill, a test or an assignment.")
        except BadInput as error:
            return Taken("refused", name, str(error))

    def _remember(self, given: dict[str, Any]) -> None:
        named = given["script"]
        if not isinstance(named, str):
            raise BadInput("A script has no name.")
        row = script_from(given.get("played"), named)
        self._scripts[named] = row
        if row[0] != named:
            self._sanitised[named] = str(row[0])
        while len(self._scripts) > _MOST_SCRIPTS:
            del self._scripts[next(iter(self._scripts))]

    def _call(self, line: bytes, given: dict[str, Any]) -> Taken:
        head, rows = given["call"], given.get("rows")
        if not isinstance(head, dict) or not isinstance(rows, list):
            raise BadInput("It is no call.")
        ident, named = str(head.get("id")), str(head.get("script"))
        kept, script = self._known(ident, named)
        if kept and call_line(kept).strip() == line.strip():
            return Taken("there", f"transcript {ident}")
        if script is None:
            raise BadInput(_NO_SCRIPT)
        sent = call_from(head, rows, script)
        with self._book.transaction() as connection, _refusing():
            kept = _kept(connection, ident)
            what = _complete(connection, kept, sent) if kept else _add(connection, sent)
        self._scripts.pop(named, None)
        return Taken(what, f"transcript {ident}")

    def _known(self, ident: str, script: str) -> tuple[Carried | None, Row | None]:
        """What is kept here of a call, and the script of that name, of the file or of this workspace."""
        with self._book.snapshot() as connection:
            return None if connection is None else _kept(connection, ident), self._script(connection, script)

    def _script(self, connection: sqlite3.Connection | None, named: str) -> Row | None:
        """The script of that name, of the file or of this workspace."""
        held = self._scripts.get(named)
        if held or connection is None:
            return held
        return script_of(connection, self._sanitised.get(named, named))

    def _drill(self, written: object) -> Taken:
        if not isinstance(written, dict):
            raise BadInput("It is no drill.")
        with self._book.snapshot() as connection, _undamaged():
            script = self._script(connection, str(written.get("script")))
            if script is None:
                raise BadInput(_NO_SCRIPT)
            row = drill_from(written, script)
            name = f"drill {row[0]!s}"
            if connection is not None and is_there(connection, row):
                return Taken("there", name)
        with self._book.transaction() as connection, _refusing(), _undamaged():
            if is_there(connection, row):
                return Taken("there", name)
            add_drill(connection, row, script)
        return Taken("new", name)

    def _test(self, row: Row, ratings: Sequence[Row]) -> Taken:
        with self._book.transaction() as connection, _refusing(), _undamaged():
            added = add_test(connection, row, ratings)
        return Taken("there" if added is None else "new" if added else "completed", f"test {row[0]!s}")

    def _assignment(self, row: Row, back: Sequence[Row]) -> Taken:
        name = f"assignment {row[0]!s}"
        with self._book.transaction() as connection, _refusing():
            if held_by(connection, "assignments", str(row[0])) is None:
                add(connection, "assignments", row)
                known: set[Value] = set()
                what: What = "new"
            else:
                kept, withdrawn = assignment_of(connection, str(row[0]))
                if kept != row:
                    raise BadInput("It contradicts the assignment of the same id that is kept here.")
                known = {each[0] for each in withdrawn}
                what = "completed" if any(each[0] not in known for each in back) else "there"
            fresh = [Piece("withdrawals", each) for each in back if each[0] not in known]
            _check_ids(connection, fresh)
            add_pieces(connection, fresh)
        return Taken(what, name)


def _add(connection: sqlite3.Connection, sent: Carried) -> What:
    _check_ids(connection, sent.pieces)
    add_call(connection, sent)
    return "new"


def _complete(connection: sqlite3.Connection, kept: Carried, sent: Carried) -> What:
    gain = gain_of(kept, sent)
    if not gain.add:
        return "there"
    take_away(connection, str(kept.head[0]), gain.take)
    _check_ids(connection, gain.add)
    add_pieces(connection, gain.add)
    return "completed"


def _kept(connection: sqlite3.Connection, ident: str) -> Carried | None:
    with _undamaged():
        return call_of(connection, ident)


@contextmanager
def _undamaged() -> Iterator[None]:
    """A row of this workspace that was altered refuses what is to be compared with it, and not the whole file."""
    try:
        yield
    except StoreDamaged as error:
        raise BadInput(f"What is kept here of it is damaged: {error}") from None


def _check_ids(connection: sqlite3.Connection, pieces: Iterable[Piece]) -> None:
    """Nothing of another call has the ids of `pieces`. Raises `BadInput`."""
    for piece in pieces:
        ident = piece.column("id")
        if ident is not None and held_by(connection, piece.table, str(ident)) is not None:
            raise BadInput(f"Something else that is kept here has an id of its {piece.table.replace('_', ' ')}.")


@contextmanager
def _refusing() -> Iterator[None]:
    """A rule of the database that is broken refuses the call, and not the whole file."""
    try:
        yield
    except (sqlite3.IntegrityError, OverflowError) as error:
        raise BadInput(f"The database refuses it ({plain(error)}).") from None


def _check_header(line: bytes, where: str) -> None:
    """Raises `BadInput` for a file of another format, or of a version that is not known."""
    try:
        header = _object(line)
    except BadInput:
        header = {}
    version = header.get("version")
    if header.get("format") != FORMAT or type(version) is not int:
        raise BadInput(
            "This is no export of transcripts.",
            where=where,
            mend="Make one with `roleplay transcripts export --all --format jsonl`.",
        )
    if not OLDEST <= version <= VERSION:
        raise BadInput(
            f"This was exported in version {version} of the format, and this program reads {OLDEST} to {VERSION}.",
            where=where,
            mend="Upgrade roleplay." if version > VERSION else "",
        )


def _object(line: bytes) -> dict[str, Any]:
    try:
        given = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadInput("It is no JSON: it was perhaps cut off or damaged.") from None
    if not isinstance(given, dict):
        raise BadInput("It is no JSON object.")
    return given


def _named(head: object, name: str) -> str:
    """What to call a call before a person: by its id, if it has one."""
    ident = head.get("id") if isinstance(head, dict) else None
    return f"{name}, transcript {quote(ident, 64).strip('“”')}" if isinstance(ident, str) else name

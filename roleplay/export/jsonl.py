"""Calls and drills as JSON Lines, from which an import makes the same again; one at a time is in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator

import msgspec

from roleplay.errors import StoreDamaged
from roleplay.export import wire
from roleplay.store.carried import Change, assignment_of, call_of, drill_of, drill_test_of
from roleplay.store.database import MEND
from roleplay.store.rows import Row

Tell = Callable[[StoreDamaged], object]
"""Is told of each call or drill that was altered and is left out."""


def jsonl_of(
    connection: sqlite3.Connection,
    chosen: Iterable[tuple[str, str]],
    damaged: Tell,
    change: Change = lambda table, row: row,
) -> Iterator[bytes]:
    """The lines of a file with all that is `chosen`, each row as it is after `change`.

    A script comes before the first call or drill that was played with it.
    """
    yield wire.header()
    written: set[object] = set()
    for kind, ident in chosen:
        try:
            found = _line_of(connection, kind, ident, change)
            if found is None:
                continue
            script, line = found
            before = wire.script_line(script) if script and script[0] not in written else b""
        except StoreDamaged as error:
            damaged(error)
        except msgspec.MsgspecError:
            damaged(StoreDamaged("A column holds no JSON.", where=f"{kind} {ident}", mend=MEND))
        else:
            if script and before:
                written.add(script[0])
                yield before
            yield line


def _line_of(connection: sqlite3.Connection, kind: str, ident: str, change: Change) -> tuple[Row | None, bytes] | None:
    """The line of something that was chosen, and the script that must stand before it, if any.

    None if it is gone. Raises `StoreDamaged`, msgspec.MsgspecError.
    """
    match kind:
        case "assignment":
            row, back = assignment_of(connection, ident)
            back = tuple(change("withdrawals", each) for each in back)
            return None, wire.assignment_line(change("assignments", row), back)
        case "test":
            row, ratings = drill_test_of(connection, ident)
            rated = tuple(change("test_ratings", each) for each in ratings)
            return None, wire.test_line(change("drill_tests", row), rated)
        case "drill":
            row, script = drill_of(connection, ident)
            return script, wire.drill_line(change("drills", row))
    call = call_of(connection, ident)
    return (call.script, wire.call_line(call.changed(change))) if call else None

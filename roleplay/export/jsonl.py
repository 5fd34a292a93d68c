"""Calls as JSON Lines, from which an import makes the same calls again; one at a time is in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator

import msgspec

from roleplay.errors import StoreDamaged
from roleplay.export import wire
from roleplay.store.carried import Carried, assignment_of, call_of
from roleplay.store.database import MEND

Tell = Callable[[StoreDamaged], object]
"""Is told of each call that was altered and is left out."""


def jsonl_of(
    connection: sqlite3.Connection,
    chosen: Iterable[tuple[str, str]],
    damaged: Tell,
    change: Callable[[Carried], Carried] = lambda call: call,
) -> Iterator[bytes]:
    """The lines of a file with the `chosen` calls and assignments, each as it is after `change`.

    A script comes before the first call that was played with it.
    """
    yield wire.header()
    written: set[object] = set()
    for kind, ident in chosen:
        try:
            if kind == "assignment":
                yield wire.assignment_line(*assignment_of(connection, ident))
                continue
            call = call_of(connection, ident)
            if call is None:
                continue
            lines = [wire.call_line(change(call))]
            if call.script[0] not in written:
                lines.insert(0, wire.script_line(call.script))
        except StoreDamaged as error:
            damaged(error)
        except msgspec.MsgspecError:
            damaged(StoreDamaged("A column holds no JSON.", where=f"{kind} {ident}", mend=MEND))
        else:
            written.add(call.script[0])
            yield from lines

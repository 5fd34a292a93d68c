"""Taking what somebody practised outside calls into a database: no drill or test twice, none that contradicts."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from roleplay.errors import BadInput, NotFound
from roleplay.store.book import add
from roleplay.store.carried import add_script, drill_of, drill_test_of, held_by
from roleplay.store.rows import TABLES, Row, Value

_SAME_PLACE = {
    True: "trainee = :trainee AND test = :test AND persona = :persona AND moment = :moment AND attempt = :attempt",
    False: (
        "trainee = :trainee AND test = '' AND sitting = :sitting AND persona = :persona AND moment = :moment "
        "AND attempt = :attempt"
    ),
}
"""What no two drills share, of a test or not: or a moment would count twice."""


def is_there(connection: sqlite3.Connection, row: Row) -> bool:
    """Whether exactly this drill is kept here. Raises `BadInput` where it is another one, `StoreDamaged`."""
    try:
        kept, _ = drill_of(connection, str(row[0]))
    except NotFound:
        return False
    if kept != row:
        raise BadInput("It contradicts the drill of the same id that is kept here.")
    return True


def add_drill(connection: sqlite3.Connection, row: Row, script: Row) -> None:
    """Add a drill that is not there, and its script unless that is kept already. Raises `BadInput`."""
    drill = dict(zip(TABLES["drills"][1:], row, strict=True))
    if drill["test"]:
        _check_of_test(connection, drill)
    taken = f"SELECT 1 FROM drills WHERE {_SAME_PLACE[bool(drill['test'])]}"
    if connection.execute(taken, drill).fetchone():
        raise BadInput("Another reply to that moment is kept here in its place.")
    add_script(connection, script)
    add(connection, "drills", row)


def add_test(connection: sqlite3.Connection, row: Row, ratings: Sequence[Row]) -> bool | None:
    """Add what is new of a test: True if it was not there at all, None if nothing is new. Raises `BadInput`."""
    kept = rated = None
    if held_by(connection, "drill_tests", str(row[0])) is not None:
        kept, rated = drill_test_of(connection, str(row[0]))
        if kept != row:
            raise BadInput("It contradicts the test of the same id that is kept here.")
    fresh = [each for each in ratings if each not in (rated or ())]
    if fresh and rated:
        raise BadInput("It was rated otherwise here.")
    if any(held_by(connection, "test_ratings", str(each[0])) is not None for each in fresh):
        raise BadInput("Something else that is kept here has the id of its rating.")
    if kept is None:
        add(connection, "drill_tests", row)
    for each in fresh:
        add(connection, "test_ratings", each)
    return True if kept is None else False if fresh else None


def _check_of_test(connection: sqlite3.Connection, drill: dict[str, Value]) -> None:
    """Whether the test is here that `drill` belongs to, and has its moment. Raises `BadInput`."""
    try:
        test, _ = drill_test_of(connection, str(drill["test"]))
    except NotFound:
        raise BadInput("The test that it belongs to does not come before it.") from None
    columns = dict(zip(TABLES["drill_tests"][1:], test, strict=True))
    items = msgspec.json.decode(str(columns["items"]))
    if columns["trainee"] != drill["trainee"]:
        raise BadInput("It belongs to the test of somebody else.")
    if {"persona": drill["persona"], "moment": drill["moment"]} not in items:
        raise BadInput("The test that it belongs to does not ask for its moment.")

"""Writes what a new database begins with, as the steps of all versions make it: `make structure`."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlite_utils import Database, Migrations

from roleplay.store import fresh
from roleplay.store.database import MIGRATION_SET
from roleplay.store.migrations import STEPS

_NOW = "strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')"
_PARTS_OF_AN_INDEX = ("data", "idx", "content", "docsize", "config")
"""Tables that SQLite makes by itself for each full-text index."""


def take(connection: sqlite3.Connection, steps: int = len(STEPS)) -> None:
    """Take the first `steps` steps, each as it was published."""
    migrations = Migrations(MIGRATION_SET)
    for step in STEPS[:steps]:
        migrations(name=step.__name__)(step)
    migrations.apply(Database(connection))


def script() -> str:
    """The statements that make in an empty database what all steps make there, and say that they were taken."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        take(connection)
        made = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid").fetchall()
    indexes = [name for name, sql in made if sql.startswith("CREATE VIRTUAL TABLE")]
    by_itself = {f"{index}_{part}" for index in indexes for part in _PARTS_OF_AN_INDEX}
    statements = [sql.rstrip() for name, sql in made if name not in by_itself]
    statements += [
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
        f"VALUES ('{MIGRATION_SET}', '{step.__name__}', {_NOW})"
        for step in STEPS
    ]
    return "".join(f"{statement};\n" for statement in statements)


if __name__ == "__main__":
    fresh.FILE.write_text(script(), encoding="utf-8")

"""What a new database begins with: all that the steps make of an empty one, at once and without their tools."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

FILE = Path(__file__).with_name("fresh.sql")
"""Made by `make structure` after a new step. What it lacks is made up for step by step, as in an older database."""


def make(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty database, within the transaction of the caller. Raises sqlite3.Error."""
    for statement in _statements(FILE.read_text(encoding="utf-8")):
        connection.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """The statements of `script`: sqlite3's own way to run them all would commit first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""

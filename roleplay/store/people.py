"""What is kept of one person: removed altogether, or made nobody's. Neither leaves a trace in the file.

Rows are only added, and no other part of the program changes one; here a law may ask for it.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from roleplay.errors import BadInput, NotFound
from roleplay.store.database import be_alone, connect_to_write, roll_back, translated
from roleplay.store.rows import TABLES, Row, Value, checksum, selection
from roleplay.text import one_line, quote, sanitise

REMOVED = "(removed)"
"""What stands in the place of words that were removed."""

LONGEST_NAME = 80
"""Longest name of a person in characters."""
_OF_CALLS = tuple(
    table for table, columns in reversed(TABLES.items()) if "session" in columns and table != "withdrawals"
)
"""Tables of which rows belong to a call, those first that point to others."""
_DRILLED = ("test_ratings", "drills", "drill_tests", "drill_drafts")
"""Tables of what somebody practised outside calls, those first that point to others."""
_THEIR_CALLS = "(SELECT id FROM sessions WHERE trainee = :trainee)"
_THEIR_ASSIGNMENTS = "(SELECT id FROM assignments WHERE trainee = :trainee)"
_QUOTES = frozenset({"assessment", "verdict"})
"""Columns with what a scorer wrote, which quotes the reply."""
_SAYS: dict[str, str] = {
    "comments": "text",
    "overrides": "reason",
    "disputes": "text",
    "answers": "text",
    "replies": "text",
    "drills": "text",
    "assignments": "note",
}
"""In which column of a table somebody's own words stand."""


_NAMED_IN = ("sessions", "drills", "drill_tests", "drill_drafts", "assignments")
"""Tables in which somebody's name can stand without a call of theirs; ratings of tests have their test's."""


class Kept(NamedTuple):
    """How much is kept of a person: calls, replies in them, what was noted on them or assigned, and drills.

    `drills` are replies outside calls, tests that were begun, and what is typed for one and not sent.
    """

    calls: int
    replies: int
    notes: int
    drills: int


def kept_of(connection: sqlite3.Connection, trainee: str) -> Kept:
    """How much is kept of `trainee`. Raises `NotFound`, naming whom was meant perhaps, where nothing is."""
    named = {"trainee": trainee}

    def count(table: str, where: str) -> int:
        return int(connection.execute(f"SELECT count(*) FROM {table} WHERE {where}", named).fetchone()[0])

    notes = sum(
        count(table, f"session IN {_THEIR_CALLS}") for table in ("comments", "overrides", "disputes", "answers")
    )
    found = Kept(
        calls=count("sessions", "trainee = :trainee"),
        replies=count("replies", f"session IN {_THEIR_CALLS}"),
        notes=notes + count("assignments", "trainee = :trainee"),
        drills=sum(count(table, "trainee = :trainee") for table in ("drills", "drill_tests", "drill_drafts")),
    )
    if any(found):
        return found
    from difflib import get_close_matches  # only for a mistyped name

    near = get_close_matches(trainee, _names(connection), 1)
    raise NotFound(
        f"Nothing is kept of a trainee {quote(trainee)}.",
        mend=f"Did you mean {quote(near[0])}?" if near else "See `roleplay transcripts list`.",
    )


def _names(connection: sqlite3.Connection) -> list[str]:
    """Everybody of whom something is kept."""
    query = " UNION ".join(f"SELECT trainee FROM {table}" for table in _NAMED_IN)
    return [str(row[0]) for row in connection.execute(query)]


def delete(path: Path, trainee: str, tell: Callable[[str], object] = lambda _: None) -> Kept:
    """Remove all that is kept of `trainee` in the database at `path`, full text and free pages included.

    `tell` is called before what takes long. Raises `NotFound`, `StoreBusy` while another program has it open, and other
    kinds of `StoreError`: then nothing was removed.
    """
    with _alone(path, tell) as connection:
        found = kept_of(connection, trainee)
        named = {"trainee": trainee}
        theirs = f"session IN {_THEIR_CALLS}"
        connection.execute(f"DELETE FROM withdrawals WHERE {theirs} OR of IN {_THEIR_ASSIGNMENTS}", named)
        connection.execute("DELETE FROM assignments WHERE trainee = :trainee", named)
        for table in ("drafts", "desk", "heard", "summaries", *_OF_CALLS):
            connection.execute(f"DELETE FROM {table} WHERE {theirs}", named)
        connection.execute("DELETE FROM sessions WHERE trainee = :trainee", named)
        for table in _DRILLED:
            connection.execute(f"DELETE FROM {table} WHERE trainee = :trainee", named)
        connection.execute(
            "DELETE FROM scripts WHERE id NOT IN (SELECT script FROM sessions UNION SELECT script FROM drills)"
        )
    return found


def anonymise(
    path: Path, trainee: str, called: str = "", tell: Callable[[str], object] = lambda _: None
) -> tuple[Kept, str]:
    """Make the calls of `trainee` nobody's: the name becomes `called`, or one that is drawn, and words are removed.

    Removed are all words that the trainee wrote, all that was noted on them or quotes them, and lines that a language
    model made up in answer; of drills also what was said before, where that is from a call. Levels, scores, times and
    scripted lines stay. Returns how much it was, and the new name.
    Raises as `delete`, and `BadInput` for a name that somebody has.
    """
    name = one_line(sanitise(called))[:LONGEST_NAME] or f"nobody-{secrets.token_hex(3)}"
    with _alone(path, tell) as connection:
        found = kept_of(connection, trainee)
        if name in _names(connection):
            raise BadInput(f"There is somebody called {quote(name)} already.", mend="Choose another name.")
        blank = _Blank(connection, trainee, name)
        with _changeable(connection):
            for table in TABLES:
                for row in blank.rows_of(table):
                    blank.replace(table, row)
        connection.execute("UPDATE summaries SET trainee = ? WHERE trainee = ?", [name, trainee])
        connection.execute("DELETE FROM drafts WHERE session IN (SELECT id FROM temp.theirs)")
        connection.execute("DELETE FROM drill_drafts WHERE trainee = ?", [trainee])
    return found, name


class _Blank:
    """Blanks the rows of one person's calls."""

    def __init__(self, connection: sqlite3.Connection, trainee: str, name: str) -> None:
        self._connection, self._trainee, self._name = connection, trainee, name
        connection.execute("CREATE TEMP TABLE theirs (id TEXT PRIMARY KEY)")
        connection.execute("INSERT INTO temp.theirs SELECT id FROM sessions WHERE trainee = ?", [trainee])

    def rows_of(self, table: str) -> list[Row]:
        """The rows of `table` that are theirs."""
        where = {
            "scripts": "false",
            **dict.fromkeys(("sessions", "drills", "drill_tests", "test_ratings"), "trainee = :trainee"),
            "assignments": "trainee = :trainee",
            "withdrawals": f"session IN (SELECT id FROM temp.theirs) OR of IN {_THEIR_ASSIGNMENTS}",
        }.get(table, "session IN (SELECT id FROM temp.theirs)")
        query = f"SELECT {selection(table)} FROM {table} WHERE {where}"
        return self._connection.execute(query, {"trainee": self._trainee}).fetchall()

    def replace(self, table: str, row: Row) -> None:
        """Put the row without words and name in the place of `row`."""
        columns = dict(zip(TABLES[table], row, strict=False))
        for column, value in columns.items():
            if column in ("trainee", "by") and value == self._trainee:
                columns[column] = self._name
            elif column == _SAYS.get(table):
                columns[column] = REMOVED if value else value
            elif column in _QUOTES and isinstance(value, str):
                columns[column] = _json(_unquoted(json.loads(value)))
            elif column == "history" and isinstance(value, str):
                columns[column] = _json(_unsaid(json.loads(value)))
        if table == "lines" and self._made_up(columns):
            columns["text"] = REMOVED
        values = tuple(columns.values())
        if values != row[:-1]:
            sets = ", ".join(f"{column} = ?" for column in columns)
            self._connection.execute(
                f"UPDATE {table} SET {sets}, checksum = ? WHERE n = ?", (*values, checksum(table, values), values[0])
            )

    def _made_up(self, line: dict[str, Value]) -> bool:
        """Whether a language model found the words of a line, which may repeat what the trainee wrote."""
        place = [line[name] for name in ("session", "branch", "turn", "attempt")]
        query = "SELECT 1 FROM voices WHERE session = ? AND branch = ? AND turn = ? AND attempt = ?"
        return self._connection.execute(query, place).fetchone() is not None


def _unsaid(history: list[dict[str, str]]) -> list[dict[str, str]]:
    """What was shown before a drill; without its words if the trainee's own are among them.

    It is from a call of theirs then, and what a language model said there may repeat them.
    """
    if all(said["role"] == "customer" for said in history):
        return history
    return [{**said, "text": REMOVED} for said in history]


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _unquoted(data: Any) -> Any:
    """An assessment or a verdict without the words that it quotes."""
    if isinstance(data, dict):
        return {
            name: [] if name == "evidence" else "" if name == "raw" else _unquoted(value)
            for name, value in data.items()
            if not (name == "why" and isinstance(value, list))
        }
    return [_unquoted(each) for each in data] if isinstance(data, list) else data


@contextmanager
def _changeable(connection: sqlite3.Connection) -> Iterator[None]:
    """Rows can be changed meanwhile, in this transaction alone."""
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_are_only_added'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        connection.execute(sql)


@contextmanager
def _alone(path: Path, tell: Callable[[str], object]) -> Iterator[sqlite3.Connection]:
    """One transaction on the database at `path`, after which nothing of what was removed is left in the file.

    Meanwhile nobody else can have it open, and there is no log beside it that would keep old pages.
    """
    if not path.exists():
        raise NotFound("No transcripts yet.", mend="Take a call first.")
    with closing(connect_to_write(path)) as connection, translated(path, writing=True):
        be_alone(connection)
        try:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("BEGIN EXCLUSIVE")
            yield connection
            tell("Making the search index anew …")
            connection.execute("INSERT INTO said_fts (said_fts) VALUES ('rebuild')")
            connection.execute("COMMIT")
            tell("Writing the file anew …")
            connection.execute("VACUUM")
        finally:
            roll_back(connection)
            connection.execute("PRAGMA journal_mode = WAL")

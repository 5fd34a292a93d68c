"""What a coach has for a trainee: the personas assigned, and the calls with something new in them.

Needs nothing but sqlite3, so that a gallery need not wait for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from roleplay.store.book import intact
from roleplay.store.rows import Value, selection

_STANDS = "NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = r.id)"
_NOT_PLAYED = (
    "NOT EXISTS (SELECT 1 FROM summaries AS s WHERE s.trainee = r.trainee AND s.persona = r.persona "
    "AND s.outcome IS NOT NULL AND s.n > r.n)"
)
_LATER_LEVEL = (
    "SELECT 1 FROM overrides AS o WHERE o.session = r.session AND o.branch = r.branch AND o.turn = r.turn "
    "AND o.dimension = r.dimension AND o.n > r.n"
)
_NEWS = {
    "comments": _STANDS,
    "overrides": f"r.level IS NOT NULL AND NOT EXISTS ({_LATER_LEVEL})",
    "answers": f"{_STANDS} AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = r.dispute)",
}
"""The tables whose rows are news to the trainee, each with what makes a row stand."""


class Assigned(NamedTuple):
    """A persona that a coach would like the trainee to play, as it was read."""

    id: str
    trainee: str
    persona: str
    note: str
    coach: str
    at: str


class News(NamedTuple):
    """A call to which coaches added something that stands. `coaches` and `at` are those of what is counted here.

    `coaches`: who, each once, the latest last; `at`: the time of the latest. `score`: as in `SessionSummary`.
    """

    session: str
    persona: str
    title: str
    started: str
    score: float | None
    comments: int
    overruled: int
    answered: int
    coaches: tuple[str, ...]
    at: str


def assigned_in(connection: sqlite3.Connection, trainee: str = "") -> list[Assigned]:
    """What was assigned to `trainee` (empty: to anybody), stands and was not played to an end since; oldest first.

    Raises `StoreDamaged` for a row that was altered.
    """
    whose: tuple[str, list[Value]] = ("r.trainee = ? AND ", [trainee]) if trainee else ("", [])
    rows = connection.execute(
        f"SELECT {selection('assignments')} FROM assignments AS r WHERE {whose[0]}{_STANDS} AND {_NOT_PLAYED} "
        "ORDER BY n",
        whose[1],
    ).fetchall()
    return [Assigned(*(str(value) for value in row[1:-1])) for row in intact("assignments", rows)]


def news_in(connection: sqlite3.Connection, trainee: str, since: str, most: int) -> list[News]:
    """The ended calls of `trainee` to which a coach added something at `since` (ISO 8601) or later.

    The newest news come first, and at most `most`.
    """
    found: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for table, stands in _NEWS.items():
        rows = connection.execute(
            f"SELECT r.session, r.at, r.coach FROM summaries AS s CROSS JOIN {table} AS r ON r.session = s.session "
            f"WHERE s.trainee = ? AND s.outcome IS NOT NULL AND r.at >= ? AND {stands} ORDER BY r.n",
            [trainee, since],
        )
        for session, at, coach in rows:
            found.setdefault(session, {}).setdefault(table, []).append((str(at), str(coach)))
    newest = sorted(found, key=lambda session: _latest(found[session].values()), reverse=True)[:most]
    return [_news(connection, session, found[session]) for session in newest]


def _news(connection: sqlite3.Connection, session: str, added: dict[str, list[tuple[str, str]]]) -> News:
    persona, title, started, score = connection.execute(
        "SELECT persona, title, started, score FROM summaries WHERE session = ?", [session]
    ).fetchone()
    comments, overruled, answered = (len(added.get(table, ())) for table in _NEWS)
    by = sorted(each for rows in added.values() for each in rows)
    coaches = tuple(reversed(dict.fromkeys(coach for _, coach in reversed(by))))
    return News(session, persona, title, started, score, comments, overruled, answered, coaches, by[-1][0])


def _latest(rows: Iterable[Sequence[tuple[str, str]]]) -> str:
    return max(at for each in rows for at, _ in each)

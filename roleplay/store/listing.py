"""Lists of transcripts, and finding one by the beginning of its id. Needs nothing but sqlite3, so that it is fast."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from roleplay.errors import BadInput, NotFound
from roleplay.text import quote

_ID = re.compile("[a-z0-9][a-z0-9-]{0,63}")
_SHORTEST_PREFIX = 4
_SHOWN_PREFIX = 6
_CANDIDATES = 5
_COLUMNS = "session, persona, title, trainee, started, turns, exam, outcome, ended_by, score"
_SEE_LIST = "See `roleplay transcripts list`."


class SessionSummary(NamedTuple):
    """A line of the list of transcripts, as it was read: `exam` is 0 or 1, `outcome` None while interrupted."""

    id: str
    persona: str
    title: str
    trainee: str
    started: str
    turns: int
    exam: int
    outcome: str | None
    ended_by: str | None
    score: float | None


class Result(NamedTuple):
    """How many calls with a persona have ended, and the best session score of them, 0-100; None if there is none."""

    calls: int
    best: float | None


def newest_sessions(connection: sqlite3.Connection, limit: int) -> list[SessionSummary]:
    """The newest `limit` sessions, newest first, in the order in which they were begun, whatever the clock said."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM summaries ORDER BY n DESC LIMIT ?", [limit])
    return [SessionSummary(*row) for row in rows]


def sessions_of(connection: sqlite3.Connection, sessions: Collection[str]) -> dict[str, SessionSummary]:
    """By id those of `sessions` that are kept; at most 30,000 can be asked for."""
    marks = ", ".join("?" * len(sessions))
    rows = connection.execute(f"SELECT {_COLUMNS} FROM summaries WHERE session IN ({marks})", [*sessions])
    return {summary.id: summary for summary in (SessionSummary(*row) for row in rows)}


def interrupted_sessions(connection: sqlite3.Connection, trainee: str) -> list[SessionSummary]:
    """Sessions of `trainee` that have not ended, newest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM summaries WHERE trainee = ? AND outcome IS NULL ORDER BY n DESC", [trainee]
    )
    return [SessionSummary(*row) for row in rows]


def tried_sessions(connection: sqlite3.Connection, trainee: str, most: int) -> list[SessionSummary]:
    """The latest `most` ended sessions of `trainee` with a try in which something was said or typed, and that waits."""
    said = (
        f"EXISTS (SELECT 1 FROM {table} AS r WHERE r.session = w.session AND r.branch = w.branch)"
        for table in ("replies", "drafts")
    )
    waits = "NOT EXISTS (SELECT 1 FROM endings AS e WHERE e.session = w.session AND e.branch = w.branch)"
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM summaries AS s WHERE trainee = ? AND outcome IS NOT NULL AND EXISTS ("
        f"SELECT 1 FROM rewinds AS w WHERE w.session = s.session AND {waits} AND ({' OR '.join(said)})) "
        "ORDER BY (SELECT max(n) FROM rewinds AS w WHERE w.session = s.session) DESC LIMIT ?",
        [trainee, most],
    )
    return [SessionSummary(*row) for row in rows]


def results_of(connection: sqlite3.Connection, trainee: str) -> dict[str, Result]:
    """By persona: how often `trainee` has played it to an end, coached or as an exam, and how well."""
    rows = connection.execute(
        "SELECT persona, count(*), max(CASE WHEN typeof(score) IN ('real', 'integer') THEN score END) "
        "FROM summaries WHERE trainee = ? AND outcome IS NOT NULL "
        "GROUP BY persona",
        [trainee],
    )
    return {persona: Result(calls, best) for persona, calls, best in rows}


def ended_sessions(connection: sqlite3.Connection, trainee: str, persona: str, most: int) -> list[str]:
    """The ids of the latest `most` sessions that `trainee` has played with `persona` to an end, last first."""
    rows = connection.execute(
        "SELECT session FROM summaries WHERE trainee = ? AND persona = ? AND outcome IS NOT NULL "
        "ORDER BY (SELECT min(n) FROM endings WHERE endings.session = summaries.session) DESC LIMIT ?",
        [trainee, persona, most],
    )
    return [str(row[0]) for row in rows]


def check_id(session: str) -> None:
    """Raise `BadInput` unless `session` can be an id: 1-64 small letters, digits and hyphens."""
    if not _ID.fullmatch(session):
        raise BadInput(
            f"{quote(session, 70)} is no id of a transcript: ids are made of small letters, digits and hyphens.",
            mend=_SEE_LIST,
        )


def find_session(connection: sqlite3.Connection, session: str) -> str:
    """The id that is `session`, or the only one that begins so (with at least 4 characters).

    Raises `BadInput` for what can be no id, `NotFound` naming what was meant perhaps.
    """
    check_id(session)
    # the prefix as a range: every character of an id sorts before "~"
    rows = connection.execute(
        "SELECT id FROM sessions WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
        [session, session + "~", _CANDIDATES + 1],
    )
    found = [str(row[0]) for row in rows]
    if session in found:
        return session
    if len(session) < _SHORTEST_PREFIX:
        raise NotFound(
            f"{quote(session)} is too short for the beginning of an id.", mend=f"Give {_SHORTEST_PREFIX} characters."
        )
    if len(found) == 1:
        return found[0]
    if found:
        more = ", …" if len(found) > _CANDIDATES else ""
        raise NotFound(
            f"Several transcripts begin with {quote(session)}: {', '.join(found[:_CANDIDATES])}{more}.",
            mend="Give more characters.",
        )
    near = _nearest(connection, session)
    raise NotFound(f"There is no transcript {quote(session)}.", mend=f"Did you mean {near}?" if near else _SEE_LIST)


def short_id(connection: sqlite3.Connection, session: str) -> str:
    """The shortest beginning of an id, of at least 6 characters, that no other session's id has."""
    neighbours = [
        *connection.execute("SELECT id FROM sessions WHERE id < ? ORDER BY id DESC LIMIT 1", [session]),
        *connection.execute("SELECT id FROM sessions WHERE id > ? ORDER BY id LIMIT 1", [session]),
    ]
    length = max([_SHOWN_PREFIX, *(_common(session, str(row[0])) + 1 for row in neighbours)])
    return session[:length]


def _common(one: str, other: str) -> int:
    """How many characters two ids share at their beginning."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _nearest(connection: sqlite3.Connection, session: str) -> str:
    from difflib import get_close_matches  # only for a mistyped id

    rows = connection.execute("SELECT session FROM summaries ORDER BY n DESC LIMIT 1000").fetchall()
    beginnings = {str(row[0])[: len(session)]: str(row[0]) for row in reversed(rows)}
    return next((beginnings[near] for near in get_close_matches(session, beginnings, 1)), "")

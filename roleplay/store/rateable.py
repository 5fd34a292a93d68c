"""Which replies a coach can be asked to rate blindly. Needs nothing but sqlite3."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class Rateable(NamedTuple):
    """A reply of a call that has ended, the first to its turn. `overall` (0-4) is what counts of it; never show it."""

    session: str
    branch: int
    turn: int
    persona: str
    overall: int


_OF_ENDED_CALLS = (
    "SELECT h.session, h.branch, h.turn, s.persona, h.overall FROM heard AS h "
    "CROSS JOIN summaries AS s ON s.session = h.session "
    "WHERE s.outcome IS NOT NULL AND s.trainee <> ? AND h.overall IS NOT NULL ORDER BY h.n DESC LIMIT ?"
)
_TOUCHED = (
    "SELECT session FROM comments WHERE coach = :coach UNION SELECT session FROM overrides WHERE coach = :coach "
    "UNION SELECT session FROM answers WHERE coach = :coach UNION SELECT session FROM marks WHERE coach = :coach"
)


def newest_rateable(connection: sqlite3.Connection, coach: str, most: int) -> list[Rateable]:
    """The newest `most` replies of ended calls that were scored, newest first; none of calls that `coach` played."""
    return [Rateable(*row) for row in connection.execute(_OF_ENDED_CALLS, [coach, most])]


def reviewed_by(connection: sqlite3.Connection, coach: str) -> set[str]:
    """The ids of the calls that `coach` has reviewed in any way, and of which the scores are known to them."""
    return {str(row[0]) for row in connection.execute(_TOUCHED, {"coach": coach})}

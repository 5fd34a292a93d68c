"""Whether intact rows are all there, each where it can be: in calls, on branches of practice, in drills and tests."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from roleplay.store.branches import Branch, path_to
from roleplay.store.rows import name_row, selection
from roleplay.text import sanitise


class Problem(NamedTuple):
    """One thing that is wrong. `row` is its rowid in `table`, None where no single row is meant."""

    table: str
    row: int | None
    where: str
    what: str


def gaps(connection: sqlite3.Connection) -> list[Problem]:
    """Replies count 1, 2, 3 … along each branch, and verdicts on each reply; one that is not there was lost."""
    first_branches = connection.execute(
        "SELECT session, branch FROM replies NOT INDEXED WHERE branch = 0 GROUP BY session "
        "HAVING max(turn) <> count(*) OR min(turn) <> 1"
    )
    found = [
        Problem("replies", None, sanitise(f"transcript {session}, branch {branch}"), "lacks a reply")
        for session, branch in first_branches.fetchall()
    ]
    verdicts = connection.execute(
        "SELECT session, turn FROM verdicts NOT INDEXED GROUP BY session, branch, turn "
        "HAVING max(attempt) <> count(*) OR min(attempt) <> 1"
    )
    found += [
        Problem("verdicts", None, sanitise(f"transcript {session}, turn {turn}"), "lacks a verdict")
        for session, turn in verdicts.fetchall()
    ]
    branched = connection.execute("SELECT DISTINCT session FROM openings NOT INDEXED WHERE branch > 0").fetchall()
    for (session,) in branched:
        found += _gaps_of(connection, session)
    return found


def _gaps_of(connection: sqlite3.Connection, session: str) -> list[Problem]:
    """Whether each further branch of a session has all turns of those that it comes from, and its own."""
    # a damaged file may hold text where a number should be
    turn = "iif(json_valid(o.state), ifnull(CAST(json_extract(o.state, '$.turn') AS INTEGER), 0), 0)"
    openings = connection.execute(
        f"SELECT CAST(o.branch AS INTEGER), CAST(b.parent AS INTEGER), {turn} FROM openings AS o "
        "LEFT JOIN branches AS b ON b.session = o.session AND b.branch = o.branch WHERE o.session = ?",
        [session],
    )
    branches = {number: Branch(parent, turn) for number, parent, turn in openings}
    replies = connection.execute(
        "SELECT CAST(branch AS INTEGER), CAST(turn AS INTEGER) FROM replies WHERE session = ?", [session]
    ).fetchall()
    found = []
    for number in branches:
        where = sanitise(f"transcript {session}, branch {number}")
        path = path_to(number, branches)
        if path is None:
            found.append(Problem("branches", None, where, "comes from no branch that can be read"))
        elif number and not path.is_whole(replies):
            found.append(Problem("replies", None, where, "lacks a reply"))
    return found


def after_the_end(connection: sqlite3.Connection) -> list[Problem]:
    """Nothing is said after a call has ended but on branches of practice, and on those not after their own end.

    Earlier versions went on with a call on branches that they began after its end; those stay.
    """
    rule = (
        "EXISTS (SELECT 1 FROM endings AS e WHERE e.session = r.session AND e.branch = r.branch AND e.n < r.n) "
        "OR EXISTS (SELECT 1 FROM (SELECT min(n) AS n FROM endings WHERE session = r.session) AS e "
        "JOIN openings AS o ON o.session = r.session AND o.branch = r.branch WHERE o.n < e.n AND e.n < r.n)"
    )
    return [
        Problem(table, None, name_row(table, row), "was added after the call had ended")
        for table in ("replies", "lines")
        for row in connection.execute(f"SELECT {selection(table)} FROM {table} AS r NOT INDEXED WHERE {rule}")
    ]


def rewinds(connection: sqlite3.Connection) -> list[Problem]:
    """What is called practice was begun after the call had ended, and was begun at all."""
    before = "NOT EXISTS (SELECT 1 FROM endings AS e WHERE e.session = r.session AND e.n < r.n)"
    rules = {
        "says of what was said before the call had ended that it is practice": (
            f"{before} OR EXISTS (SELECT 1 FROM openings AS o WHERE o.session = r.session AND o.branch = r.branch "
            "AND o.n < r.n)"
        ),
        "names a branch of practice that is not there": (
            "NOT EXISTS (SELECT 1 FROM openings AS o WHERE o.session = r.session AND o.branch = r.branch)"
        ),
        "is practice, and has a score all the same": (
            "EXISTS (SELECT 1 FROM endings AS e WHERE e.session = r.session AND e.branch = r.branch "
            "AND e.score IS NOT NULL) OR EXISTS (SELECT 1 FROM verdicts AS v WHERE v.session = r.session "
            "AND v.branch = r.branch AND v.score IS NOT NULL)"
        ),
    }
    return [
        Problem("rewinds", None, sanitise(f"transcript {session}, branch {branch}"), what)
        for what, rule in rules.items()
        for session, branch in connection.execute(
            f"SELECT r.session, r.branch FROM rewinds AS r NOT INDEXED WHERE {rule}"
        )
    ]


def drills(connection: sqlite3.Connection) -> list[Problem]:
    """Drills and tests hold what they should, and a drill of a test is of one that asks for its moment."""
    items = "iif(json_valid(t.items), t.items, '[]')"
    asked = (
        f"EXISTS (SELECT 1 FROM drill_tests AS t, json_each({items}) AS item WHERE t.id = d.test "
        "AND t.trainee = d.trainee AND json_extract(item.value, '$.persona') = d.persona "
        "AND json_extract(item.value, '$.moment') = d.moment)"
    )
    found = _wrong(connection, "drills", "history", "is no list of what was said before")
    found += _wrong(connection, "drill_tests", "items", "is no list of moments")
    of_no_test = f"SELECT {selection('drills')} FROM drills AS d NOT INDEXED WHERE d.test <> '' AND NOT {asked}"
    return found + [
        Problem("drills", None, name_row("drills", row), "belongs to no test that asks for its moment")
        for row in connection.execute(of_no_test)
    ]


def _wrong(connection: sqlite3.Connection, table: str, column: str, what: str) -> list[Problem]:
    """The rows of `table` that hold something else than a list of objects in `column`."""
    read = f"iif(json_valid({column}), {column}, '{{}}')"
    rows = connection.execute(
        f"SELECT {selection(table)} FROM {table} NOT INDEXED WHERE json_type({read}) <> 'array' "
        f"OR json_array_length({read}) = 0 OR EXISTS (SELECT 1 FROM json_each({read}) WHERE type <> 'object')"
    )
    return [Problem(table, None, name_row(table, row), f"has {column} that {what}") for row in rows]


IN_ORDER = (gaps, after_the_end, rewinds, drills)
"""All these checks. Each is given a connection, and raises what reading a damaged file does."""

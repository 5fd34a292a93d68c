"""What a trainee's own progress is made of besides the replies: the calls and tests with their ratings, and lines.

Needs nothing but sqlite3 until lines are asked for, so that a screenful of progress is there at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from roleplay.persona.fields import DIMENSIONS
from roleplay.persona.names import SHORT


class OwnCall(NamedTuple):
    """A call that has ended after a reply or more.

    `persona` is the id; `short`: it was the five-minute form, and `title` says so too.
    `score` is 0-100 or None. `asked`: its trainee rated it or skipped that; `rating` is 0-4, None if skipped.
    """

    id: str
    persona: str
    title: str
    short: bool
    started: str
    score: float | None
    asked: bool
    rating: int | None


class OwnTest(NamedTuple):
    """A test that was begun: of how many moments it is, and the trainee's rating as that of a call."""

    id: str
    at: str
    moments: int
    asked: bool
    rating: int | None


_CALLS = (
    "SELECT s.session, s.persona, s.title, s.started, "
    "CASE WHEN typeof(s.score) IN ('real', 'integer') THEN s.score END, r.session IS NOT NULL, r.rating "
    "FROM summaries AS s LEFT JOIN self_ratings AS r ON r.session = s.session "
    "WHERE s.trainee = ? AND s.outcome IS NOT NULL AND s.turns > 0 ORDER BY s.n"
)
_TESTS = (
    "SELECT t.id, t.at, json_array_length(t.items), r.test IS NOT NULL, r.rating FROM drill_tests AS t "
    "LEFT JOIN test_ratings AS r ON r.test = t.id AND r.trainee = t.trainee WHERE t.trainee = ? ORDER BY t.n"
)
_TITLES = (
    "SELECT "
    + ", ".join(f"json_extract(script, '$.rubric.dimensions.{name}.title')" for name in DIMENSIONS)
    + " FROM scripts ORDER BY n DESC LIMIT 1"
)
_SCRIPTS = "SELECT script FROM scripts WHERE persona IN (?, ?) ORDER BY n DESC LIMIT ?"
_MOST_SCRIPTS = 20
"""Forms of a persona that are looked through for a line, the latest first."""


def own_calls(connection: sqlite3.Connection, trainee: str) -> list[OwnCall]:
    """The calls of `trainee` that have ended after a reply or more, in the order in which they were begun."""
    return [_call(*row) for row in connection.execute(_CALLS, [trainee])]


def own_tests(connection: sqlite3.Connection, trainee: str) -> list[OwnTest]:
    """The tests that `trainee` has begun, oldest first."""
    return [
        OwnTest(ident, at, moments or 0, bool(asked), rating)
        for ident, at, moments, asked, rating in connection.execute(_TESTS, [trainee])
    ]


def titles_in(connection: sqlite3.Connection) -> dict[str, str]:
    """What the dimensions are called in the rubric that was used last, by their names; empty if none was."""
    rows = connection.execute(_TITLES).fetchall()
    return {name: str(title) for row in rows for name, title in zip(DIMENSIONS, row, strict=True) if title}


def lines_of(connection: sqlite3.Connection, moments: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What the customer says at these `moments`, by the ids of persona and moment, as it was played last.

    What no script that can be read tells is left out.
    """
    from contextlib import suppress

    import msgspec

    from roleplay.store.cohort import read_told

    found: dict[tuple[str, str], str] = {}
    for persona in sorted({persona for persona, _ in moments}):
        wanted = {moment for of, moment in moments if of == persona}
        for (script,) in connection.execute(_SCRIPTS, [persona, persona + SHORT, _MOST_SCRIPTS]):
            with suppress(msgspec.MsgspecError):
                beats = read_told(script).beats
                told = {moment for moment in wanted if moment in beats and beats[moment].says}
                found |= {(persona, moment): beats[moment].says for moment in told}
                wanted -= told
            if not wanted:
                break
    return found


def _call(
    ident: str, persona: str, title: str, started: str, score: float | None, asked: int, rating: int | None
) -> OwnCall:
    short = persona.endswith(SHORT)
    return OwnCall(ident, persona.removesuffix(SHORT), title, short, started, score, bool(asked), rating)

"""What the replies of many calls come to, added up where they lie: the counts that a cohort report is made of.

Only calls that have ended count, and of each turn only the first reply, with what counts of it (coach, else verified
judge, else offline): that is what the table `heard` holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from roleplay.persona.fields import DIMENSIONS

if TYPE_CHECKING:
    from roleplay.store.rows import Value


class Among(NamedTuple):
    """Which calls to look at; empty: all. `since` and `until` are ISO 8601 times; `until` itself is left out."""

    trainees: Collection[str] = ()
    personas: Collection[str] = ()
    since: str = ""
    until: str = ""


class Call(NamedTuple):
    """A call as it was read. `score` is 0-100 or None; `rating`, 0-4, is how the trainee rated it, None if skipped."""

    n: int
    trainee: str
    persona: str
    title: str
    started: str
    score: float | None
    rating: int | None


class Levels(NamedTuple):
    """The replies of one call: by dimension how many were called for it, and the sum of their levels (0-2 each).

    `unsafe` are those flagged because somebody's safety was not dealt with, `harmed` those that surely did harm.
    """

    called_for: tuple[int, ...] = (0,) * len(DIMENSIONS)
    reached: tuple[float, ...] = (0.0,) * len(DIMENSIONS)
    unsafe: int = 0
    harmed: int = 0


class Cell(NamedTuple):
    """The replies of one trainee at one moment of one persona, counted.

    `met`, `partly` and `missed` are those at which something was to be met; `sure_harm` and `unsure_harm` those that
    did harm, or perhaps did; `unsafe` those flagged for safety or with grave harm, `unscored` those of the others that
    could not be scored. `coach` and `judge` are those that count by them, the rest by the offline scorer. `last` is the
    `n` of the latest call among them.
    """

    trainee: str
    persona: str
    moment: str
    replies: int
    met: int
    partly: int
    missed: int
    sure_harm: int
    unsure_harm: int
    unsafe: int
    unscored: int
    coach: int
    judge: int
    last: int


class Reached(NamedTuple):
    """How many calls of a trainee with a persona came how far with an unspoken need: 0 unmet, 1 came near, 2 met."""

    trainee: str
    persona: str
    need: str
    best: int
    calls: int


class Beat(msgspec.Struct, frozen=True):
    """A moment or disclosure of a script, as far as a report tells of it."""

    id: str
    says: str = ""
    unspoken: str | None = None
    safety: str = "none"


class _Scene(msgspec.Struct, frozen=True):
    opening: str = ""
    moments: tuple[Beat, ...] = ()


class _Customer(msgspec.Struct, frozen=True):
    opening: str = ""


class _Need(msgspec.Struct, frozen=True):
    need: str


class _Persona(msgspec.Struct, frozen=True):
    needs: dict[str, _Need] = {}
    customer: _Customer = _Customer()
    moments: tuple[Beat, ...] = ()
    scenes: tuple[_Scene, ...] = ()
    disclosures: tuple[Beat, ...] = ()


class _Script(msgspec.Struct, frozen=True):
    persona: _Persona


_SCRIPT = msgspec.json.Decoder(_Script)  # at the first use of a type in two threads msgspec may crash


class Told(NamedTuple):
    """What the script of a call tells: its moments and disclosures by id, and its needs in words."""

    beats: dict[str, Beat]
    needs: dict[str, str]


_HEARD = "FROM summaries AS s CROSS JOIN heard AS h ON h.session = s.session"
"""In this order: a call's replies lie together, and are found by the index on session and turn."""


def _those(column: str, *values: str) -> str:
    """How many rows have each of `values` in `column`."""
    return ", ".join(f"count(*) FILTER (WHERE h.{column} = '{value}')" for value in values)


_CELLS = (
    f"SELECT s.trainee, s.persona, h.moment, count(*), {_those('opportunity', 'met', 'partly', 'missed')}, "
    "count(*) FILTER (WHERE h.harm > 0 AND NOT h.unsure), count(*) FILTER (WHERE h.harm > 0 AND h.unsure), "
    "count(*) FILTER (WHERE h.safety > 0 OR h.harm = 2), "
    "count(*) FILTER (WHERE h.overall IS NULL AND NOT h.safety > 0), "
    f"{_those('counts', 'coach', 'judge')}, max(s.n) {_HEARD} WHERE {{where}} GROUP BY s.trainee, s.persona, h.moment"
)
_LEVELS = (
    f"SELECT s.n, {', '.join(f'count(h.{name})' for name in DIMENSIONS)}, "
    f"{', '.join(f'total(h.{name})' for name in DIMENSIONS)}, count(*) FILTER (WHERE h.safety > 0), "
    f"count(*) FILTER (WHERE h.harm > 0 AND NOT h.unsure) {_HEARD} WHERE {{where}} GROUP BY s.n"
)
_REACHED = (
    "SELECT trainee, persona, need, best, count(*) FROM ("
    "SELECT s.trainee, s.persona, asked.need, max(CASE WHEN h.reaches_unspoken = 2 AND h.harm = 0 AND NOT h.unsure "
    f"THEN 2 ELSE h.reaches_unspoken > 0 END) AS best {_HEARD} "
    "CROSS JOIN asked ON asked.persona = s.persona AND asked.moment = h.moment "
    "WHERE h.reaches_unspoken IS NOT NULL AND {where} GROUP BY s.n, asked.need) GROUP BY trainee, persona, need, best"
)
"""A need is met here as it is in the call itself: by level 2 without harm, for sure."""


def played_by(connection: sqlite3.Connection) -> list[str]:
    """The names of all who have played a call to its end."""
    return _distinct(connection, "trainee")


def played_with(connection: sqlite3.Connection) -> list[str]:
    """The ids of all personas that were played to an end."""
    return _distinct(connection, "persona")


def calls_among(connection: sqlite3.Connection, among: Among) -> list[Call]:
    """The calls that have ended, in the order in which they were begun."""
    where, values = _where(among)
    rows = connection.execute(
        "SELECT s.n, s.trainee, s.persona, s.title, s.started, "
        "CASE WHEN typeof(s.score) IN ('real', 'integer') THEN s.score END, r.rating FROM summaries AS s "
        f"LEFT JOIN self_ratings AS r ON r.session = s.session WHERE {where} ORDER BY s.n",
        values,
    )
    return [Call(*row) for row in rows]


def levels_among(connection: sqlite3.Connection, among: Among) -> dict[int, Levels]:
    """The levels of the replies of each call, by the call's `n`; a call without a reply is left out."""
    where, values = _where(among)
    width = len(DIMENSIONS)
    rows = connection.execute(_LEVELS.format(where=where), values)
    return {
        number: Levels(tuple(row[:width]), tuple(row[width : 2 * width]), *row[2 * width :]) for number, *row in rows
    }


def cells_among(connection: sqlite3.Connection, among: Among) -> list[Cell]:
    """The replies, counted by trainee, persona and moment."""
    where, values = _where(among)
    return [Cell(*row) for row in connection.execute(_CELLS.format(where=where), values)]


def reached_among(connection: sqlite3.Connection, among: Among, asked: Iterable[tuple[str, str, str]]) -> list[Reached]:
    """How far calls came with the unspoken needs that were `asked` for: persona, moment, and the need it offers."""
    where, values = _where(among)
    # a temporary table, because SQLite makes no index for a list that is given as JSON: a quarter of the time
    connection.execute(
        "CREATE TEMP TABLE asked (persona TEXT, moment TEXT, need TEXT, PRIMARY KEY (persona, moment)) WITHOUT ROWID"
    )
    try:
        connection.executemany("INSERT INTO asked VALUES (?, ?, ?)", asked)
        return [Reached(*row) for row in connection.execute(_REACHED.format(where=where), values)]
    finally:
        connection.execute("DROP TABLE asked")


def told_in(connection: sqlite3.Connection, calls: Collection[int]) -> dict[int, Told]:
    """What the scripts of the calls with these `n` tell, by `n`; one that another version saved may be left out."""
    rows = connection.execute(
        "SELECT scripts.script, group_concat(sessions.n) FROM sessions JOIN scripts ON scripts.id = sessions.script "
        "WHERE sessions.n IN (SELECT value FROM json_each(?)) GROUP BY scripts.id",
        [msgspec.json.encode(sorted(calls)).decode()],
    )
    found: dict[int, Told] = {}
    for script, numbers in rows:
        with suppress(msgspec.MsgspecError):
            found |= dict.fromkeys(map(int, numbers.split(",")), read_told(script))
    return found


def read_told(script: str) -> Told:
    """What a script tells, from its JSON. Raises MsgspecError for one that another version saved."""
    persona = _SCRIPT.decode(script).persona
    beats: list[Beat] = [*_opened(persona.moments, persona.customer.opening)]
    for scene in persona.scenes:
        beats += _opened(scene.moments, scene.opening)
    beats += persona.disclosures
    return Told({beat.id: beat for beat in beats}, {name: need.need for name, need in persona.needs.items()})


def _opened(moments: Sequence[Beat], opening: str) -> Iterable[Beat]:
    """`moments`, the first with the `opening` where it has no line of its own."""
    for number, beat in enumerate(moments):
        yield beat if beat.says or number else Beat(beat.id, opening, beat.unspoken, beat.safety)


def _distinct(connection: sqlite3.Connection, column: str) -> list[str]:
    query = f"SELECT DISTINCT {column} FROM summaries WHERE outcome IS NOT NULL ORDER BY {column}"
    return [str(row[0]) for row in connection.execute(query)]


def _where(among: Among) -> tuple[str, list[Value]]:
    """The condition on `summaries AS s`, and its values."""
    where = ["s.outcome IS NOT NULL"]
    values: list[Value] = []
    for column, names in (("trainee", among.trainees), ("persona", among.personas)):
        if names:
            where.append(f"s.{column} IN (SELECT value FROM json_each(?))")
            values.append(msgspec.json.encode(list(names)).decode())
    for comparison, moment in ((">=", among.since), ("<", among.until)):
        if moment:
            where.append(f"s.started {comparison} ?")
            values.append(moment)
    return " AND ".join(where), values

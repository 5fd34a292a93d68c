"""Everything a trainee has practised: the replies of calls, drills and tests that count, with what counts of each.

Needs nothing but sqlite3, so that what is due can be told before anything else is loaded.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from roleplay.persona.fields import DIMENSIONS
from roleplay.persona.names import SHORT


class Practised(NamedTuple):
    """One reply, as it was read.

    `source` is "call", "drill" or "test". `persona` and `title` are the persona's, whatever form of it was played;
    `short`: it was the five-minute form. `within` is the id of the call, the sitting or the test; `turn` is that of the
    call, else 0. `levels` are 0-2 by the order of `DIMENSIONS`, None where the moment does not call for it or nothing
    could be scored; `harm` 0-2, `overall` 0-4, `turn_score` 0-100 and `opportunity` ("met", "partly", "missed", "none")
    likewise. `aided` is how many hints were seen before a drill. `at` is when it was kept (ISO 8601 UTC). `unsafe`:
    somebody's safety was at stake, and was not dealt with.
    """

    at: str
    source: str
    persona: str
    title: str
    moment: str
    within: str
    turn: int
    short: bool
    aided: int
    opportunity: str | None
    levels: tuple[int | None, ...]
    harm: int | None
    overall: int | None
    turn_score: float | None
    unsure: bool
    unsafe: bool = False


_CALLS = (
    "SELECT r.at, 'call', s.persona, s.title, h.moment, h.session, h.turn, 0, h.opportunity, h.harm, h.overall, "
    f"h.turn_score, h.unsure, h.safety, {', '.join(f'h.{name}' for name in DIMENSIONS)} "
    "FROM summaries AS s CROSS JOIN heard AS h ON h.session = s.session CROSS JOIN replies AS r ON r.n = h.n "
    "WHERE s.trainee = ? AND s.outcome IS NOT NULL"
)
_DRILLS = (
    "SELECT d.at, iif(d.test = '', 'drill', 'test'), d.persona, p.title, d.moment, "
    "iif(d.test = '', d.sitting, d.test), 0, d.aided, "
    + ", ".join(
        f"json_extract(d.assessment, '$.{name}')"
        for name in ("opportunity", "scores.harm", "overall", "turn_score", "unsure", "flags.safety")
    )
    + "".join(f", json_extract(d.assessment, '$.scores.{name}')" for name in DIMENSIONS)
    + " FROM drills AS d JOIN scripts AS p ON p.id = d.script WHERE d.trainee = ? AND d.attempt = 1"
)


def practised_by(connection: sqlite3.Connection, trainee: str) -> list[Practised]:
    """Every reply of `trainee` that counts, oldest first.

    Of a call that has ended these are the first replies to its turns, with what counts of them (coach, else verified
    judge, else offline); of drills and tests the first replies to a moment in a sitting.
    """
    rows = connection.execute(f"{_CALLS} UNION ALL {_DRILLS} ORDER BY 1", [trainee, trainee])
    return [_practised(*row) for row in rows]


def _practised(
    at: str,
    source: str,
    persona: str,
    title: str,
    moment: str,
    within: str,
    turn: int,
    aided: int,
    opportunity: str | None,
    harm: int | None,
    overall: int | None,
    turn_score: float | None,
    unsure: int | None,
    unsafe: int | None,
    *levels: int | None,
) -> Practised:
    return Practised(
        at,
        source,
        persona.removesuffix(SHORT),
        title,
        moment,
        within,
        turn,
        persona.endswith(SHORT),
        aided,
        opportunity,
        levels,
        harm,
        overall,
        turn_score,
        bool(unsure),
        bool(unsafe),
    )


def replied_by(connection: sqlite3.Connection, trainee: str) -> set[tuple[str, str]]:
    """The ids of persona and moment of all that `trainee` ever replied to in a call, whether or not that counts."""
    rows = connection.execute(
        "SELECT DISTINCT p.persona, r.moment FROM sessions AS s JOIN scripts AS p ON p.id = s.script "
        "JOIN replies AS r ON r.session = s.id WHERE s.trainee = ?",
        [trainee],
    )
    return {(str(persona).removesuffix(SHORT), str(moment)) for persona, moment in rows}

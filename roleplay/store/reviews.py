"""Keeping what coaches and trainees add to calls that have ended, and the queue of calls that wait for a coach."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from roleplay.conversation.reviewing import (
    Answer,
    Assignment,
    BlindRating,
    Comment,
    Dispute,
    Mark,
    Override,
    Reviewed,
    Withdrawal,
)
from roleplay.errors import NotFound, StoreError
from roleplay.store.book import Book, add, intact
from roleplay.store.listing import find_session
from roleplay.store.review_rows import TABLE_OF, record_of, row_of
from roleplay.store.rows import Value, selection

Record = TypeVar("Record", Comment, Override, Dispute, Answer, Mark, BlindRating, Assignment)

COUNTED = 100
"""So far calls are counted: counting all of very many would keep the first page waiting."""

_STANDS = "NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = {0}.id)"
_QUEUE = (
    "SELECT d.n, d.session, s.persona, s.title, s.trainee, s.started, s.turns, s.exam, s.outcome, s.score, d.urgency, "
    "d.reviewed, d.disputed, d.flagged, d.low, d.unsure, d.failed, d.apart "
    "FROM {} ON s.n = d.n"
)
# CROSS JOIN keeps SQLite to this order: along the queue, or, if only one trainee's calls are wanted, along those
_ALONG_THE_QUEUE = "desk AS d CROSS JOIN summaries AS s"
_OF_ONE_TRAINEE = "summaries AS s CROSS JOIN desk AS d"


class Wanted(NamedTuple):
    """Which calls a coach wants to see; None or empty: any. `since` and `until` are ISO 8601 times, `score` 0-100."""

    trainee: str = ""
    persona: str = ""
    since: str = ""
    until: str = ""
    least: float | None = None
    most: float | None = None
    reviewed: bool | None = False


class Waiting(NamedTuple):
    """A call in the coach's queue, as it was read.

    `urgency`: 4 for a dispute without an answer, 3 for a safety or boundary flag, 2 for a low score or none, 1 for an
    assessment that is unsure or failed or a judge far from the offline scorer, else 0. `disputed` and the following
    say how many disputes or replies make it so; `low`, `exam` and `reviewed` are 0 or 1.
    """

    n: int
    id: str
    persona: str
    title: str
    trainee: str
    started: str
    turns: int
    exam: int
    outcome: str
    score: float | None
    urgency: int
    reviewed: int
    disputed: int
    flagged: int
    low: int
    unsure: int
    failed: int
    apart: int

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the queue: the next page begins after this."""
        return self.urgency, self.n


class Reviews(Book):
    """The reviews in the SQLite database of the transcripts. Each call keeps or reads everything in one go."""

    def keep(self, kept: Comment | Dispute | Answer | Mark | BlindRating | Assignment | Withdrawal) -> None:
        """Keep a record.

        Raises `StoreError` if the call has not ended, or if a dispute that is answered was taken back, or one that is
        taken back was answered, in the meantime; `NotFound` if there is no such call or reply.
        """
        with self.transaction() as connection:
            if isinstance(kept, Answer) and _is_withdrawn(connection, kept.dispute):
                raise StoreError("This dispute was taken back meanwhile.", mend="Open the call again.")
            if isinstance(kept, Withdrawal) and kept.what == "dispute" and _is_answered(connection, kept.of):
                raise StoreError("A coach has answered this dispute meanwhile.", mend="Read the answer in the debrief.")
            add(connection, TABLE_OF[type(kept)], row_of(kept))

    def overrule(self, session: str, make: Callable[[Sequence[Override]], tuple[Override, float | None]]) -> Override:
        """Keep what `make` makes of all overrides of the call with exactly that id, and the session score it leads to.

        Nobody else can add one in between: what counts of a reply is computed from all levels that stand. Raises as
        `keep` does, and whatever `make` raises.
        """
        with self.transaction() as connection:
            kept, score = make(_standing(connection, Override, session))
            add(connection, TABLE_OF[Override], row_of(kept, score))
        return kept

    def of(self, session: str) -> Reviewed:
        """All that was added to the call of that id, or of the only id that begins so, and stands.

        Raises `NotFound`, `BadInput`, `StoreDamaged`.
        """
        with self.snapshot() as connection:
            if connection is None:
                raise NotFound("No transcripts yet.", mend="Take a call first.")
            found = find_session(connection, session)
            return Reviewed(
                comments=_standing(connection, Comment, found),
                overrides=_standing(connection, Override, found),
                disputes=_standing(connection, Dispute, found),
                answers=_standing(connection, Answer, found),
                marks=_standing(connection, Mark, found),
                ratings=_standing(connection, BlindRating, found),
            )

    def queue(self, wanted: Wanted, most: int, after: tuple[int, int] | None = None) -> Sequence[Waiting]:
        """The next `most` calls that are `wanted`, the most urgent first, then the newest; `after` a `place`."""
        conditions: list[tuple[str, Value]] = [
            ("s.trainee = ?", wanted.trainee or None),
            ("s.persona = ?", wanted.persona or None),
            ("s.started >= ?", wanted.since or None),
            ("s.started < ?", wanted.until or None),
            ("s.score >= ?", wanted.least),
            ("s.score <= ?", wanted.most),
        ]
        asked = [(sql, value) for sql, value in conditions if value is not None]
        values: list[Value] = [value for _, value in asked]
        where = [sql for sql, _ in asked]
        if after is not None:
            where.append("(d.urgency, d.n) < (?, ?)")
            values += after
        if wanted.trainee:
            where.append("s.outcome IS NOT NULL")  # as the index by trainee has it
        along = _OF_ONE_TRAINEE if wanted.trainee else _ALONG_THE_QUEUE
        query = (
            f"{_QUEUE.format(along)} WHERE {' AND '.join(['d.reviewed = ?', *where])} "
            "ORDER BY d.urgency DESC, d.n DESC LIMIT ?"
        )
        # one after the other, because only each of the two lies in order
        sides = (0, 1) if wanted.reviewed is None else (int(wanted.reviewed),)
        with self.snapshot() as connection:
            if connection is None:
                return []
            rows = [Waiting(*row) for side in sides for row in connection.execute(query, [side, *values, most])]
        return sorted(rows, key=lambda each: each.place, reverse=True)[:most]

    def counts(self) -> dict[int, int]:
        """How many calls wait unreviewed, by urgency; `COUNTED` stands for that many or more."""
        query = "SELECT count(*) FROM (SELECT 1 FROM desk WHERE reviewed = 0 AND urgency = ? LIMIT ?)"
        with self.snapshot() as connection:
            if connection is None:
                return {}
            found = {urgency: connection.execute(query, [urgency, COUNTED]).fetchone()[0] for urgency in range(5)}
        return {urgency: count for urgency, count in found.items() if count}

    def trainees(self) -> Sequence[str]:
        """Everybody who has played, in alphabetical order."""
        return self._names("trainee")

    def personas(self) -> Sequence[str]:
        """The ids of all personas that were played, in alphabetical order."""
        return self._names("persona")

    def assigned(self, trainee: str) -> Sequence[Assignment]:
        """What was assigned to `trainee`, stands, and was not played to an end since; oldest first."""
        with self.snapshot() as connection:
            if connection is None:
                return []
            return _read(
                connection,
                Assignment,
                f"r.trainee = ? AND {_STANDS.format('r')} AND NOT EXISTS (SELECT 1 FROM summaries AS s "
                "WHERE s.trainee = r.trainee AND s.persona = r.persona AND s.outcome IS NOT NULL AND s.n > r.n)",
                [trainee],
            )

    def ratings(self) -> Sequence[BlindRating]:
        """All blind ratings of all calls, oldest first."""
        with self.snapshot() as connection:
            return [] if connection is None else _read(connection, BlindRating, _STANDS.format("r"), [])

    def overrides(self) -> Sequence[Override]:
        """All that was ever overruled or lifted in any call, oldest first."""
        with self.snapshot() as connection:
            return [] if connection is None else _read(connection, Override, "true", [])

    def _names(self, column: str) -> Sequence[str]:
        with self.snapshot() as connection:
            query = f"SELECT DISTINCT {column} FROM summaries ORDER BY {column}"
            return [] if connection is None else [str(row[0]) for row in connection.execute(query)]


def _is_withdrawn(connection: sqlite3.Connection, ident: str) -> bool:
    return connection.execute("SELECT 1 FROM withdrawals WHERE of = ?", [ident]).fetchone() is not None


def _is_answered(connection: sqlite3.Connection, dispute: str) -> bool:
    answers = connection.execute("SELECT id FROM answers WHERE dispute = ?", [dispute]).fetchall()
    return any(not _is_withdrawn(connection, str(answer)) for (answer,) in answers)


def _standing(connection: sqlite3.Connection, kind: type[Record], session: str) -> tuple[Record, ...]:
    return tuple(_read(connection, kind, f"r.session = ? AND {_STANDS.format('r')}", [session]))


def _read(connection: sqlite3.Connection, kind: type[Record], where: str, values: list[Value]) -> list[Record]:
    table = TABLE_OF[kind]
    rows = connection.execute(f"SELECT {selection(table)} FROM {table} AS r WHERE {where} ORDER BY n", values)
    return [record_of(kind, table, row) for row in intact(table, rows.fetchall())]

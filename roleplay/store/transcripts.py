"""Keeping calls: one durable transaction for each thing that happens, and reading them back with proof of integrity.

What makes rows of records and records of rows is imported where it is used: a list of calls must not wait for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from roleplay.errors import NotFound, StoreDamaged
from roleplay.store.book import Book, add, intact
from roleplay.store.branches import ON_A_BRANCH
from roleplay.store.database import MEND, played_elsewhere
from roleplay.store.listing import (
    Result,
    SessionSummary,
    check_id,
    ended_sessions,
    find_session,
    interrupted_sessions,
    results_of,
    tried_sessions,
)
from roleplay.store.rows import Row, selection

if TYPE_CHECKING:
    from roleplay.conversation.turns import (
        KeptEnding,
        KeptLine,
        KeptOpening,
        KeptReply,
        KeptVerdict,
        SelfRating,
        SessionRecord,
        Transcript,
    )
    from roleplay.persona.fields import Outcome

_OF_ALL_BRANCHES = ("rewinds", "endings", "self_ratings", "overrides")
_SELECT = {
    table: f"SELECT {selection(table)} FROM {table} WHERE {column} = ? ORDER BY n"
    for table, column in (
        *(("scripts", "id"), ("sessions", "id"), ("verdicts", "session")),
        *((table, "session") for table in _OF_ALL_BRANCHES),
    )
}
_NUMBERS = "SELECT branch FROM openings WHERE session = ?"
_WAY = (
    "WITH RECURSIVE way (branch) AS (SELECT ? UNION SELECT parent FROM branches AS b JOIN way USING (branch) "
    "WHERE b.session = ?) SELECT branch FROM way"
)
_AMONG = {
    table: f"SELECT {selection(table)} FROM {table} "
    "WHERE session = ? AND branch IN (SELECT value FROM json_each(?)) ORDER BY n"
    for table in ("openings", "branches")
}
_KEEP_DRAFT = (
    "INSERT INTO drafts (session, branch, text, at) VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')) "
    "ON CONFLICT (session, branch) DO UPDATE SET text = excluded.text, at = excluded.at"
)
_WAS_LEFT = (
    "EXISTS (SELECT 1 FROM openings WHERE session = :session AND branch > :branch AND NOT EXISTS "
    "(SELECT 1 FROM rewinds WHERE session = :session AND branch = openings.branch))"
)
"""Whether a call goes on on another branch. Branches of practice stand beside each other, and none leaves another."""
_HAS_GONE_ON = (
    "SELECT EXISTS (SELECT 1 FROM replies WHERE session = :session AND branch = :branch AND turn > :turn) "
    f"OR {_WAS_LEFT}"
)
_CLEAR_DRAFT = "DELETE FROM drafts WHERE session = ? AND branch IN (0, ?)"
"""What is typed in a call that goes on is kept under 0, on whatever branch that is; in practice, under its own."""
_LAST_TURN = 2**62
DRAFT_LIMIT = 100_000
"""Longest draft in characters; what is typed beyond it is not kept."""


class Try(NamedTuple):
    """A branch, as it was read: which it leaves (None: it is the first), how many turns it has of that, and of its own.

    `practice`, 0 or 1: it was begun after the call had ended. `outcome` is that of its own ending, if it has one.
    `typed` is how many characters were typed in it and not sent.
    """

    branch: int
    parent: int | None
    shared: int
    own: int
    practice: int
    outcome: Outcome | None
    at: str
    typed: int


_TRIES = (
    "SELECT o.branch, b.parent, ifnull(json_extract(o.state, '$.turn'), 0), "
    "(SELECT count(*) FROM replies AS r WHERE r.session = o.session AND r.branch = o.branch), "
    "EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = o.session AND w.branch = o.branch), "
    "(SELECT outcome FROM endings AS e WHERE e.session = o.session AND e.branch = o.branch), o.at, "
    "ifnull((SELECT length(text) FROM drafts AS d WHERE d.session = o.session AND d.branch = o.branch), 0) "
    "FROM openings AS o LEFT JOIN branches AS b ON b.session = o.session AND b.branch = o.branch "
    "WHERE o.session = ? ORDER BY o.branch"
)


class Transcripts(Book):
    """The `TranscriptStore` in a SQLite database."""

    def begin(self, session: SessionRecord, opening: KeptOpening) -> None:
        """Keep the head and the opening of a new session, and its script unless the same one is kept already."""
        from roleplay.store import records

        check_id(session.id)
        with self.transaction() as connection:
            script = records.script_row(session.script)
            if not connection.execute("SELECT 1 FROM scripts WHERE id = ?", [script[0]]).fetchone():
                add(connection, "scripts", script)
            add(connection, "sessions", records.session_row(session, str(script[0])))
            add(connection, "openings", records.opening_row(opening))

    def begin_branch(self, opening: KeptOpening) -> None:
        """Keep the start of a branch, which names the `parent` that it leaves; or of practice, beside it."""
        from roleplay.store import records

        with self.transaction() as connection:
            if opening.practice:
                add(connection, "rewinds", (opening.session, opening.branch, opening.at))
            add(connection, "openings", records.opening_row(opening))
            add(connection, "branches", records.branch_row(opening))

    def keep_draft(self, session: str, text: str, branch: int = 0) -> None:
        """Keep what is typed and not sent, up to `DRAFT_LIMIT`, in place of what was kept before; empty clears it.

        `branch`: one of practice; 0 is the call itself, on whatever branch it goes on. Let no
        draft be on its way when a reply is kept: one that comes after it stays.
        """
        with self.transaction() as connection:
            if text:
                connection.execute(_KEEP_DRAFT, [session, branch, text[:DRAFT_LIMIT]])
            else:
                connection.execute(_CLEAR_DRAFT, [session, branch])

    def draft(self, session: str, branch: int = 0) -> str:
        """What was typed and not sent in the session of that id, as `keep_draft` keeps it; empty if nothing was."""
        with self.snapshot() as connection:
            query = "SELECT text FROM drafts WHERE session = ? AND branch = ?"
            row = None if connection is None else connection.execute(query, [session, branch]).fetchone()
        return str(row[0]) if row else ""

    def keep_reply(self, reply: KeptReply) -> None:
        """First commit of a turn. Nothing of it is a draft any more.

        Raises `StoreError` for a reply on a branch that was left: somebody has taken a reply back in another window.
        """
        from roleplay.store import records

        with self.transaction() as connection:
            add(connection, "replies", records.reply_row(reply))
            here = {"session": reply.session, "branch": reply.branch}
            if connection.execute(f"SELECT {_WAS_LEFT}", here).fetchone()[0]:
                raise played_elsewhere()
            connection.execute(_CLEAR_DRAFT, [reply.session, reply.branch])

    def keep_line(self, line: KeptLine) -> None:
        """Second commit of a turn."""
        from roleplay.store import records

        with self.transaction() as connection:
            add(connection, "lines", records.line_row(line))
            if line.voiced.voice != "scripted":
                add(connection, "voices", records.voice_row(line))

    def keep_verdict(self, verdict: KeptVerdict, score: float | None) -> None:
        """Keep a judge's verdict, with the session score (0-100) that it leads to where the call has ended."""
        from roleplay.store import records

        with self.transaction() as connection:
            add(connection, "verdicts", records.verdict_row(verdict, score))

    def keep_ending(self, ending: KeptEnding, score: float | None, after: int | None = None) -> None:
        """Keep how the call ended, with the session score (0-100) for lists.

        `after`: the turn of the last reply it follows, 0 before any; an ending is refused, as a reply is, if the call
        has gone on from there. None: that was not asked.
        """
        from roleplay.store import records

        with self.transaction() as connection:
            here = {"session": ending.session, "branch": ending.branch, "turn": after}
            if after is not None and connection.execute(_HAS_GONE_ON, here).fetchone()[0]:
                raise played_elsewhere()
            add(connection, "endings", records.ending_row(ending, score))
            connection.execute(_CLEAR_DRAFT, [ending.session, ending.branch])

    def keep_self_rating(self, rating: SelfRating) -> None:
        """Keep the trainee's own rating."""
        with self.transaction() as connection:
            add(connection, "self_ratings", (rating.session, rating.rating, rating.at))

    def load(self, session: str, branch: int | None = None) -> Transcript:
        """The transcript of that id, or of the only id that begins so, along `branch`, or its current branch.

        That is the branch whose ending was kept first; of a call that has not ended, the latest branch. Of a branch of
        practice nothing is read but what lies on its path, and nothing of practice with any other.
        Raises `NotFound`, `BadInput` for what is no id, `StoreDamaged` naming the row that fails its checksum.
        """
        from roleplay.store.whole import Tree, transcript_along

        with self.snapshot() as connection:
            if connection is None:
                raise NotFound("No transcripts yet.", mend="Take a call first.")
            session_id = find_session(connection, session)
            (head,) = _intact_rows(connection, "sessions", session_id)
            scripts = _intact_rows(connection, "scripts", str(head[2]))
            rows = {table: _intact_rows(connection, table, session_id) for table in _OF_ALL_BRANCHES}
            numbers = [int(row[0]) for row in connection.execute(_NUMBERS, [session_id])]
            wanted = _wanted(connection, session_id, branch, numbers, {int(str(row[2])) for row in rows["rewinds"]})
            for table, query in _AMONG.items():
                rows[table] = intact(table, connection.execute(query, [session_id, str(wanted)]).fetchall())
            if not scripts or not rows["openings"]:
                raise StoreDamaged("Rows are missing.", where=f"transcript {session_id}", mend=MEND)
            tree = Tree.of(session_id, rows, branch, max(numbers))
            for table in ON_A_BRANCH:
                parts = (_rows_among(connection, table, session_id, *among) for among in tree.wanted(table))
                rows[table] = sorted(chain.from_iterable(parts), key=lambda row: int(str(row[0])))
        return transcript_along(tree, head, scripts[0], rows)

    def branches(self, session: str) -> Sequence[int]:
        """The numbers of the branches of the session of that id, oldest first; 0 is the first."""
        return [each.branch for each in self.tries(session)]

    def tries(self, session: str) -> Sequence[Try]:
        """What there is of each branch of the session of that id, oldest first, without reading what was said."""
        with self.snapshot() as connection:
            return [] if connection is None else [Try(*row) for row in connection.execute(_TRIES, [session])]

    def score(self, session: str) -> float | None:
        """The session score (0-100) of the session of that id, if it has ended, with all verdicts and overrides."""
        from roleplay.store import records

        with self.snapshot() as connection:
            if connection is None:
                return None
            endings = _intact_rows(connection, "endings", session)[:1]
            later = [
                (table, row) for table in ("verdicts", "overrides") for row in _intact_rows(connection, table, session)
            ]
        scores = [records.score_from("endings", row) for row in endings]
        later.sort(key=lambda each: int(str(each[1][0])))
        scores += [score for table, row in later if (score := records.score_from(table, row)) is not None]
        return scores[-1] if scores else None

    def interrupted(self, trainee: str) -> Sequence[SessionSummary]:
        """Sessions of `trainee` that have not ended, newest first."""
        with self.snapshot() as connection:
            return [] if connection is None else interrupted_sessions(connection, trainee)

    def tried(self, trainee: str, most: int) -> Sequence[SessionSummary]:
        """The latest `most` ended sessions of `trainee` that were being answered again; there a try waits."""
        with self.snapshot() as connection:
            return [] if connection is None else tried_sessions(connection, trainee, most)

    def results(self, trainee: str) -> Mapping[str, Result]:
        """By the id of each persona that `trainee` has played to an end: how often, and the best session score."""
        with self.snapshot() as connection:
            return {} if connection is None else results_of(connection, trainee)

    def ended(self, trainee: str, persona: str, most: int) -> Sequence[str]:
        """The ids of the latest `most` sessions that `trainee` has played with the persona of that id to an end.

        The last to end comes first.
        """
        with self.snapshot() as connection:
            return [] if connection is None else ended_sessions(connection, trainee, persona, most)


def _intact_rows(connection: sqlite3.Connection, table: str, key: str) -> list[Row]:
    """The rows of a session (or the one script), checksum last. Raises `StoreDamaged` for one that was altered."""
    return intact(table, connection.execute(_SELECT[table], [key]).fetchall())


def _wanted(
    connection: sqlite3.Connection, session: str, branch: int | None, numbers: Sequence[int], practice: Collection[int]
) -> list[int]:
    """Which branches of those `numbers` are to be looked at for `branch`, of which some are `practice`.

    For one of these, those on the way to it; else those that count: however often a call was answered again since,
    opening it reads none of that.
    """
    if branch in practice:
        return [int(row[0]) for row in connection.execute(_WAY, [branch, session])]
    return [number for number in numbers if number not in practice]


def _rows_among(connection: sqlite3.Connection, table: str, session: str, branch: int, until: float) -> list[Row]:
    """Those of one branch, up to a turn."""
    query = f"SELECT {selection(table)} FROM {table} WHERE session = ? AND branch = ? AND turn <= ? ORDER BY n"
    return intact(table, connection.execute(query, [session, branch, min(until, _LAST_TURN)]).fetchall())

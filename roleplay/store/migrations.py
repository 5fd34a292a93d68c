"""The steps by which a database becomes what this version expects. A step that was published never changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

SUMMARIES = """
SELECT sessions.n AS n, sessions.id AS session, scripts.persona AS persona, scripts.title AS title,
       sessions.trainee AS trainee, sessions.started AS started, sessions.exam AS exam,
       (SELECT count(DISTINCT turn) FROM replies WHERE replies.session = sessions.id) AS turns,
       endings.outcome AS outcome, endings.ended_by AS ended_by,
       ifnull((SELECT score FROM verdicts WHERE session = sessions.id AND score IS NOT NULL ORDER BY n DESC LIMIT 1),
              endings.score) AS score
FROM sessions
JOIN scripts ON scripts.id = sessions.script
LEFT JOIN endings ON endings.n = (SELECT min(n) FROM endings WHERE endings.session = sessions.id)
"""
"""What the table `summaries` must hold, computed from the rows it sums up: of several endings the first counts, and the
score is that with the latest verdict."""

_SUMMARIES_BEFORE_BRANCHES = """
SELECT sessions.n AS n, sessions.id AS session, scripts.persona AS persona, scripts.title AS title,
       sessions.trainee AS trainee, sessions.started AS started, sessions.exam AS exam,
       (SELECT count(*) FROM replies WHERE replies.session = sessions.id AND replies.branch = 0) AS turns,
       endings.outcome AS outcome, endings.ended_by AS ended_by, endings.score AS score
FROM sessions
JOIN scripts ON scripts.id = sessions.script
LEFT JOIN endings ON endings.session = sessions.id AND endings.branch = 0
"""

ENDED = "this call has ended"
"""With what the database refuses a row of a session that has an ending."""

Columns = str | tuple[str, ...]
Parent = tuple[Columns, str, Columns]

_INTEGERS = frozenset("n exam branch parent turn turns attempt broken_off rating".split())
_MAY_BE_NULL = frozenset("gesture score rating outcome ended_by".split())
_MAY_BE_NULL_IN = {"endings": frozenset({"score"}), "verdicts": frozenset({"score", "state"})}
_SCRIPT: Parent = ("script", "scripts", "id")
_SESSION: Parent = ("session", "sessions", "id")
_BRANCH: Parent = (("session", "branch"), "openings", ("session", "branch"))


def _create(db: Database, table: str, columns: str, unique: str, *parents: Parent) -> None:
    """A table numbered by `n`, in which the columns of `unique` together are so."""
    names = columns.split()
    optional = _MAY_BE_NULL_IN.get(table, _MAY_BE_NULL)
    db.table(table).create(
        {name: int if name in _INTEGERS else float if name == "score" else str for name in names},
        pk="n",
        not_null=[name for name in names if name != "n" and name not in optional],
        foreign_keys=list(parents),
    )
    db.table(table).create_index(unique.split(), unique=True)


def records(db: Database) -> None:
    """The rows of a call. The database itself refuses to change one, and to add to a branch that has ended."""
    tables: dict[str, tuple[str, str, tuple[Parent, ...]]] = {
        "scripts": ("n id persona title script checksum", "id", ()),
        "sessions": ("n id script seed exam actor trainee started checksum", "id", (_SCRIPT,)),
        "openings": ("n session branch state direction at checksum", "session branch", (_SESSION,)),
        "replies": (
            "n session branch turn text gesture moment assessment state direction at checksum",
            "session branch turn",
            (_BRANCH,),
        ),
        "lines": (
            "n session branch turn attempt text broken_off at checksum",
            "session branch turn attempt",
            (_BRANCH,),
        ),
        "endings": (
            "n session branch ended_by ending outcome epilogue score at checksum",
            "session branch",
            (_BRANCH,),
        ),
        "self_ratings": ("n session rating at checksum", "session", (_SESSION,)),
    }
    for table, (columns, unique, parents) in tables.items():
        _create(db, table, columns, unique, *parents)
        db.execute(
            f"CREATE TRIGGER {table}_are_only_added BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END"
        )
    for table in ("replies", "lines", "endings"):
        db.execute(
            f"CREATE TRIGGER {table}_come_before_the_ending BEFORE INSERT ON {table} "
            "WHEN EXISTS (SELECT 1 FROM endings WHERE session = new.session AND branch = new.branch) "
            f"BEGIN SELECT RAISE(ABORT, '{ENDED}'); END"
        )


def everything_said(db: Database) -> None:
    """Full text over the words of both sides. The index holds no text of its own, and is kept by triggers."""
    db.create_view(
        "said",
        "SELECT n, session, branch, turn, 'trainee' AS side, 1 AS attempt, text, at FROM replies "
        "UNION ALL SELECT n, session, branch, turn, 'customer', attempt, text, at FROM lines",
    )
    # columnsize=0: hits are listed newest first, never ranked, so the lengths would be a page written for nothing
    db.execute(
        "CREATE VIRTUAL TABLE said_fts USING fts5(text, content='said', content_rowid='n', columnsize=0, "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    db.execute("INSERT INTO said_fts (said_fts) VALUES ('rebuild')")
    for table in ("replies", "lines"):
        db.execute(
            f"CREATE TRIGGER {table}_said AFTER INSERT ON {table} "
            "BEGIN INSERT INTO said_fts (rowid, text) VALUES (new.n, new.text); END"
        )
        db.execute(
            f"CREATE TRIGGER {table}_unsaid AFTER DELETE ON {table} "
            "BEGIN INSERT INTO said_fts (said_fts, rowid, text) VALUES ('delete', old.n, old.text); END"
        )


def summaries(db: Database) -> None:
    """One row a session, for lists: computed from the other rows, kept by triggers, and without a checksum."""
    columns = "n session persona title trainee started exam turns outcome ended_by score"
    _create(db, "summaries", columns, "session", _SESSION)
    db.execute("CREATE INDEX summaries_interrupted ON summaries (trainee) WHERE outcome IS NULL")
    db.execute(f"INSERT INTO summaries {_SUMMARIES_BEFORE_BRANCHES}")
    db.execute(
        "CREATE TRIGGER sessions_begun AFTER INSERT ON sessions BEGIN "
        "INSERT INTO summaries SELECT new.n, new.id, persona, title, new.trainee, new.started, new.exam, 0, "
        "NULL, NULL, NULL FROM scripts WHERE id = new.script; END"
    )
    db.execute(
        "CREATE TRIGGER replies_counted AFTER INSERT ON replies WHEN new.branch = 0 BEGIN "
        "UPDATE summaries SET turns = turns + 1 WHERE session = new.session; END"
    )
    db.execute(
        "CREATE TRIGGER sessions_ended AFTER INSERT ON endings WHEN new.branch = 0 BEGIN "
        "UPDATE summaries SET outcome = new.outcome, ended_by = new.ended_by, score = new.score "
        "WHERE session = new.session; END"
    )


def drafts(db: Database) -> None:
    """What is typed and not sent: one row a session, replaced in place, and therefore without a checksum."""
    db.table("drafts").create(
        {"session": str, "text": str, "at": str},
        pk="session",
        not_null=["session", "text", "at"],
        foreign_keys=[_SESSION],
    )


def branches(db: Database) -> None:
    """From which branch a branch leaves. A session's list entry counts each turn once, and its first ending."""
    parent: Parent = (("session", "parent"), "openings", ("session", "branch"))
    _create(db, "branches", "n session branch parent checksum", "session branch", _BRANCH, parent)
    db.execute(
        "CREATE TRIGGER branches_are_only_added BEFORE UPDATE ON branches "
        "BEGIN SELECT RAISE(ABORT, 'rows of branches are only added'); END"
    )
    db.execute("DROP TRIGGER replies_counted")
    # CROSS JOIN keeps SQLite to this order: one look-up a branch, however many turns a branch has
    db.execute(
        "CREATE TRIGGER replies_counted AFTER INSERT ON replies WHEN NOT EXISTS ("
        "SELECT 1 FROM openings AS o CROSS JOIN replies AS r ON r.session = o.session AND r.branch = o.branch "
        "WHERE o.session = new.session AND o.branch <> new.branch AND r.turn = new.turn) BEGIN "
        "UPDATE summaries SET turns = turns + 1 WHERE session = new.session; END"
    )
    db.execute("DROP TRIGGER sessions_ended")
    db.execute(
        "CREATE TRIGGER sessions_ended AFTER INSERT ON endings BEGIN "
        "UPDATE summaries SET outcome = new.outcome, ended_by = new.ended_by, score = new.score "
        "WHERE session = new.session AND outcome IS NULL; END"
    )


def results(db: Database) -> None:
    """How often a trainee has played each persona to an end, and how well, is read from one index."""
    db.execute("CREATE INDEX summaries_results ON summaries (trainee, persona, score) WHERE outcome IS NOT NULL")


def one_ending(db: Database) -> None:
    """An ending is the end of the session, whatever branch it is on: the database refuses to add to it.

    What earlier versions kept after it stays.
    """
    for table in ("openings", "replies", "lines", "endings"):
        db.execute(f"DROP TRIGGER IF EXISTS {table}_come_before_the_ending")
        db.execute(
            f"CREATE TRIGGER {table}_come_before_the_ending BEFORE INSERT ON {table} "
            "WHEN EXISTS (SELECT 1 FROM endings WHERE session = new.session) "
            f"BEGIN SELECT RAISE(ABORT, '{ENDED}'); END"
        )


def second_opinions(db: Database) -> None:
    """How lines that are not as scripted came about, and the verdicts of a judge, which may come after the ending."""
    line: tuple[str, ...] = ("session", "branch", "turn", "attempt")
    reply: tuple[str, ...] = ("session", "branch", "turn")
    _create(db, "voices", "n session branch turn attempt voiced checksum", " ".join(line), (line, "lines", line))
    _create(
        db,
        "verdicts",
        "n session branch turn attempt verdict state score at checksum",
        " ".join(line),
        (reply, "replies", reply),
    )
    for table in ("voices", "verdicts"):
        db.execute(
            f"CREATE TRIGGER {table}_are_only_added BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END"
        )
    db.execute(
        "CREATE TRIGGER verdicts_move_no_past BEFORE INSERT ON verdicts WHEN new.state IS NOT NULL AND EXISTS ("
        "SELECT 1 FROM replies AS judged WHERE judged.session = new.session AND judged.branch = new.branch "
        "AND judged.turn = new.turn AND (EXISTS (SELECT 1 FROM replies WHERE session = new.session AND n > judged.n) "
        "OR EXISTS (SELECT 1 FROM openings WHERE session = new.session AND n > judged.n))) "
        "BEGIN SELECT RAISE(ABORT, 'the call has gone on since that reply'); END"
    )
    db.execute(
        "CREATE TRIGGER verdicts_counted AFTER INSERT ON verdicts WHEN new.score IS NOT NULL BEGIN "
        "UPDATE summaries SET score = new.score WHERE session = new.session; END"
    )


STEPS: tuple[Callable[[Database], None], ...] = (
    records,
    everything_said,
    summaries,
    drafts,
    branches,
    results,
    one_ending,
    second_opinions,
)
"""All steps, oldest first; the name of each function is kept in the database once it was run."""

"""The steps by which a database becomes what this version expects. A step that was published never changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from roleplay.store.made import COUNTS, DESK, SUMMARIES_BEFORE_BRANCHES, desk_where, heard_where

if TYPE_CHECKING:
    from sqlite_utils import Database

ENDED = "this call has ended"
"""With what the database refuses a row of a session that has an ending."""

NOT_ENDED = "this call has not ended"
"""With what the database refuses a review of a session that has no ending."""

Columns = str | tuple[str, ...]
Parent = tuple[Columns, str, Columns]

_INTEGERS = frozenset("n exam branch parent turn turns attempt broken_off rating level upheld aided".split())
_MAY_BE_NULL = frozenset("gesture score rating outcome ended_by".split())
_MAY_BE_NULL_IN = {
    "endings": frozenset({"score"}),
    "verdicts": frozenset({"score", "state"}),
    "overrides": frozenset({"level", "assessment", "score"}),
    "withdrawals": frozenset({"session"}),
}
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
    db.execute(f"INSERT INTO summaries {SUMMARIES_BEFORE_BRANCHES}")
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


def reviews(db: Database) -> None:
    """What coaches and trainees add to calls that have ended. Nothing of it is changed or taken away again."""
    reply: Parent = (("session", "branch", "turn"), "replies", ("session", "branch", "turn"))
    dispute: Parent = ("dispute", "disputes", "id")
    tables: dict[str, tuple[str, tuple[Parent, ...]]] = {
        "comments": ("session branch turn side attempt text coach at", (_BRANCH,)),
        "overrides": ("session branch turn dimension level reason assessment score coach at", (reply,)),
        "disputes": ("session branch turn text trainee at", (reply,)),
        "answers": ("session dispute upheld text coach at", (_SESSION, dispute)),
        "marks": ("session coach at", (_SESSION,)),
        "blind_ratings": ("session branch turn levels coach at", (reply,)),
        "assignments": ("trainee persona note coach at", ()),
        "withdrawals": ("session what of by at", (_SESSION,)),
    }
    for table, (columns, parents) in tables.items():
        _create(db, table, f"n id {columns} checksum", "id", *parents)
        db.execute(
            f"CREATE TRIGGER {table}_are_only_added BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END"
        )
        if table not in ("assignments", "withdrawals"):
            db.execute(f"CREATE INDEX {table}_session ON {table} (session, n)")
            db.execute(
                f"CREATE TRIGGER {table}_come_after_the_ending BEFORE INSERT ON {table} "
                "WHEN NOT EXISTS (SELECT 1 FROM endings WHERE session = new.session) "
                f"BEGIN SELECT RAISE(ABORT, '{NOT_ENDED}'); END"
            )
    db.execute("CREATE INDEX assignments_trainee ON assignments (trainee)")
    db.execute("CREATE INDEX withdrawals_of ON withdrawals (of)")
    db.execute(
        "CREATE TRIGGER overrides_counted AFTER INSERT ON overrides WHEN new.score IS NOT NULL BEGIN "
        "UPDATE summaries SET score = new.score WHERE session = new.session; END"
    )


def everything_noted(db: Database) -> None:
    """Full text over what was noted as well as said; what was taken back stays in the index and is passed over."""
    db.execute("DROP VIEW said")
    db.create_view(
        "said",
        "SELECT n, session, branch, turn, 'trainee' AS side, 1 AS attempt, text, at FROM replies "
        "UNION ALL SELECT n, session, branch, turn, 'customer', attempt, text, at FROM lines "
        "UNION ALL SELECT n, session, branch, turn, 'coach', 1, text, at FROM comments "
        "UNION ALL SELECT n, session, branch, turn, 'coach', 1, reason, at FROM overrides "
        "UNION ALL SELECT n, session, branch, turn, 'dispute', 1, text, at FROM disputes "
        "UNION ALL SELECT a.n, a.session, d.branch, d.turn, 'coach', 1, a.text, a.at "
        "FROM answers AS a JOIN disputes AS d ON d.id = a.dispute",
    )
    for table, words in (("comments", "text"), ("overrides", "reason"), ("disputes", "text"), ("answers", "text")):
        db.execute(
            f"CREATE TRIGGER {table}_said AFTER INSERT ON {table} "
            f"BEGIN INSERT INTO said_fts (rowid, text) VALUES (new.n, new.{words}); END"
        )
        db.execute(
            f"CREATE TRIGGER {table}_unsaid AFTER DELETE ON {table} "
            f"BEGIN INSERT INTO said_fts (said_fts, rowid, text) VALUES ('delete', old.n, old.{words}); END"
        )


def heard(db: Database) -> None:
    """One row for each turn that was replied to, with what counts of it; and one a call for the coach's queue.

    Both are computed from the other rows, kept by triggers, and without a checksum.
    """
    db.execute(
        "CREATE TABLE heard (n INTEGER PRIMARY KEY, session TEXT NOT NULL REFERENCES sessions (id), "
        "branch INTEGER NOT NULL, turn INTEGER NOT NULL, moment TEXT NOT NULL, counts TEXT NOT NULL, "
        "opportunity TEXT, acknowledges_feeling INTEGER, names_need INTEGER, reaches_unspoken INTEGER, "
        "explores INTEGER, acts INTEGER, harm INTEGER, overall INTEGER, turn_score REAL, unsure INTEGER, "
        "safety INTEGER, boundary INTEGER, judged TEXT, gap INTEGER, UNIQUE (session, turn))"
    )
    db.execute(f"INSERT INTO heard {heard_where('true', 'true')}")
    db.execute(
        "CREATE TABLE desk (n INTEGER PRIMARY KEY, session TEXT NOT NULL UNIQUE REFERENCES sessions (id), "
        "urgency INTEGER NOT NULL, reviewed INTEGER NOT NULL, disputed INTEGER NOT NULL, flagged INTEGER NOT NULL, "
        "low INTEGER NOT NULL, unsure INTEGER NOT NULL, failed INTEGER NOT NULL, apart INTEGER NOT NULL)"
    )
    db.execute("CREATE INDEX desk_queue ON desk (reviewed, urgency, n)")
    db.execute(f"INSERT INTO desk {DESK}")
    this_turn = "r.session = new.session AND r.turn = new.turn"
    for table in ("replies", "verdicts", "overrides"):
        first = "WHEN NOT EXISTS (SELECT 1 FROM heard WHERE session = new.session AND turn = new.turn) "
        db.execute(
            f"CREATE TRIGGER {table}_heard AFTER INSERT ON {table} {first if table == 'replies' else ''}BEGIN "
            "DELETE FROM heard WHERE session = new.session AND turn = new.turn; "
            f"INSERT INTO heard {heard_where(this_turn, 'true')}; END"
        )
    this_call = "s.session = new.session"
    renewed = f"DELETE FROM desk WHERE session = new.session; INSERT INTO desk {desk_where(this_call)}; "
    for table in ("verdicts", "overrides", "disputes", "answers", "marks", "withdrawals"):
        db.execute(
            f"CREATE TRIGGER {table}_on_the_desk AFTER INSERT ON {table} "
            f"WHEN new.session IS NOT NULL BEGIN {renewed}END"
        )
    db.execute(
        "CREATE TRIGGER summaries_on_the_desk AFTER UPDATE OF outcome, score ON summaries "
        f"WHEN new.outcome IS NOT NULL BEGIN {renewed}END"
    )


def common_questions(db: Database) -> None:
    """Views for the common questions; and what was taken back of a call is found by its id."""
    from roleplay.store.questions import VIEWS

    db.execute("CREATE INDEX withdrawals_session ON withdrawals (session) WHERE session IS NOT NULL")
    for name, sql in VIEWS.items():
        db.create_view(name, sql)


def drills(db: Database) -> None:
    """What a trainee practised outside calls: replies to single moments, and the tests that some belong to."""
    tables: dict[str, tuple[str, tuple[Parent, ...]]] = {
        "drill_tests": ("trainee items at", ()),
        "drills": (
            "trainee script persona moment sitting test attempt aided history text assessment at",
            (_SCRIPT,),
        ),
        "test_ratings": ("trainee test rating at", (("test", "drill_tests", "id"),)),
    }
    for table, (columns, parents) in tables.items():
        _create(db, table, f"n id {columns} checksum", "id", *parents)
        db.execute(
            f"CREATE TRIGGER {table}_are_only_added BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END"
        )
        db.execute(f"CREATE INDEX {table}_trainee ON {table} (trainee, n)")
    db.table("drill_drafts").create(
        {"trainee": str, "persona": str, "moment": str, "test": str, "text": str, "at": str},
        pk=("trainee", "test"),
        not_null=["persona", "moment", "text", "at"],
    )


def rewinds(db: Database) -> None:
    """Branches that are begun after the call had ended. What is on them is practice: it never counts.

    The first ending stays the result. A branch of before is closed by it, one that was begun after it by its own.
    """
    _create(db, "rewinds", "n session branch at checksum", "session branch", _SESSION)
    db.execute(
        "CREATE TRIGGER rewinds_are_only_added BEFORE UPDATE ON rewinds "
        "BEGIN SELECT RAISE(ABORT, 'rows of rewinds are only added'); END"
    )
    db.execute(
        "CREATE TRIGGER rewinds_come_after_the_ending BEFORE INSERT ON rewinds "
        "WHEN NOT EXISTS (SELECT 1 FROM endings WHERE session = new.session) "
        f"BEGIN SELECT RAISE(ABORT, '{NOT_ENDED}'); END"
    )
    counts = COUNTS.format("new")
    closed = f"EXISTS (SELECT 1 FROM endings WHERE session = new.session) AND {counts}"
    own = "EXISTS (SELECT 1 FROM endings WHERE session = new.session AND branch = new.branch)"
    for table in ("openings", "replies", "lines", "endings"):
        db.execute(f"DROP TRIGGER {table}_come_before_the_ending")
        db.execute(
            f"CREATE TRIGGER {table}_come_before_the_ending BEFORE INSERT ON {table} "
            f"WHEN ({closed}) OR {own} BEGIN SELECT RAISE(ABORT, '{ENDED}'); END"
        )
    db.execute("DROP TRIGGER replies_counted")
    db.execute(
        f"CREATE TRIGGER replies_counted AFTER INSERT ON replies WHEN {counts} AND NOT EXISTS ("
        "SELECT 1 FROM openings AS o CROSS JOIN replies AS r ON r.session = o.session AND r.branch = o.branch "
        "WHERE o.session = new.session AND o.branch <> new.branch AND r.turn = new.turn) BEGIN "
        "UPDATE summaries SET turns = turns + 1 WHERE session = new.session; END"
    )
    db.execute("DROP TRIGGER verdicts_move_no_past")
    db.execute(
        "CREATE TRIGGER verdicts_move_no_past BEFORE INSERT ON verdicts WHEN new.state IS NOT NULL AND EXISTS ("
        "SELECT 1 FROM replies AS judged WHERE judged.session = new.session AND judged.branch = new.branch "
        "AND judged.turn = new.turn AND (EXISTS (SELECT 1 FROM replies WHERE session = new.session "
        "AND branch = new.branch AND n > judged.n) OR EXISTS (SELECT 1 FROM branches WHERE session = new.session "
        "AND parent = new.branch AND n > judged.n))) "
        "BEGIN SELECT RAISE(ABORT, 'the call has gone on since that reply'); END"
    )
    this_turn = "r.session = new.session AND r.turn = new.turn"
    first = f"{counts} AND NOT EXISTS (SELECT 1 FROM heard WHERE session = new.session AND turn = new.turn)"
    for table in ("replies", "verdicts", "overrides"):
        db.execute(f"DROP TRIGGER {table}_heard")
        db.execute(
            f"CREATE TRIGGER {table}_heard AFTER INSERT ON {table} WHEN {first if table == 'replies' else counts} "
            "BEGIN DELETE FROM heard WHERE session = new.session AND turn = new.turn; "
            f"INSERT INTO heard {heard_where(this_turn)}; END"
        )


def drafts_of_tries(db: Database) -> None:
    """What is typed in one try is not what is typed in another."""
    db.table("drafts_of_tries").create(
        {"session": str, "branch": int, "text": str, "at": str},
        pk=("session", "branch"),
        not_null=["text", "at"],
        foreign_keys=[_SESSION],
    )
    db.execute("INSERT INTO drafts_of_tries SELECT session, 0, text, at FROM drafts")
    db.execute("DROP TABLE drafts")
    db.execute("ALTER TABLE drafts_of_tries RENAME TO drafts")


STEPS: tuple[Callable[[Database], None], ...] = (
    records,
    everything_said,
    summaries,
    drafts,
    branches,
    results,
    one_ending,
    second_opinions,
    reviews,
    everything_noted,
    heard,
    common_questions,
    drills,
    rewinds,
    drafts_of_tries,
)
"""All steps, oldest first; the name of each function is kept in the database once it was run."""

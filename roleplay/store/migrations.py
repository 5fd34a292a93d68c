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
       ifnull((SELECT score FROM (SELECT n, score FROM verdicts WHERE session = sessions.id AND score IS NOT NULL
                                  UNION ALL
                                  SELECT n, score FROM overrides WHERE session = sessions.id AND score IS NOT NULL)
               ORDER BY n DESC LIMIT 1), endings.score) AS score
FROM sessions
JOIN scripts ON scripts.id = sessions.script
LEFT JOIN endings ON endings.n = (SELECT min(n) FROM endings WHERE endings.session = sessions.id)
"""
"""What the table `summaries` must hold, computed from the rows it sums up: of several endings the first counts, and the
score is that with the latest verdict, or with what a coach has overruled since."""

_SUMMARIES_BEFORE_BRANCHES = """
SELECT sessions.n AS n, sessions.id AS session, scripts.persona AS persona, scripts.title AS title,
       sessions.trainee AS trainee, sessions.started AS started, sessions.exam AS exam,
       (SELECT count(*) FROM replies WHERE replies.session = sessions.id AND replies.branch = 0) AS turns,
       endings.outcome AS outcome, endings.ended_by AS ended_by, endings.score AS score
FROM sessions
JOIN scripts ON scripts.id = sessions.script
LEFT JOIN endings ON endings.session = sessions.id AND endings.branch = 0
"""

LOW_SCORE = 40
"""Session scores below this, of 100, are low."""

FAR_APART = 2
"""So far apart, of 4, are `overall` of judge and offline scorer where a coach should look."""

_LEVELS = "acknowledges_feeling names_need reaches_unspoken explores acts harm".split()


def heard_where(which: str) -> str:
    """What the table `heard` must hold of the replies `r` of which `which` is true, computed from the rows.

    Of each turn the first reply counts, with what a coach made of it, else a verified verdict, else the offline
    assessment.
    """
    levels = ", ".join(f"json_extract(a, '$.scores.{name}')" for name in _LEVELS)
    of_it = "session = r.session AND branch = r.branch AND turn = r.turn"
    given = f"FROM verdicts WHERE {of_it} ORDER BY json_extract(verdict, '$.standing') = 'failed', n DESC LIMIT 1"
    # LIMIT -1 keeps SQLite from computing `a` anew for each of its parts
    return f"""
SELECT n, session, branch, turn, moment,
       CASE WHEN coach IS NOT NULL THEN 'coach' WHEN standing = 'verified' THEN 'judge' ELSE 'offline' END,
       json_extract(a, '$.opportunity'), {levels}, json_extract(a, '$.overall'), json_extract(a, '$.turn_score'),
       json_extract(a, '$.unsure'), ifnull(json_extract(a, '$.flags.safety'), 0),
       ifnull(json_extract(a, '$.flags.boundary'), 0), standing,
       abs(json_extract(verdict, '$.assessment.overall') - offline)
FROM (SELECT *, ifnull(coach, iif(standing = 'verified', json_extract(verdict, '$.assessment'), assessment)) AS a
      FROM (SELECT *, json_extract(verdict, '$.standing') AS standing
            FROM (SELECT r.n, r.session, r.branch, r.turn, r.moment, r.assessment,
                         json_extract(r.assessment, '$.overall') AS offline,
                         (SELECT assessment FROM overrides WHERE {of_it} ORDER BY n DESC LIMIT 1) AS coach,
                         (SELECT verdict {given}) AS verdict
                  FROM replies AS r
                  WHERE {which} AND NOT EXISTS (
                      SELECT 1 FROM replies AS e WHERE e.session = r.session AND e.turn = r.turn AND e.n < r.n)
                  LIMIT -1) LIMIT -1) LIMIT -1)
"""


def desk_where(which: str) -> str:
    """What the table `desk` must hold of the calls `s` of `summaries` of which `which` is true, if they have ended.

    `urgency`: 4 for a dispute without an answer, 3 for a safety or boundary flag, 2 for a low score or none at all, 1
    for an assessment that is unsure or failed, or a judge far from the offline scorer, else 0.
    """
    standing = "NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = {0}.id)"
    return f"""
SELECT n, session,
       CASE WHEN disputed > 0 THEN 4 WHEN flagged > 0 THEN 3 WHEN low > 0 THEN 2
            WHEN unsure + failed + apart > 0 THEN 1 ELSE 0 END,
       marked > 0 AND disputed = 0, disputed, flagged, low, unsure, failed, apart
FROM (SELECT s.n AS n, s.session AS session, ifnull(s.score, 0) < {LOW_SCORE} AS low,
             (SELECT count(*) FROM disputes AS d WHERE d.session = s.session AND {standing.format("d")} AND NOT EXISTS (
                 SELECT 1 FROM answers AS a WHERE a.session = d.session AND a.dispute = d.id
                 AND {standing.format("a")})) AS disputed,
             (SELECT count(*) FROM marks AS m WHERE m.session = s.session AND {standing.format("m")}) AS marked,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.safety + h.boundary > 0) AS flagged,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.unsure > 0) AS unsure,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session
                 AND (h.judged = 'failed' OR h.overall IS NULL)) AS failed,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.gap >= {FAR_APART}) AS apart
      FROM summaries AS s WHERE {which} AND s.outcome IS NOT NULL LIMIT -1)
"""


HEARD = heard_where("true")
"""What the table `heard` must hold."""

DESK = desk_where("true")
"""What the table `desk` must hold."""

ENDED = "this call has ended"
"""With what the database refuses a row of a session that has an ending."""

NOT_ENDED = "this call has not ended"
"""With what the database refuses a review of a session that has no ending."""

Columns = str | tuple[str, ...]
Parent = tuple[Columns, str, Columns]

_INTEGERS = frozenset("n exam branch parent turn turns attempt broken_off rating level upheld".split())
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
    db.execute(f"INSERT INTO heard {HEARD}")
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
            f"INSERT INTO heard {heard_where(this_turn)}; END"
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
)
"""All steps, oldest first; the name of each function is kept in the database once it was run."""

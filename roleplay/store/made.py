"""What the tables must hold that are made from other rows: the list of calls, what was heard, and the coach's desk."""

from __future__ import annotations

SUMMARIES = """
SELECT sessions.n AS n, sessions.id AS session, scripts.persona AS persona, scripts.title AS title,
       sessions.trainee AS trainee, sessions.started AS started, sessions.exam AS exam,
       (SELECT count(DISTINCT turn) FROM replies WHERE replies.session = sessions.id AND NOT EXISTS (
           SELECT 1 FROM rewinds WHERE rewinds.session = replies.session AND rewinds.branch = replies.branch)) AS turns,
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
score is that with the latest verdict, or with what a coach has overruled since. Rewinds do not count."""

SUMMARIES_BEFORE_BRANCHES = """
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


COUNTS = "NOT EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = {0}.session AND w.branch = {0}.branch)"
"""Whether a row is on a branch that counts: one that was begun before the call had ended."""


def heard_where(which: str, counts: str = COUNTS.format("r")) -> str:
    """What the table `heard` must hold of the replies `r` of which `which` is true, computed from the rows.

    Of each turn the first reply counts (of those on branches that count), with what a coach made of it, else a
    verified verdict, else the offline assessment.
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
                  WHERE {which} AND {counts} AND NOT EXISTS (
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

"""The common questions to ask of the database with any tool, as views; docs/data.md tells what their columns mean."""

from __future__ import annotations

_LEVELS = ("acknowledges_feeling", "names_need", "reaches_unspoken", "explores", "acts", "harm")

CALLS_BY_TRAINEE = """
SELECT s.trainee, count(*) AS calls, count(s.outcome) AS ended, count(DISTINCT s.persona) AS personas,
       round(avg(s.score), 1) AS mean_score, max(s.score) AS best_score, sum(ifnull(d.reviewed, 0)) AS reviewed,
       min(s.started) AS first_started, max(s.started) AS last_started
FROM summaries AS s LEFT JOIN desk AS d ON d.n = s.n
GROUP BY s.trainee
"""

REPLIES_WITH_LEVELS = f"""
SELECT h.n, h.session, s.trainee, s.persona, s.started, h.turn, h.moment,
       (SELECT l.text FROM lines AS l WHERE l.session = r.session AND l.turn = r.turn AND l.broken_off = 0 AND l.n < r.n
        ORDER BY l.n DESC LIMIT 1) AS customer,
       r.text AS reply, r.gesture, h.counts AS scored_by, h.opportunity, {", ".join(f"h.{name}" for name in _LEVELS)},
       h.overall, h.turn_score, h.unsure, h.safety, h.boundary
FROM heard AS h JOIN replies AS r ON r.n = h.n JOIN summaries AS s ON s.session = h.session
WHERE s.outcome IS NOT NULL
"""

MISSED_MOMENTS = """
SELECT s.persona, h.moment, count(*) AS tries, sum(h.opportunity = 'met') AS met,
       sum(h.opportunity = 'partly') AS partly, sum(h.opportunity = 'missed') AS missed,
       round(1.0 * sum(h.opportunity = 'missed') / count(*), 3) AS missed_share,
       count(DISTINCT s.trainee) AS trainees
FROM heard AS h JOIN summaries AS s ON s.session = h.session
WHERE s.outcome IS NOT NULL AND h.opportunity IN ('met', 'partly', 'missed')
GROUP BY s.persona, h.moment
"""

OPEN_DISPUTES = """
SELECT d.n, d.session, s.persona, d.trainee, d.branch, d.turn, r.text AS reply, d.text AS dispute, d.at
FROM disputes AS d JOIN summaries AS s ON s.session = d.session
JOIN replies AS r ON r.session = d.session AND r.branch = d.branch AND r.turn = d.turn
WHERE NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = d.id)
  AND NOT EXISTS (SELECT 1 FROM answers AS a WHERE a.dispute = d.id
                  AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = a.id))
"""

LEVELS_OVERRULED = """
SELECT n, session, persona, trainee, branch, turn, reply, dimension, level,
       json_extract(machine, iif(dimension = 'overall', '$.overall', '$.scores.' || dimension)) AS machine_level,
       iif(verdict IS NULL, 'offline', 'judge') AS machine, reason, coach, at
FROM (SELECT *, ifnull(verdict, assessment) AS machine
      FROM (SELECT o.n, o.session, s.persona, s.trainee, o.branch, o.turn, r.text AS reply, o.dimension, o.level,
                   o.reason, o.coach, o.at, r.assessment,
                   (SELECT iif(json_extract(v.verdict, '$.standing') = 'verified',
                               json_extract(v.verdict, '$.assessment'), NULL)
                    FROM verdicts AS v WHERE v.session = o.session AND v.branch = o.branch AND v.turn = o.turn
                    ORDER BY json_extract(v.verdict, '$.standing') = 'failed', v.n DESC LIMIT 1) AS verdict
            FROM overrides AS o JOIN summaries AS s ON s.session = o.session
            JOIN replies AS r ON r.session = o.session AND r.branch = o.branch AND r.turn = o.turn
            WHERE o.level IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM overrides AS later WHERE later.session = o.session AND later.branch = o.branch
                AND later.turn = o.turn AND later.dimension = o.dimension AND later.n > o.n)))
"""

VIEWS = {
    "calls_by_trainee": CALLS_BY_TRAINEE,
    "replies_with_levels": REPLIES_WITH_LEVELS,
    "missed_moments": MISSED_MOMENTS,
    "open_disputes": OPEN_DISPUTES,
    "levels_overruled": LEVELS_OVERRULED,
}
"""The views by name."""

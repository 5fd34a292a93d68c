CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE TABLE "scripts" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "persona" TEXT NOT NULL,
   "title" TEXT NOT NULL,
   "script" TEXT NOT NULL,
   "checksum" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_scripts_id"
    ON "scripts" ("id");
CREATE TRIGGER scripts_are_only_added BEFORE UPDATE ON scripts BEGIN SELECT RAISE(ABORT, 'rows of scripts are only added'); END;
CREATE TABLE "sessions" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "script" TEXT NOT NULL REFERENCES "scripts"("id"),
   "seed" TEXT NOT NULL,
   "exam" INTEGER NOT NULL,
   "actor" TEXT NOT NULL,
   "trainee" TEXT NOT NULL,
   "started" TEXT NOT NULL,
   "checksum" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_sessions_id"
    ON "sessions" ("id");
CREATE TRIGGER sessions_are_only_added BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'rows of sessions are only added'); END;
CREATE TABLE "openings" (
   "n" INTEGER PRIMARY KEY,
   "session" TEXT NOT NULL REFERENCES "sessions"("id"),
   "branch" INTEGER NOT NULL,
   "state" TEXT NOT NULL,
   "direction" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_openings_session_branch"
    ON "openings" ("session", "branch");
CREATE TRIGGER openings_are_only_added BEFORE UPDATE ON openings BEGIN SELECT RAISE(ABORT, 'rows of openings are only added'); END;
CREATE TABLE "replies" (
   "n" INTEGER PRIMARY KEY,
   "session" TEXT NOT NULL,
   "branch" INTEGER NOT NULL,
   "turn" INTEGER NOT NULL,
   "text" TEXT NOT NULL,
   "gesture" TEXT,
   "moment" TEXT NOT NULL,
   "assessment" TEXT NOT NULL,
   "state" TEXT NOT NULL,
   "direction" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL,
   FOREIGN KEY ("session", "branch") REFERENCES "openings"("session", "branch")
);
CREATE UNIQUE INDEX "idx_replies_session_branch_turn"
    ON "replies" ("session", "branch", "turn");
CREATE TRIGGER replies_are_only_added BEFORE UPDATE ON replies BEGIN SELECT RAISE(ABORT, 'rows of replies are only added'); END;
CREATE TABLE "lines" (
   "n" INTEGER PRIMARY KEY,
   "session" TEXT NOT NULL,
   "branch" INTEGER NOT NULL,
   "turn" INTEGER NOT NULL,
   "attempt" INTEGER NOT NULL,
   "text" TEXT NOT NULL,
   "broken_off" INTEGER NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL,
   FOREIGN KEY ("session", "branch") REFERENCES "openings"("session", "branch")
);
CREATE UNIQUE INDEX "idx_lines_session_branch_turn_attempt"
    ON "lines" ("session", "branch", "turn", "attempt");
CREATE TRIGGER lines_are_only_added BEFORE UPDATE ON lines BEGIN SELECT RAISE(ABORT, 'rows of lines are only added'); END;
CREATE TABLE "endings" (
   "n" INTEGER PRIMARY KEY,
   "session" TEXT NOT NULL,
   "branch" INTEGER NOT NULL,
   "ended_by" TEXT NOT NULL,
   "ending" TEXT NOT NULL,
   "outcome" TEXT NOT NULL,
   "epilogue" TEXT NOT NULL,
   "score" REAL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL,
   FOREIGN KEY ("session", "branch") REFERENCES "openings"("session", "branch")
);
CREATE UNIQUE INDEX "idx_endings_session_branch"
    ON "endings" ("session", "branch");
CREATE TRIGGER endings_are_only_added BEFORE UPDATE ON endings BEGIN SELECT RAISE(ABORT, 'rows of endings are only added'); END;
CREATE TABLE "self_ratings" (
   "n" INTEGER PRIMARY KEY,
   "session" TEXT NOT NULL REFERENCES "sessions"("id"),
   "rating" INTEGER,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_self_ratings_session"
    ON "self_ratings" ("session");
CREATE TRIGGER self_ratings_are_only_added BEFORE UPDATE ON self_ratings BEGIN SELECT RAISE(ABORT, 'rows of self_ratings are only added'); END;
CREATE VIRTUAL TABLE said_fts USING fts5(text, content='said', content_rowid='n', columnsize=0, tokenize='porter unicode61 remove_diacritics 2');
CREATE TRIGGER replies_said AFTER INSERT ON replies BEGIN INSERT INTO said_fts (rowid, text) VALUES (new.n, new.text); END;
CREATE TRIGGER replies_unsaid AFTER DELETE ON replies BEGIN INSERT INTO said_fts (said_fts, rowid, text) VALUES ('delete', old.n, old.text); END;
CREATE TRIGGER lines_said AFTER INSERT ON lines BEGIN INSERT INTO said_fts (rowid, text) VALUES (new.n, new.text); END;
CREATE TRIGGER lines_unsaid AFTER DELETE ON lines BEGIN INSERT INTO said_fts (said_fts, rowid, text) VALUES ('delete', old.n, old.text); END;
CREATE TABLE "summaries" (
   "n" INTEGER PRIMARY KEY,
   "session" TEXT NOT NULL REFERENCES "sessions"("id"),
   "persona" TEXT NOT NULL,
   "title" TEXT NOT NULL,
   "trainee" TEXT NOT NULL,
   "started" TEXT NOT NULL,
   "exam" INTEGER NOT NULL,
   "turns" INTEGER NOT NULL,
   "outcome" TEXT,
   "ended_by" TEXT,
   "score" REAL
);
CREATE UNIQUE INDEX "idx_summaries_session"
    ON "summaries" ("session");
CREATE INDEX summaries_interrupted ON summaries (trainee) WHERE outcome IS NULL;
CREATE TRIGGER sessions_begun AFTER INSERT ON sessions BEGIN INSERT INTO summaries SELECT new.n, new.id, persona, title, new.trainee, new.started, new.exam, 0, NULL, NULL, NULL FROM scripts WHERE id = new.script; END;
CREATE TABLE "branches" (
   "n" INTEGER PRIMARY KEY,
   "session" TEXT NOT NULL,
   "branch" INTEGER NOT NULL,
   "parent" INTEGER NOT NULL,
   "checksum" TEXT NOT NULL,
   FOREIGN KEY ("session", "branch") REFERENCES "openings"("session", "branch"),
   FOREIGN KEY ("session", "parent") REFERENCES "openings"("session", "branch")
);
CREATE UNIQUE INDEX "idx_branches_session_branch"
    ON "branches" ("session", "branch");
CREATE TRIGGER branches_are_only_added BEFORE UPDATE ON branches BEGIN SELECT RAISE(ABORT, 'rows of branches are only added'); END;
CREATE TRIGGER sessions_ended AFTER INSERT ON endings BEGIN UPDATE summaries SET outcome = new.outcome, ended_by = new.ended_by, score = new.score WHERE session = new.session AND outcome IS NULL; END;
CREATE INDEX summaries_results ON summaries (trainee, persona, score) WHERE outcome IS NOT NULL;
CREATE TABLE "voices" (
   "n" INTEGER PRIMARY KEY,
   "session" TEXT NOT NULL,
   "branch" INTEGER NOT NULL,
   "turn" INTEGER NOT NULL,
   "attempt" INTEGER NOT NULL,
   "voiced" TEXT NOT NULL,
   "checksum" TEXT NOT NULL,
   FOREIGN KEY ("session", "branch", "turn", "attempt") REFERENCES "lines"("session", "branch", "turn", "attempt")
);
CREATE UNIQUE INDEX "idx_voices_session_branch_turn_attempt"
    ON "voices" ("session", "branch", "turn", "attempt");
CREATE TABLE "verdicts" (
   "n" INTEGER PRIMARY KEY,
   "session" TEXT NOT NULL,
   "branch" INTEGER NOT NULL,
   "turn" INTEGER NOT NULL,
   "attempt" INTEGER NOT NULL,
   "verdict" TEXT NOT NULL,
   "state" TEXT,
   "score" REAL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL,
   FOREIGN KEY ("session", "branch", "turn") REFERENCES "replies"("session", "branch", "turn")
);
CREATE UNIQUE INDEX "idx_verdicts_session_branch_turn_attempt"
    ON "verdicts" ("session", "branch", "turn", "attempt");
CREATE TRIGGER voices_are_only_added BEFORE UPDATE ON voices BEGIN SELECT RAISE(ABORT, 'rows of voices are only added'); END;
CREATE TRIGGER verdicts_are_only_added BEFORE UPDATE ON verdicts BEGIN SELECT RAISE(ABORT, 'rows of verdicts are only added'); END;
CREATE TRIGGER verdicts_counted AFTER INSERT ON verdicts WHEN new.score IS NOT NULL BEGIN UPDATE summaries SET score = new.score WHERE session = new.session; END;
CREATE TABLE "comments" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "session" TEXT NOT NULL,
   "branch" INTEGER NOT NULL,
   "turn" INTEGER NOT NULL,
   "side" TEXT NOT NULL,
   "attempt" INTEGER NOT NULL,
   "text" TEXT NOT NULL,
   "coach" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL,
   FOREIGN KEY ("session", "branch") REFERENCES "openings"("session", "branch")
);
CREATE UNIQUE INDEX "idx_comments_id"
    ON "comments" ("id");
CREATE TRIGGER comments_are_only_added BEFORE UPDATE ON comments BEGIN SELECT RAISE(ABORT, 'rows of comments are only added'); END;
CREATE INDEX comments_session ON comments (session, n);
CREATE TRIGGER comments_come_after_the_ending BEFORE INSERT ON comments WHEN NOT EXISTS (SELECT 1 FROM endings WHERE session = new.session) BEGIN SELECT RAISE(ABORT, 'this call has not ended'); END;
CREATE TABLE "overrides" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "session" TEXT NOT NULL,
   "branch" INTEGER NOT NULL,
   "turn" INTEGER NOT NULL,
   "dimension" TEXT NOT NULL,
   "level" INTEGER,
   "reason" TEXT NOT NULL,
   "assessment" TEXT,
   "score" REAL,
   "coach" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL,
   FOREIGN KEY ("session", "branch", "turn") REFERENCES "replies"("session", "branch", "turn")
);
CREATE UNIQUE INDEX "idx_overrides_id"
    ON "overrides" ("id");
CREATE TRIGGER overrides_are_only_added BEFORE UPDATE ON overrides BEGIN SELECT RAISE(ABORT, 'rows of overrides are only added'); END;
CREATE INDEX overrides_session ON overrides (session, n);
CREATE TRIGGER overrides_come_after_the_ending BEFORE INSERT ON overrides WHEN NOT EXISTS (SELECT 1 FROM endings WHERE session = new.session) BEGIN SELECT RAISE(ABORT, 'this call has not ended'); END;
CREATE TABLE "disputes" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "session" TEXT NOT NULL,
   "branch" INTEGER NOT NULL,
   "turn" INTEGER NOT NULL,
   "text" TEXT NOT NULL,
   "trainee" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL,
   FOREIGN KEY ("session", "branch", "turn") REFERENCES "replies"("session", "branch", "turn")
);
CREATE UNIQUE INDEX "idx_disputes_id"
    ON "disputes" ("id");
CREATE TRIGGER disputes_are_only_added BEFORE UPDATE ON disputes BEGIN SELECT RAISE(ABORT, 'rows of disputes are only added'); END;
CREATE INDEX disputes_session ON disputes (session, n);
CREATE TRIGGER disputes_come_after_the_ending BEFORE INSERT ON disputes WHEN NOT EXISTS (SELECT 1 FROM endings WHERE session = new.session) BEGIN SELECT RAISE(ABORT, 'this call has not ended'); END;
CREATE TABLE "answers" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "session" TEXT NOT NULL REFERENCES "sessions"("id"),
   "dispute" TEXT NOT NULL REFERENCES "disputes"("id"),
   "upheld" INTEGER NOT NULL,
   "text" TEXT NOT NULL,
   "coach" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_answers_id"
    ON "answers" ("id");
CREATE TRIGGER answers_are_only_added BEFORE UPDATE ON answers BEGIN SELECT RAISE(ABORT, 'rows of answers are only added'); END;
CREATE INDEX answers_session ON answers (session, n);
CREATE TRIGGER answers_come_after_the_ending BEFORE INSERT ON answers WHEN NOT EXISTS (SELECT 1 FROM endings WHERE session = new.session) BEGIN SELECT RAISE(ABORT, 'this call has not ended'); END;
CREATE TABLE "marks" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "session" TEXT NOT NULL REFERENCES "sessions"("id"),
   "coach" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_marks_id"
    ON "marks" ("id");
CREATE TRIGGER marks_are_only_added BEFORE UPDATE ON marks BEGIN SELECT RAISE(ABORT, 'rows of marks are only added'); END;
CREATE INDEX marks_session ON marks (session, n);
CREATE TRIGGER marks_come_after_the_ending BEFORE INSERT ON marks WHEN NOT EXISTS (SELECT 1 FROM endings WHERE session = new.session) BEGIN SELECT RAISE(ABORT, 'this call has not ended'); END;
CREATE TABLE "blind_ratings" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "session" TEXT NOT NULL,
   "branch" INTEGER NOT NULL,
   "turn" INTEGER NOT NULL,
   "levels" TEXT NOT NULL,
   "coach" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL,
   FOREIGN KEY ("session", "branch", "turn") REFERENCES "replies"("session", "branch", "turn")
);
CREATE UNIQUE INDEX "idx_blind_ratings_id"
    ON "blind_ratings" ("id");
CREATE TRIGGER blind_ratings_are_only_added BEFORE UPDATE ON blind_ratings BEGIN SELECT RAISE(ABORT, 'rows of blind_ratings are only added'); END;
CREATE INDEX blind_ratings_session ON blind_ratings (session, n);
CREATE TRIGGER blind_ratings_come_after_the_ending BEFORE INSERT ON blind_ratings WHEN NOT EXISTS (SELECT 1 FROM endings WHERE session = new.session) BEGIN SELECT RAISE(ABORT, 'this call has not ended'); END;
CREATE TABLE "assignments" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "trainee" TEXT NOT NULL,
   "persona" TEXT NOT NULL,
   "note" TEXT NOT NULL,
   "coach" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_assignments_id"
    ON "assignments" ("id");
CREATE TRIGGER assignments_are_only_added BEFORE UPDATE ON assignments BEGIN SELECT RAISE(ABORT, 'rows of assignments are only added'); END;
CREATE TABLE "withdrawals" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "session" TEXT REFERENCES "sessions"("id"),
   "what" TEXT NOT NULL,
   "of" TEXT NOT NULL,
   "by" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_withdrawals_id"
    ON "withdrawals" ("id");
CREATE TRIGGER withdrawals_are_only_added BEFORE UPDATE ON withdrawals BEGIN SELECT RAISE(ABORT, 'rows of withdrawals are only added'); END;
CREATE INDEX assignments_trainee ON assignments (trainee);
CREATE INDEX withdrawals_of ON withdrawals (of);
CREATE TRIGGER overrides_counted AFTER INSERT ON overrides WHEN new.score IS NOT NULL BEGIN UPDATE summaries SET score = new.score WHERE session = new.session; END;
CREATE VIEW "said" AS SELECT n, session, branch, turn, 'trainee' AS side, 1 AS attempt, text, at FROM replies UNION ALL SELECT n, session, branch, turn, 'customer', attempt, text, at FROM lines UNION ALL SELECT n, session, branch, turn, 'coach', 1, text, at FROM comments UNION ALL SELECT n, session, branch, turn, 'coach', 1, reason, at FROM overrides UNION ALL SELECT n, session, branch, turn, 'dispute', 1, text, at FROM disputes UNION ALL SELECT a.n, a.session, d.branch, d.turn, 'coach', 1, a.text, a.at FROM answers AS a JOIN disputes AS d ON d.id = a.dispute;
CREATE TRIGGER comments_said AFTER INSERT ON comments BEGIN INSERT INTO said_fts (rowid, text) VALUES (new.n, new.text); END;
CREATE TRIGGER comments_unsaid AFTER DELETE ON comments BEGIN INSERT INTO said_fts (said_fts, rowid, text) VALUES ('delete', old.n, old.text); END;
CREATE TRIGGER overrides_said AFTER INSERT ON overrides BEGIN INSERT INTO said_fts (rowid, text) VALUES (new.n, new.reason); END;
CREATE TRIGGER overrides_unsaid AFTER DELETE ON overrides BEGIN INSERT INTO said_fts (said_fts, rowid, text) VALUES ('delete', old.n, old.reason); END;
CREATE TRIGGER disputes_said AFTER INSERT ON disputes BEGIN INSERT INTO said_fts (rowid, text) VALUES (new.n, new.text); END;
CREATE TRIGGER disputes_unsaid AFTER DELETE ON disputes BEGIN INSERT INTO said_fts (said_fts, rowid, text) VALUES ('delete', old.n, old.text); END;
CREATE TRIGGER answers_said AFTER INSERT ON answers BEGIN INSERT INTO said_fts (rowid, text) VALUES (new.n, new.text); END;
CREATE TRIGGER answers_unsaid AFTER DELETE ON answers BEGIN INSERT INTO said_fts (said_fts, rowid, text) VALUES ('delete', old.n, old.text); END;
CREATE TABLE heard (n INTEGER PRIMARY KEY, session TEXT NOT NULL REFERENCES sessions (id), branch INTEGER NOT NULL, turn INTEGER NOT NULL, moment TEXT NOT NULL, counts TEXT NOT NULL, opportunity TEXT, acknowledges_feeling INTEGER, names_need INTEGER, reaches_unspoken INTEGER, explores INTEGER, acts INTEGER, harm INTEGER, overall INTEGER, turn_score REAL, unsure INTEGER, safety INTEGER, boundary INTEGER, judged TEXT, gap INTEGER, UNIQUE (session, turn));
CREATE TABLE desk (n INTEGER PRIMARY KEY, session TEXT NOT NULL UNIQUE REFERENCES sessions (id), urgency INTEGER NOT NULL, reviewed INTEGER NOT NULL, disputed INTEGER NOT NULL, flagged INTEGER NOT NULL, low INTEGER NOT NULL, unsure INTEGER NOT NULL, failed INTEGER NOT NULL, apart INTEGER NOT NULL);
CREATE INDEX desk_queue ON desk (reviewed, urgency, n);
CREATE TRIGGER verdicts_on_the_desk AFTER INSERT ON verdicts WHEN new.session IS NOT NULL BEGIN DELETE FROM desk WHERE session = new.session; INSERT INTO desk 
SELECT n, session,
       CASE WHEN disputed > 0 THEN 4 WHEN flagged > 0 THEN 3 WHEN low > 0 THEN 2
            WHEN unsure + failed + apart > 0 THEN 1 ELSE 0 END,
       marked > 0 AND disputed = 0, disputed, flagged, low, unsure, failed, apart
FROM (SELECT s.n AS n, s.session AS session, ifnull(s.score, 0) < 40 AS low,
             (SELECT count(*) FROM disputes AS d WHERE d.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = d.id) AND NOT EXISTS (
                 SELECT 1 FROM answers AS a WHERE a.session = d.session AND a.dispute = d.id
                 AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = a.id))) AS disputed,
             (SELECT count(*) FROM marks AS m WHERE m.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = m.id)) AS marked,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.safety + h.boundary > 0) AS flagged,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.unsure > 0) AS unsure,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session
                 AND (h.judged = 'failed' OR h.overall IS NULL)) AS failed,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.gap >= 2) AS apart
      FROM summaries AS s WHERE s.session = new.session AND s.outcome IS NOT NULL LIMIT -1)
; END;
CREATE TRIGGER overrides_on_the_desk AFTER INSERT ON overrides WHEN new.session IS NOT NULL BEGIN DELETE FROM desk WHERE session = new.session; INSERT INTO desk 
SELECT n, session,
       CASE WHEN disputed > 0 THEN 4 WHEN flagged > 0 THEN 3 WHEN low > 0 THEN 2
            WHEN unsure + failed + apart > 0 THEN 1 ELSE 0 END,
       marked > 0 AND disputed = 0, disputed, flagged, low, unsure, failed, apart
FROM (SELECT s.n AS n, s.session AS session, ifnull(s.score, 0) < 40 AS low,
             (SELECT count(*) FROM disputes AS d WHERE d.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = d.id) AND NOT EXISTS (
                 SELECT 1 FROM answers AS a WHERE a.session = d.session AND a.dispute = d.id
                 AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = a.id))) AS disputed,
             (SELECT count(*) FROM marks AS m WHERE m.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = m.id)) AS marked,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.safety + h.boundary > 0) AS flagged,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.unsure > 0) AS unsure,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session
                 AND (h.judged = 'failed' OR h.overall IS NULL)) AS failed,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.gap >= 2) AS apart
      FROM summaries AS s WHERE s.session = new.session AND s.outcome IS NOT NULL LIMIT -1)
; END;
CREATE TRIGGER disputes_on_the_desk AFTER INSERT ON disputes WHEN new.session IS NOT NULL BEGIN DELETE FROM desk WHERE session = new.session; INSERT INTO desk 
SELECT n, session,
       CASE WHEN disputed > 0 THEN 4 WHEN flagged > 0 THEN 3 WHEN low > 0 THEN 2
            WHEN unsure + failed + apart > 0 THEN 1 ELSE 0 END,
       marked > 0 AND disputed = 0, disputed, flagged, low, unsure, failed, apart
FROM (SELECT s.n AS n, s.session AS session, ifnull(s.score, 0) < 40 AS low,
             (SELECT count(*) FROM disputes AS d WHERE d.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = d.id) AND NOT EXISTS (
                 SELECT 1 FROM answers AS a WHERE a.session = d.session AND a.dispute = d.id
                 AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = a.id))) AS disputed,
             (SELECT count(*) FROM marks AS m WHERE m.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = m.id)) AS marked,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.safety + h.boundary > 0) AS flagged,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.unsure > 0) AS unsure,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session
                 AND (h.judged = 'failed' OR h.overall IS NULL)) AS failed,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.gap >= 2) AS apart
      FROM summaries AS s WHERE s.session = new.session AND s.outcome IS NOT NULL LIMIT -1)
; END;
CREATE TRIGGER answers_on_the_desk AFTER INSERT ON answers WHEN new.session IS NOT NULL BEGIN DELETE FROM desk WHERE session = new.session; INSERT INTO desk 
SELECT n, session,
       CASE WHEN disputed > 0 THEN 4 WHEN flagged > 0 THEN 3 WHEN low > 0 THEN 2
            WHEN unsure + failed + apart > 0 THEN 1 ELSE 0 END,
       marked > 0 AND disputed = 0, disputed, flagged, low, unsure, failed, apart
FROM (SELECT s.n AS n, s.session AS session, ifnull(s.score, 0) < 40 AS low,
             (SELECT count(*) FROM disputes AS d WHERE d.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = d.id) AND NOT EXISTS (
                 SELECT 1 FROM answers AS a WHERE a.session = d.session AND a.dispute = d.id
                 AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = a.id))) AS disputed,
             (SELECT count(*) FROM marks AS m WHERE m.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = m.id)) AS marked,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.safety + h.boundary > 0) AS flagged,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.unsure > 0) AS unsure,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session
                 AND (h.judged = 'failed' OR h.overall IS NULL)) AS failed,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.gap >= 2) AS apart
      FROM summaries AS s WHERE s.session = new.session AND s.outcome IS NOT NULL LIMIT -1)
; END;
CREATE TRIGGER marks_on_the_desk AFTER INSERT ON marks WHEN new.session IS NOT NULL BEGIN DELETE FROM desk WHERE session = new.session; INSERT INTO desk 
SELECT n, session,
       CASE WHEN disputed > 0 THEN 4 WHEN flagged > 0 THEN 3 WHEN low > 0 THEN 2
            WHEN unsure + failed + apart > 0 THEN 1 ELSE 0 END,
       marked > 0 AND disputed = 0, disputed, flagged, low, unsure, failed, apart
FROM (SELECT s.n AS n, s.session AS session, ifnull(s.score, 0) < 40 AS low,
             (SELECT count(*) FROM disputes AS d WHERE d.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = d.id) AND NOT EXISTS (
                 SELECT 1 FROM answers AS a WHERE a.session = d.session AND a.dispute = d.id
                 AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = a.id))) AS disputed,
             (SELECT count(*) FROM marks AS m WHERE m.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = m.id)) AS marked,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.safety + h.boundary > 0) AS flagged,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.unsure > 0) AS unsure,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session
                 AND (h.judged = 'failed' OR h.overall IS NULL)) AS failed,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.gap >= 2) AS apart
      FROM summaries AS s WHERE s.session = new.session AND s.outcome IS NOT NULL LIMIT -1)
; END;
CREATE TRIGGER withdrawals_on_the_desk AFTER INSERT ON withdrawals WHEN new.session IS NOT NULL BEGIN DELETE FROM desk WHERE session = new.session; INSERT INTO desk 
SELECT n, session,
       CASE WHEN disputed > 0 THEN 4 WHEN flagged > 0 THEN 3 WHEN low > 0 THEN 2
            WHEN unsure + failed + apart > 0 THEN 1 ELSE 0 END,
       marked > 0 AND disputed = 0, disputed, flagged, low, unsure, failed, apart
FROM (SELECT s.n AS n, s.session AS session, ifnull(s.score, 0) < 40 AS low,
             (SELECT count(*) FROM disputes AS d WHERE d.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = d.id) AND NOT EXISTS (
                 SELECT 1 FROM answers AS a WHERE a.session = d.session AND a.dispute = d.id
                 AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = a.id))) AS disputed,
             (SELECT count(*) FROM marks AS m WHERE m.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = m.id)) AS marked,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.safety + h.boundary > 0) AS flagged,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.unsure > 0) AS unsure,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session
                 AND (h.judged = 'failed' OR h.overall IS NULL)) AS failed,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.gap >= 2) AS apart
      FROM summaries AS s WHERE s.session = new.session AND s.outcome IS NOT NULL LIMIT -1)
; END;
CREATE TRIGGER summaries_on_the_desk AFTER UPDATE OF outcome, score ON summaries WHEN new.outcome IS NOT NULL BEGIN DELETE FROM desk WHERE session = new.session; INSERT INTO desk 
SELECT n, session,
       CASE WHEN disputed > 0 THEN 4 WHEN flagged > 0 THEN 3 WHEN low > 0 THEN 2
            WHEN unsure + failed + apart > 0 THEN 1 ELSE 0 END,
       marked > 0 AND disputed = 0, disputed, flagged, low, unsure, failed, apart
FROM (SELECT s.n AS n, s.session AS session, ifnull(s.score, 0) < 40 AS low,
             (SELECT count(*) FROM disputes AS d WHERE d.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = d.id) AND NOT EXISTS (
                 SELECT 1 FROM answers AS a WHERE a.session = d.session AND a.dispute = d.id
                 AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = a.id))) AS disputed,
             (SELECT count(*) FROM marks AS m WHERE m.session = s.session AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = m.id)) AS marked,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.safety + h.boundary > 0) AS flagged,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.unsure > 0) AS unsure,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session
                 AND (h.judged = 'failed' OR h.overall IS NULL)) AS failed,
             (SELECT count(*) FROM heard AS h WHERE h.session = s.session AND h.gap >= 2) AS apart
      FROM summaries AS s WHERE s.session = new.session AND s.outcome IS NOT NULL LIMIT -1)
; END;
CREATE INDEX withdrawals_session ON withdrawals (session) WHERE session IS NOT NULL;
CREATE VIEW "calls_by_trainee" AS 
SELECT s.trainee, count(*) AS calls, count(s.outcome) AS ended, count(DISTINCT s.persona) AS personas,
       round(avg(s.score), 1) AS mean_score, max(s.score) AS best_score, sum(ifnull(d.reviewed, 0)) AS reviewed,
       min(s.started) AS first_started, max(s.started) AS last_started
FROM summaries AS s LEFT JOIN desk AS d ON d.n = s.n
GROUP BY s.trainee;
CREATE VIEW "replies_with_levels" AS 
SELECT h.n, h.session, s.trainee, s.persona, s.started, h.turn, h.moment,
       (SELECT l.text FROM lines AS l WHERE l.session = r.session AND l.turn = r.turn AND l.broken_off = 0 AND l.n < r.n
        ORDER BY l.n DESC LIMIT 1) AS customer,
       r.text AS reply, r.gesture, h.counts AS scored_by, h.opportunity, h.acknowledges_feeling, h.names_need, h.reaches_unspoken, h.explores, h.acts, h.harm,
       h.overall, h.turn_score, h.unsure, h.safety, h.boundary
FROM heard AS h JOIN replies AS r ON r.n = h.n JOIN summaries AS s ON s.session = h.session
WHERE s.outcome IS NOT NULL;
CREATE VIEW "missed_moments" AS 
SELECT s.persona, h.moment, count(*) AS tries, sum(h.opportunity = 'met') AS met,
       sum(h.opportunity = 'partly') AS partly, sum(h.opportunity = 'missed') AS missed,
       round(1.0 * sum(h.opportunity = 'missed') / count(*), 3) AS missed_share,
       count(DISTINCT s.trainee) AS trainees
FROM heard AS h JOIN summaries AS s ON s.session = h.session
WHERE s.outcome IS NOT NULL AND h.opportunity IN ('met', 'partly', 'missed')
GROUP BY s.persona, h.moment;
CREATE VIEW "open_disputes" AS 
SELECT d.n, d.session, s.persona, d.trainee, d.branch, d.turn, r.text AS reply, d.text AS dispute, d.at
FROM disputes AS d JOIN summaries AS s ON s.session = d.session
JOIN replies AS r ON r.session = d.session AND r.branch = d.branch AND r.turn = d.turn
WHERE NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = d.id)
  AND NOT EXISTS (SELECT 1 FROM answers AS a WHERE a.dispute = d.id
                  AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of = a.id));
CREATE VIEW "levels_overruled" AS 
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
                AND later.turn = o.turn AND later.dimension = o.dimension AND later.n > o.n)));
CREATE TABLE "drill_tests" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "trainee" TEXT NOT NULL,
   "items" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_drill_tests_id"
    ON "drill_tests" ("id");
CREATE TRIGGER drill_tests_are_only_added BEFORE UPDATE ON drill_tests BEGIN SELECT RAISE(ABORT, 'rows of drill_tests are only added'); END;
CREATE INDEX drill_tests_trainee ON drill_tests (trainee, n);
CREATE TABLE "drills" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "trainee" TEXT NOT NULL,
   "script" TEXT NOT NULL REFERENCES "scripts"("id"),
   "persona" TEXT NOT NULL,
   "moment" TEXT NOT NULL,
   "sitting" TEXT NOT NULL,
   "test" TEXT NOT NULL,
   "attempt" INTEGER NOT NULL,
   "aided" INTEGER NOT NULL,
   "history" TEXT NOT NULL,
   "text" TEXT NOT NULL,
   "assessment" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_drills_id"
    ON "drills" ("id");
CREATE TRIGGER drills_are_only_added BEFORE UPDATE ON drills BEGIN SELECT RAISE(ABORT, 'rows of drills are only added'); END;
CREATE INDEX drills_trainee ON drills (trainee, n);
CREATE TABLE "test_ratings" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "trainee" TEXT NOT NULL,
   "test" TEXT NOT NULL REFERENCES "drill_tests"("id"),
   "rating" INTEGER,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_test_ratings_id"
    ON "test_ratings" ("id");
CREATE TRIGGER test_ratings_are_only_added BEFORE UPDATE ON test_ratings BEGIN SELECT RAISE(ABORT, 'rows of test_ratings are only added'); END;
CREATE INDEX test_ratings_trainee ON test_ratings (trainee, n);
CREATE TABLE "drill_drafts" (
   "trainee" TEXT,
   "persona" TEXT NOT NULL,
   "moment" TEXT NOT NULL,
   "test" TEXT,
   "text" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   PRIMARY KEY ("trainee", "test")
);
CREATE TABLE "rewinds" (
   "n" INTEGER PRIMARY KEY,
   "session" TEXT NOT NULL REFERENCES "sessions"("id"),
   "branch" INTEGER NOT NULL,
   "at" TEXT NOT NULL,
   "checksum" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_rewinds_session_branch"
    ON "rewinds" ("session", "branch");
CREATE TRIGGER rewinds_are_only_added BEFORE UPDATE ON rewinds BEGIN SELECT RAISE(ABORT, 'rows of rewinds are only added'); END;
CREATE TRIGGER rewinds_come_after_the_ending BEFORE INSERT ON rewinds WHEN NOT EXISTS (SELECT 1 FROM endings WHERE session = new.session) BEGIN SELECT RAISE(ABORT, 'this call has not ended'); END;
CREATE TRIGGER openings_come_before_the_ending BEFORE INSERT ON openings WHEN (EXISTS (SELECT 1 FROM endings WHERE session = new.session) AND NOT EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = new.session AND w.branch = new.branch)) OR EXISTS (SELECT 1 FROM endings WHERE session = new.session AND branch = new.branch) BEGIN SELECT RAISE(ABORT, 'this call has ended'); END;
CREATE TRIGGER replies_come_before_the_ending BEFORE INSERT ON replies WHEN (EXISTS (SELECT 1 FROM endings WHERE session = new.session) AND NOT EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = new.session AND w.branch = new.branch)) OR EXISTS (SELECT 1 FROM endings WHERE session = new.session AND branch = new.branch) BEGIN SELECT RAISE(ABORT, 'this call has ended'); END;
CREATE TRIGGER lines_come_before_the_ending BEFORE INSERT ON lines WHEN (EXISTS (SELECT 1 FROM endings WHERE session = new.session) AND NOT EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = new.session AND w.branch = new.branch)) OR EXISTS (SELECT 1 FROM endings WHERE session = new.session AND branch = new.branch) BEGIN SELECT RAISE(ABORT, 'this call has ended'); END;
CREATE TRIGGER endings_come_before_the_ending BEFORE INSERT ON endings WHEN (EXISTS (SELECT 1 FROM endings WHERE session = new.session) AND NOT EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = new.session AND w.branch = new.branch)) OR EXISTS (SELECT 1 FROM endings WHERE session = new.session AND branch = new.branch) BEGIN SELECT RAISE(ABORT, 'this call has ended'); END;
CREATE TRIGGER replies_counted AFTER INSERT ON replies WHEN NOT EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = new.session AND w.branch = new.branch) AND NOT EXISTS (SELECT 1 FROM openings AS o CROSS JOIN replies AS r ON r.session = o.session AND r.branch = o.branch WHERE o.session = new.session AND o.branch <> new.branch AND r.turn = new.turn) BEGIN UPDATE summaries SET turns = turns + 1 WHERE session = new.session; END;
CREATE TRIGGER verdicts_move_no_past BEFORE INSERT ON verdicts WHEN new.state IS NOT NULL AND EXISTS (SELECT 1 FROM replies AS judged WHERE judged.session = new.session AND judged.branch = new.branch AND judged.turn = new.turn AND (EXISTS (SELECT 1 FROM replies WHERE session = new.session AND branch = new.branch AND n > judged.n) OR EXISTS (SELECT 1 FROM branches WHERE session = new.session AND parent = new.branch AND n > judged.n))) BEGIN SELECT RAISE(ABORT, 'the call has gone on since that reply'); END;
CREATE TRIGGER replies_heard AFTER INSERT ON replies WHEN NOT EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = new.session AND w.branch = new.branch) AND NOT EXISTS (SELECT 1 FROM heard WHERE session = new.session AND turn = new.turn) BEGIN DELETE FROM heard WHERE session = new.session AND turn = new.turn; INSERT INTO heard 
SELECT n, session, branch, turn, moment,
       CASE WHEN coach IS NOT NULL THEN 'coach' WHEN standing = 'verified' THEN 'judge' ELSE 'offline' END,
       json_extract(a, '$.opportunity'), json_extract(a, '$.scores.acknowledges_feeling'), json_extract(a, '$.scores.names_need'), json_extract(a, '$.scores.reaches_unspoken'), json_extract(a, '$.scores.explores'), json_extract(a, '$.scores.acts'), json_extract(a, '$.scores.harm'), json_extract(a, '$.overall'), json_extract(a, '$.turn_score'),
       json_extract(a, '$.unsure'), ifnull(json_extract(a, '$.flags.safety'), 0),
       ifnull(json_extract(a, '$.flags.boundary'), 0), standing,
       abs(json_extract(verdict, '$.assessment.overall') - offline)
FROM (SELECT *, ifnull(coach, iif(standing = 'verified', json_extract(verdict, '$.assessment'), assessment)) AS a
      FROM (SELECT *, json_extract(verdict, '$.standing') AS standing
            FROM (SELECT r.n, r.session, r.branch, r.turn, r.moment, r.assessment,
                         json_extract(r.assessment, '$.overall') AS offline,
                         (SELECT assessment FROM overrides WHERE session = r.session AND branch = r.branch AND turn = r.turn ORDER BY n DESC LIMIT 1) AS coach,
                         (SELECT verdict FROM verdicts WHERE session = r.session AND branch = r.branch AND turn = r.turn ORDER BY json_extract(verdict, '$.standing') = 'failed', n DESC LIMIT 1) AS verdict
                  FROM replies AS r
                  WHERE r.session = new.session AND r.turn = new.turn AND NOT EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = r.session AND w.branch = r.branch) AND NOT EXISTS (
                      SELECT 1 FROM replies AS e WHERE e.session = r.session AND e.turn = r.turn AND e.n < r.n)
                  LIMIT -1) LIMIT -1) LIMIT -1)
; END;
CREATE TRIGGER verdicts_heard AFTER INSERT ON verdicts WHEN NOT EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = new.session AND w.branch = new.branch) BEGIN DELETE FROM heard WHERE session = new.session AND turn = new.turn; INSERT INTO heard 
SELECT n, session, branch, turn, moment,
       CASE WHEN coach IS NOT NULL THEN 'coach' WHEN standing = 'verified' THEN 'judge' ELSE 'offline' END,
       json_extract(a, '$.opportunity'), json_extract(a, '$.scores.acknowledges_feeling'), json_extract(a, '$.scores.names_need'), json_extract(a, '$.scores.reaches_unspoken'), json_extract(a, '$.scores.explores'), json_extract(a, '$.scores.acts'), json_extract(a, '$.scores.harm'), json_extract(a, '$.overall'), json_extract(a, '$.turn_score'),
       json_extract(a, '$.unsure'), ifnull(json_extract(a, '$.flags.safety'), 0),
       ifnull(json_extract(a, '$.flags.boundary'), 0), standing,
       abs(json_extract(verdict, '$.assessment.overall') - offline)
FROM (SELECT *, ifnull(coach, iif(standing = 'verified', json_extract(verdict, '$.assessment'), assessment)) AS a
      FROM (SELECT *, json_extract(verdict, '$.standing') AS standing
            FROM (SELECT r.n, r.session, r.branch, r.turn, r.moment, r.assessment,
                         json_extract(r.assessment, '$.overall') AS offline,
                         (SELECT assessment FROM overrides WHERE session = r.session AND branch = r.branch AND turn = r.turn ORDER BY n DESC LIMIT 1) AS coach,
                         (SELECT verdict FROM verdicts WHERE session = r.session AND branch = r.branch AND turn = r.turn ORDER BY json_extract(verdict, '$.standing') = 'failed', n DESC LIMIT 1) AS verdict
                  FROM replies AS r
                  WHERE r.session = new.session AND r.turn = new.turn AND NOT EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = r.session AND w.branch = r.branch) AND NOT EXISTS (
                      SELECT 1 FROM replies AS e WHERE e.session = r.session AND e.turn = r.turn AND e.n < r.n)
                  LIMIT -1) LIMIT -1) LIMIT -1)
; END;
CREATE TRIGGER overrides_heard AFTER INSERT ON overrides WHEN NOT EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = new.session AND w.branch = new.branch) BEGIN DELETE FROM heard WHERE session = new.session AND turn = new.turn; INSERT INTO heard 
SELECT n, session, branch, turn, moment,
       CASE WHEN coach IS NOT NULL THEN 'coach' WHEN standing = 'verified' THEN 'judge' ELSE 'offline' END,
       json_extract(a, '$.opportunity'), json_extract(a, '$.scores.acknowledges_feeling'), json_extract(a, '$.scores.names_need'), json_extract(a, '$.scores.reaches_unspoken'), json_extract(a, '$.scores.explores'), json_extract(a, '$.scores.acts'), json_extract(a, '$.scores.harm'), json_extract(a, '$.overall'), json_extract(a, '$.turn_score'),
       json_extract(a, '$.unsure'), ifnull(json_extract(a, '$.flags.safety'), 0),
       ifnull(json_extract(a, '$.flags.boundary'), 0), standing,
       abs(json_extract(verdict, '$.assessment.overall') - offline)
FROM (SELECT *, ifnull(coach, iif(standing = 'verified', json_extract(verdict, '$.assessment'), assessment)) AS a
      FROM (SELECT *, json_extract(verdict, '$.standing') AS standing
            FROM (SELECT r.n, r.session, r.branch, r.turn, r.moment, r.assessment,
                         json_extract(r.assessment, '$.overall') AS offline,
                         (SELECT assessment FROM overrides WHERE session = r.session AND branch = r.branch AND turn = r.turn ORDER BY n DESC LIMIT 1) AS coach,
                         (SELECT verdict FROM verdicts WHERE session = r.session AND branch = r.branch AND turn = r.turn ORDER BY json_extract(verdict, '$.standing') = 'failed', n DESC LIMIT 1) AS verdict
                  FROM replies AS r
                  WHERE r.session = new.session AND r.turn = new.turn AND NOT EXISTS (SELECT 1 FROM rewinds AS w WHERE w.session = r.session AND w.branch = r.branch) AND NOT EXISTS (
                      SELECT 1 FROM replies AS e WHERE e.session = r.session AND e.turn = r.turn AND e.n < r.n)
                  LIMIT -1) LIMIT -1) LIMIT -1)
; END;
CREATE TABLE "drafts" (
   "session" TEXT REFERENCES "sessions"("id"),
   "branch" INTEGER,
   "text" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   PRIMARY KEY ("session", "branch")
);
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'records', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'everything_said', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'summaries', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'drafts', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'branches', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'results', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'one_ending', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'second_opinions', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'reviews', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'everything_noted', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'heard', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'common_questions', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'drills', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'rewinds', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'drafts_of_tries', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));

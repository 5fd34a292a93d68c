"""A call as every export tells it: who, when and how it ended, and all of it as a coach reads it; or without names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from msgspec.structs import replace

from roleplay.conversation.reviewing import Answer, BlindRating, Comment, Dispute, Mark, Override, Reviewed
from roleplay.conversation.score import score_of
from roleplay.conversation.turns import Transcript
from roleplay.practice import wording
from roleplay.review.desk import Case
from roleplay.review.reading import Entry, comments_elsewhere, entries_of
from roleplay.store.carried import OF_A_CALL, Carried
from roleplay.store.review_rows import record_of
from roleplay.store.rows import TABLES, Row, Value
from roleplay.store.whole import transcript_from
from roleplay.text import counted, one_line, sanitise


class Told(NamedTuple):
    """A call, all that happened in it, and comments on what is on other branches.

    `score` is the session score (0-100) as it counts, `machine` as it was without what a coach overruled. `practice`
    are the branches on which it was answered again after its end; what was said on them is not told.
    """

    case: Case
    entries: tuple[Entry, ...]
    elsewhere: tuple[Comment, ...]
    score: float | None
    machine: float | None
    practice: frozenset[int] = frozenset()

    @property
    def transcript(self) -> Transcript:
        """The call along the branch on which it ended."""
        return self.case.transcript

    @property
    def assessed(self) -> bool:
        """Whether its assessments are told: not before its end, as nothing is told of an exam that goes on."""
        return self.case.transcript.ending is not None

    @property
    def title(self) -> str:
        """What the call is called."""
        script = self.transcript.session.script
        _, title = script.listed
        return f"{one_line(title)} ({one_line(script.persona.name)})"


def told_of(call: Carried) -> Told:
    """The call of those rows. Raises `StoreDamaged`, `StoreForeign`."""
    rows: dict[str, list[Row]] = {table: [] for table in OF_A_CALL}
    scores: list[Value] = []
    for number, piece in enumerate(call.pieces, 1):
        rows[piece.table].append((number, *piece.row))
        scores += [piece.column("score")] if piece.column("score") is not None else []
    rows["openings"].sort(key=lambda row: int(str(row[2])))
    transcript = transcript_from((0, *call.head), (0, *call.script), rows)
    back = {row[4] for row in rows["withdrawals"]}
    reviewed = Reviewed(
        comments=tuple(record_of(Comment, "comments", row) for row in rows["comments"] if row[1] not in back),
        overrides=tuple(record_of(Override, "overrides", row) for row in rows["overrides"]),
        disputes=tuple(record_of(Dispute, "disputes", row) for row in rows["disputes"] if row[1] not in back),
        answers=tuple(record_of(Answer, "answers", row) for row in rows["answers"] if row[1] not in back),
        marks=tuple(record_of(Mark, "marks", row) for row in rows["marks"] if row[1] not in back),
        ratings=tuple(
            record_of(BlindRating, "blind_ratings", row) for row in rows["blind_ratings"] if row[1] not in back
        ),
    )
    case = Case(transcript, [int(str(row[2])) for row in rows["openings"]], reviewed)
    score = float(str(scores[-1])) if scores else None
    machine = score_of(replace(transcript, overrides=())).score if transcript.overrides else score
    entries = entries_of(case)
    practice = frozenset(int(str(branch)) for branch in call.practice)
    return Told(case, entries, comments_elsewhere(case, entries), score, machine, practice)


def heading_of(told: Told) -> list[tuple[str, str]]:
    """What is to be known of a call before it is read: each fact with its name."""
    session, ending, rating = told.transcript.session, told.transcript.ending, told.transcript.self_rating
    facts = [
        ("Call", session.id),
        ("Trainee", one_line(session.trainee)),
        ("Started", when(session.started)),
        ("Mode", "exam" if session.exam else "practice"),
        ("Customer", one_line(session.actor)),
    ]
    if ending is None:
        return [*facts, ("Outcome", "Interrupted: this call has not ended. Its assessment comes at its end.")]
    facts.append(("Outcome", wording.OUTCOMES[ending.outcome]))
    facts.append(("Score", _score(told)))
    if rating and rating.rating is not None:
        facts.append(("Own rating", f"{rating.rating} of 4"))
    if told.practice:
        times = counted(len(told.practice), "time", "times")
        facts.append(("Answered again", f"{times} after its end, as practice that does not count and is not told here"))
    marks = [f"{one_line(mark.coach)}, {when(mark.at)}" for mark in told.case.reviewed.marks]
    return [*facts, *([("Reviewed by", "; ".join(marks))] if marks else [])]


def when(at: str) -> str:
    """A time that was kept, in UTC; as it stands if it is none."""
    try:
        return datetime.fromisoformat(at).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError):
        return one_line(sanitise(at))


class Pseudonyms:
    """Names that stand for trainees and coaches, the same for the same person throughout one export."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}

    def row(self, table: str, row: Row) -> Row:
        """A `row` of `table` without anybody's name beside what was said. Names that were said in it stay."""
        columns = dict(zip(TABLES[table][1:], row, strict=True))
        for name, role in (("trainee", "Trainee"), ("coach", "Coach"), ("by", "Trainee")):
            if columns.get(name) is not None:
                kind = "Coach" if name == "by" and columns.get("what") != "dispute" else role
                columns[name] = self._name(kind, str(columns[name]))
        return tuple(columns.values())

    def _name(self, role: str, name: str) -> str:
        number = 1 + sum(known == role for known, _ in self._given)
        return self._given.setdefault((role, name), f"{role} {number}")


def _score(told: Told) -> str:
    if told.score is None:
        return "none: nothing could be scored"
    alone = "" if told.machine == told.score else f" ({_rounded(told.machine)} without what a coach overruled)"
    return f"{_rounded(told.score)} of 100{alone}"


def _rounded(score: float | None) -> str:
    return "none" if score is None else f"{score:.0f}"

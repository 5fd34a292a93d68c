"""Calls as a table with one row a reply, for a spreadsheet or for statistics (RFC 4180, UTF-8)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from roleplay.conversation.said import SaidLine
from roleplay.export.cells import cell
from roleplay.export.told import Told
from roleplay.review.reading import Entry
from roleplay.scoring.overruled import RATED, level_of
from roleplay.text import one_line

COLUMNS = (
    *("call", "trainee", "persona", "started", "mode", "outcome", "score"),
    *("turn", "branch", "counts", "moment", "customer", "reply", "gesture"),
    *("opportunity", "turn_score", "scored_by", *RATED, "coach", *(f"coach_{name}" for name in RATED), "reasons"),
    *("evidence", "flags", "comments", "dispute", "answer"),
)
"""The columns. The levels are the scorer's, and `coach_…` those by which a coach has overruled them; `opportunity` and
`turn_score` are what counts. `counts`: yes for the first reply to a turn; later ones are practice."""

BOM = b"\xef\xbb\xbf"


def csv_of(calls: Iterable[Told], *, excel: bool = False) -> Iterator[bytes]:
    """The table, row by row; `excel`: after the mark by which Excel knows UTF-8."""
    yield (BOM if excel else b"") + _row(COLUMNS)
    for told in calls:
        for row in _rows(told):
            yield _row(tuple(cell(each) if isinstance(each, str) else each for each in row))


Cell = str | int | float | None


def _row(cells: Iterable[Cell]) -> bytes:
    written = StringIO()
    csv.writer(written, quoting=csv.QUOTE_NONNUMERIC).writerow("" if each is None else each for each in cells)
    return written.getvalue().encode()


def _rows(told: Told) -> Iterator[tuple[Cell, ...]]:
    """The rows of a call."""
    session, ending = told.transcript.session, told.transcript.ending
    head = (
        *(session.id, session.trainee, session.script.listed[0], session.started),
        *("exam" if session.exam else "practice", ending.outcome if ending else "interrupted", told.score),
    )
    lines: list[Entry] = []
    answered = False
    for entry in told.entries:
        if entry.reply is None:
            lines = [entry] if answered else [*lines, entry]
            answered = False
            continue
        answered = True
        yield *head, *_said(entry, lines, told), *(_assessment(entry, lines) if told.assessed else _nothing())


def _said(entry: Entry, lines: list[Entry], told: Told) -> Iterator[Cell]:
    assert entry.reply and entry.assessed
    yield entry.reply.turn
    yield entry.reply.branch
    yield "yes" if entry.assessed.first else "no"
    yield entry.reply.moment if told.assessed else None
    yield "\n".join(line.said for line in lines if isinstance(line.told, SaidLine))
    yield entry.said
    yield entry.gesture


def _assessment(entry: Entry, lines: list[Entry]) -> Iterator[Cell]:
    assessed = entry.assessed
    assert assessed
    overruled = {level.of: level.override for level in assessed.overruled if level.override}
    yield assessed.assessment.opportunity
    yield assessed.assessment.turn_score
    yield assessed.by
    for name in RATED:
        yield level_of(assessed.machine, name)
    yield ", ".join(dict.fromkeys(one_line(each.coach) for each in overruled.values()))
    for name in RATED:
        yield overruled[name].level if name in overruled else None
    yield "\n".join(f"{name}: {each.reason}" for name, each in overruled.items())
    yield "\n".join(
        f"{one_line(mark.quote)} [{mark.earned}] {' '.join(mark.reasons)}".strip() for mark in assessed.marks
    )
    flags = assessed.assessment.flags
    yield ", ".join(name for name in flags.__struct_fields__ if getattr(flags, name))
    yield "\n".join(f"{one_line(each.coach)}: {each.text}" for at in (*lines, entry) for each in at.comments)
    yield "\n".join(dispute.text for dispute, _ in entry.disputes)
    answers = [answer for _, answer in entry.disputes if answer]
    yield "\n".join(f"{one_line(each.coach)}, {'upheld' if each.upheld else 'kept'}: {each.text}" for each in answers)


def _nothing() -> tuple[Cell, ...]:
    """The cells of a reply whose call has not ended."""
    return (None,) * (len(COLUMNS) - COLUMNS.index("opportunity"))

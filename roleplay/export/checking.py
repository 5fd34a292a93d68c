"""Whether a line that somebody sent is a call, a drill or a test: every value sanitised and within its limits.

What passes can be kept, shown, scored and reviewed like what was played here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec

from roleplay.conversation.drilling import DrillTest, KeptDrill, TestRating
from roleplay.conversation.reviewing import (
    NOTE_LIMIT,
    Answer,
    Assignment,
    BlindRating,
    Comment,
    Dispute,
    Mark,
    Override,
    Withdrawal,
)
from roleplay.conversation.turns import Script
from roleplay.conversation.voiced import Voiced
from roleplay.errors import BadInput, RoleplayError
from roleplay.export.coherent import check_call
from roleplay.export.coherent_drills import check_drill, check_test
from roleplay.export.wire import row_from, script_row
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.overruled import HIGHEST, RATED, level_of
from roleplay.store import records
from roleplay.store.carried import OF_A_CALL, Carried, Piece
from roleplay.store.database import plain
from roleplay.store.drills import record_from as drilled
from roleplay.store.review_rows import record_of
from roleplay.store.rows import TABLES, Row
from roleplay.text import REPLY_LIMIT, quote, sanitise

MOST_ROWS = 100_000
"""Most rows of one call."""

_SHORT, _NAME, _LINE = 300, 80, 50_000
_TEXT_LIMITS = {
    ("replies", "text"): REPLY_LIMIT,
    ("lines", "text"): _LINE,
    ("endings", "epilogue"): _LINE,
    **{(table, "text"): NOTE_LIMIT for table in ("comments", "disputes", "answers")},
    ("overrides", "reason"): NOTE_LIMIT,
    ("drills", "text"): REPLY_LIMIT,
    ("assignments", "note"): NOTE_LIMIT,
}
_IDS = frozenset({"id", "of", "dispute", "sitting", "test"})
_ID = re.compile("[a-z0-9][a-z0-9-]{0,63}")
_PEOPLE = frozenset({"trainee", "coach", "by"})
_NUMBERS = frozenset("branch parent turn attempt rating level broken_off upheld exam aided".split())
_HIGHEST_NUMBER = 1_000_000
_TIMES = frozenset({"at", "started"})
_JSON = frozenset({"state", "direction", "assessment", "voiced", "verdict", "levels", "script", "history", "items"})
_DEEPEST = 100
_ISO = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]{5,15}(Z|[+-]\d\d:\d\d)")

_SCRIPT, _VOICED = msgspec.json.Decoder(Script), msgspec.json.Decoder(Voiced)
_RECORDS: dict[str, Callable[[Row], object]] = {
    "openings": records.opening_from,
    "branches": lambda row: row,
    "rewinds": lambda row: row,
    "replies": records.reply_from,
    "lines": records.line_from,
    "voices": lambda row: _VOICED.decode(str(row[5])),
    "verdicts": records.verdict_from,
    "endings": records.ending_from,
    "self_ratings": records.rating_from,
    "comments": lambda row: record_of(Comment, "comments", row),
    "overrides": lambda row: record_of(Override, "overrides", row),
    "disputes": lambda row: record_of(Dispute, "disputes", row),
    "answers": lambda row: record_of(Answer, "answers", row),
    "marks": lambda row: record_of(Mark, "marks", row),
    "blind_ratings": lambda row: record_of(BlindRating, "blind_ratings", row),
    "withdrawals": lambda row: record_of(Withdrawal, "withdrawals", row),
    "assignments": lambda row: record_of(Assignment, "assignments", row),
    "drills": lambda row: drilled(KeptDrill, "drills", row),
    "drill_tests": lambda row: drilled(DrillTest, "drill_tests", row),
    "test_ratings": lambda row: drilled(TestRating, "test_ratings", row),
}


def script_from(played: object, named: str) -> Row:
    """The row of a script. Raises `BadInput`, also if it is not the one that it is `named`."""
    with _told("the script"):
        ident, _ = script_row(played)
        if ident != named:
            raise BadInput("A script is not what it was when it was exported.")
        ident, written = script_row(_clean(played))
        script = _SCRIPT.decode(written)
        if not _ID.fullmatch(script.persona.id):
            raise BadInput("Its persona has no id.")
        return (ident, *script.listed, written)


def call_from(head: Mapping[str, Any], rows: list[Any], script: Row) -> Carried:
    """The call of a line that was played with `script`. Raises `BadInput`."""
    with _told("its head"):
        row = row_from("sessions", dict(_clean(head)) | {"script": script[0]})
        _check_values("sessions", row)
    if len(rows) > MOST_ROWS:
        raise BadInput(f"It has more than {MOST_ROWS:,} rows.")
    pieces = []
    for number, each in enumerate(rows, 1):
        with _told(f"its row {number}"):
            pieces.append(_piece_from(each, str(row[0])))
    carried = Carried(script, row, tuple(pieces))
    check_call(carried)
    return carried


def assignment_from(written: object, withdrawals: object) -> tuple[Row, tuple[Row, ...]]:
    """An assignment with its withdrawals. Raises `BadInput`."""
    with _told("an assignment"):
        row = _checked("assignments", row_from("assignments", dict(_clean(written))))
        if not isinstance(withdrawals, list):
            raise TypeError("withdrawals")
        back = tuple(_checked("withdrawals", row_from("withdrawals", dict(_clean(each)))) for each in withdrawals)
        for each in back:
            if (each[2], each[3]) != ("assignment", row[0]):
                raise BadInput("An assignment comes with a withdrawal of something else.")
        return row, back


def drill_from(written: object, script: Row) -> Row:
    """A drill whose moment is from `script`. Raises `BadInput`."""
    with _told("a drill"):
        row = _checked("drills", row_from("drills", dict(_clean(written)) | {"script": script[0]}))
        check_drill(drilled(KeptDrill, "drills", (0, *row)), _SCRIPT.decode(str(script[3])))
        return row


def drill_test_from(written: object, ratings: object) -> tuple[Row, tuple[Row, ...]]:
    """A test with how it was rated. Raises `BadInput`."""
    with _told("a test"):
        row = _checked("drill_tests", row_from("drill_tests", dict(_clean(written))))
        if not isinstance(ratings, list):
            raise TypeError("ratings")
        rated = tuple(_checked("test_ratings", row_from("test_ratings", dict(_clean(each)))) for each in ratings)
        check_test(
            drilled(DrillTest, "drill_tests", (0, *row)),
            [drilled(TestRating, "test_ratings", (0, *each)) for each in rated],
        )
        return row, rated


def _piece_from(written: object, session: str) -> Piece:
    if not isinstance(written, dict):
        raise TypeError("row")
    columns = dict(_clean(written))
    table = columns.pop("table")
    if table not in OF_A_CALL:
        raise BadInput(f"There is no table {quote(str(table), 40)}.")
    return Piece(table, _checked(table, row_from(table, columns, session)))


def _checked(table: str, row: Row) -> Row:
    """`row`, if it is a record of its table."""
    _check_values(table, row)
    _RECORDS[table]((0, *row, ""))
    return row


def _check_values(table: str, row: Row) -> None:
    """Every value is of the type and within the limits of its column. Raises `BadInput`."""
    for name, value in zip(TABLES[table][1:], row, strict=True):
        if value == "" and (table, name) == ("drills", "test"):
            fine = True
        elif value is None:
            fine = name in ("gesture", "score", "state", "rating", "level", "assessment", "session")
        elif name in _NUMBERS:
            fine = type(value) is int and 0 <= value <= (_most(name) or _HIGHEST_NUMBER)
        elif name == "score":
            fine = type(value) is float and 0 <= value <= 100
        else:
            fine = isinstance(value, str) and _fits(table, name, value)
        if not fine:
            raise BadInput(f"{name} cannot be that.")
    if "assessment" in TABLES[table] or "verdict" in TABLES[table]:
        _check_levels(table, row)


def _most(name: str) -> int | None:
    return {"rating": 4, "level": 4, "broken_off": 1, "upheld": 1, "exam": 1, "aided": 2}.get(name)


def _fits(table: str, name: str, value: str) -> bool:
    if name in _JSON:
        return True
    if name in _IDS:
        return bool(_ID.fullmatch(value))
    if name in _TIMES:
        return bool(_ISO.fullmatch(value)) and _is_time(value)
    if name in _PEOPLE:
        return len(value) <= _NAME and "\n" not in value
    return len(value) <= _TEXT_LIMITS.get((table, name), _SHORT)


def _is_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _check_levels(table: str, row: Row) -> None:
    """Levels are levels that exist."""
    columns = dict(zip(TABLES[table][1:], row, strict=True))
    written = columns["verdict"] if "verdict" in columns else columns["assessment"]
    if written is None:
        return
    given = msgspec.json.decode(str(written))
    held = given.get("assessment") if "verdict" in columns else given
    if held is None:
        return
    assessment = msgspec.convert(held, Assessment)
    levels = [(level_of(assessment, name), HIGHEST[name]) for name in RATED]
    if any(level is not None and not 0 <= level <= highest for level, highest in levels):
        raise BadInput("There is a level that does not exist.")
    if assessment.turn_score is not None and not 0 <= assessment.turn_score <= 100:
        raise BadInput("There is a score that does not exist.")


def _clean(given: object, depth: int = 0) -> Any:
    """`given`, as it was read from JSON, with all words sanitised. Raises `BadInput` for names that would change."""
    if depth > _DEEPEST:
        raise BadInput("It is nested too deeply.")
    if isinstance(given, str):
        return given if given.isascii() and given.isprintable() else sanitise(given)
    if isinstance(given, list):
        return [_clean(each, depth + 1) for each in given]
    if isinstance(given, dict):
        if any(_clean(name) != name for name in given):
            raise BadInput("A name holds characters that are not allowed.")
        return {name: _clean(each, depth + 1) for name, each in given.items()}
    return given


@contextmanager
def _told(part: str) -> Iterator[None]:
    """Whatever a value of the wrong kind raises is told as what is wrong with that part."""
    try:
        yield
    except BadInput as error:
        raise BadInput(f"What it says of {part} cannot be: {error.what}") from None
    except (
        msgspec.MsgspecError,
        RoleplayError,
        KeyError,
        TypeError,
        ValueError,
        OverflowError,
        RecursionError,
    ) as error:
        raise BadInput(f"What it says of {part} cannot be read ({plain(error)[:160]}).") from None

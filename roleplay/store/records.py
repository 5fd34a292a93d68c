"""Records of a call as rows of their tables, and back."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from roleplay.conversation.judging import Verdict
from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import (
    KeptEnding,
    KeptLine,
    KeptOpening,
    KeptReply,
    KeptVerdict,
    Script,
    SelfRating,
    SessionRecord,
    StageDirection,
)
from roleplay.conversation.voiced import SCRIPTED, Voiced
from roleplay.scoring.assessment import Assessment
from roleplay.store.rows import TABLES, Row, Value

_SCRIPT = msgspec.json.Decoder(Script)
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    "assessment": msgspec.json.Decoder(Assessment),
    "state": msgspec.json.Decoder(CustomerState),
    "direction": msgspec.json.Decoder(StageDirection),
    "voiced": msgspec.json.Decoder(Voiced),
    "verdict": msgspec.json.Decoder(Verdict),
}


def script_row(script: Script) -> Row:
    """The row of a script, without `n`; its id is the SHA-256 of its JSON, so the same script has the same row."""
    written = _json(script)
    return (hashlib.sha256(written.encode()).hexdigest(), *script.listed, written)


def session_row(session: SessionRecord, script_id: str) -> Row:
    """The row of a session, without `n`."""
    return (
        *(session.id, script_id, session.seed, int(session.exam)),
        *(session.actor, session.trainee, session.started),
    )


def opening_row(opening: KeptOpening) -> Row:
    """The row of an opening, without `n`."""
    return (opening.session, opening.branch, _json(opening.state), _json(opening.direction), opening.at)


def branch_row(opening: KeptOpening) -> Row:
    """The row that says from which branch the one that `opening` begins leaves, without `n`."""
    return (opening.session, opening.branch, opening.parent)


def reply_row(reply: KeptReply) -> Row:
    """The row of a reply, without `n`."""
    return (
        *(reply.session, reply.branch, reply.turn, reply.text, reply.gesture, reply.moment),
        *(_json(reply.assessment), _json(reply.state), _json(reply.direction), reply.at),
    )


def line_row(line: KeptLine) -> Row:
    """The row of a line, without `n`."""
    return (line.session, line.branch, line.turn, line.attempt, line.text, int(line.broken_off), line.at)


def voice_row(line: KeptLine) -> Row:
    """The row that says how a line came about, without `n`."""
    return (line.session, line.branch, line.turn, line.attempt, _json(line.voiced))


def verdict_row(kept: KeptVerdict, score: float | None) -> Row:
    """The row of a verdict with the session score that it leads to, without `n`."""
    return (
        *(kept.session, kept.branch, kept.turn, kept.attempt, _json(kept.verdict)),
        *(None if kept.state is None else _json(kept.state), None if score is None else float(score), kept.at),
    )


def ending_row(ending: KeptEnding, score: float | None) -> Row:
    """The row of an ending with the session score, without `n`."""
    return (
        *(ending.session, ending.branch, ending.by, ending.ending, ending.outcome, ending.epilogue),
        *(None if score is None else float(score), ending.at),
    )


def session_from(row: Row, script: Row) -> SessionRecord:
    """The head of a transcript. Like all of the following raises msgspec.MsgspecError for what is no such record."""
    columns = _columns("sessions", row)
    return msgspec.convert(
        columns | {"exam": bool(columns["exam"]), "script": _SCRIPT.decode(str(script[4]))}, SessionRecord
    )


def opening_from(row: Row, parent: Value = None, practice: bool = False) -> KeptOpening:
    """The start of a branch that leaves `parent`; of `practice` if the call had ended by then."""
    return msgspec.convert(_columns("openings", row) | {"parent": parent, "practice": practice}, KeptOpening)


def reply_from(row: Row) -> KeptReply:
    """A reply with all that was kept beside it."""
    return msgspec.convert(_columns("replies", row), KeptReply)


def line_from(row: Row, voice: Row | None = None) -> KeptLine:
    """A line of the customer's, and how it came about if it was not said as scripted."""
    columns = _columns("lines", row)
    voiced = _columns("voices", voice)["voiced"] if voice else SCRIPTED
    return msgspec.convert(columns | {"broken_off": bool(columns["broken_off"]), "voiced": voiced}, KeptLine)


def verdict_from(row: Row) -> KeptVerdict:
    """A judge's verdict on a reply."""
    return msgspec.convert(_columns("verdicts", row), KeptVerdict)


def ending_from(row: Row) -> KeptEnding:
    """How a call ended."""
    columns = _columns("endings", row)
    return msgspec.convert(columns | {"by": columns["ended_by"]}, KeptEnding)


def score_from(table: str, row: Row) -> float | None:
    """The session score beside an ending or a verdict."""
    return msgspec.convert(_columns(table, row)["score"], float | None)


def rating_from(row: Row) -> SelfRating:
    """The trainee's own rating."""
    return msgspec.convert(_columns("self_ratings", row), SelfRating)


def _columns(table: str, row: Row) -> dict[str, object]:
    """The columns by name, those that hold a record read into it."""
    named = zip(TABLES[table], row, strict=False)
    return {
        name: _DECODERS[name].decode(str(value)) if name in _DECODERS and value is not None else value
        for name, value in named
    }


def _json(record: msgspec.Struct) -> str:
    return msgspec.json.encode(record).decode()

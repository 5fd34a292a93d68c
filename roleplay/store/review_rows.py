"""What is added to calls in a review, as rows of their tables, and back."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from roleplay.conversation.reviewing import (
    Answer,
    Assignment,
    BlindRating,
    Comment,
    Dispute,
    Kept,
    Mark,
    Override,
    Withdrawal,
)
from roleplay.errors import StoreForeign
from roleplay.store.database import plain
from roleplay.store.rows import TABLES, Row, name_row

Record = TypeVar("Record", bound=msgspec.Struct)

TABLE_OF: dict[type[Kept], str] = {
    Comment: "comments",
    Override: "overrides",
    Dispute: "disputes",
    Answer: "answers",
    Mark: "marks",
    BlindRating: "blind_ratings",
    Assignment: "assignments",
    Withdrawal: "withdrawals",
}
"""In which table each kind of record lies."""

_JSON = frozenset({"assessment", "levels"})


def row_of(kept: Kept, score: float | None = None) -> Row:
    """The row of a record, without `n`; `score` is the session score that an `Override` leads to."""
    values = msgspec.structs.asdict(kept) | {"score": score}
    columns = {
        name: msgspec.json.encode(value).decode() if name in _JSON and value is not None else value
        for name, value in values.items()
    }
    columns |= {"upheld": int(bool(columns.get("upheld"))), "session": columns.get("session") or None}
    return tuple(columns[name] for name in TABLES[TABLE_OF[type(kept)]][1:])


def record_of(kind: type[Record], table: str, row: Row) -> Record:
    """The record of a row as it was read, checksum last. Raises `StoreForeign` for one of another version."""
    named: dict[str, Any] = dict(zip(TABLES[table], row, strict=False))
    try:
        named |= {name: msgspec.json.decode(named[name]) for name in _JSON & named.keys() if named[name] is not None}
        if "upheld" in named:
            named["upheld"] = bool(named["upheld"])
        return msgspec.convert(named | {"session": named.get("session") or ""}, kind)
    except msgspec.MsgspecError as error:
        raise StoreForeign(
            f"This was saved by another version of Roleplay, and this version cannot read it ({plain(error)}).",
            where=name_row(table, row),
            mend="Review it in the version that saved it.",
        ) from error

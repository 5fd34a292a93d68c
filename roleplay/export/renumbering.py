"""Brings the branches of practice of two computers together, which each have numbered them for themselves.

A try is the same on both if one side's rows of it begin with all of the other's. Any other is one more try: it gets the
next number here, and so does all that was noted on it. Nothing of it is lost.
"""

from __future__ import annotations

from collections.abc import Mapping

from roleplay.store.carried import PRACTICE, Carried, Piece
from roleplay.store.rows import TABLES, Value

_PLAYED = frozenset({PRACTICE, "openings", "branches", "replies", "lines", "voices", "endings"})


def numbered_as(kept: Carried, sent: Carried) -> Carried:
    """`sent` with its branches of practice numbered as in `kept`, those that are new after all that are there."""
    if not kept.practice or not sent.practice:
        return sent
    ours = {branch: [_blank(piece, {}) for piece in rows] for branch, rows in _tries(kept).items()}
    numbers: dict[Value, Value] = {}
    last = max(_number(piece.column("branch")) for piece in kept.pieces if piece.table == "openings")
    for branch, rows in sorted(_tries(sent).items(), key=lambda each: _number(each[0])):
        there = [_blank(piece, numbers) for piece in rows]
        in_order = sorted(ours, key=lambda number: (number != branch, _number(number)))
        same = next((number for number in in_order if _same(ours[number], there)), None)
        if same is None:
            last = max(last + 1, _number(branch))
            numbers[branch] = last
        else:
            numbers[branch] = same
            del ours[same]
    comments = {piece.column("id"): piece for piece in kept.pieces if piece.table == "comments"}

    def numbered(piece: Piece) -> Piece:
        known = comments.get(piece.column("id")) if piece.table == "comments" else None
        return known if known and _blank(known, {}) == _blank(piece, {}) else _renumbered(piece, numbers)

    return sent._replace(pieces=tuple(map(numbered, sent.pieces)))


def is_played(piece: Piece) -> bool:
    """Whether it belongs to how a branch went, which cannot be brought together of two."""
    return piece.table in _PLAYED or (piece.table == "verdicts" and piece.column("state") is not None)


def _tries(call: Carried) -> dict[Value, list[Piece]]:
    tries: dict[Value, list[Piece]] = {branch: [] for branch in call.practice}
    for piece in call.pieces:
        if is_played(piece) and piece.column("branch") in tries:
            tries[piece.column("branch")].append(piece)
    return tries


def _same(one: list[Piece], other: list[Piece]) -> bool:
    """Whether what one side has of a try is the beginning of what the other has, or all of it."""
    return all(ours == theirs for ours, theirs in zip(one, other, strict=False))


def _blank(piece: Piece, numbers: Mapping[Value, Value]) -> Piece:
    """`piece` without its branch, and with its parent by the `numbers` of here."""
    return _with(piece, {"branch": None, "parent": numbers.get(piece.column("parent"), piece.column("parent"))})


def _renumbered(piece: Piece, numbers: Mapping[Value, Value]) -> Piece:
    changes = {name: numbers.get(piece.column(name), piece.column(name)) for name in ("branch", "parent")}
    return _with(piece, changes)


def _with(piece: Piece, changes: Mapping[str, Value]) -> Piece:
    names = TABLES[piece.table][1:]
    row = tuple(changes.get(name, value) for name, value in zip(names, piece.row, strict=True))
    return Piece(piece.table, row)


def _number(branch: Value) -> int:
    return int(str(branch))

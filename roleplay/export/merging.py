"""What a call that is kept here gains by the same call from elsewhere, unless the two contradict each other.

How it was played must be the same as far as both go: one may go further. What was added beside it, verdicts that came
late, the trainee's own rating and reviews, is brought together row by row, in the order that each side had, and between
the two by time. So two computers that have exchanged a call have the same of it.

What was answered again after its end is practice: the tries of both sides are there afterwards, each whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from roleplay.conversation.reviewing import Override, Reviewed
from roleplay.conversation.score import score_of
from roleplay.conversation.turns import Transcript
from roleplay.errors import BadInput
from roleplay.export.renumbering import is_played, numbered_as
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.overruled import Rated, overruled
from roleplay.store import records
from roleplay.store.carried import OF_A_CALL, Carried, Piece, key_of
from roleplay.store.review_rows import record_of, row_of
from roleplay.store.rows import TABLES, Row
from roleplay.store.whole import transcript_from

_WORKED_OUT = {"overrides": ("assessment", "score"), "verdicts": ("score",)}
"""Columns that follow from the other rows: they are worked out anew where rows of two computers come together."""


class Gain(NamedTuple):
    """What is to be done to a call that is kept here: reviews to `take` away, and rows to `add`, in that order."""

    take: tuple[Piece, ...]
    add: tuple[Piece, ...]


def gain_of(kept: Carried, sent: Carried) -> Gain:
    """What `kept`, a call of this workspace, gains by `sent`. Raises `BadInput` where they contradict each other."""
    if kept.head != sent.head:
        raise BadInput("It is another call than the one of the same id that is kept here.")
    sent = numbered_as(kept, sent)
    practice = kept.practice | sent.practice
    here, there = ({key_of(piece): piece for piece in call.pieces} for call in (kept, sent))
    for key, piece in there.items():
        if key in here and _said(here[key]) != _said(piece):
            raise BadInput(f"It contradicts the call of the same id that is kept here, in {_place(piece)}.")
    played, replayed = (
        [piece for piece in call.pieces if is_played(piece) and piece.column("branch") not in practice]
        for call in (kept, sent)
    )
    for one, other in zip(played, replayed, strict=False):
        if key_of(one) != key_of(other):
            raise BadInput(f"It went on otherwise than the call of the same id that is kept here, in {_place(other)}.")
    if len(replayed) > len(played):
        return Gain((), tuple(piece for key, piece in there.items() if key not in here))
    tried = [piece for key, piece in there.items() if key not in here and is_played(piece)]
    before = [piece for piece in kept.pieces if not is_played(piece)]
    beside = [here.get(key_of(piece), piece) for piece in sent.pieces if not is_played(piece)]
    together = _interleaved(before, beside)
    same = next((at for at, (old, new) in enumerate(zip(before, together, strict=False)) if old != new), len(before))
    later = together[same:]
    if later and any(key_of(piece) not in there for piece in before):
        later = list(_worked_out(kept, together[:same], later))
    return Gain(tuple(before[same:]), (*tried, *later))


def _said(piece: Piece) -> Piece:
    """`piece` without what is worked out."""
    blank = _WORKED_OUT.get(piece.table, ())
    names = TABLES[piece.table][1:]
    return Piece(piece.table, tuple(None if name in blank else v for name, v in zip(names, piece.row, strict=True)))


def _place(piece: Piece) -> str:
    turn = piece.column("turn")
    return piece.table.replace("_", " ") + (f" at turn {turn!s}" if turn is not None else "")


def _interleaved(one: Sequence[Piece], other: Sequence[Piece]) -> list[Piece]:
    """Both in one order: that of each side is kept, what only one side has stands by its time."""
    left, right = [{key_of(piece): piece for piece in side} for side in (one, other)]
    together: list[Piece] = []
    while left and right:
        first, second = next(iter(left)), next(iter(right))
        if first == second or (first in right and second in left) or second in left:
            key = first
        elif first in right:
            key = second
        else:
            key = min((first, second), key=lambda each: _when(left.get(each) or right[each]))
        piece = left.pop(key, None)
        piece = right.pop(key, piece) or piece
        together += [piece] if piece else []
    return [*together, *left.values(), *right.values()]


def _when(piece: Piece) -> tuple[datetime, str]:
    return datetime.fromisoformat(str(piece.column("at"))), str(key_of(piece))


def _worked_out(call: Carried, before: Iterable[Piece], pieces: Iterable[Piece]) -> Iterator[Piece]:
    """`pieces`, which follow on those `before`, with what follows from all of them together."""
    transcript = _as_played(call, before)
    for piece in pieces:
        if piece.table == "verdicts":
            verdict = records.verdict_from((0, *piece.row))
            transcript = replace(transcript, verdicts=(*transcript.verdicts, verdict))
            ended = piece.column("score") is not None
            piece = Piece("verdicts", records.verdict_row(verdict, score_of(transcript).score if ended else None))
        elif piece.table == "overrides":
            override = _overruled(transcript, record_of(Override, "overrides", (0, *piece.row)))
            transcript = replace(transcript, overrides=(*transcript.overrides, override))
            piece = Piece("overrides", row_of(override, score_of(transcript).score))
        yield piece


def _as_played(call: Carried, beside: Iterable[Piece]) -> Transcript:
    rows: dict[str, list[Row]] = {table: [] for table in OF_A_CALL}
    for number, piece in enumerate([*filter(is_played, call.pieces), *beside], 1):
        rows[piece.table].append((number, *piece.row))
    rows["openings"].sort(key=lambda row: int(str(row[2])))
    return transcript_from((0, *call.head), (0, *call.script), rows)


def _overruled(transcript: Transcript, override: Override) -> Override:
    """`override` with the assessment that it leads to after those that `transcript` has."""
    script = transcript.session.script
    reply = next(each for each in (*transcript.replies, *transcript.earlier) if each.place == override.place)
    standing = Reviewed(overrides=(*transcript.overrides, override)).levels_on(override.place)
    levels: dict[Rated, int] = {name: each.level for name, each in standing.items() if each.level is not None}
    occasion = Occasion.at(script.persona, script.persona.beat(reply.moment))
    made = overruled(transcript.scored(reply), levels, occasion, script.rubric) if levels else None
    return replace(override, assessment=made)

"""A whole transcript out of its rows, along the branch that counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec

from roleplay.conversation.reviewing import Override
from roleplay.conversation.turns import SessionRecord, Transcript
from roleplay.conversation.voiced import Usage
from roleplay.errors import NotFound, StoreDamaged, StoreForeign
from roleplay.store import records
from roleplay.store.branches import Branch, path_to
from roleplay.store.database import MEND, plain
from roleplay.store.review_rows import record_of
from roleplay.store.rows import Row


def transcript_from(head: Row, script: Row, rows: Mapping[str, list[Row]], branch: int | None = None) -> Transcript:
    """The transcript of the session with that `head`, by the `script` it was played with and its other rows by table.

    It goes along `branch`, or else the current one; an ending is told of the branch that it is on. Raises `NotFound`
    where there is no such branch, `StoreDamaged` where rows are missing, `StoreForeign` where another version wrote
    them.
    """
    where = f"transcript {head[1]!s}"
    with _readable(where, "the script it was played with"):
        record = records.session_from(head, script)
    with _readable(where, "what was kept of it"):
        return _along(branch, record, rows)


def _along(branch: int | None, record: SessionRecord, rows: Mapping[str, list[Row]]) -> Transcript:
    """The transcript of one session out of all its rows. Raises `NotFound`, `StoreDamaged`, msgspec.MsgspecError."""
    parents = {row[2]: row[3] for row in rows["branches"]}
    openings = [records.opening_from(row, parents.get(row[2])) for row in rows["openings"]]
    replies = [records.reply_from(row) for row in rows["replies"]]
    voices = {row[1:5]: row for row in rows["voices"]}
    lines = [records.line_from(row, voices.get(row[1:5])) for row in rows["lines"]]
    endings = [records.ending_from(row) for row in rows["endings"][:1]]
    ratings = [records.rating_from(row) for row in rows["self_ratings"]]
    current = endings[0].branch if endings else openings[-1].branch
    if branch is not None and branch != current:
        if branch not in {each.branch for each in openings}:
            raise NotFound(f"There is no branch {branch} of this transcript.", where=f"transcript {record.id}")
        current, endings = branch, []
    path = path_to(current, {each.branch: Branch(each.parent, each.state.turn) for each in openings})
    if path is None or not path.is_whole((reply.branch, reply.turn) for reply in replies):
        raise StoreDamaged("Rows are missing.", where=f"transcript {record.id}", mend=MEND)
    on_path = [reply for reply in replies if path.has_reply(reply.branch, reply.turn)]
    heard = [line for line in lines if path.has_line(line.branch, line.turn)]
    return Transcript(
        session=record,
        opening=openings[0],
        replies=tuple(sorted(on_path, key=lambda reply: reply.turn)),
        lines=tuple(sorted(heard, key=lambda line: (line.turn, line.branch, line.attempt))),
        ending=endings[0] if endings else None,
        self_rating=ratings[0] if ratings else None,
        branch=current,
        earlier=tuple(reply for reply in replies if not path.has_reply(reply.branch, reply.turn)),
        verdicts=tuple(records.verdict_from(row) for row in rows["verdicts"]),
        overrides=tuple(record_of(Override, "overrides", row) for row in rows["overrides"]),
        usage_elsewhere=sum(
            (line.voiced.usage for line in lines if not path.has_line(line.branch, line.turn)), Usage()
        ),
    )


@contextmanager
def _readable(where: str, part: str) -> Iterator[None]:
    """Rows that are intact and still no records were written by another version."""
    try:
        yield
    except msgspec.MsgspecError as error:
        raise StoreForeign(
            f"This was saved by another version of Roleplay, and this version cannot read {part} ({plain(error)}).",
            where=where,
            mend="Show it or go on with it in the version that saved it; `roleplay transcripts search` still finds "
            "what was said, and `roleplay play PERSONA --new` begins a new call.",
        ) from error

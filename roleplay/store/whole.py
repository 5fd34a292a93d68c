"""A whole transcript out of its rows, along the branch that counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from roleplay.conversation.reviewing import Override
from roleplay.conversation.turns import KeptOpening, SessionRecord, Transcript
from roleplay.conversation.voiced import Usage
from roleplay.errors import NotFound, StoreDamaged, StoreForeign
from roleplay.store import records
from roleplay.store.branches import ON_A_BRANCH, Branch, Path, path_to
from roleplay.store.database import MEND, plain
from roleplay.store.review_rows import record_of
from roleplay.store.rows import Row


class Tree(NamedTuple):
    """The branches of a session, which of them is told, and the way to its end. Those of `practice` never count.

    `openings` are those of the branches that count, or those on the way. `newest` is the highest number of a branch.
    """

    session: str
    openings: tuple[KeptOpening, ...]
    practice: frozenset[int]
    current: int
    path: Path
    newest: int

    @classmethod
    def of(cls, session: str, rows: Mapping[str, list[Row]], branch: int | None, newest: int | None = None) -> Tree:
        """The tree in the `rows` by table, to be told along `branch`, or else along the branch that counts.

        Without `newest` all openings are among the `rows`; with it, perhaps only those that are wanted. Raises
        `NotFound` where there is no such branch, `StoreDamaged` where rows are missing, `StoreForeign` where another
        version wrote them.
        """
        with _readable(f"transcript {session}", "what was kept of it"):
            parents = {row[2]: row[3] for row in rows["branches"]}
            practice = frozenset(int(str(row[2])) for row in rows["rewinds"])
            openings = sorted(
                (records.opening_from(row, parents.get(row[2]), row[2] in practice) for row in rows["openings"]),
                key=lambda opening: opening.branch,
            )
            endings = [records.ending_from(row) for row in rows["endings"][:1]]
        current = endings[0].branch if endings else openings[-1].branch
        if branch is not None and branch != current:
            if branch not in {each.branch for each in openings}:
                raise NotFound(f"There is no branch {branch} of this transcript.", where=f"transcript {session}")
            current = branch
        path = path_to(current, {each.branch: Branch(each.parent, each.state.turn) for each in openings})
        if path is None:
            raise StoreDamaged("Rows are missing.", where=f"transcript {session}", mend=MEND)
        return cls(session, tuple(openings), practice, current, path, openings[-1].branch if newest is None else newest)

    def wanted(self, table: str) -> list[tuple[int, float]]:
        """The branches of which the rows of `table` are to be read, each with the last turn to read.

        Lines on a path are also those that were answered anew on another branch.
        """
        one_more = 1 if table in ("lines", "voices") else 0
        if self.current in self.practice:
            return [(branch, last + one_more) for branch, last in sorted(self.path.last.items())]
        return [(each.branch, float("inf")) for each in self.openings if each.branch not in self.practice]


def transcript_from(head: Row, script: Row, rows: Mapping[str, list[Row]], branch: int | None = None) -> Transcript:
    """The transcript of the session with that `head`, by the `script` it was played with and all its rows by table.

    It goes along `branch`, or else the branch that counts. Raises `NotFound` where there is no such branch, and as
    `transcript_along`.
    """
    tree = Tree.of(str(head[1]), rows, branch)
    wanted = {table: dict(tree.wanted(table)) for table in ON_A_BRANCH}
    of_it = {
        table: [row for row in rows[table] if int(str(row[3])) <= among.get(int(str(row[2])), 0)]
        for table, among in wanted.items()
    }
    return transcript_along(tree, head, script, {**rows, **of_it})


def transcript_along(tree: Tree, head: Row, script: Row, rows: Mapping[str, list[Row]]) -> Transcript:
    """The transcript along the path of `tree`, out of the `rows` by table that are wanted for it, oldest first.

    Raises `StoreDamaged` where rows are missing, `StoreForeign` where another version wrote them.
    """
    where = f"transcript {tree.session}"
    with _readable(where, "the script it was played with"):
        record = records.session_from(head, script)
    with _readable(where, "what was kept of it"):
        return _along(tree, record, rows)


def _along(tree: Tree, record: SessionRecord, rows: Mapping[str, list[Row]]) -> Transcript:
    """The transcript of one session out of the rows that are wanted. Raises `StoreDamaged`, msgspec.MsgspecError."""
    path, practice = tree.path, tree.current in tree.practice
    replies = [records.reply_from(row) for row in rows["replies"]]
    voices = {row[1:5]: row for row in rows["voices"]}
    lines = [records.line_from(row, voices.get(row[1:5])) for row in rows["lines"]]
    endings = [records.ending_from(row) for row in rows["endings"]]
    its_own = [each for each in (endings if practice else endings[:1]) if each.branch == tree.current]
    ratings = [] if practice else [records.rating_from(row) for row in rows["self_ratings"]]
    if not path.is_whole((reply.branch, reply.turn) for reply in replies):
        raise StoreDamaged("Rows are missing.", where=f"transcript {record.id}", mend=MEND)
    on_path = [reply for reply in replies if path.has_reply(reply.branch, reply.turn)]
    heard = [line for line in lines if path.has_line(line.branch, line.turn)]
    return Transcript(
        session=record,
        opening=tree.openings[0],
        replies=tuple(sorted(on_path, key=lambda reply: reply.turn)),
        lines=tuple(sorted(heard, key=lambda line: (line.turn, line.branch, line.attempt))),
        ending=its_own[0] if its_own else None,
        self_rating=ratings[0] if ratings else None,
        branch=tree.current,
        earlier=tuple(reply for reply in replies if not path.has_reply(reply.branch, reply.turn)),
        verdicts=tuple(records.verdict_from(row) for row in rows["verdicts"]),
        overrides=tuple(record_of(Override, "overrides", row) for row in rows["overrides"]),
        usage_elsewhere=sum(
            (line.voiced.usage for line in lines if not path.has_line(line.branch, line.turn)), Usage()
        ),
        newest=tree.newest,
        practice=practice,
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

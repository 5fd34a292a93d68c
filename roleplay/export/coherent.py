"""Whether the rows of a call that somebody sent belong together: nothing twice, in an order in which a call can go.

After its end only branches of practice come, each to an end of its own, and nothing on them may count. And whether the
program can make use of it: what a script from elsewhere says may break any rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from roleplay.conversation.reviewing import Reviewed
from roleplay.conversation.score import score_of
from roleplay.conversation.turns import Transcript
from roleplay.errors import BadInput, RoleplayError
from roleplay.review.desk import Case
from roleplay.review.reading import reading_of
from roleplay.store.carried import OF_A_CALL, Carried, Piece, key_of
from roleplay.store.database import plain
from roleplay.store.rows import Row, Value
from roleplay.store.whole import transcript_from

_WITHDRAWN = {
    "comment": "comments",
    "dispute": "disputes",
    "answer": "answers",
    "mark": "marks",
    "rating": "blind_ratings",
    "assignment": "assignments",
}
_PARENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    **dict.fromkeys(("replies", "lines", "endings", "comments"), ("openings", ("branch",))),
    "branches": ("openings", ("parent",)),
    "voices": ("lines", ("branch", "turn", "attempt")),
    **dict.fromkeys(("verdicts", "overrides", "disputes", "blind_ratings"), ("replies", ("branch", "turn"))),
    "answers": ("disputes", ("dispute",)),
}
"""What a row of each table belongs to, and by which of its columns."""

_PLAYED = frozenset({"openings", "branches", "replies", "lines", "endings"})
"""The tables that hold how the call went: nothing of it comes after its end."""
_REVIEWED = frozenset({"comments", "overrides", "disputes", "answers", "marks", "blind_ratings"})
_ABOUT_WHAT_COUNTS = frozenset({"overrides", "disputes", "blind_ratings"})
"""The tables of what is said of replies that count, and of no others."""


def check_call(call: Carried) -> None:
    """Whether the rows of a call belong together and can be made use of. Raises `BadInput`."""
    keys = [key_of(piece) for piece in call.pieces]
    if len(set(keys)) < len(keys):
        raise BadInput("It holds a row twice.")
    _check_order(call)
    _check_verdicts(call)
    for transcript in _transcripts(call):
        _check_use(transcript)


def _check_order(call: Carried) -> None:
    """Rows come in an order in which a call can go, and refer to what came before them."""
    order = _Order()
    for piece in call.pieces:
        order.take(piece)
    if order.announced:
        raise BadInput("It was answered again, and nothing says how.")


def _check_verdicts(call: Carried) -> None:
    """The verdicts on a reply are numbered from 1 without a gap."""
    attempts: dict[tuple[Value, Value], set[Value]] = {}
    for piece in call.pieces:
        if piece.table == "verdicts":
            place = (piece.column("branch"), piece.column("turn"))
            attempts.setdefault(place, set()).add(piece.column("attempt"))
    if any(numbers != set(range(1, len(numbers) + 1)) for numbers in attempts.values()):
        raise BadInput("It lacks a verdict.")


class _Order:
    """The rows of a call that came so far. `announced`: the branches of practice that are to be opened yet."""

    def __init__(self) -> None:
        self.announced: set[Value] = set()
        self._seen: set[tuple[Value, ...]] = set()
        self._ids: dict[Value, str] = {}
        self._last: dict[Value, Value] = {}
        """The turn of the last reply of each branch, until another branch leaves it."""
        self._practice: set[Value] = set()
        self._ended: set[Value] = set()
        """The branches that have an ending of their own."""

    def take(self, piece: Piece) -> None:
        """Check the next row. Raises `BadInput`."""
        table, branch = piece.table, piece.column("branch")
        parent = _PARENTS.get(table)
        if parent and (parent[0], *map(piece.column, parent[1])) not in self._seen:
            raise BadInput("It refers to what it does not hold.")
        if table == "withdrawals" and _WITHDRAWN.get(str(piece.column("what"))) != self._ids.get(piece.column("of")):
            raise BadInput("It takes back what it does not hold.")
        if table == "verdicts" and piece.column("state") is not None and piece.column("turn") != self._last.get(branch):
            raise BadInput("A verdict moves what had gone on since.")
        if not self._ended and table in _REVIEWED:
            raise BadInput("It was reviewed before its end.")
        if table == "rewinds":
            self._announce(branch)
        if branch in self._practice:
            self._check_practice(piece)
        elif self._ended and table in _PLAYED:
            raise BadInput("Something comes after its end.")
        self._note(piece)

    def _announce(self, branch: Value) -> None:
        if not self._ended:
            raise BadInput("It was answered again before its end.")
        if ("openings", branch) in self._seen:
            raise BadInput("What was said before its end cannot be practice.")
        self._practice.add(branch)
        self.announced.add(branch)

    def _check_practice(self, piece: Piece) -> None:
        """What is on a branch of practice counts nowhere, and comes before that branch's own end."""
        branch = piece.column("branch")
        if branch in self._ended and piece.table in _PLAYED:
            raise BadInput("Something comes after the end of a branch of practice.")
        if piece.table in _ABOUT_WHAT_COUNTS or piece.column("score") is not None:
            raise BadInput("Practice would count.")

    def _note(self, piece: Piece) -> None:
        table, branch = piece.table, piece.column("branch")
        if table == "endings":
            self._ended.add(branch)
        elif table == "openings":
            self.announced.discard(branch)
        elif table == "branches":
            self._last.pop(piece.column("parent"), None)
        elif table == "replies":
            self._last[branch] = piece.column("turn")
        self._seen.add(key_of(piece))
        self._ids[piece.column("id")] = table


def _transcripts(call: Carried) -> Iterator[Transcript]:
    """The transcript along each branch. Raises `BadInput`."""
    rows: dict[str, list[Row]] = {table: [] for table in OF_A_CALL}
    for number, (table, row) in enumerate(call.pieces, 1):
        rows[table].append((number, *row, ""))
    if not rows["openings"]:
        raise BadInput("It has no beginning.")
    rows["openings"].sort(key=lambda row: int(str(row[2])))
    head, script = (0, *call.head, ""), (0, *call.script, "")
    try:
        for opening in rows["openings"]:
            yield transcript_from(head, script, rows, int(str(opening[2])))
    except RoleplayError as error:
        raise BadInput(f"It does not hold together: {error.what}") from None


def _check_use(transcript: Transcript) -> None:
    """Scoring, debriefing and reviewing it must work, whatever somebody has put into its script."""
    try:
        score_of(transcript)
        transcript.session.script.persona.beat(transcript.state.moment)
        reading_of(Case(_wordless(transcript), [transcript.branch], Reviewed(overrides=transcript.overrides)))
    except RecursionError:
        raise BadInput("It is nested too deeply.") from None
    except Exception as error:  # a script from elsewhere can break any rule that a persona file is checked for
        raise BadInput(f"It does not hold together ({type(error).__name__}: {plain(error)[:80]}).") from None


def _wordless(transcript: Transcript) -> Transcript:
    """`transcript` with hardly a word in it: any words may be said in a call, and weighing them takes long."""
    replies, earlier = (
        tuple(replace(each, text="-") for each in side) for side in (transcript.replies, transcript.earlier)
    )
    lines = tuple(replace(line, text="-") for line in transcript.lines)
    return replace(transcript, replies=replies, earlier=earlier, lines=lines)

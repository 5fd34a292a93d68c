"""The tries in which an ended call was answered again, in the words in which every front end tells them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from roleplay.conversation.turns import Transcript
from roleplay.errors import NotFound
from roleplay.persona.fields import Outcome
from roleplay.practice.debrief import ReplyResult
from roleplay.store.transcripts import Try
from roleplay.text import counted

ANSWER_AGAIN = "Answer again"
"""What it is called to answer a line of the customer's once more: in the call, in the debrief, in a try."""

TAKES_BACK = "You answer again from here. Your first reply still counts; from here on it is practice."
"""What is said when the last reply of a call that goes on is taken back."""

REWINDS = "You answer again from here. Your first path stays the result; from here on it is practice."
"""What is said when a call that has ended is answered again."""

ANSWERED_AGAIN = "You answer this line again."
"""What stands beside the line that waits then."""

FIRST_PATH_STAYS = "The first path stays the result of this call; a try is practice and counts nowhere."
"""What a try does not change."""

ENDED: dict[Outcome, str] = {"good": "ended well", "mixed": "ended with something left open", "bad": "ended badly"}
"""How a path ended, in a word or a few."""

_ORDER = ("missed", "partly", "met", "none")


def from_turn(transcript: Transcript) -> int:
    """From which turn the practice of `transcript` answers again."""
    own = (reply.turn for reply in transcript.replies if reply.branch == transcript.branch)
    return next(own, len(transcript.replies) + 1)


def path_name(branch: int, *, practice: bool) -> str:
    """What a branch is called in a sentence."""
    return f"try {branch}" if practice else "your first path"


def heading(turn: int) -> str:
    """What stands over a call that is being answered again from `turn`."""
    return f"Answering again from turn {turn}, practice: the first path stays your result."


def first_missed(transcript: Transcript) -> int | None:
    """The first turn of `transcript` whose reply missed what was there; None: no reply did."""
    missed = (each.turn for each in transcript.replies if transcript.counted(each).opportunity == "missed")
    return next(missed, None)


def path_of(every: Sequence[Try], branch: int | None) -> int | None:
    """Which branch of practice is meant by `branch`, of `every` branch of an ended call; None: the first path.

    Raises `NotFound` for one that there is not.
    """
    counts = [each.branch for each in every if each.outcome and not each.practice]
    tries = [each.branch for each in every if each.practice]
    if branch in tries:
        return branch
    if branch is None or branch == 0 or branch in counts:
        return None
    numbers = ", ".join(map(str, tries))
    there = f"It has {'try' if len(tries) == 1 else 'tries'} {numbers}." if tries else "It was not answered again yet."
    raise NotFound(f"There is no try {branch} of this call.", mend=there)


def about(each: Try, tries: Iterable[Try]) -> str:
    """From which turn a try goes, how many replies it has, and how it ended or that it waits, in short parts."""
    of = f" of try {each.parent}" if any(each.parent == other.branch for other in tries) else ""
    parts = [f"from turn {each.shared + 1}{of}"]
    parts.append(counted(each.own, "reply", "replies") if each.own else "nothing said yet")
    if each.outcome:
        parts.append(ENDED[each.outcome])
    else:
        parts.append("waits, with what you typed" if each.typed else "waits")
    return ", ".join(parts)


def in_words(each: Try, tries: Iterable[Try]) -> str:
    """A try in a sentence."""
    return f"Try {each.branch}, {about(each, tries)}."


def waiting(tries: Sequence[Try], branch: int | None = None) -> Try | None:
    """The try that is to be gone on with: that of `branch`, else the newest that waits; None: none does."""
    open_ = [each for each in tries if each.outcome is None and branch in (None, each.branch)]
    return open_[-1] if open_ else None


def missed_first(replies: Iterable[ReplyResult]) -> list[ReplyResult]:
    """The replies that stand, those first that would be worth another try: missed, partly met, then all others."""
    standing = {reply.turn: reply for reply in replies}  # of several tries at a turn the last one stands
    return sorted(standing.values(), key=lambda reply: (_ORDER.index(reply.assessment.opportunity), reply.turn))

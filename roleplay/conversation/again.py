"""Answering again: the last reply of a call, or any reply of one that has ended; when, and what the call is then."""

from __future__ import annotations

from msgspec.structs import replace

from roleplay.conversation.turns import KeptOpening, Transcript
from roleplay.conversation.voiced import Usage
from roleplay.errors import BadInput


def why_not_again(transcript: Transcript, *, unfinished: bool) -> str | None:
    """Why the last reply of `transcript` cannot be taken back, as a sentence; None if it can.

    `unfinished`: the customer has not answered it to the end.
    """
    last = transcript.replies[-1] if transcript.replies else None
    if transcript.ending:
        return "This call has ended."
    if not transcript.coached:
        return "In an exam each reply stands."
    if last is None:
        return "There is no reply yet to take back."
    if unfinished:
        return "The customer has not answered yet."
    if last.branch != transcript.branch:
        return "This reply is taken back already; give another one first."
    counted = transcript.counted(last)
    if counted.opportunity != "missed" and not counted.harm:
        return "Only a reply that missed something or did harm can be taken back."
    return None


def without_last(transcript: Transcript, at: str) -> tuple[Transcript, KeptOpening]:
    """`transcript` on a new branch, without its last reply and what followed, and how that branch begins, noted `at`.

    The line that the reply answered waits to be answered again. What is left behind keeps its place in `earlier`, and
    what it took counts.
    """
    last = transcript.replies[-1]
    left = (line.voiced.usage for line in transcript.lines if line.turn > last.turn)
    shorter = replace(
        _until(transcript, last.turn),
        earlier=(*transcript.earlier, last),
        usage_elsewhere=sum(left, transcript.usage_elsewhere),
    )
    return shorter, _opening(shorter, transcript.branch, at)


def rewound(transcript: Transcript, turn: int, at: str) -> tuple[Transcript, KeptOpening]:
    """`transcript` on a new branch from the line that opened `turn`, and how that branch begins, noted `at`.

    The call has ended, and what is said from here on is practice: nothing of `transcript` changes, and nothing of the
    new branch counts. Raises `BadInput` for a turn that was not replied to, and for a call that goes on.
    """
    if not transcript.ending and not transcript.practice:
        raise BadInput("This call has not ended.", mend="Play it to its end first; then answer again from any turn.")
    replied = len(transcript.replies)
    if not 1 <= turn <= replied:
        turns = f"It has turns 1 to {replied}." if replied else "Nothing was said in it."
        raise BadInput(f"There is no turn {turn} to answer again.", mend=turns)
    shorter = replace(
        _until(transcript, turn), ending=None, earlier=(), usage_elsewhere=Usage(), practice=True, self_rating=None
    )
    return shorter, _opening(shorter, transcript.branch, at)


def _until(transcript: Transcript, turn: int) -> Transcript:
    """`transcript` on the branch that comes next, up to the line that opened `turn`."""
    number = 1 + transcript.newest
    return replace(
        transcript,
        branch=number,
        newest=number,
        replies=tuple(reply for reply in transcript.replies if reply.turn < turn),
        lines=tuple(line for line in transcript.lines if line.turn <= turn),
    )


def _opening(shorter: Transcript, parent: int, at: str) -> KeptOpening:
    return KeptOpening(
        session=shorter.session.id,
        branch=shorter.branch,
        state=shorter.state,
        direction=shorter.direction,
        at=at,
        parent=parent,
        practice=shorter.practice,
    )

"""Taking the last reply back: when that can be done, and what the call is on the branch that begins then."""

from __future__ import annotations

from msgspec.structs import replace

from roleplay.conversation.turns import KeptOpening, Transcript


def why_not_again(transcript: Transcript, *, unfinished: bool) -> str | None:
    """Why the last reply of `transcript` cannot be taken back, as a sentence; None if it can.

    `unfinished`: the customer has not answered it to the end.
    """
    last = transcript.replies[-1] if transcript.replies else None
    if transcript.ending:
        return "This call has ended."
    if transcript.session.exam:
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
    lines = tuple(line for line in transcript.lines if line.turn <= last.turn)
    left = (line.voiced.usage for line in transcript.lines if line.turn > last.turn)
    shorter = replace(
        transcript,
        branch=1 + max(transcript.branch, *(each.branch for each in transcript.earlier), 0),
        replies=transcript.replies[:-1],
        lines=lines,
        earlier=(*transcript.earlier, last),
        usage_elsewhere=sum(left, transcript.usage_elsewhere),
    )
    opening = KeptOpening(
        session=transcript.session.id,
        branch=shorter.branch,
        state=shorter.state,
        direction=shorter.direction,
        at=at,
        parent=transcript.branch,
    )
    return shorter, opening

"""What a coach and the trainee added to a call, as printed lines: each with who, when and, in words, on what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from roleplay.cli.times import local_time
from roleplay.conversation.reviewing import Comment
from roleplay.practice import wording
from roleplay.practice.debrief import Debrief, ReplyResult
from roleplay.practice.noted import BY, WAITING, Disputed, Noted, Overruled, Remark
from roleplay.text import one_line


def noted(noted: Noted) -> Iterator[str]:
    """What was added to one reply, and to the line that it answers."""
    for comment in noted.on_line:
        yield _comment(comment, " on what the customer said")
    for comment in noted.comments:
        yield _comment(comment)
    for each in noted.overruled:
        yield _overruled(each)
    for disputed in noted.disputes:
        yield from _disputed(disputed)


def remarks(remarks: Iterable[Remark]) -> Iterator[str]:
    """A coach's comments that are on no reply."""
    for each in remarks:
        yield _comment(each.comment, f" on {wording.last_words(each.said) if each.said else 'another try'}")


def before(debrief: Debrief) -> str:
    """What the score was before a coach overruled anything; empty where it is the same."""
    return "" if debrief.scored is None else f"It was {debrief.scored:.0f} by the scorer alone."


def overruled_verdict(reply: ReplyResult) -> str:
    """What the machine's verdict on `reply` was, and whose counts now; empty where no coach has overruled it."""
    noted = reply.noted
    if noted.scored is None:
        return ""
    machine, counts = wording.verdict_word(noted.scored), wording.verdict_word(reply.assessment)
    was = f"was {machine.lower()} by {BY[noted.overruled[-1].by]}; " if machine != counts else ""
    return f"{was}your coach's level counts"


def _comment(comment: Comment, on: str = "") -> str:
    return f"Comment by {_who(comment.coach, comment.at)}{on}: {one_line(comment.text)}"


def _overruled(each: Overruled) -> str:
    level = f"{each.title} {each.level} of {each.highest} (was {each.before} by {BY[each.by]}). {each.means}"
    return f"Overruled by {_who(each.coach, each.at)}: {one_line(level)} Reason: {one_line(each.reason)}"


def _disputed(disputed: Disputed) -> Iterator[str]:
    dispute, answer = disputed.dispute, disputed.answer
    yield f"You disputed this ({local_time(dispute.at)}): {one_line(dispute.text)}{'' if answer else f' {WAITING}'}"
    if answer:
        yield f"Answer by {_who(answer.coach, answer.at)}, {disputed.verdict}: {one_line(answer.text)}"


def _who(name: str, at: str) -> str:
    return f"{one_line(name)} ({local_time(at)})"

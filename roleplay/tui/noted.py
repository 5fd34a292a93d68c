"""What a coach and the trainee added to a call, as the app shows it: never only by a colour or a sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.content import Content

from roleplay.conversation.reviewing import Comment
from roleplay.practice.noted import BY, WAITING, Disputed, Noted, Overruled, Remark, names
from roleplay.practice.wording import last_words, verdict_word
from roleplay.scoring.assessment import Assessment
from roleplay.text import one_line
from roleplay.tui.cards import when
from roleplay.tui.hanging import Item
from roleplay.tui.literal import literal, literal_line

NOTE, DISPUTE = "✎", "⚑"
"""What stands for something of a coach's, and for a dispute of the trainee's."""

STRUCK = "strike $text-muted"
"""How something of the machine's is drawn that a coach has overruled: it stays legible."""

_NOTE, _DISPUTE = Content.styled(NOTE, "bold $text-accent"), Content.styled(DISPUTE, "bold $text-warning")
_NO_SIGN = Content(" ")


def signs(noted: Noted) -> Content:
    """What tells in the line of a closed reply that something was added to it; empty if nothing was."""
    found = [_NOTE] if noted.by_coach else []
    found += [_DISPUTE] if noted.waiting else []
    return Content(" ").join(found) + Content("  ") if found else Content("")


def overruled_verdict(noted: Noted, counts: Assessment) -> Content:
    """What the machine's verdict was, struck through, before that which `counts`; empty where it is the same."""
    if noted.scored is None or verdict_word(noted.scored) == verdict_word(counts):
        return Content("")
    return Content.styled(verdict_word(noted.scored), STRUCK) + literal(f" {_by(noted)} ", "$text-muted")


def items(noted: Noted, customer: str) -> Iterator[Item]:
    """What was added to one reply; `customer` is who said what it answers."""
    for comment in noted.on_line:
        yield from _comment(comment, f" on what {customer} said")
    for comment in noted.comments:
        yield from _comment(comment)
    for each in noted.overruled:
        yield from _overruled(each)
    for disputed in noted.disputes:
        yield from _disputed(disputed)


def remarks(remarks: Iterable[Remark]) -> Iterator[Item]:
    """A coach's comments that are on no reply."""
    for each in remarks:
        yield from _comment(each.comment, f" on {last_words(each.said) if each.said else 'another try'}")


def coaches(noted: Noted) -> str:
    """Whose levels count for a reply."""
    return names([one_line(each.coach) for each in noted.overruled])


def _by(noted: Noted) -> str:
    return f"by {BY[noted.overruled[-1].by]}"


def _comment(comment: Comment, on: str = "") -> Iterator[Item]:
    yield Item(literal(comment.text), _NOTE)
    yield Item(literal_line(f"{comment.coach}{on}, {when(comment.at)}", "italic $text-muted"), _NO_SIGN)


def _overruled(each: Overruled) -> Iterator[Item]:
    level = Content.assemble(
        literal_line(each.title, "bold"),
        (f" {each.level} of {each.highest}", "bold"),
        ", was ",
        (each.before, STRUCK),
        (f" by {BY[each.by]}. ", "$text-muted"),
        literal_line(each.means, "$text-muted"),
    )
    yield Item(level, _NOTE)
    yield Item(literal(f"Because: {each.reason}"), _NO_SIGN)
    yield Item(literal_line(f"{each.coach}, {when(each.at)}", "italic $text-muted"), _NO_SIGN)


def _disputed(disputed: Disputed) -> Iterator[Item]:
    dispute, answer = disputed.dispute, disputed.answer
    words = Content.styled("You disputed this: ", "bold") + literal(dispute.text)
    yield Item(words if answer else words + Content.styled(f" {WAITING}", "$text-warning"), _DISPUTE)
    yield Item(literal_line(when(dispute.at), "italic $text-muted"), _NO_SIGN)
    if answer:
        verdict = f"{disputed.verdict.capitalize()}. "
        yield Item(Content.styled(verdict, "bold") + literal(answer.text), _NOTE)
        yield Item(literal_line(f"{answer.coach}, {when(answer.at)}", "italic $text-muted"), _NO_SIGN)

"""A reply in the debrief: what it answered, the words that its score rests on, and what would have been better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.content import Content

from roleplay.persona.names import short_name
from roleplay.practice.debrief import ReplyResult
from roleplay.practice.heard import sign_of
from roleplay.practice.judged import by
from roleplay.practice.marks import marks_of
from roleplay.practice.wording import last_words, verdict_word
from roleplay.scoring.assessment import Scored
from roleplay.tui import assessed, noted
from roleplay.tui.assessed import BLANK, behind
from roleplay.tui.hanging import Hanging, Item
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.signs import SIGNS, STYLES
from roleplay.tui.widgets.folds import Fold

_TRIES = ("", "", "second try", "third try", "fourth try")
_WORDS = 12
"""Columns of the word that says how a reply was heard."""
_BY = 9
"""Columns of the word that says who judged a reply."""


class MarkedReply(Fold):
    """One reply, closed to a line. `titles` are the names of the dimensions, `customer` the customer's name.

    `judge`: whether a judge took part in the call, so that it is told who judged this reply.
    """

    def __init__(self, reply: ReplyResult, titles: Mapping[Scored, str], customer: str, *, judge: bool = False) -> None:
        super().__init__()
        self._reply, self._titles, self._customer, self._judge = reply, titles, customer, judge
        self.draw()

    @property
    def reply(self) -> ReplyResult:
        """The reply that it tells."""
        return self._reply

    def renew(self, reply: ReplyResult, titles: Mapping[Scored, str], *, judge: bool) -> None:
        """Tell the same reply as it is judged now, as far open as it was."""
        self._reply, self._titles, self._judge = reply, titles, judge
        self.draw()

    def heading(self) -> Content:
        """Turn, sign, word, and the first words."""
        reply, assessment = self._reply, self._reply.assessment
        sign = sign_of(assessment)
        parts = [
            Content.styled(f"{'↳' if reply.attempt > 1 else str(reply.turn):>3} ", "$text-muted"),
            Content.styled(f"{SIGNS[sign]} {verdict_word(assessment):<{_WORDS}}", STYLES.get(sign, "bold")),
        ]
        if self._judge:
            word = "coach" if reply.noted.overruled else by(reply.judged, unsure=False).word
            parts.append(Content.styled(f"{word:<{_BY}}", "$text-muted"))
        parts.append(noted.signs(reply.noted))
        if reply.attempt > 1:
            parts.append(literal(f"{again(reply.attempt)}  ", "italic $text-muted"))
        parts.append(literal_line(reply.reply) if reply.reply.strip() else _silence(reply))
        return Content("").join(parts)

    def inside(self) -> Hanging:
        """All of it, once it is open."""
        return Hanging([*(_moved_in(item) for item in self._parts()), BLANK] if self.step else [])

    def _parts(self) -> Iterator[Item]:
        reply, assessment = self._reply, self._reply.assessment
        marks = marks_of(reply, self._titles)
        if reply.attempt > 1:
            yield Item(Content.styled(f"{again(reply.attempt).capitalize()}: practice, does not count", "italic"))
        whom = short_name(reply.speaker) if reply.speaker else self._customer
        if reply.customer:
            yield behind(whom, literal(last_words(reply.customer), "$text-muted"))
        yield behind("You", assessed.marked(reply.reply, marks) if reply.reply.strip() else _silence(reply))
        if reply.gesture and reply.reply.strip():
            yield behind("", literal_line(f"◇ {reply.gesture}", "$text-accent"))
        yield BLANK
        yield assessed.heard(assessment, reply.overall_means, noted.overruled_verdict(reply.noted, assessment))
        if self._judge or reply.noted.overruled:
            yield Item(literal_line(self._whose_verdict(), "italic $text-muted"), Content(" "))
        added = list(noted.items(reply.noted, whom))
        if added:
            yield from (BLANK, *added, BLANK)
        yield from assessed.earned(marks)
        yield from assessed.there(reply, self._titles)
        yield from assessed.better(reply)

    def _whose_verdict(self) -> str:
        reply = self._reply
        if reply.noted.overruled:
            return f"Overruled by {noted.coaches(reply.noted)}: a coach's level counts."
        return by(reply.judged, unsure=reply.assessment.unsure).sentence


def again(attempt: int) -> str:
    """What a reply is called that was given after one was taken back."""
    return _TRIES[attempt] if attempt < len(_TRIES) else f"try {attempt}"


def _silence(reply: ReplyResult) -> Content:
    if not reply.gesture:
        return Content.styled("(silence)", "italic")
    return literal_line(f"◇ {reply.gesture}", "$text-accent")


def _moved_in(item: Item) -> Item:
    return Item(item.body, Content("    ") + item.lead)

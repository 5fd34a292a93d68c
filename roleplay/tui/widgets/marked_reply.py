"""A reply in the debrief: what it answered, the words that its score rests on, and what would have been better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual.content import Content

from roleplay.persona.names import short_name
from roleplay.practice.debrief import ReplyResult
from roleplay.practice.heard import sign_of
from roleplay.practice.judged import by
from roleplay.practice.marks import Mark, marks_of
from roleplay.practice.wording import WHOSE, lacking, last_words, verdict, verdict_word
from roleplay.scoring.assessment import Scored
from roleplay.text import quote
from roleplay.tui import noted
from roleplay.tui.hanging import Hanging, Item
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.signs import SIGNS, STYLES
from roleplay.tui.widgets.folds import Fold

_TRIES = ("", "", "second try", "third try", "fourth try")
_WORDS = 12
"""Columns of the word that says how a reply was heard."""
_BY = 9
"""Columns of the word that says who judged a reply."""
_BLANK = Item(Content(""))


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
        return Hanging([*(_moved_in(item) for item in self._parts()), _BLANK] if self.step else [])

    def _parts(self) -> Iterator[Item]:
        reply, assessment = self._reply, self._reply.assessment
        marks = marks_of(reply, self._titles)
        if reply.attempt > 1:
            yield Item(Content.styled(f"{again(reply.attempt).capitalize()}: practice, does not count", "italic"))
        whom = short_name(reply.speaker) if reply.speaker else self._customer
        if reply.customer:
            yield _told(whom, literal(last_words(reply.customer), "$text-muted"))
        yield _told("You", marked(reply.reply, marks) if reply.reply.strip() else _silence(reply))
        if reply.gesture and reply.reply.strip():
            yield _told("", literal_line(f"◇ {reply.gesture}", "$text-accent"))
        yield _BLANK
        sign = sign_of(assessment)
        was = noted.overruled_verdict(reply.noted, assessment)
        heard = was + Content.styled(f"{verdict(assessment)}. ", STYLES.get(sign, "bold"))
        yield Item(heard + literal_line(reply.overall_means), Content.styled(SIGNS[sign], STYLES.get(sign, "bold")))
        if self._judge or reply.noted.overruled:
            yield Item(literal_line(self._whose_verdict(), "italic $text-muted"), Content(" "))
        added = list(noted.items(reply.noted, whom))
        if added:
            yield from (_BLANK, *added, _BLANK)
        for mark in marks:
            yield from _earned(mark)
        if reply.there:
            yield _BLANK
            yield Item(Content.styled("What was there", "bold"))
            for each in reply.there:
                yield Item(literal(lacking(each, self._titles), "$text-muted") + literal_line(each.text))
        if assessment.suggestion and not reply.met:
            yield _BLANK
            yield Item(Content.styled("Better", "bold $text-accent"))
            yield Item(literal_line(f"“{assessment.suggestion.text}”"))
            yield Item(literal_line(assessment.suggestion.why, "$text-muted"))

    def _whose_verdict(self) -> str:
        reply = self._reply
        if reply.noted.overruled:
            return f"Overruled by {noted.coaches(reply.noted)}: a coach's level counts."
        return by(reply.judged, unsure=reply.assessment.unsure).sentence


def again(attempt: int) -> str:
    """What a reply is called that was given after one was taken back."""
    return _TRIES[attempt] if attempt < len(_TRIES) else f"try {attempt}"


def marked(text: str, marks: Sequence[Mark]) -> Content:
    """`text` with the words of `marks` underlined, each with its number where it ends."""
    words = literal(text)
    for mark in marks:
        if mark.number:
            words = words.stylize("underline $text-error" if mark.hurts else "underline", mark.start, mark.end)
    for mark in sorted(marks, key=lambda each: (each.end, each.number), reverse=True):
        if mark.number:
            sign = Content.styled(f"[{mark.number}]", "bold $text-error" if mark.hurts else "bold $text-accent")
            words = words[: mark.end] + sign + words[mark.end :]
    return words


def _earned(mark: Mark) -> Iterator[Item]:
    earned, named = f"{mark.earned}. ", Content("")
    if not mark.number:
        named = literal(f"{WHOSE[mark.of]} {_quoted(mark)}: ")
    elif mark.overlaps:
        named = literal(f"{_quoted(mark)}: ")
    else:
        earned = f"{earned[:1].upper()}{earned[1:]}"
    lead = f"[{mark.number}]" if mark.number else "◇" if mark.of == "gesture" else "✗"
    body = named + literal(earned, "bold") + literal_line(" ".join(mark.reasons), "$text-muted")
    yield _told(lead, body, "bold $text-error" if mark.hurts else "bold $text-accent")


def _quoted(mark: Mark) -> str:
    return last_words(mark.quote) if mark.of == "customer" else quote(mark.quote, 60)


def _told(lead: str, body: Content, style: str = "$text-muted") -> Item:
    return Item(body, literal_line(lead or " ", style))


def _silence(reply: ReplyResult) -> Content:
    if not reply.gesture:
        return Content.styled("(silence)", "italic")
    return literal_line(f"◇ {reply.gesture}", "$text-accent")


def _moved_in(item: Item) -> Item:
    return Item(item.body, Content("    ") + item.lead)

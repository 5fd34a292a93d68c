"""An assessed reply in parts: how it was heard, the words that rests on, what was there, and what would be better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual.content import Content

from roleplay.practice.debrief import ReplyResult
from roleplay.practice.heard import sign_of
from roleplay.practice.marks import Mark
from roleplay.practice.wording import WHOSE, lacking, last_words, verdict
from roleplay.scoring.assessment import Assessment, Scored
from roleplay.text import quote
from roleplay.tui.hanging import Item
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.signs import SIGNS, STYLES

BLANK = Item(Content(""))
"""A line between parts."""


def behind(lead: str, body: Content, style: str = "$text-muted") -> Item:
    """`body` behind a `lead`, which may be empty: it then stands where it would with one."""
    return Item(body, literal_line(lead or " ", style))


def heard(assessment: Assessment, means: str, before: Content | None = None) -> Item:
    """The verdict behind its sign, and what it `means`; `before` stands before the verdict."""
    style = STYLES.get(sign_of(assessment), "bold")
    words = Content.styled(f"{verdict(assessment)}. ", style)
    return Item((before or Content("")) + words + literal_line(means), signed(assessment))


def signed(assessment: Assessment, words: str = "") -> Content:
    """The sign of a verdict, with `words` behind it."""
    sign = sign_of(assessment)
    return Content.styled(f"{SIGNS[sign]} {words}".rstrip(), STYLES.get(sign, "bold"))


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


def earned(marks: Sequence[Mark]) -> Iterator[Item]:
    """What the words of `marks` earned or cost, and why."""
    for mark in marks:
        yield _earned(mark)


def there(reply: ReplyResult, titles: Mapping[Scored, str]) -> Iterator[Item]:
    """What was there to be met, under a heading; nothing where all was reached."""
    if reply.there:
        yield BLANK
        yield Item(Content.styled("What was there", "bold"))
    for each in reply.there:
        yield Item(literal(lacking(each, titles), "$text-muted") + literal_line(each.text))


def better(reply: ReplyResult) -> Iterator[Item]:
    """A worked reply with its reason, under a heading; nothing beside one that surely met what was there."""
    suggestion = reply.assessment.suggestion
    if suggestion and not reply.met:
        yield BLANK
        yield Item(Content.styled("Better", "bold $text-accent"))
        yield Item(literal_line(f"“{suggestion.text}”"))
        yield Item(literal_line(suggestion.why, "$text-muted"))


def _earned(mark: Mark) -> Item:
    told, named = f"{mark.earned}. ", Content("")
    if not mark.number:
        named = literal(f"{WHOSE[mark.of]} {_quoted(mark)}: ")
    elif mark.overlaps:
        named = literal(f"{_quoted(mark)}: ")
    else:
        told = f"{told[:1].upper()}{told[1:]}"
    lead = f"[{mark.number}]" if mark.number else "◇" if mark.of == "gesture" else "✗"
    body = named + literal(told, "bold") + literal_line(" ".join(mark.reasons), "$text-muted")
    return behind(lead, body, "bold $text-error" if mark.hurts else "bold $text-accent")


def _quoted(mark: Mark) -> str:
    return last_words(mark.quote) if mark.of == "customer" else quote(mark.quote, 60)

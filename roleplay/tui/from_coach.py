"""What a coach has for a trainee, as rows of the gallery and in full beside them: personas to play, calls with news."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from roleplay.text import counted, one_line
from roleplay.tui.cards import broken_row, card_details, card_row, when
from roleplay.tui.hanging import Hanging, facts, paragraphs
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.widgets.rows import Line, Row

if TYPE_CHECKING:
    from roleplay.practice.gallery import Card
    from roleplay.store.news import Assigned, News

_GAP = Line(Content(""))


def assigned_row(card: Card, assigned: Sequence[Assigned], key: str) -> Row:
    """A persona that is assigned, by whom and why below its title."""
    row = broken_row(card, key) if card.problem else card_row(card, key)
    title, *others = row.lines
    return Row(key, (title, *map(_by, assigned), *others))


def missing_row(assigned: Assigned) -> Row:
    """A persona that is assigned and is not here; it cannot be chosen."""
    missing = Content.styled("✗ is not here", "$text-error")
    return Row("", (Line(literal_line(assigned.persona, "bold"), missing), _by(assigned), _GAP))


def assigned_details(card: Card, assigned: Sequence[Assigned]) -> Hanging:
    """All that is known of a persona that is assigned."""
    notes = [paragraphs(_who(each), literal(each.note)) for each in assigned]
    return paragraphs(*notes, card_details(card))


def news_row(news: News, key: str) -> Row:
    """A call to which a coach added something."""
    return Row(
        key,
        (
            Line(Content.styled("Debrief: ", "bold $text-accent") + literal_line(news.title, "bold"), _score(news)),
            Line(literal_line(f"{_coaches(news)}, {when(news.at)}: {_added(news)}", "$text-muted")),
            _GAP,
        ),
    )


def news_details(news: News) -> Hanging:
    """All that is known of it before its debrief."""
    return paragraphs(
        literal_line(news.title, "bold $text-primary"),
        literal_line(f"{_coaches(news)} has added to this call: {_added(news)}."),
        Content("Enter opens its debrief."),
        facts({"Played": when(news.started), "Added": when(news.at)}),
    )


def _by(assigned: Assigned) -> Line:
    note = f": {assigned.note}" if assigned.note else f", {when(assigned.at)}"
    return Line(literal_line(f"{assigned.coach}{note}", "$text-accent"))


def _who(assigned: Assigned) -> Content:
    return literal_line(f"Assigned by {assigned.coach}, {when(assigned.at)}", "bold $text-accent")


def _coaches(news: News) -> str:
    return ", ".join(one_line(name) for name in news.coaches)


def _added(news: News) -> str:
    told = (
        (news.comments, "comment", "comments"),
        (news.overruled, "level overruled", "levels overruled"),
        (news.answered, "answer", "answers"),
    )
    return ", ".join(counted(number, one, many) for number, one, many in told if number)


def _score(news: News) -> Content:
    return Content("") if news.score is None else Content.styled(f"{news.score:.0f}", "$text-success")

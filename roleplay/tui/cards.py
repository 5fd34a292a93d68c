"""How personas and interrupted calls are told before a call: as rows of the gallery, and in full beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from roleplay.text import counted
from roleplay.tui.hanging import Hanging, facts, paragraphs
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.widgets.rows import Line, Row

if TYPE_CHECKING:
    from roleplay.practice.gallery import Card
    from roleplay.store.listing import SessionSummary

HARDEST = 5
"""The highest difficulty a persona can have."""

_DIFFICULTIES = ("", "gentle", "steady", "demanding", "hard", "very hard")
_GAP = Line(Content(""))


def heading(words: str) -> Row:
    """A heading between rows."""
    return Row("", (Line(Content.styled(words, "$text-muted")),))


def card_row(card: Card, key: str) -> Row:
    """A persona that can be played."""
    result = Content.styled(best(card), "$text-success" if card.calls else "$text-muted")
    lines = [
        Line(literal_line(card.title, "bold"), result),
        Line(literal_line(" · ".join((card.name, card.channel, difficulty(card.difficulty))), "$text-muted")),
        Line(literal_line(card.visit or card.extent, "$text-accent")),
        Line(literal_line(card.summary)),
        Line(literal_line(warning(card.content), "$text-warning")),
    ]
    return Row(key, (*(line for line in lines if line.left), _GAP))


def broken_row(card: Card, key: str) -> Row:
    """A persona file that cannot be played, with the sentence that says why."""
    return Row(
        key,
        (
            Line(literal_line(card.title, "bold"), Content.styled("✗ cannot be played", "$text-error")),
            Line(literal_line(card.problem, "$text-muted")),
            _GAP,
        ),
    )


def call_row(call: SessionSummary, key: str) -> Row:
    """A call that has not ended."""
    known = [counted(call.turns, "reply", "replies"), when(call.started)] + (["exam"] if call.exam else [])
    return Row(
        key,
        (
            Line(Content.styled("Go on: ", "bold $text-accent") + literal_line(call.title, "bold")),
            Line(literal_line(", ".join(known), "$text-muted")),
            _GAP,
        ),
    )


def tried_row(call: SessionSummary, key: str) -> Row:
    """A call that has ended and was being answered again."""
    return Row(
        key,
        (
            Line(Content.styled("A try waits: ", "bold $text-accent") + literal_line(call.title, "bold")),
            Line(literal_line(when(call.started), "$text-muted")),
            _GAP,
        ),
    )


def card_details(card: Card) -> Hanging:
    """All that is known of a persona before its briefing."""
    if card.problem:
        return paragraphs(
            literal_line(card.title, "bold"),
            Content.styled("✗ This file cannot be played.", "$text-error"),
            literal(card.problem),
            literal(str(card.path), "$text-muted"),
            Content.styled("Enter lists everything there is to mend. F5 reads it again.", "$text-muted"),
        )
    told = {
        "Customer": card.name,
        "Channel": card.channel,
        "Difficulty": difficulty(card.difficulty),
        "Story": card.extent,
        "Next": card.visit,
        "You": _results(card.calls, card.best),
        "In short": f"five minutes (F7 in the briefing): {_results(card.short_calls, card.short_best)}",
    }
    return paragraphs(
        literal_line(card.title, "bold $text-primary"),
        literal(card.summary),
        literal_line(warning(card.content), "bold $text-warning"),
        facts({name: words for name, words in told.items() if words}),
    )


def call_details(call: SessionSummary) -> Hanging:
    """All that is known of an interrupted call."""
    told = {
        "Begun": when(call.started),
        "So far": counted(call.turns, "reply", "replies"),
        "Mode": "exam: nothing is shown before the end" if call.exam else "coached",
    }
    return paragraphs(
        literal_line(call.title, "bold $text-primary"),
        Content(
            "This call was cut short, unless it is open in another window just now. "
            "It goes on exactly where it was, with the words you had typed."
        ),
        facts(told),
    )


def tried_details(call: SessionSummary) -> Hanging:
    """What is known of a call that was being answered again."""
    return paragraphs(
        literal_line(call.title, "bold $text-primary"),
        Content(
            "You were answering this call again, and a try of it waits: it goes on exactly where it was, with the "
            "words you had typed. Enter leads to its debrief, where all tries are listed. What you say in them is "
            "practice; the first path stays the result."
        ),
        facts({"Begun": when(call.started), "First path": counted(call.turns, "reply", "replies")}),
    )


def difficulty(level: int) -> str:
    """How hard a persona is, 1-5, as pips and in words."""
    return f"{'●' * level}{'○' * (HARDEST - level)} {_DIFFICULTIES[level]}"


def warning(content: Sequence[str], what: str = "call") -> str:
    """What a call, or `what` else, is about that somebody may not want to meet unprepared; empty if nothing is."""
    return f"! This {what} is about: {', '.join(content)}" if content else ""


def best(card: Card) -> str:
    """The best result so far."""
    return _best(card.calls, card.best)


def _best(calls: int, score: float | None) -> str:
    if not calls:
        return "not yet played"
    return "played, not scored" if score is None else f"best {score:.0f}"


def _results(calls: int, score: float | None) -> str:
    """The best result so far, and of how many calls."""
    return f"{_best(calls, score)}, {counted(calls, 'call', 'calls')}" if calls else _best(calls, score)


def when(moment: str, now: datetime | None = None) -> str:
    """An ISO 8601 time as one says it: today 21:14, Friday 21:14, 3 May 21:14, 3 May 2024. Local time."""
    try:
        then = datetime.fromisoformat(moment).astimezone()
    except (TypeError, ValueError, OverflowError, OSError):  # whatever a damaged row may hold
        return "at a time unknown"
    now = now or datetime.now().astimezone()
    days = (now.date() - then.date()) / timedelta(days=1)
    day = f"{then.day} {then:%B}"
    if days == 0:
        day = "today"
    elif days == 1:
        day = "yesterday"
    elif 1 < days < 7:
        day = f"{then:%A}"
    return f"{day} {then.year}" if then.year != now.year and days > 1 else f"{day} {then:%H:%M}"

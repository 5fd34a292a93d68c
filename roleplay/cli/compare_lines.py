"""Two paths of a call in printed lines: what the difference came to, each turn on both, and how each ended."""

from __future__ import annotations

from collections.abc import Iterator

from roleplay.cli.lines import customer
from roleplay.persona.message import Message
from roleplay.persona.names import short_name
from roleplay.practice.compare import Comparison, Given, Side
from roleplay.practice.judged import by
from roleplay.practice.tries import FIRST_PATH_STAYS
from roleplay.practice.wording import OUTCOMES, last_words, verdict
from roleplay.text import one_line


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """All of a comparison, each line with whose it is."""
    left, right = comparison.sides
    yield f"{left.title} and {right.name}, from turn {comparison.turn}."
    yield one_line(comparison.sentence)
    yield FIRST_PATH_STAYS
    yield from _apart(comparison)
    for turn in comparison.turns:
        yield ""
        yield f"Turn {turn}."
        if turn == comparison.turn:
            yield from (customer(line.text, line.speaker) for line in comparison.answered[-1:])
        for side in comparison.sides:
            given = next((each for each in side.given if each.turn == turn), None)
            yield from _given(side, given) if given else ()
    yield ""
    for side in comparison.sides:
        yield _end(side)


def _given(side: Side, given: Given) -> Iterator[str]:
    gesture = f" (with a gesture: {one_line(given.gesture)})" if given.gesture else ""
    yield f"{side.title}, you: {one_line(given.reply) or '(silence)'}{gesture}"
    judged = f" ({by(given.judged, unsure=False).word})" if given.judged else ""
    feelings = f"trust {given.felt.trust:g}, distress {given.felt.distress:g}"
    yield f"{side.title}, heard: {verdict(given.assessment)}{judged}; {feelings}."
    yield from (f"{side.title}, {_who(line)}: {one_line(line.text)}" for line in given.answers)


def _who(line: Message) -> str:
    return one_line(short_name(line.speaker)) if line.speaker else "customer"


def _apart(comparison: Comparison) -> Iterator[str]:
    for side in comparison.sides:
        yield from (f"Told only on {side.name}: {one_line(each)}" for each in side.told)
        yield from (f"Need met only on {side.name}: {one_line(each)}" for each in side.met)
        yield from (f"Came only on {side.name}: {last_words(each)}" for each in side.moments)


def _end(side: Side) -> str:
    if side.end is None:
        return f"{side.title} waits: it can be gone on with."
    left = "You ended the call. " if side.end.by == "left" else ""
    return f"{side.title}: {left}{OUTCOMES[side.end.outcome]} {one_line(side.end.epilogue)}".rstrip()

"""Folds the old part of a conversation into a short summary when it no longer fits: by code, without a model.

The fold moves in large steps: when the room is full, so much is folded that half of it is free again. In between, the
messages sent stay what they were, byte for byte, so that a provider's cache of them stays good. The opening is never
folded, nor is the reply to be answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from roleplay.actors.spoken import Exchange
from roleplay.english import STOP_WORDS, sentences, words
from roleplay.prompts import prompt
from roleplay.text import one_line

Count = Callable[[str], int]
"""Tells how many tokens a text has, or about how many."""

MESSAGE = 6
"""Tokens that the frame of a message takes, at most, in the chat formats in use."""

LONGEST_SUMMARY = 400
"""Tokens of a summary, at most; less where the room is small."""

LONGEST_QUOTE = 200
"""Characters of a sentence in a summary."""

_NUMBER = re.compile(r"\d")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")


class Folded(NamedTuple):
    """How many exchanges are folded, and the summary in their place; empty where there is no room for any."""

    exchanges: int
    summary: str


def fold(exchanges: Sequence[Exchange], *, fixed: int, now: int, beside: int, room: int, count: Count) -> Folded:
    """Decide how many of `exchanges`, those after the opening, have to be folded so that a request fits into `room`.

    `fixed` are the tokens that each request needs besides them, `now` those of the message to be answered now. The
    message of an earlier request is taken to have had `beside` tokens besides the reply. What is decided depends on the
    conversation alone, so that it is the same at every replay.
    """
    each = [count(heard) + count(said) + 2 * MESSAGE for heard, said in exchanges]
    asked = [*(count(heard) + beside for heard, _ in exchanges), now]
    summary = min(LONGEST_SUMMARY, max(0, room - fixed) // 5)
    gone, kept = 0, 0
    for number, latest in enumerate(asked):
        free = room - fixed - latest
        if kept > free - (summary if gone else 0):
            while gone < number and kept > (free - summary) // 2:
                kept -= each[gone]
                gone += 1
        if number < len(each):
            kept += each[number]
    return Folded(gone, summed_up(exchanges[:gone], summary, count) if gone else "")


def summed_up(exchanges: Sequence[Exchange], limit: int, count: Count) -> str:
    """The sentences of `exchanges` that say most, in their order, in at most `limit` tokens; empty if none fit.

    Both sides are quoted word for word; nothing is added that was not said.
    """
    quoted = (
        (who, _most_telling(text))
        for exchange in exchanges
        for who, text in (("They said:", exchange.heard), ("You said:", exchange.said))
    )
    said = [(most[0], place, f"{who} “{most[1]}”") for place, (who, most) in enumerate(quoted) if most]
    left = limit - count(prompt("actor_summary", lines=""))
    chosen: list[tuple[int, str]] = []
    for _, place, line in sorted(said, key=lambda each: (-each[0], -each[1])):
        tokens = count(line) + 1
        if tokens > left:
            break
        left -= tokens
        chosen.append((place, line))
    return prompt("actor_summary", lines="\n".join(line for _, line in sorted(chosen))) if chosen else ""


@lru_cache(maxsize=4096)
def _most_telling(text: str) -> tuple[float, str] | None:
    """The sentence of `text` that says most, cut to a length in which it can be quoted, with how much it says."""
    found = [one_line(each.text)[:LONGEST_QUOTE] for each in sentences(text)]
    return max(((_weight(sentence), sentence) for sentence in found), default=None)


def _weight(sentence: str) -> float:
    """How much there is in a sentence to be remembered: numbers and names before other words, short before long."""
    content = {word for word in words(sentence) if word not in STOP_WORDS}
    particulars = 2 * len(_NUMBER.findall(sentence)[:3]) + 2 * len(_NAME.findall(sentence)[:3])
    return (min(len(content), 8) + particulars) / (1 + len(sentence) / 120)

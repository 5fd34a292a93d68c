"""How fast a customer's words appear: about as fast as they would be said, until somebody presses a key."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

_A_LETTER = 0.034
"""Seconds; an average word with its space, 5.7 characters, then takes a fifth of a second."""
_PAUSES = {".": 0.30, "!": 0.30, "?": 0.30, "…": 0.40, ",": 0.12, ";": 0.16, ":": 0.16, "–": 0.16, "—": 0.16}
_PIECE = re.compile(r"\s*\S+\s*")
_LEAST_TYPING, _MOST_TYPING, _TYPING_A_LETTER = 0.5, 2.0, 0.008


def words_of(chunk: str) -> Iterator[str]:
    """The words of a piece of a line, each with the space around it; nothing of it is left out."""
    yield from _PIECE.findall(chunk) or ([chunk] if chunk else [])


def seconds_for(word: str) -> float:
    """How long saying `word` takes, with the short pause after its punctuation."""
    said = word.strip()
    return _A_LETTER * len(word) + _PAUSES.get(said.rstrip("”’\"')")[-1:], 0.0)


def seconds_of_typing(line: str) -> float:
    """How long somebody is seen typing `line` in a chat: shorter than it would take, so that nobody waits for it."""
    return min(_MOST_TYPING, max(_LEAST_TYPING, _TYPING_A_LETTER * len(line)))


class Pace:
    """Waits between the words of one line after the other; `hurry` ends all waiting until the next line begins."""

    def __init__(self, *, at_once: bool) -> None:
        self._at_once = at_once
        self._hurried = asyncio.Event()

    def begin(self) -> None:
        """A new line begins."""
        if not self._at_once:
            self._hurried.clear()

    def hurry(self) -> None:
        """Let the rest of this line come at once."""
        self._hurried.set()

    async def wait(self, seconds: float) -> None:
        """Wait, unless this line is hurried."""
        if self._at_once or seconds <= 0 or self._hurried.is_set():
            return
        try:
            await asyncio.wait_for(self._hurried.wait(), seconds)
        except TimeoutError:
            return

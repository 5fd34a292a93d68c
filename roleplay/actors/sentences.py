"""Cuts a stream of words into sentences as they come, and leaves out what a model thinks to itself before it speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from roleplay.text import one_line

_OPENS = re.compile(r"<(think|thinking|thought|reasoning|analysis)>", re.IGNORECASE)
_LONGEST_OPENING = len("<reasoning>")
_CLOSES = re.compile(r"</(?:think|thinking|thought|reasoning|analysis)>", re.IGNORECASE)
_BOUNDARY = re.compile(r"(?<=[.!?])[\"”’')\]*]*\s+|…[\"”’')\]*]*\s+(?=[A-Z\"“])|\n+")
_SHORTENED = re.compile(r"(?:^|\W)(?:(?i:mr|mrs|ms|dr|st|jr|sr|vs)|[A-HJ-Z])\.\s+$")
_QUOTES = '"“”'


class Sentences:
    """Collects pieces of a line; `add` gives the sentences that are complete, `rest` what is left at the end."""

    def __init__(self) -> None:
        self._pending = ""
        self._thinks: bool | None = None  # None: not known yet
        self._quoted: bool | None = None

    def add(self, piece: str) -> Iterator[str]:
        """Take `piece`; give each sentence that is followed by something, on one line."""
        self._pending += piece
        if not self._is_speaking():
            return
        while (end := self._end_of_first()) is not None:
            sentence, self._pending = self._pending[:end], self._pending[end:]
            if sentence.strip():
                yield self._unquoted(one_line(sentence))

    def rest(self) -> str:
        """What is left, whether it is a whole sentence or not; empty if nothing is, or if it was all thinking."""
        sentence = "" if self._thinks else one_line(self._pending)
        self._pending = ""
        return self._unquoted(sentence, last=True) if sentence else ""

    def _is_speaking(self) -> bool:
        """Whether the thinking at the beginning, if there is any, is over."""
        while self._thinks is not False:
            if self._thinks:
                closing = _CLOSES.search(self._pending)
                if not closing:
                    return False
                self._pending, self._thinks = self._pending[closing.end() :], None
            start = self._pending.lstrip()
            if _OPENS.match(start):
                self._thinks = True
            elif not start or (start[0] == "<" and ">" not in start and len(start) <= _LONGEST_OPENING):
                return False
            else:
                self._pending, self._thinks = start, False
        return True

    def _end_of_first(self) -> int | None:
        for boundary in _BOUNDARY.finditer(self._pending):
            if not _SHORTENED.search(self._pending[: boundary.end()]):
                return boundary.end()
        return None

    def _unquoted(self, sentence: str, *, last: bool = False) -> str:
        """`sentence` without the quotation marks that stand around the whole line."""
        marks = sum(sentence.count(mark) for mark in _QUOTES)
        if self._quoted is None:
            whole = last and marks == 2 and sentence[-1] in _QUOTES
            self._quoted = sentence[0] in _QUOTES and (marks % 2 == 1 or whole)
            sentence = sentence[1:] if self._quoted else sentence
            marks -= self._quoted
        return sentence[:-1] if self._quoted and sentence[-1:] in tuple(_QUOTES) and marks % 2 else sentence

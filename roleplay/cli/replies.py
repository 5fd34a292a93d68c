"""Where plain mode gets the trainee's replies from: a terminal, or the lines of a pipe."""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
from typing import BinaryIO, Protocol

from roleplay.errors import BadInput
from roleplay.text import REPLY_LIMIT

_LONGEST_LINE = 64 * REPLY_LIMIT
"""Bytes of one piped line beyond which nothing is read any more: far above the limit in any script."""


class Replies(Protocol):
    """Gives the trainee's lines one by one."""

    echoes: bool
    """Whether what is typed shows by itself, so that it need not be printed again."""

    @property
    def where(self) -> str:
        """The place of the last line, for messages; empty at a terminal, where it is before everybody's eyes."""
        ...

    def next(self) -> str | None:
        """The next line without its end, or None at the end of input. Raises `BadInput`."""
        ...

    def ask(self, question: str) -> str | None:
        """The answer to a question about the program itself, or None where nobody can be asked."""
        ...


class TerminalReplies:
    """Somebody types at a terminal, with line editing. With `aside` the prompts go to stderr, off the results."""

    echoes = True
    where = ""

    def __init__(self, *, aside: bool = False) -> None:
        self._aside = aside
        with contextlib.suppress(ImportError):
            importlib.import_module("readline")  # its mere presence gives `input` line editing

    def next(self) -> str | None:
        """Prompt with "You: " and read a line."""
        return self.ask("You: ")

    def ask(self, question: str) -> str | None:
        """Prompt with `question` and read a line."""
        if self._aside:
            print(question, end="", file=sys.stderr, flush=True)
            question = ""
        try:
            return input(question)
        except EOFError:
            print(file=sys.stderr)
            return None


class PipedReplies:
    """Lines come through a pipe or from a file, in UTF-8."""

    echoes = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._number = 0

    def next(self) -> str | None:
        """Read a line. Raises `BadInput` for a line that is not UTF-8 or far too long."""
        raw = self._stream.readline(_LONGEST_LINE)
        if not raw:
            return None
        self._number += 1
        if len(raw) == _LONGEST_LINE and not raw.endswith(b"\n"):
            raise BadInput(
                f"This line has more than {_LONGEST_LINE:,} bytes; a reply has at most {REPLY_LIMIT:,} characters.",
                where=self.where,
                mend="Shorten it, or break it into several replies.",
            )
        if self._number == 1 and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise BadInput("The input is UTF-16.", where=self.where, mend="Save it as UTF-8.")
        try:
            text = raw.decode("utf-8-sig" if self._number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise BadInput(
                f"Byte {error.start + 1} of this line is not UTF-8; it looks like Latin-1 or Windows-1252.",
                where=self.where,
                mend="Convert the input to UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8",
            ) from None
        return text.rstrip("\r\n")

    def ask(self, question: str) -> str | None:
        """Nobody can be asked through a pipe."""
        return None

    @property
    def where(self) -> str:
        """The place of the last line read."""
        return f"standard input, line {self._number}"


def replies_from_stdin(*, results_apart: bool) -> TerminalReplies | PipedReplies:
    """The trainee's lines: typed at a terminal, else read from standard input.

    `results_apart`: standard output is for results only, so that a terminal needs to be there for talk.
    """
    shown_on = sys.stderr if results_apart else sys.stdout
    if sys.stdin is not None and sys.stdin.isatty() and shown_on.isatty():
        return TerminalReplies(aside=results_apart)
    if sys.stdin is None:
        return PipedReplies(io.BytesIO())
    return PipedReplies(sys.stdin.buffer)

"""How far a long command is: a line on stderr now and then, and only where somebody looks."""

from __future__ import annotations

import sys
import time

from roleplay.cli.common import talk

EVERY = 5.0
"""Seconds between two lines: what takes less says nothing."""


class Progress:
    """Tells how many of `total` replies, or whatever else they are, are done; None: nobody knows how many there are."""

    def __init__(self, total: int | None = None, what: str = "replies") -> None:
        self._what = what
        self._of = f" of {total:,}" if total is not None else ""
        self._told = time.monotonic()
        self._shown = sys.stderr.isatty()

    def at(self, done: int, more: str = "") -> None:
        """Say that `done` of them are done, if it is time to; `more` is what else there is to say."""
        if self._shown and time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            talk(f"{done:,}{self._of} {self._what}{more} …")

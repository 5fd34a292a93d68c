"""A program in a terminal of its own, timed from outside: when did it show this text?"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from time import perf_counter
from types import TracebackType

import pexpect

_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78PX^_cM])")


class Terminal:
    """Runs a command in a pseudo-terminal of `columns` × `rows`; killed when the block is left."""

    def __init__(self, command: Sequence[str], columns: int = 100, rows: int = 30, **environment: str) -> None:
        variables = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
        for unwanted in ("NO_COLOR", "PYTHONDONTWRITEBYTECODE", "COLUMNS", "LINES"):
            variables.pop(unwanted, None)
        self._started = perf_counter()
        program, *arguments = command
        self._child = pexpect.spawn(program, arguments, env=variables, dimensions=(rows, columns), timeout=30)
        self._child.delaybeforesend = None
        self._seen = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close(force=True)

    def shown(self, text: str) -> float:
        """Seconds from the start until `text` stood in what was printed since the last key."""
        wanted = text.encode()
        while wanted not in _ESCAPES.sub(b"", self._seen):
            self._seen += self._child.read_nonblocking(65_536, timeout=30)
        return perf_counter() - self._started

    def press(self, keys: str, shows: str) -> float:
        """Type `keys`; seconds until `shows` is printed."""
        self._seen, before = b"", perf_counter()
        self._child.send(keys)
        return self.shown(shows) + self._started - before

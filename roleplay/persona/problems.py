"""What is wrong with a persona file: each problem with its place, what it is, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import Literal, Protocol

import msgspec

from roleplay.text import one_line, sanitise

Severity = Literal["error", "warning", "hint"]
"""An error keeps the persona from being played; a warning is probably not meant; a hint tells what would be better."""

MOST = 100
"""Most problems that are collected from one file."""
_MOST_COMPARED = 300


class Problem(msgspec.Struct, frozen=True):
    """A problem of a file. `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    what: str
    mend: str
    severity: Severity = "error"

    def __str__(self) -> str:
        kind = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.file}:{self.line}:{self.column}: {kind}{self.what}" + (f" {self.mend}" if self.mend else "")


class Place(Protocol):
    """Anything that knows where in the file it stands."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


class TooMany(Exception):
    """Raised at an error when `MOST` problems have been collected; the rest is not looked for."""


class Problems:
    """Collects the problems of one file, in the order in which they are found."""

    def __init__(self, file: str) -> None:
        self.file = one_line(sanitise(file))
        self._found: list[Problem] = []
        self._cut = False

    def error(self, place: Place, what: str, mend: str = "") -> None:
        """Note what keeps the persona from being played. Raises `TooMany` if `MOST` have been taken."""
        self._add(Problem(self.file, place.line, place.column, what, mend))

    def warning(self, place: Place, what: str, mend: str = "") -> None:
        """Note what is probably not meant; beyond `MOST` it is counted out."""
        self._add(Problem(self.file, place.line, place.column, what, mend, "warning"))

    def hint(self, place: Place, what: str, mend: str = "") -> None:
        """Note what plays as it is and would be better otherwise; beyond `MOST` it is counted out."""
        self._add(Problem(self.file, place.line, place.column, what, mend, "hint"))

    def found(self) -> tuple[Problem, ...]:
        """All of them, by their place in the file."""
        return tuple(sorted(self._found, key=lambda problem: (problem.line, problem.column)))

    @property
    def has_errors(self) -> bool:
        return any(problem.severity == "error" for problem in self._found)

    def at_line(self, line: int) -> bool:
        """Whether a problem of that line was noted."""
        return any(problem.line == line for problem in self._found)

    def stands_at(self, place: Place) -> bool:
        """Whether a problem of exactly that place was noted."""
        return any((problem.line, problem.column) == (place.line, place.column) for problem in self._found)

    def _add(self, problem: Problem) -> None:
        if len(self._found) + 1 < MOST:
            self._found.append(problem)
            return
        if not self._cut:
            more = f"There are at least {MOST} problems in this file; the rest is not listed."
            severity: Severity = "error" if problem.severity == "error" else "warning"
            self._found.append(Problem(self.file, problem.line, problem.column, more, "Mend these first.", severity))
            self._cut = True
        if problem.severity == "error":
            if not self.has_errors:
                self._found.append(problem)
            raise TooMany


def nearest(word: str, known: Collection[str], least: float = 0.6) -> str | None:
    """The known word that `word` is most like, or None if there is none that comes near.

    `least`: how much alike they must be, from 0 to 1 (`difflib.SequenceMatcher.ratio`).
    """
    if len(known) > _MOST_COMPARED:
        return None
    wanted = word.casefold()[:60].replace("_", "-")
    spelled = {name.casefold().replace("_", "-"): name for name in known}
    near = difflib.get_close_matches(wanted, spelled, n=1, cutoff=least)
    return spelled[near[0]] if near else None


def listed(names: Collection[str], limit: int = 12) -> str:
    """`names` in one sentence part, such as: a, b and c; cut after `limit`."""
    shown = list(names)[:limit]
    if len(names) > limit:
        return f"{', '.join(shown)} and {len(names) - limit} more"
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"

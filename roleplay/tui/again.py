"""What is done with a call that has ended, besides reading its debrief: answered again, gone on with, compared."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AnswerAgain:
    """Answer again from `turn`, of a `branch` of practice or else of the path that counts."""

    turn: int
    branch: int | None = None


@dataclass(frozen=True)
class GoOnWith:
    """Go on with the try that waits on `branch`."""

    branch: int


@dataclass(frozen=True)
class Compare:
    """See the path along `right` beside that along `left`; None: the one that counts."""

    left: int | None
    right: int


Practice = AnswerAgain | GoOnWith | Compare

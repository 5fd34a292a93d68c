"""A call opened for a coach, with all that a front end tells of it before its first line."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from roleplay.conversation.score import score_of
from roleplay.conversation.turns import Transcript
from roleplay.persona.fields import Outcome
from roleplay.review.desk import Case, Desk
from roleplay.review.reading import Entry, Reading, reading_of
from roleplay.text import counted
from roleplay.text import one_line as folded

OUTCOMES: dict[Outcome, str] = {"good": "ended well", "mixed": "ended with something left open", "bad": "ended badly"}
"""How a call ended, in a word or a few."""


class Spot(NamedTuple):
    """A place in a call at which something was found: `side` is customer, trainee, coach or dispute."""

    branch: int
    turn: int
    side: str
    text: str


class Opened(NamedTuple):
    """A call as it was opened. `ended`: on whatever branch. Scores are 0-100, `machine` without what coaches overruled.

    `current` is the branch on which it ended, or goes on. `at` is the key of the entry that was asked for, else empty.
    """

    case: Case
    reading: Reading
    current: int
    ended: bool
    score: float | None
    machine: float | None
    at: str = ""

    @property
    def practice(self) -> bool:
        """Whether what is shown was begun after the call had ended: nothing of it counts."""
        return self.case.transcript.practice

    @property
    def ident(self) -> str:
        """The id of the call."""
        return self.case.transcript.session.id


def opened(desk: Desk, session: str, branch: int | None = None, spot: Spot | None = None) -> Opened:
    """The call of that id, or of the only id that begins so, along `branch`, else where `spot` is. May block.

    Raises `NotFound`, `BadInput`, `StoreError`.
    """
    current = desk.open(session)
    case, whole = current, current.transcript
    if branch is not None and branch != whole.branch:
        case = desk.open(whole.session.id, branch)
    reading = reading_of(case)
    at = _key_at(reading, spot)
    if spot and not at and branch is None and spot.branch in current.branches:
        case = desk.open(whole.session.id, spot.branch)
        reading = reading_of(case)
        at = _key_at(reading, spot)
    return Opened(
        case=case,
        reading=reading,
        current=whole.branch,
        ended=whole.ending is not None,
        score=score_of(whole).score,
        machine=score_of(replace(whole, overrides=())).score,
        at=at,
    )


def how_it_went(opened: Opened) -> list[str]:
    """How long the call was and how it ended, in short parts."""
    transcript = opened.case.transcript
    parts = ["practice after the end, which does not count"] if opened.practice else []
    parts.append(counted(len(transcript.replies), "reply", "replies"))
    parts += ["exam"] if transcript.session.exam else []
    if transcript.ending:
        parts.append(OUTCOMES[transcript.ending.outcome])
    else:
        tried = "this practice goes on" if opened.practice else "this try was given up"
        parts.append(tried if opened.ended else "has not ended")
    rating = transcript.self_rating.rating if transcript.self_rating else None
    return [*parts, *([f"rated {rating} of 4 by the trainee"] if rating is not None else [])]


def reviewed(opened: Opened) -> list[str]:
    """What became of the call in review: disputes that wait, and who reviewed it."""
    kept = opened.case.reviewed
    waiting = len(kept.open_disputes)
    parts = [counted(waiting, "dispute waits", "disputes wait")] if waiting else []
    coaches = dict.fromkeys(folded(mark.coach) for mark in kept.marks)
    return [*parts, *([f"reviewed by {' and '.join(coaches)}"] if coaches else [])]


def title_of(transcript: Transcript) -> str:
    """Which call it is: its title and the customer's name."""
    persona = transcript.session.script.persona
    return folded(f"{persona.title} ({persona.name})")


def _key_at(reading: Reading, spot: Spot | None) -> str:
    if spot is None:
        return ""
    there = [entry for entry in reading.entries if entry.place == (spot.branch, spot.turn)]

    def fits(entry: Entry) -> tuple[bool, bool]:
        return entry.side == spot.side, spot.text in entry.words

    return max(there, key=fits).key if there else ""

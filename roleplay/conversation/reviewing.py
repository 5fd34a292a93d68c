"""What a coach and a trainee add to a call that has ended: comments, overruled levels, disputes and their answers.

Each has an `id` of its own, so that calls can be carried from one computer to another. Nothing of it is ever changed:
what is taken back has a `Withdrawal` of its own.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from roleplay.conversation.state import Place
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.overruled import Rated

NOTE_LIMIT = 4_000
"""Longest comment, reason, dispute or answer in characters."""

Side = Literal["customer", "trainee"]
Withdrawn = Literal["comment", "dispute", "answer", "mark", "assignment", "rating"]


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """A coach's comment on a line or a reply: on the `attempt`-th line that opens `turn`, or on the reply to it."""

    id: str
    session: str
    branch: int
    turn: int
    side: Side
    attempt: int = 1
    text: str
    coach: str
    at: str


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """A coach's level for one dimension of a reply, or, with None, that the coach's level no longer counts.

    `assessment` is what counts of the reply from now on; None where the coach has no level of it left.
    """

    id: str
    session: str
    branch: int
    turn: int
    dimension: Rated
    level: int | None
    reason: str
    assessment: Assessment | None
    coach: str
    at: str

    @property
    def place(self) -> Place:
        """Where the reply stands that it is on."""
        return self.branch, self.turn


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """A trainee's objection to the assessment of one of their replies."""

    id: str
    session: str
    branch: int
    turn: int
    text: str
    trainee: str
    at: str

    @property
    def place(self) -> Place:
        """Where the reply stands that it is on."""
        return self.branch, self.turn


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A coach's answer to the dispute of that id. `upheld`: the trainee was right."""

    id: str
    session: str
    dispute: str
    upheld: bool
    text: str
    coach: str
    at: str


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """That a coach has reviewed a call."""

    id: str
    session: str
    coach: str
    at: str


class BlindRating(msgspec.Struct, frozen=True, kw_only=True):
    """A coach's levels for a reply, given without seeing any scorer's. What was not rated is left out."""

    id: str
    session: str
    branch: int
    turn: int
    levels: dict[Rated, int]
    coach: str
    at: str

    @property
    def place(self) -> Place:
        """Where the reply stands that it is on."""
        return self.branch, self.turn


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """That a coach would like a trainee to play a persona."""

    id: str
    trainee: str
    persona: str
    note: str
    coach: str
    at: str


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """That the `what` with the id `of` was taken back, by whom. `session`: the call that it was on; empty for none."""

    id: str
    session: str
    what: Withdrawn
    of: str
    by: str
    at: str


Kept = Comment | Override | Dispute | Answer | Mark | BlindRating | Assignment | Withdrawal


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """All that was added to one call and stands, oldest first. `overrides` holds what was lifted as well."""

    comments: tuple[Comment, ...] = ()
    overrides: tuple[Override, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    answers: tuple[Answer, ...] = ()
    marks: tuple[Mark, ...] = ()
    ratings: tuple[BlindRating, ...] = ()

    def levels_on(self, place: Place) -> dict[Rated, Override]:
        """The coach's levels that stand on the reply at `place`, by dimension, each with who gave it, when and why."""
        standing: dict[Rated, Override] = {}
        for each in self.overrides:
            if each.place == place:
                standing.pop(each.dimension, None)
                if each.level is not None:
                    standing[each.dimension] = each
        return standing

    def answer_to(self, dispute: Dispute) -> Answer | None:
        """The latest answer to `dispute`; None while it is open."""
        return next((each for each in reversed(self.answers) if each.dispute == dispute.id), None)

    @property
    def open_disputes(self) -> tuple[Dispute, ...]:
        """Disputes without an answer."""
        return tuple(each for each in self.disputes if self.answer_to(each) is None)


for _read in (Comment, Override, Dispute, Answer, Mark, BlindRating, Assignment, Withdrawal):
    msgspec.json.Decoder(_read)  # at the first use of a type in two threads msgspec may crash; an import is in one

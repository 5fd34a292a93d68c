"""A store that keeps nothing: rehearsals are for their figures, not for the record."""

from __future__ import annotations

from roleplay.conversation.turns import (
    KeptEnding,
    KeptLine,
    KeptOpening,
    KeptReply,
    KeptVerdict,
    SelfRating,
    SessionRecord,
)


class ForgetfulStore:
    """Takes every row and forgets it."""

    def begin(self, session: SessionRecord, opening: KeptOpening) -> None:
        """Forget the head of a session."""

    def begin_branch(self, opening: KeptOpening) -> None:
        """Forget the start of a branch."""

    def keep_draft(self, session: str, text: str, branch: int = 0) -> None:
        """Forget what is being typed."""

    def keep_reply(self, reply: KeptReply) -> None:
        """Forget a reply."""

    def keep_line(self, line: KeptLine) -> None:
        """Forget a line."""

    def keep_verdict(self, verdict: KeptVerdict, score: float | None) -> None:
        """Forget a verdict."""

    def keep_ending(self, ending: KeptEnding, score: float | None, after: int | None = None) -> None:
        """Forget an ending."""

    def keep_self_rating(self, rating: SelfRating) -> None:
        """Forget a rating."""

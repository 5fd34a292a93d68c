"""The port through which a call is kept while it is played."""

from __future__ import annotations

from typing import Protocol

from roleplay.conversation.turns import (
    KeptEnding,
    KeptLine,
    KeptOpening,
    KeptReply,
    KeptVerdict,
    SelfRating,
    SessionRecord,
)


class TranscriptStore(Protocol):
    """Keeps transcripts. Each `keep_…` is one durable commit: when it returns, the row survives a power loss.

    Rows are only added, but for the draft. All raise `StoreError` (`StoreBusy`, `NotSaved`, `StoreDamaged`); after an
    error nothing of that call is kept. May be called from any thread.
    """

    def begin(self, session: SessionRecord, opening: KeptOpening) -> None:
        """Keep the head and the opening of a new session."""
        ...

    def begin_branch(self, opening: KeptOpening) -> None:
        """Keep the start of a branch of a session; one of practice only if the call has ended."""
        ...

    def keep_draft(self, session: str, text: str, branch: int = 0) -> None:
        """Keep what is typed and not sent, in place of what was kept before; `keep_reply` clears it, empty too.

        `branch`: one of practice; 0 is the call itself.
        """
        ...

    def keep_reply(self, reply: KeptReply) -> None:
        """First commit of a turn."""
        ...

    def keep_line(self, line: KeptLine) -> None:
        """Second commit of a turn."""
        ...

    def keep_verdict(self, verdict: KeptVerdict, score: float | None) -> None:
        """Keep a judge's verdict; `score` is the session score with it (0-100) where the call has ended, else None."""
        ...

    def keep_ending(self, ending: KeptEnding, score: float | None, after: int | None = None) -> None:
        """Keep how the call ended, with the session score (0-100) for lists.

        Refused if the call has gone on, in another window, from the reply of turn `after`, the last that it follows; 0
        is the opening. None: whatever was said.
        """
        ...

    def keep_self_rating(self, rating: SelfRating) -> None:
        """Keep the trainee's own rating."""
        ...

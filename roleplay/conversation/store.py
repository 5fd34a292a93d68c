"""The port through which a call is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from roleplay.conversation.turns import (
    KeptEnding,
    KeptLine,
    KeptOpening,
    KeptReply,
    SelfRating,
    SessionRecord,
    SessionSummary,
    Transcript,
)


class TranscriptStore(Protocol):
    """Keeps transcripts. Each `keep_…` is one durable commit: when it returns, the row survives a power loss.

    Rows are only added. All raise `StoreError` (`StoreBusy`, `NotSaved`, `StoreDamaged`); after an error nothing of
    that call is kept. May be called from any thread.
    """

    def begin(self, session: SessionRecord, opening: KeptOpening) -> None:
        """Keep the head and the opening of a new session."""
        ...

    def keep_reply(self, reply: KeptReply) -> None:
        """First commit of a turn; also clears the draft."""
        ...

    def keep_line(self, line: KeptLine) -> None:
        """Second commit of a turn."""
        ...

    def keep_ending(self, ending: KeptEnding, score: float | None) -> None:
        """Keep how the call ended, with the session score (0-100) for lists."""
        ...

    def keep_self_rating(self, rating: SelfRating) -> None:
        """Keep the trainee's own rating."""
        ...

    def keep_draft(self, session: str, text: str) -> None:
        """Keep the unsent draft of a session."""
        ...

    def draft(self, session: str) -> str:
        """The unsent draft of a session, or the empty string."""
        ...

    def load(self, session: str) -> Transcript:
        """The transcript of that id, or of the only id that begins so. Raises `NotFound`, `StoreDamaged`."""
        ...

    def interrupted(self, trainee: str) -> Sequence[SessionSummary]:
        """Sessions of `trainee` that have not ended, newest first."""
        ...

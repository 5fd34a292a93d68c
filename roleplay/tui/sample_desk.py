"""A coach's desk over the sample transcripts, which lie in a database of their own."""

from __future__ import annotations

from roleplay.export.samples import open_samples
from roleplay.practice.calls import now
from roleplay.review.desk import Desk
from roleplay.store.reviews import Reviews
from roleplay.store.transcripts import Transcripts


def sample_desk(coach: str) -> Desk:
    """The desk at which `coach` tries a review on calls that were made up. May block. Raises RoleplayError."""
    path = open_samples()
    return Desk(Transcripts(path), Reviews(path), coach, now)

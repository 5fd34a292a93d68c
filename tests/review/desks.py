"""A coach's and a trainee's desk over a real database with a call in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from roleplay.conversation.reviewing import Dispute, Withdrawal
from roleplay.review.desk import Desk
from roleplay.store.book import add
from roleplay.store.review_rows import row_of
from roleplay.store.reviews import Reviews
from roleplay.store.transcripts import Transcripts


@contextmanager
def desk_at(path: Path, person: str = "Kim", clock: Callable[[], str] | None = None) -> Iterator[Desk]:
    """The desk of `person` over the database at `path`; without a `clock` a second passes at each step."""
    seconds = count()
    stepping = clock or (lambda: f"2026-11-05T09:00:{next(seconds):02}.000+00:00")
    desk = Desk(Transcripts(path), Reviews(path), person, stepping)
    try:
        yield desk
    finally:
        desk.close()


def withdraw_elsewhere(desk: Desk, answered: Dispute) -> None:
    """Take back a dispute that was answered, as it comes about when both happened on computers of their own."""
    gone = Withdrawal(
        id="0" * 16, session=answered.session, what="dispute", of=answered.id, by=answered.trainee, at=answered.at
    )
    with desk.reviews.transaction() as connection:
        add(connection, "withdrawals", row_of(gone))

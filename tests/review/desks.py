"""A coach's and a trainee's desk over a real database with a call in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from roleplay.review.desk import Desk
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

"""Reads what a trainee's progress is made of, in as little time as can be: it is asked for often and told at once."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING

from roleplay.practice.missed import missed_again_and_again
from roleplay.practice.progress import Given, Progress, progress_of
from roleplay.store.own import lines_of, own_calls, own_tests, titles_in
from roleplay.store.practised import practised_by

if TYPE_CHECKING:
    from roleplay.practice.calls import Calls
    from roleplay.practice.next_step import Step


def read_progress(connection: sqlite3.Connection | None, trainee: str, now: datetime, since: str = "") -> Progress:
    """The progress of `trainee` at `now`, which has a time zone, of what is not before `since` (ISO 8601, in UTC).

    Without a `connection` nothing was ever kept. May block; call it in a thread.
    """
    if connection is None:
        return progress_of(trainee, Given(), now, since=since)
    practised = practised_by(connection, trainee)
    given = Given(practised, own_calls(connection, trainee), own_tests(connection, trainee), titles_in(connection))
    if not practised:
        return progress_of(trainee, given, now, since=since)
    from roleplay.practice.drills.schedule import Schedule

    comes_back = {(each.item.persona, each.item.moment): each.day for each in Schedule(practised)}
    lines = lines_of(connection, missed_again_and_again(practised))
    return progress_of(trainee, given, now, since=since, comes_back=comes_back, lines=lines)


def own_progress(calls: Calls) -> tuple[Progress, Step]:
    """The progress of the trainee of `calls`, and the next step. May block. Raises `StoreError`."""
    from roleplay.practice.next_step import known_of, next_step

    with calls.store.snapshot() as connection:
        progress = read_progress(connection, calls.trainee, datetime.fromisoformat(calls.clock()))
    return progress, next_step(progress, lambda: known_of((calls.remembered_gallery() or calls.gallery()).cards))

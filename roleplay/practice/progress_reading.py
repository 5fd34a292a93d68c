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
    from collections.abc import Callable

    from roleplay.practice.calls import Calls
    from roleplay.practice.drills.pool import Pool
    from roleplay.practice.next_step import Step


def read_progress(
    connection: sqlite3.Connection | None,
    trainee: str,
    now: datetime,
    since: str = "",
    pool: Callable[[], Pool] | None = None,
) -> Progress:
    """The progress of `trainee` at `now`, which has a time zone, of what is not before `since` (ISO 8601, in UTC).

    Without a `connection` nothing was ever kept. The `pool` is asked for only where something is due or keeps being
    missed: moments that are in no persona any more do not come back. May block; call it in a thread.
    """
    if connection is None:
        return progress_of(trainee, Given(), now, since=since)
    practised = practised_by(connection, trainee)
    given = Given(practised, own_calls(connection, trainee), own_tests(connection, trainee), titles_in(connection))
    if not practised:
        return progress_of(trainee, given, now, since=since)
    from roleplay.practice.days import local_day
    from roleplay.practice.drills.schedule import Schedule

    missed = missed_again_and_again(practised)
    scheduled = list(Schedule(practised))
    if pool and (missed or any(each.day <= local_day(now) for each in scheduled)):
        there = pool().moments
        scheduled = [each for each in scheduled if each.item in there]
    comes_back = {(each.item.persona, each.item.moment): each.day for each in scheduled}
    lines = lines_of(connection, missed)
    return progress_of(trainee, given, now, since=since, comes_back=comes_back, lines=lines)


def own_progress(calls: Calls) -> tuple[Progress, Step]:
    """The progress of the trainee of `calls`, and the next step. May block. Raises `StoreError`."""
    from roleplay.practice.drills.common import pool_of
    from roleplay.practice.next_step import known_of, next_step

    with calls.store.snapshot() as connection:
        now = datetime.fromisoformat(calls.clock())
        progress = read_progress(connection, calls.trainee, now, pool=lambda: pool_of(calls))
    return progress, next_step(progress, lambda: known_of((calls.remembered_gallery() or calls.gallery()).cards))

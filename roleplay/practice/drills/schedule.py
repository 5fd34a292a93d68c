"""When each moment comes back: derived from everything that was practised, and stored nowhere.

The replies are replayed, in the order of time, through FSRS-6 (the scheduler of the `fsrs` package, with its published
default parameters): a moment that was missed comes back after 1, 3 and 7 days, then after as long as it is likely to be
kept in mind. Days are those of the calendar here, so that what is due tomorrow is due tomorrow morning, whenever today
it was drilled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

import msgspec

from roleplay.conversation.drilling import DrillItem
from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.practice.days import local_day, read_time
from roleplay.store.practised import Practised

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

STEPS = (1, 3, 7)
"""Days after which a moment that was missed comes back, as long as it is met each time."""

LONGEST = 365
"""Days after which even what was always met comes back."""

Grade = Literal["again", "hard", "good", "easy"]


class Scheduled(msgspec.Struct, frozen=True, kw_only=True):
    """Where a moment stands: it comes back on `day`.

    `reps` counts the replies to it, `lapses` those that missed it. `last` is when it was replied to last (ISO 8601
    UTC), in a `source` ("call", "drill" or "test"), and `grade` what FSRS was told of that. `dimensions` are those that
    it was seen to call for. `missed_in` is the id of the call in which it was missed last, and the turn; None if in
    none.
    """

    item: DrillItem
    title: str
    day: date
    reps: int
    lapses: int
    last: str
    source: str
    grade: Grade
    dimensions: frozenset[Dimension]
    missed_in: tuple[str, int] | None = None

    @property
    def missed(self) -> bool:
        """Whether the last reply missed it."""
        return self.grade == "again"


class Schedule:
    """What was practised, as far as there was something to be met, by moment."""

    def __init__(self, practised: Iterable[Practised] = ()) -> None:
        """Rows whose time is no time are passed over."""
        self._scheduled: dict[DrillItem, Scheduled] = {}
        self._cards: dict[DrillItem, Card] = {}
        self._counted: set[tuple[DrillItem, str]] = set()
        timed = [(at, row) for row in practised if (at := read_time(row.at))]
        for at, row in sorted(timed, key=lambda each: each[0]):
            self._add(at, row)

    def __iter__(self) -> Iterator[Scheduled]:
        """All of them, in the order in which they come back; of those of one day what was missed first."""
        return iter(sorted(self._scheduled.values(), key=lambda each: (each.day, not each.missed, each.item)))

    def get(self, item: DrillItem) -> Scheduled | None:
        """Where the moment `item` stands; None if nobody ever replied to it."""
        return self._scheduled.get(item)

    def due(self, today: date) -> list[Scheduled]:
        """What is due on that day, and before."""
        return [each for each in self if each.day <= today]

    def add(self, row: Practised) -> None:
        """Take in a reply that was given after all others."""
        at = read_time(row.at)
        if at:
            self._add(at, row)

    def _add(self, at: datetime, row: Practised) -> None:
        item = DrillItem(row.persona, row.moment)
        before = self._scheduled.get(item)
        grade = grade_of(row, first=before is None)
        here = (item, row.within)
        if grade is None or here in self._counted:  # of several replies to one moment in a call the first counts
            return
        try:
            day = self._reviewed(item, at, grade)
        except (OverflowError, ValueError):  # a time at the end of all calendars
            return
        self._counted.add(here)
        missed = grade == "again"
        called_for = frozenset(name for name, level in zip(DIMENSIONS, row.levels, strict=True) if level is not None)
        in_call = (row.within, row.turn) if missed and row.source == "call" else None
        self._scheduled[item] = Scheduled(
            item=item,
            title=row.title,
            day=day,
            reps=1 + (before.reps if before else 0),
            lapses=missed + (before.lapses if before else 0),
            last=row.at,
            source=row.source,
            grade=grade,
            dimensions=called_for | (before.dimensions if before else frozenset()),
            missed_in=in_call or (before.missed_in if before else None),
        )

    def _reviewed(self, item: DrillItem, at: datetime, grade: Grade) -> date:
        """The day on which a moment comes back that was replied to `at` that time."""
        from fsrs import Card, Rating

        here = local_day(at)
        noon = datetime(here.year, here.month, here.day, 12, tzinfo=UTC)
        card = self._cards.get(item) or Card(card_id=1, due=noon)
        card, _ = _scheduler().review_card(card, Rating[grade.capitalize()], noon)
        self._cards[item] = card
        return card.due.date()


@cache
def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    steps = tuple(timedelta(days=days) for days in STEPS)
    return Scheduler(learning_steps=steps, relearning_steps=steps, maximum_interval=LONGEST, enable_fuzzing=False)


def grade_of(row: Practised, *, first: bool) -> Grade | None:
    """What FSRS is told of a reply; None where there was nothing to be met. `first`: it is the first to its moment.

    Missed, with harm or not scorable: again. Partly met or unsure: hard. Met: good, or easy if the first reply met it
    in every way; with a hint never more than hard.
    """
    if row.overall is None or row.harm or row.opportunity == "missed":
        return "again"
    if row.opportunity == "none":
        return None
    if row.opportunity == "partly" or row.unsure or row.aided:
        return "hard"
    return "easy" if first and row.overall == 4 else "good"

"""Which moment comes next: what is due, then what is new, spread over personas; the same for the same day and practice.

Nothing is left to chance: where two moments are alike in everything that counts, a hash of their ids, the trainee and
the day decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from zlib import crc32

import msgspec

from roleplay.conversation.drilling import DrillItem
from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.practice.days import date_words, day_of
from roleplay.practice.drills.pool import Pool
from roleplay.practice.drills.schedule import Schedule, Scheduled
from roleplay.scoring.assessment import Scored

DUE_FOR_ONE_NEW = 2
"""Moments that are due for each new one, as long as there are any."""
FEW = 3
"""New moments beside those that are due, at most; where less is due, as many as fill a sitting, and where more is than
a sitting holds, one."""
FULL = 6
"""Replies of a full sitting: about five minutes."""

_HELD_BACK = 4


class Chosen(msgspec.Struct, frozen=True):
    """A moment, and where it stands in the schedule; None: it is new. `weak`: a new one for the weakest dimension."""

    item: DrillItem
    scheduled: Scheduled | None
    weak: bool = False


class Choosing(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to choose from, and by what.

    `seen` are the moments that were ever replied to or shown in a test, `played` the ids of personas that were met in
    calls, `given` the moments of this sitting so far, `fresh` how many of them were new, and
    `due_at_first` how many were due when it began. `weakest` is the trainee's weakest dimension. `dimension` and
    `persona` narrow the choice.
    """

    pool: Pool
    schedule: Schedule
    seen: Collection[DrillItem]
    played: Collection[str]
    trainee: str
    today: date
    weakest: Dimension | None
    given: Sequence[DrillItem] = ()
    fresh: int = 0
    due_at_first: int = 0
    dimension: Dimension | None = None
    persona: str = ""

    def next(self) -> Chosen | None:
        """The next moment; None if nothing is due, and enough was new."""
        due, new = self._due(), self._new()
        turn_of_new = len(self.given) % (DUE_FOR_ONE_NEW + 1) == DUE_FOR_ONE_NEW
        order = [*new, *due] if turn_of_new else [*due, *new]
        last = self.given[-1].persona if self.given else ""
        return next((each for each in order if each.item.persona != last), next(iter(order), None))

    def due(self) -> list[Scheduled]:
        """All moments that are due, as they come: missed the last time first, then ever, then the longest overdue."""
        return [each.scheduled for each in self._due() if each.scheduled]

    def _due(self) -> list[Chosen]:
        def rank(each: Scheduled) -> tuple[object, ...]:
            weak = self.weakest in each.dimensions
            return (not each.missed, not each.lapses, each.day, not weak, self._hash(each.item))

        due = [each for each in self.schedule.due(self.today) if self._fits(each.item)]
        return [Chosen(each.item, each) for each in sorted(due, key=rank)]

    def _new(self) -> list[Chosen]:
        most = max(FEW, FULL - self.due_at_first) if self.due_at_first <= FULL else 1
        if self.fresh >= most:
            return []
        there = {item.persona for item in self.given}
        weakest = self.dimension or self.weakest

        def rank(item: DrillItem) -> tuple[object, ...]:
            offered = self.pool.moments[item]
            return (
                weakest not in offered.called_for,
                offered.reveals and item.persona not in self.played,  # so that a call can still tell it
                item.persona in there,
                offered.long,
                self.pool.difficulty(item),
                self._hash(item),
            )

        new = [item for item in self.pool.moments if item not in self.seen and not held_back(item) and self._fits(item)]
        return [
            Chosen(item, None, weak=self.weakest in self.pool.moments[item].called_for)
            for item in sorted(new, key=rank)
        ]

    def _fits(self, item: DrillItem) -> bool:
        offered = self.pool.moments.get(item)
        return (
            offered is not None
            and item not in self.given
            and self.persona in ("", item.persona)
            and (self.dimension is None or self.dimension in offered.called_for)
        )

    def _hash(self, item: DrillItem) -> int:
        return _number(f"{self.trainee}:{self.today}:{item.persona}:{item.moment}")


def held_back(item: DrillItem) -> bool:
    """Whether a moment is kept for tests: a quarter of all are, and never come as new in a drill."""
    return _number(f"{item.persona}:{item.moment}") % _HELD_BACK == 0


def unseen(pool: Pool, seen: Collection[DrillItem]) -> list[DrillItem]:
    """The moments that were never seen, those first that are kept for tests."""
    return sorted((item for item in pool.moments if item not in seen), key=lambda item: (not held_back(item), item))


def for_a_test(
    pool: Pool, seen: Collection[DrillItem], played: Collection[str], most: int, salt: str
) -> tuple[DrillItem, ...]:
    """At most `most` moments never seen, for a test: those kept for tests first, spread over personas and dimensions.

    What a customer of a persona that was not `played` would not tell at once comes last of its kind. The same `salt`
    gives the same moments.
    """
    left, taken = unseen(pool, seen), list[DrillItem]()
    covered = dict.fromkeys(DIMENSIONS, 0)

    def rank(item: DrillItem) -> tuple[object, ...]:
        offered = pool.moments[item]
        return (
            not held_back(item),
            sum(item.persona == each.persona for each in taken),
            offered.reveals and item.persona not in played,
            -sum(1 / (1 + covered[each]) for each in offered.called_for),
            _number(f"{salt}:{item.persona}:{item.moment}"),
        )

    while left and len(taken) < most:
        best = min(left, key=rank)
        left.remove(best)
        taken.append(best)
        for each in pool.moments[best].called_for:
            covered[each] += 1
    return tuple(taken)


def why(chosen: Chosen, today: date, titles: Mapping[Scored, str], weakest: Dimension | None, title: str) -> str:
    """Why a moment was chosen, in one sentence. `titles` name the dimensions, `title` the persona."""
    scheduled = chosen.scheduled
    if scheduled is None:
        if chosen.weak and weakest:
            return f"New, for your weakest dimension just now: {titles[weakest].lower()}."
        return f"New to you, from “{title}”."
    last = day_of(scheduled.last)
    days = {
        "again": "You missed this in a call" if scheduled.source == "call" else "You missed this",
        "hard": "You went half way with this",
        "good": "You met this",
        "easy": "You met this",
    }
    when = f" on {date_words(last, today)}" if last else ""
    back = "it comes back today" if scheduled.day == today else f"it was due on {date_words(scheduled.day, today)}"
    return f"{days[scheduled.grade]}{when}; {back}."


def _number(text: str) -> int:
    return crc32(text.encode(errors="surrogatepass"))

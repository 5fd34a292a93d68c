"""What comes back when: every moment of the schedule that is still in a persona, with its line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from roleplay.conversation.drilling import DrillItem
from roleplay.practice.drills.common import practice_of

if TYPE_CHECKING:
    from roleplay.persona.fields import Dimension
    from roleplay.practice.calls import Calls


class Coming(msgspec.Struct, frozen=True):
    """A moment that comes back on `day`: `line` is the customer's, and `lapses` of `reps` replies missed it."""

    item: DrillItem
    title: str
    line: str
    day: date
    reps: int
    lapses: int
    last: str


def coming(calls: Calls, *, dimension: Dimension | None = None, persona: str = "") -> tuple[list[Coming], date]:
    """What the trainee of `calls` has practised and when it comes back, the first first; and the day it is now.

    `dimension` and `persona` narrow the list. Raises `StoreError`, `NotFound` for a persona that is not there.
    """
    practice = practice_of(calls)
    try:
        if persona:
            practice.pool.title(persona)
        listed = []
        for each in practice.known().schedule:
            offered = practice.pool.moments.get(each.item)
            fits = offered and persona in ("", each.item.persona) and dimension in (None, *offered.called_for)
            place = practice.pool.place(each.item) if fits else None
            if place:
                line = place.beat.says
                listed.append(Coming(each.item, each.title, line, each.day, each.reps, each.lapses, each.last))
        return listed, practice.today
    finally:
        practice.close()

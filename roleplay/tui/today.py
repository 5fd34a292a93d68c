"""What waits to be drilled today, told over the gallery."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from textual.content import Content

from roleplay.practice.drills.sitting import waiting
from roleplay.store.drills import Drills
from roleplay.text import counted
from roleplay.tui.hanging import Hanging, Item

if TYPE_CHECKING:
    from roleplay.practice.calls import Calls


def due_today(calls: Calls, personas: Collection[str]) -> int:
    """How many moments of `personas` (ids) are due today. May block. Raises `StoreError`."""
    with Drills(calls.store.path) as drills:
        return waiting(drills, calls.trainee, calls.clock(), personas)


def today(due: int) -> Hanging:
    """The title of the gallery, with what waits."""
    told = Content("Roleplay")
    if due:
        waits = f"{counted(due, 'moment waits', 'moments wait')}, about 5 minutes (F2)"
        told += Content.assemble("  ", (f"Today: {waits}", "not bold $text-accent"))
    return Hanging([Item(told, cut=True)])

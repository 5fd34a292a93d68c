"""A coach's sitting: the desk they work at, what they look for, and what they typed and have not kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from roleplay.tui.unwaited import unwaited

if TYPE_CHECKING:
    from roleplay.review.desk import Desk
    from roleplay.store.reviews import Wanted

Value = TypeVar("Value")


class Sitting:
    """Works at the desk that `open_desk` gives, in threads; what changes something, one step after the other.

    `tell_waiting` is called, in the loop, when another program keeps a step waiting.
    """

    def __init__(self, open_desk: Callable[[], Desk], tell_waiting: Callable[[], object]) -> None:
        self._open_desk, self.tell_waiting = open_desk, tell_waiting
        self._desk: Desk | None = None
        self._opening, self._working = asyncio.Lock(), asyncio.Lock()
        self.wanted: Wanted | None = None
        """Which calls the coach looks for; None: those that wait for a review."""
        self.drafts: dict[str, str] = {}
        """What was typed and not kept, by what it is for."""

    async def read(self, work: Callable[[Desk], Value]) -> Value:
        """What `work` finds at the desk. Raises what it raises, and RoleplayError where the desk cannot be opened."""
        desk = await self._opened()
        return await unwaited(lambda: work(desk))

    async def step(self, work: Callable[[Desk], Value]) -> Value:
        """What `work` keeps at the desk, once what was begun before is kept. Raises as `read`."""
        desk = await self._opened()
        async with self._working:
            return await unwaited(lambda: work(desk))

    async def settled(self) -> None:
        """Wait until nothing is being kept."""
        async with self._working:
            pass

    def close(self) -> None:
        """Close the desk."""
        if self._desk is not None:
            self._desk.close()

    async def _opened(self) -> Desk:
        async with self._opening:
            if self._desk is None:
                self._desk = await unwaited(self._open_desk)
                loop = asyncio.get_running_loop()
                self._desk.reviews.waiting = lambda: loop.call_soon_threadsafe(self.tell_waiting)
        return self._desk

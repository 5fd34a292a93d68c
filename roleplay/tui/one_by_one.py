"""Work in threads, one piece after the other, for what may be called from any thread and not from two at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


class OneByOne:
    """Does each piece of work once those before it are done, even those that nobody waits for any more."""

    def __init__(self) -> None:
        self._turn = threading.Lock()

    async def do(self, work: Callable[[], Value]) -> Value:
        """What `work` gives, done in a thread; raises what it raises. The program does not end before it is done."""
        return await asyncio.to_thread(self.now, work)

    def now(self, work: Callable[[], Value]) -> Value:
        """The same in the thread that asks for it."""
        with self._turn:
            return work()

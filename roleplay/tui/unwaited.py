"""Work in a thread that nobody waits for at the end: the app can be left while it still runs."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

Value = TypeVar("Value")


async def unwaited(work: Callable[[], Value]) -> Value:
    """The result of `work`, done in a thread of its own; raises what it raised.

    `asyncio.to_thread` would keep the program from ending until the work is done.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Value] = loop.create_future()

    def tell(settle: Callable[[], None]) -> None:
        if not done.done():
            settle()

    def run() -> None:
        settle: Callable[[], None]
        try:
            settle = partial(done.set_result, work())
        except Exception as error:
            settle = partial(done.set_exception, error)
        with contextlib.suppress(RuntimeError):  # the app was left meanwhile
            loop.call_soon_threadsafe(tell, settle)

    threading.Thread(target=run, daemon=True, name="roleplay-unwaited").start()
    return await done

"""Does what takes long beside the event loop: in a thread that the end of the program does not wait for."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

T = TypeVar("T")


async def in_thread(make: Callable[[], T]) -> T:
    """What `make` returns or raises, from a thread that the end of the program does not wait for."""
    loop = asyncio.get_running_loop()
    made: asyncio.Future[T] = loop.create_future()

    def tell(outcome: T | Exception) -> None:
        if made.done():
            return
        if isinstance(outcome, Exception):
            made.set_exception(outcome)
        else:
            made.set_result(outcome)

    def work() -> None:
        outcome: T | Exception
        try:
            outcome = make()
        except Exception as error:
            outcome = error
        # the loop may be closed by now: then nobody waits
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, outcome)

    threading.Thread(target=work, name="endpoint", daemon=True).start()
    return await made


@contextmanager
def without_collecting() -> Iterator[None]:
    """Load what stays loaded without the garbage collector, which would look through all of it again and again.

    Each time it stops every thread, for 50 to 90 ms by the end of a large import; with this, nothing over 30 ms.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()

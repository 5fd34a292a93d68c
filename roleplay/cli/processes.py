"""Long work on several processes: results in the order of what was given, little held at a time, none left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait
from threading import Thread
from typing import TypeVar

from roleplay.errors import RoleplayError

MANY = 400
"""Replies from which on it pays to start processes."""
CHUNK = 32
"""Replies that a process is handed at a time: a tenth of a second of work."""
AHEAD = 3
"""Chunks for each process that are read before the first of them is done."""

Given = TypeVar("Given")
Result = TypeVar("Result")


def cores() -> int:
    """How many processes can run at once; no system takes more than 60 of ours."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, 60)


def chunks(given: Iterable[Given], size: int) -> Iterator[list[Given]]:
    """`given` in lists of `size`; the last may be shorter. A list is there as soon as its last member is."""
    rest = iter(given)
    while chunk := list(islice(rest, size)):
        yield chunk


def in_order(work: Callable[[Given], Result], given: Iterable[Given], processes: int) -> Generator[Result, None, None]:
    """`work` on each of `given`, in order; with more than one process beside each other.

    `work` is a function that a new process can import. Whoever stops early must close the iterator. Raises
    RoleplayError where a process was ended from outside.
    """
    if processes < 2:
        yield from map(work, given)
        return
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin)
    waiting: deque[Future[Result]] = deque()
    try:
        for each in given:
            with _ctrl_c_waits():
                waiting.append(pool.submit(work, each))
            if len(waiting) >= AHEAD * processes or waiting[0].done():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise RoleplayError("A process that helped was ended from outside.", mend="Is there memory left?") from None
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Hold back Ctrl+C while a process may be started, which then never gets one: its parent answers for all."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """In a new process: leave Ctrl+C to the parent, and end with it even if that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)

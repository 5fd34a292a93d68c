"""Where a call in plain mode and the person meet: lines are read in the main thread, the call goes on in another.

Only the main thread hears of Ctrl+C, and reading a line keeps it busy. With a thread of its own the call goes on while
somebody types: a judge reads the last reply meanwhile.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from types import FrameType
from typing import Any, NamedTuple, TypeVar

from roleplay.cli.replies import Replies

T = TypeVar("T")


class Interrupted(Exception):
    """Ctrl+C was pressed while something was asked or waited for."""


class Paused(Exception):
    """The trainee saves the call and leaves; it can be gone on with."""


class _Question(NamedTuple):
    ask: Callable[[], str | None]
    answer: asyncio.Future[str | None]


class Desk:
    """Runs one call at a time, and reads the lines of `replies` for it. To be made and run in the main thread."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies
        self._questions: SimpleQueue[_Question | None] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._breakable: list[asyncio.Future[Any]] = []
        self._broken: asyncio.Future[Any] | None = None
        self._asking = self._breaking = False
        """Whether a line is being read, and whether Ctrl+C was pressed and nothing has given way yet."""

    @property
    def echoes(self) -> bool:
        """Whether somebody is there who types, sees it, and can be asked."""
        return self._replies.echoes

    @property
    def where(self) -> str:
        """The place of the last line read, for messages; empty at a terminal."""
        return self._replies.where

    def run(self, call: Callable[[], Coroutine[Any, Any, T]], close: Callable[[], Coroutine[Any, Any, None]]) -> T:
        """Run `call` to its end, end what it left under way, `close` what it used, and return what it returned.

        Raises what it raises, and KeyboardInterrupt for an `Interrupted` that it let pass, or when Ctrl+C was pressed
        again before it gave way.
        """
        ended: Future[T] = Future()
        with self._hearing_of_ctrl_c():
            threading.Thread(target=self._run, args=(call, close, ended), daemon=True).start()
            while question := self._questions.get():
                self._serve(question)
        try:
            return ended.result()
        except Interrupted:
            raise KeyboardInterrupt from None

    async def next(self) -> str | None:
        """The next reply, or None at the end of input. Raises `BadInput`, `Interrupted`."""
        return await self._answered(self._replies.next)

    async def ask(self, question: str) -> str | None:
        """The answer to a question, or None where nobody can be asked. Raises `Interrupted`."""
        return await self._answered(lambda: self._replies.ask(question))

    async def breakable(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for `work`; Ctrl+C cancels it. Raises `Interrupted` then."""
        doing = asyncio.ensure_future(work)
        self._breakable.append(doing)
        try:
            return await doing
        except asyncio.CancelledError:
            if self._broken is not doing:
                raise
            raise Interrupted from None
        finally:
            self._breakable.remove(doing)
            if self._broken is doing:
                self._broken, self._breaking = None, False

    def _run(
        self,
        call: Callable[[], Coroutine[Any, Any, T]],
        close: Callable[[], Coroutine[Any, Any, None]],
        ended: Future[T],
    ) -> None:
        """The thread of the call."""
        try:
            ended.set_result(asyncio.run(self._whole(call, close)))
        except BaseException as error:
            ended.set_exception(error)
        finally:
            self._questions.put(None)

    async def _whole(
        self, call: Callable[[], Coroutine[Any, Any, T]], close: Callable[[], Coroutine[Any, Any, None]]
    ) -> T:
        self._loop = asyncio.get_running_loop()
        try:
            return await self.breakable(call())
        finally:
            self._loop = None
            await _none_but_this()
            await close()

    async def _answered(self, ask: Callable[[], str | None]) -> str | None:
        question = _Question(ask, asyncio.get_running_loop().create_future())
        self._questions.put(question)
        return await question.answer

    def _serve(self, question: _Question) -> None:
        """Read a line in the main thread, and hand it over."""
        hand_over = question.answer.get_loop().call_soon_threadsafe
        try:
            self._asking = True
            if self._breaking:
                raise KeyboardInterrupt
            hand_over(question.answer.set_result, question.ask())
        except KeyboardInterrupt:
            self._breaking = False
            hand_over(question.answer.set_exception, Interrupted())
        except Exception as error:
            hand_over(question.answer.set_exception, error)
        finally:
            self._asking = False

    @contextmanager
    def _hearing_of_ctrl_c(self) -> Iterator[None]:
        before = signal.signal(signal.SIGINT, self._ctrl_c)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _ctrl_c(self, number: int, frame: FrameType | None) -> None:
        """Break in where a line is read, else at what is waited for; at once if that does not give way."""
        loop = self._loop
        if self._asking or self._breaking or loop is None:
            raise KeyboardInterrupt
        self._breaking = True
        loop.call_soon_threadsafe(self._break)

    def _break(self) -> None:
        if self._breaking and self._breakable:
            self._broken = self._breakable[-1]
            self._broken.cancel()


async def _none_but_this() -> None:
    """End what is still under way, such as a judge that reads: nobody waits for it any more."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)

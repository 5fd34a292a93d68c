"""The desk: lines are read while the call goes on, and Ctrl+C breaks in where the person is."""

from __future__ import annotations

import asyncio
import signal
import threading
import time

import pytest

from roleplay.cli.desk import Desk, Interrupted
from tests.cli.llm_calls import Typist, piped, press_ctrl_c


async def nothing() -> None:
    """There is nothing to be closed."""


def test_the_call_goes_on_while_a_line_is_read() -> None:
    ticks: list[str] = []

    def reads() -> str:
        until = time.monotonic() + 20
        while len(ticks) <= 5 and time.monotonic() < until:
            time.sleep(0.002)
        return "read"

    async def call() -> None:
        async def tick() -> None:
            while True:
                ticks.append("tick")
                await asyncio.sleep(0.001)

        ticking = asyncio.create_task(tick())
        ticks.append(await desk.ask("?") or "")
        ticking.cancel()

    desk = Desk(Typist(answers={"?": reads}))
    desk.run(call, nothing)
    assert ticks.index("read") > 5


def test_lines_are_read_in_the_main_thread_which_hears_of_ctrl_c() -> None:
    desk = Desk(Typist(answers={"?": lambda: threading.current_thread().name}))
    assert desk.run(lambda: desk.ask("?"), nothing) == threading.main_thread().name


def test_ctrl_c_at_a_question_can_be_taken_as_an_answer() -> None:
    async def call() -> str:
        try:
            await desk.ask("?")
        except Interrupted:
            return "skipped"
        return "answered"

    def waits() -> str:
        press_ctrl_c()
        time.sleep(20)
        return ""

    desk = Desk(Typist(answers={"?": waits}))
    assert desk.run(call, nothing) == "skipped"


def test_ctrl_c_breaks_what_is_waited_for_and_the_call_goes_on() -> None:
    async def call() -> str:
        press_ctrl_c(once=lambda: len(desk._breakable) == 2)
        with pytest.raises(Interrupted):
            await desk.breakable(asyncio.sleep(20))
        return "went on"

    desk = Desk(piped())
    begun = time.monotonic()
    assert desk.run(call, nothing) == "went on"
    assert time.monotonic() - begun < 10


def test_ctrl_c_elsewhere_ends_the_call_with_what_it_left_under_way_and_closes_it() -> None:
    happened: list[str] = []

    async def call() -> None:
        async def judging() -> None:
            happened.append("judge began")
            try:
                await asyncio.sleep(20)
            finally:
                happened.append("judge ended")

        asyncio.get_running_loop().judging = asyncio.create_task(judging())  # type: ignore[attr-defined]
        press_ctrl_c(once=lambda: happened)
        await asyncio.sleep(20)

    async def close() -> None:
        happened.append("closed")

    with pytest.raises(KeyboardInterrupt):
        Desk(piped()).run(call, close)
    assert happened == ["judge began", "judge ended", "closed"]


def test_what_goes_wrong_in_the_call_comes_out_and_the_handler_is_given_back() -> None:
    async def call() -> None:
        raise ValueError("in the call")

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ValueError, match="in the call"):
        Desk(piped()).run(call, nothing)
    assert signal.getsignal(signal.SIGINT) is before


def test_what_goes_wrong_while_a_line_is_read_comes_to_who_asked() -> None:
    desk = Desk(piped("x" * 400_000))
    with pytest.raises(Exception, match="more than"):
        desk.run(desk.next, nothing)


def test_a_second_ctrl_c_leaves_what_does_not_give_way() -> None:
    given_way = threading.Event()

    async def call() -> None:
        press_ctrl_c()
        press_ctrl_c(once=lambda: desk._breaking)
        given_way.wait(20)

    desk, before = Desk(piped()), set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt):
        desk.run(call, nothing)
    assert not given_way.is_set()
    given_way.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(20)

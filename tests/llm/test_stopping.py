"""Whoever stops listening stops the server, at once."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from roleplay.llm.endpoint import Endpoint
from tests.llm.asking import CHAT, WAYS, Opener, Way, ask
from tests.llm.stub import PATIENT, Stub

AT_ONCE = 1.5
"""Seconds; who does not stop at once takes much longer here."""


async def test_leaving_the_block_stops_the_server(stub: Stub, endpoint: Endpoint) -> None:
    stub.answer, stub.pace = "on and on " * 1000, 0.01
    async with endpoint.stream(CHAT, model="stub", most=1000) as words:
        async for _ in words:
            break
        left = time.monotonic()
    assert time.monotonic() - left < AT_ONCE
    assert stub.wait_left() - left < AT_ONCE
    assert words.finish == "" and words.usage.received == 1


@pytest.mark.parametrize("fault", ["slow headers", "headers only", "stall", "keep-alives", "drip of words"])
@pytest.mark.parametrize("way", WAYS)
async def test_cancelling_stops_the_server_wherever_it_is(way: Way, fault: str, stub: Stub, endpoint: Endpoint) -> None:
    stub.script = [fault]
    asking = asyncio.create_task(ask(endpoint, way))
    while not stub.requests:
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.02)
    cancelled = time.monotonic()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert time.monotonic() - cancelled < AT_ONCE
    assert stub.wait_left() - cancelled < AT_ONCE


async def test_an_error_in_the_block_stops_the_server_and_is_not_hidden(stub: Stub, endpoint: Endpoint) -> None:
    stub.script = ["stall"]
    with pytest.raises(ZeroDivisionError):
        async with endpoint.stream(CHAT, model="stub", most=100) as words:
            async for _ in words:
                raise ZeroDivisionError
    stub.wait_left()


async def test_after_a_stop_the_next_answer_comes_as_usual(stub: Stub, endpoint: Endpoint) -> None:
    for _ in range(3):
        async with endpoint.stream(CHAT, model="stub", most=100) as words:
            async for _ in words:
                break
    async with endpoint.stream(CHAT, model="stub", most=100) as words:
        assert "".join([piece async for piece in words]) == "Hello? Is somebody there?"


async def test_a_finished_answer_waits_only_a_little_for_what_it_took(stub: Stub, endpoint: Endpoint) -> None:
    stub.script = ["held open"]
    begun = time.monotonic()
    async with endpoint.stream(CHAT, model="stub", most=100) as words:
        pieces = [(piece, time.monotonic() - begun) async for piece in words]
    assert pieces[-1][1] < AT_ONCE and words.finish == "stop"
    assert time.monotonic() - begun < 0.5 + AT_ONCE


async def test_a_reader_who_takes_his_time_is_no_stalled_server(open_endpoint: Opener) -> None:
    endpoint = open_endpoint(deadlines=replace(PATIENT, between_words=0.5))
    async with endpoint.stream(CHAT, model="stub", most=100) as words:
        heard = await anext(words)
        await asyncio.sleep(0.6)
        heard += "".join([piece async for piece in words])
    assert heard == "Hello? Is somebody there?"

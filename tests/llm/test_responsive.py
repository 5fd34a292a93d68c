"""Whatever a server sends, and however much, nothing else stands still while it is read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from roleplay.conversation.trouble import TroubleName
from roleplay.llm.endpoint import Endpoint
from tests.llm.answering import Exchange
from tests.llm.asking import Way, answer, met
from tests.llm.stub import Stub

MOST = 0.05
"""Seconds of work."""

NOTHINGS = b'{"choices":[' + b"{}," * 300_000 + b"{}]}"
PROSE = b"lorem ipsum dolor " * 190_000


@asynccontextmanager
async def watched() -> AsyncIterator[list[float]]:
    """How long the event loop worked without a look at anything else, at worst; a busy machine does not count."""
    worst = [0.0]

    async def watch() -> None:
        while True:
            begun = time.thread_time()
            await asyncio.sleep(0.001)
            worst[0] = max(worst[0], time.thread_time() - begun)

    watching = asyncio.create_task(watch())
    try:
        yield worst
    finally:
        watching.cancel()


@pytest.mark.parametrize(
    ("way", "status", "kind", "body", "name"),
    [
        ("stream", 500, "text/html", b"<html>" + PROSE, "server fault"),
        ("complete", 500, "text/plain", PROSE, "server fault"),
        ("stream", 401, "application/json", b'{"error":{"message":"' + PROSE + b'"}}', "key refused"),
        ("complete", 200, "application/json", NOTHINGS * 4, "too big"),
        ("complete", 200, "", NOTHINGS * 4, "too big"),
        ("stream", 200, "application/json", NOTHINGS, "too big"),
        ("stream", 200, "text/event-stream", b"data: " + NOTHINGS + b"\n\n", "too big"),
        ("stream", 200, "", b"data: " + NOTHINGS + b"\n\n", "too big"),
        ("stream", 200, "text/event-stream", b"data: " + NOTHINGS.replace(b",", b",\ndata:") + b"\n\n", "too big"),
        ("stream", 200, "text/event-stream", b"data: " + NOTHINGS.replace(b",", b",\rdata:") + b"\r\r", "too big"),
        ("stream", 200, "text/event-stream", b"data: " + NOTHINGS[:60_000] + b"{}]}\n\n", "garbled"),
    ],
)
async def test_a_huge_answer_is_refused_without_holding_up_the_rest(
    way: Way, status: int, kind: str, body: bytes, name: TroubleName, stub: Stub, endpoint: Endpoint
) -> None:
    async def send(exchange: Exchange) -> None:
        await exchange.head(status, kind)
        for start in range(0, len(body), 65_536):
            await exchange.data(body[start : start + 65_536])
        await exchange.end()

    await answer(endpoint, way)
    stub.script = [send]
    async with watched() as worst:
        assert (await met(endpoint, way)).trouble.name == name
    assert worst[0] < MOST


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
async def test_events_are_told_apart_whatever_ends_their_lines_and_wherever_they_are_split(
    end: bytes, stub: Stub, endpoint: Endpoint
) -> None:
    said = (
        b'data: {"choices":[{"index":0,"delta":{"content":"Hello."},' + end + b'data: "finish_reason":"stop"}]}' + end
    )

    async def send(exchange: Exchange) -> None:
        await exchange.head()
        for byte in said + end:
            await exchange.data(bytes([byte]))
        await exchange.end()

    stub.script = [send]
    assert (await answer(endpoint, "stream")).text == "Hello."

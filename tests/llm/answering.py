"""How the stub server answers a request: the means for it, and the answer of a server that does all as it should."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.llm.stub import Stub

Body = dict[str, Any]

CACHED_FROM, CACHED_STEP = 1024, 128
"""Tokens from which on the beginning of a request is cached, and the steps in which it grows, as at OpenAI."""

_REMEMBERED = 12
"""Requests whose beginnings are compared with a new one."""


@dataclass
class Request:
    """A chat request, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Body
    at: float = field(default_factory=time.monotonic)
    answered: float | None = None
    left: float | None = None

    @property
    def prompt(self) -> str:
        """All messages in one text, as a server tells which part of them it has seen before."""
        return "".join(f"<{each['role']}>{each['content']}" for each in self.body.get("messages", []))


class Exchange:
    """One request being answered: what a behaviour sends through."""

    def __init__(self, stub: Stub, request: Request, writer: asyncio.StreamWriter, gone: asyncio.Event) -> None:
        self.stub = stub
        self.request = request
        self.gone = gone
        self.complete = False
        self.closes = request.headers.get("connection", "") == "close"
        self._writer = writer

    @property
    def streams(self) -> bool:
        """Whether the answer is wanted in pieces."""
        return self.request.body.get("stream") is True

    @property
    def text(self) -> str:
        """What the server would say if nothing were wrong."""
        answer = self.stub.answer
        return answer if isinstance(answer, str) else answer(self.request.body)

    def usage(self, text: str) -> dict[str, Any]:
        """What the request and `text` take."""
        prompt = self.request.prompt
        earlier = (each.prompt for each in self.stub.requests[-_REMEMBERED:] if each is not self.request)
        known = max((common(prompt, each) for each in earlier), default=0) // 4
        cached = known // CACHED_STEP * CACHED_STEP if known >= CACHED_FROM else 0
        sent, received = tokens(prompt), tokens(text)
        return {
            "prompt_tokens": sent,
            "completion_tokens": received,
            "total_tokens": sent + received,
            "prompt_tokens_details": {"cached_tokens": cached},
        }

    async def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()

    async def head(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        """Send the beginning of an answer that is sent in chunks."""
        lines = [f"HTTP/1.1 {status} {'OK' if status < 300 else 'No'}", f"Content-Type: {kind}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.raw("\r\n".join([*lines, "Transfer-Encoding: chunked", "", ""]).encode())

    async def data(self, data: bytes) -> None:
        """Send one chunk of the body, if there is anything in it."""
        if not data:
            return  # an empty chunk is the end
        await self.raw(b"%x\r\n%s\r\n" % (len(data), data))

    async def end(self) -> None:
        """Send the end of the body."""
        self.complete = True
        await self.raw(b"0\r\n\r\n")

    async def whole(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        """Send a whole answer."""
        await self.head(status, kind, **headers)
        await self.data(body)
        await self.end()

    async def json(self, value: object, status: int = 200, **headers: str) -> None:
        """Send `value` as a whole answer."""
        await self.whole(status, "application/json", json.dumps(value).encode(), **headers)

    async def refuse(self, status: int, message: str, code: str = "", param: str = "", **headers: str) -> None:
        """Send an error as OpenAI words it."""
        error = {"message": message, "type": "invalid_request_error", "param": param or None, "code": code or None}
        await self.json({"error": error}, status, **headers)

    async def event(self, value: object) -> None:
        """Send one event of a stream; a text as it is, everything else as JSON."""
        await self.data(f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode())

    async def words(self, text: str) -> None:
        """Send `text` word by word."""
        for word in re.findall(r"\S+\s*|\s+", text):
            if self.stub.pace:
                await asyncio.sleep(self.stub.pace)
            await self.event(chunk(word))

    async def begin(self, text: str = "I have been waiting ") -> None:
        """Send the head and a few words of a stream."""
        await self.head()
        await self.event({**chunk(""), "choices": [choice({"role": "assistant", "content": ""})]})
        await self.words(text)

    async def for_ever(self) -> None:
        """Wait until the client leaves."""
        await self.gone.wait()


def choice(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    """The one choice of a chunk."""
    return {"index": 0, "delta": dict(delta), "finish_reason": finish}


def chunk(text: str | None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    """A chunk of a stream that holds `text`."""
    delta = {} if text is None else {"content": text}
    base = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "stub"}
    return {**base, "choices": [choice(delta, finish)], **more}


def completion(text: str | None, finish: str | None = "stop", **more: Any) -> dict[str, Any]:
    """A whole answer that holds `text`."""
    one = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    base = {"id": "c", "object": "chat.completion", "created": 0, "model": "stub"}
    return {**base, "choices": [one], **more}


async def chat(exchange: Exchange) -> None:
    """Answer as a good server does."""
    stub, body = exchange.stub, exchange.request.body
    refused = next((name for name in (*body, *_kinds(body)) if name in stub.refuses), "")
    if refused:
        message = f"Unsupported parameter: '{refused}' is not supported with this model."
        await exchange.refuse(400, message, code="unsupported_parameter", param=refused)
        return
    if stub.models and body.get("model") not in stub.models:
        await no_model(exchange)
        return
    if stub.context is not None and tokens(exchange.request.prompt) > stub.context:
        await no_room(exchange)
        return
    await _say(exchange, exchange.text)


async def _say(exchange: Exchange, text: str) -> None:
    limits = ("max_tokens", "max_completion_tokens")
    most = next((exchange.request.body[name] for name in limits if name in exchange.request.body), None)
    finish = "length" if most is not None and tokens(text) > most else "stop"
    if most is not None:
        text = text[: 4 * most]
    usage = exchange.usage(text)
    if not exchange.streams:
        if exchange.stub.pace:
            await asyncio.sleep(exchange.stub.pace)
        await exchange.json(completion(text, finish, usage=usage))
        return
    await exchange.begin(text)
    await exchange.event(chunk(None, finish))
    if (exchange.request.body.get("stream_options") or {}).get("include_usage"):
        await exchange.event({**chunk(None), "choices": [], "usage": usage})
    await exchange.event("[DONE]")
    await exchange.end()


def says_in_two(first: str, rest: str, go_on: threading.Event) -> Callable[[Exchange], Awaitable[None]]:
    """Streams `first`, and `rest` only when `go_on` is set: by whoever has heard the first."""

    async def says(exchange: Exchange) -> None:
        await exchange.begin(first)
        while not go_on.is_set():
            await asyncio.sleep(0.002)
        await exchange.words(rest)
        await exchange.event(chunk(None, "stop"))
        await exchange.event("[DONE]")
        await exchange.end()

    return says


async def no_model(exchange: Exchange) -> None:
    """Answer that there is no such model."""
    model = exchange.request.body["model"]
    await exchange.refuse(404, f"The model `{model}` does not exist or you do not have access.", "model_not_found")


async def no_room(exchange: Exchange) -> None:
    """Answer that the request does not fit."""
    message = "This model's maximum context length is 4096 tokens. However, you requested 5000 (max_tokens: 300)."
    await exchange.refuse(400, message, code="context_length_exceeded", param="messages")


def _kinds(body: Body) -> tuple[str, ...]:
    return (body["response_format"]["type"],) if "response_format" in body else ()


def common(one: str, other: str) -> int:
    """How many characters both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def tokens(text: str) -> int:
    """How many tokens a text takes, at four characters each."""
    return -(-len(text) // 4)

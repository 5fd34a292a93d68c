"""The one place that knows the `openai` library. It takes a second to import, so only a function may import this.

What is read from the network is measured here before anybody decodes it: the library reads lines of any length, takes
NaN for a number, and of a thing said twice the last.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any

import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream, DefaultAsyncHttpxClient
from openai.types.chat import ChatCompletionChunk

from roleplay.conversation.trouble import Trouble
from roleplay.llm import faults
from roleplay.llm.address import is_here
from roleplay.llm.faults import Failure, Peer
from roleplay.llm.reading import Unfit, strict_json
from roleplay.llm.settings import EndpointSettings

LARGEST_STREAM = 4_000_000
"""Bytes of an answer in pieces, all of its protocol included."""

LARGEST_WHOLE = 256_000
"""Bytes of an answer that comes at once, and of what is read of one that is none."""

LARGEST_EVENT = 64_000
"""Bytes of one event of a stream: it is decoded in one go, and nothing else happens meanwhile."""

MOST_BRACKETS, MOST_COMMAS = 300, 2_000
"""Of one event: the library makes an object of each thing in it, and takes its time. Words have commas too."""

_LINE_END = re.compile(rb"\r\n|[\r\n]")

_NO_KEY = "none"

_REHEARSAL = 2.0
"""Seconds."""

_REHEARSED = b"""HTTP/1.1 200 OK\r
Content-Type: text/event-stream\r
Connection: close\r
\r
data: {"id":"0","object":"chat.completion.chunk","created":0,"model":"m","choices":[{"index":0,"delta":{"content":"a"},\
"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}

data: [DONE]

"""

Stream = AsyncStream[ChatCompletionChunk]


def make_client(settings: EndpointSettings) -> AsyncOpenAI:
    """A client that neither retries nor follows redirects by itself, and asks no proxy for what is on this computer.

    Takes up to 0.1 s. Raises whatever an unusable proxy or certificate file of the environment makes it raise.
    """
    deadlines = settings.deadlines
    here = is_here(settings.base_url)
    http = DefaultAsyncHttpxClient(
        # without TLS nobody's certificate is looked at, so none needs to be read
        verify=not here or settings.base_url.startswith("https:"),
        trust_env=not here,
        follow_redirects=False,
        event_hooks={"request": [] if settings.key else [_without_key], "response": [_measure]},
        # what comes after the connection is up to our own clock: this one would start anew at each byte
        timeout=httpx2.Timeout(None, connect=deadlines.connect, pool=deadlines.connect),
    )
    client = AsyncOpenAI(
        api_key=settings.key or _NO_KEY,
        base_url=settings.base_url,
        max_retries=0,
        http_client=http,
        default_headers={"Accept-Encoding": "identity"},
    )
    if client.base_url.host != "api.openai.com":
        # those of the environment are OpenAI's, and nobody else's business
        client.organization = client.project = None
    return client


def rehearse() -> None:
    """Ask ourselves for an answer over a loopback port, so that the first real request finds all in place.

    The library loads and builds much at its first use. For a thread of its own: it starts and ends an event loop.
    """

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(_REHEARSED)
        await writer.drain()
        writer.close()

    async def once() -> None:
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server, asyncio.timeout(_REHEARSAL):
            port = server.sockets[0].getsockname()[1]
            settings = EndpointSettings(base_url=f"http://127.0.0.1:{port}/v1", model="m")
            async with make_client(settings) as client:
                async for _ in await open_stream(client, {"model": "m", "messages": [], "stream": True}):
                    pass

    # a computer on which that cannot be done has a slower first request
    with suppress(OSError, TimeoutError, openai.OpenAIError):
        asyncio.run(once())


async def open_stream(client: AsyncOpenAI, arguments: Mapping[str, Any]) -> Stream:
    """Ask for an answer in pieces."""
    stream: Stream = await client.chat.completions.create(**arguments)
    return stream


async def whole_answer(client: AsyncOpenAI, arguments: Mapping[str, Any]) -> Any:
    """Ask for an answer at once: its JSON, read strictly. Raises `Unfit` besides what the library raises."""
    response = await client.chat.completions.with_raw_response.create(**arguments)
    return _json_of(response.http_response)


async def unstreamed(stream: Stream) -> Any | None:
    """The JSON of an answer that came at once although pieces were asked for; None if pieces come."""
    kind = _kind(stream.response)
    if kind == "text/event-stream":
        return None
    if "html" in kind:
        raise Unfit("garbled", "it is a web page")
    if "json" not in kind:
        # some servers do not name what they send
        return None
    await stream.response.aread()
    return _json_of(stream.response)


def failure_of(error: Exception, key: str) -> Failure | None:
    """What the server answered in place of an answer, if `error` is about that."""
    if isinstance(error, openai.APIStatusError):
        return faults.failure(error.status_code, error.response.headers, error.body or error.response.text, key)
    return None


def trouble_of(error: Exception, peer: Peer, key: str, *, begun: bool) -> Trouble:
    """The named state for what the library raised. `begun`: some of the answer had come."""
    if isinstance(error, Unfit):
        return faults.of_name(error.name, error.why, peer)
    fault = failure_of(error, key)
    if fault:
        return faults.trouble_of(fault, peer)
    if isinstance(error, openai.APIConnectionError):
        return _unconnected(error.__cause__, peer, begun)
    if isinstance(error, openai.APIError):
        return faults.trouble_in_stream(faults.failure(0, {}, error.body, key), peer)
    if isinstance(error, httpx2.InvalidURL):
        return faults.unreachable(peer, "that is no address")
    if isinstance(error, httpx2.HTTPError):
        return _unconnected(error, peer, begun)
    return faults.garbled(peer, "it does not follow the protocol")


def _unconnected(cause: BaseException | None, peer: Peer, begun: bool) -> Trouble:
    if isinstance(cause, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        return faults.unreachable(peer, "no connection came about in time")
    if isinstance(cause, httpx2.ConnectError):
        reason: BaseException | None = cause
        while reason and not isinstance(reason, ssl.SSLError):
            reason = reason.__cause__ or reason.__context__
        return faults.unreachable(peer, "no secure connection came about" if reason else "")
    if isinstance(cause, httpx2.ProxyError):
        return faults.unreachable(peer, "the proxy on the way refused")
    if isinstance(cause, httpx2.UnsupportedProtocol):
        return faults.unreachable(peer, "its address does not begin with http:// or https://")
    if isinstance(cause, httpx2.RemoteProtocolError) and not begun and "illegal" in str(cause):
        return faults.garbled(peer, "it is not HTTP")
    return faults.cut_off(peer)


def _kind(response: httpx2.Response) -> str:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower()


def _json_of(response: httpx2.Response) -> Any:
    if "html" in _kind(response):
        raise Unfit("garbled", "it is a web page")
    if len(response.content) > LARGEST_WHOLE:
        raise Unfit("too big", "")
    return strict_json(response.content)


async def _without_key(request: httpx2.Request) -> None:
    # the library insists on a key
    request.headers.pop("Authorization", None)


async def _measure(response: httpx2.Response) -> None:
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise Unfit("garbled", "it is packed, although it was asked for plain")
    if isinstance(response.stream, httpx2.AsyncByteStream):
        kind = _kind(response)
        if response.status_code >= 400 or "html" in kind:
            response.stream = _Beginning(response.stream)
        else:
            # some servers do not name what they send: then it may be a stream
            response.stream = _Whole(response.stream) if "json" in kind else _Events(response.stream)


class _Measured(httpx2.AsyncByteStream):
    """The bytes of an answer, as long as they are fit to be decoded."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream
        self._size = 0

    async def aclose(self) -> None:
        await self._stream.aclose()

    def _measured(self, data: bytes, most: int) -> bytes:
        self._size += len(data)
        if self._size > most:
            raise Unfit("too big", "")
        return data


class _Beginning(_Measured):
    """What came in place of an answer: its beginning tells what it is, and more of it is not read."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for data in self._stream:
            yield data[: LARGEST_WHOLE - self._size]
            self._size += len(data)
            if self._size >= LARGEST_WHOLE:
                return


class _Whole(_Measured):
    """An answer that comes at once. Raises `Unfit`."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for data in self._stream:
            yield self._measured(data, LARGEST_WHOLE)


class _Events(_Measured):
    """An answer in pieces, each of which is looked at before the library does. Raises `Unfit`."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        super().__init__(stream)
        self._begun = self._event = b""
        self._returned = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for data in self._stream:
            self._read_lines(self._measured(data, LARGEST_STREAM))
            yield data

    def _read_lines(self, data: bytes) -> None:
        # an end of a line may be two bytes, of which one comes later
        rest = data[1:] if self._returned and data.startswith(b"\n") else data
        self._returned = data.endswith(b"\r")
        *lines, self._begun = _LINE_END.split(self._begun + rest)
        for line in lines:
            name, _, said = line.partition(b":")
            if name == b"data":
                self._event += said + b"\n"
            elif not line:
                _look_at(self._event.strip())
                self._event = b""
            self._fits(line)
        self._fits(self._begun)

    def _fits(self, line: bytes) -> None:
        if max(len(self._event), len(line)) > LARGEST_EVENT:
            raise Unfit("too big", "")


def _look_at(event: bytes) -> None:
    """Raises `Unfit` for an event that the library would take too long for, or would take for what it is not."""
    if event.count(b"{") + event.count(b"[") > MOST_BRACKETS or event.count(b",") > MOST_COMMAS:
        raise Unfit("garbled", "there are too many things in one piece of it")
    if event.startswith(b"{"):
        strict_json(event)

"""A server on a loopback port that speaks chat completions, and does on demand what real servers do wrong.

    with Stub(lambda body: "It's the ramp. I can't see.") as stub:      # what it answers, made from the request's body
        endpoint = Endpoint(stub.settings())                            # deadlines that nothing meets
        …
        assert stub.requests[0].body["messages"][0]["role"] == "system"

It runs in a thread of its own, so it serves tests with and without an event loop, and programs in a terminal.

- `Stub(answer)`: `answer` is a text, or a function from the body of a request to a text; an actor's server and a
  judge's (which gives JSON) are one lambda each.
- `stub.script = ["429 wait", "cut", None]`: what the next requests meet, by name (see `misbehaving.py`), then normal
  again; None is normal. A function from a `Request` to a name or None decides for each instead. An entry may also be
  an `async def` that takes an `Exchange` and sends what it likes.
- `stub.pace`: seconds before each word. `stub.key`: a key without which it answers 401. `stub.models`: those it has;
  all if empty. `stub.refuses`: names of parameters that it refuses with 400, as newer models do. `stub.context`:
  tokens, of four characters, beyond which it refuses a request.
- `stub.requests`: each chat request: `method`, `path`, `headers` (lower case), `body`, `at` (time.monotonic), and when
  `answered` and `left` by the client before its answer was complete. `stub.wait_left()` waits for the latter.
- Its usage counts four characters as a token, and as cached what is the beginning of an earlier request, from 1,024
  tokens on in steps of 128.
- `stub.afresh(answer)`: as new, for the next test. `hasty("first_word")`: deadlines for a fault of time.
- `nobody()`, `mute()`, `black_hole()`: addresses where nobody listens, where somebody listens and says nothing, and
  where not even a connection comes about.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, Self

from roleplay.llm.settings import Deadlines, EndpointSettings
from tests.llm.answering import Body, Exchange, Request, chat
from tests.llm.misbehaving import FAULTS, MET_BY, ODDITIES, Behaviour, Deadline

Answer = str | Callable[[Body], str]

PATIENT = Deadlines(connect=20, first_word=30, between_words=30, whole=60)
"""Deadlines that no answer meets which comes at all, however busy the machine is."""
HASTY = Deadlines(connect=0.2, first_word=0.3, between_words=0.2, whole=0.6)
"""Deadlines that a fault of time soon meets, each on its own: see `hasty`."""

CANARY = "sk-canary-4711-0815-abcdefgh"
"""A key for tests that look for it everywhere."""

Scripted = str | Behaviour | None

_TLS = b"\x16"
"""How a conversation in TLS begins."""


def hasty(*names: Deadline) -> Deadlines:
    """The deadlines of these names are hasty, all others patient."""
    return replace(PATIENT, **{name: getattr(HASTY, name) for name in names})


def deadlines_for(fault: str, *, streams: bool = True) -> Deadlines:
    """Under which a request that meets `fault` soon ends in its state: hasty only where it is time that ends it."""
    met_by = MET_BY.get(fault)
    return hasty(met_by if streams else "whole") if met_by else PATIENT


class Stub:
    """The server; see the head of this file."""

    def __init__(self, answer: Answer = "Hello? Is somebody there?", script: Any = ()) -> None:
        self.answer = answer
        self.script: list[Scripted] | Callable[[Request], Scripted] = script if callable(script) else list(script)
        self.requests: list[Request] = []
        self.looked = 0
        self.pace = 0.0
        self.key = ""
        self.models: tuple[str, ...] = ()
        self.refuses: set[str] = set()
        self.context: int | None = None
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._talks: set[asyncio.Task[None]] = set()

    def afresh(self, answer: Answer) -> Self:
        """As it was when it was new, with that `answer`."""
        self.answer, self.script, self.pace, self.key, self.context = answer, [], 0.0, "", None
        self.models, self.refuses, self.looked = (), set(), 0
        self.requests.clear()
        return self

    def __enter__(self) -> Self:
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), name="stub", daemon=True)
        self._thread.start()
        assert started.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)

    @property
    def address(self) -> str:
        """What `base_url` has to be."""
        return f"http://127.0.0.1:{self.port}/v1"

    def settings(self, **changes: Any) -> EndpointSettings:
        """Settings for this server, with patient deadlines and a canary key."""
        usual: dict[str, Any] = {"base_url": self.address, "model": "stub", "key": CANARY, "deadlines": PATIENT}
        return EndpointSettings(**{**usual, **changes})

    def wait_left(self, number: int = -1, within: float = 20.0) -> float:
        """The time at which the client left that request before its answer was complete; fails if it stays."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            if self.requests and self.requests[number].left is not None:
                return self.requests[number].left or 0.0
            time.sleep(0.002)
        raise AssertionError("the client is still there")

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(started))
        self._loop.close()

    async def _serve(self, started: threading.Event) -> None:
        self._stop = asyncio.Event()
        server = await self._loop.create_server(lambda: _Line(self._connected), "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._stop.wait()
        server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def _connected(self, line: _Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = self._loop.create_task(self._talk(line, reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, line: _Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await _read(reader, writer):
                exchange = Exchange(self, request, writer, line.gone)
                answering = self._loop.create_task(self._answer(exchange))
                gone = self._loop.create_task(line.gone.wait())
                await asyncio.wait({answering, gone}, return_when=asyncio.FIRST_COMPLETED)
                gone.cancel()
                failed = not answering.done() or answering.exception() is not None
                answering.cancel()
                if exchange.complete:
                    request.answered = time.monotonic()
                elif line.gone.is_set():
                    request.left = time.monotonic()
                if failed or exchange.closes or line.gone.is_set():
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(self, exchange: Exchange) -> None:
        request = exchange.request
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            await exchange.refuse(401, "Incorrect API key provided.", code="invalid_api_key")
        elif request.method == "GET" and request.path.endswith("/models"):
            self.looked += 1
            data = [{"id": name, "object": "model"} for name in self.models or ("stub",)]
            await exchange.json({"object": "list", "data": data})
        elif request.method == "POST" and request.path.endswith("/chat/completions"):
            self.requests.append(request)
            await (self._behaviour(request) or chat)(exchange)
        else:
            await exchange.refuse(404, "Not Found")

    def _behaviour(self, request: Request) -> Behaviour | None:
        script = self.script
        found = script(request) if callable(script) else script.pop(0) if script else None
        return {**FAULTS, **ODDITIES}[found] if isinstance(found, str) else found


class _Line(asyncio.StreamReaderProtocol):
    """A connection that tells when the other side has gone."""

    def __init__(self, connected: Callable[[_Line, asyncio.StreamReader, asyncio.StreamWriter], None]) -> None:
        self.gone = asyncio.Event()
        super().__init__(asyncio.StreamReader(limit=2**20), lambda reader, writer: connected(self, reader, writer))

    def eof_received(self) -> bool | None:
        self.gone.set()
        return super().eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        self.gone.set()
        super().connection_lost(error)


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    begun = await reader.readexactly(1)
    if begun == _TLS:
        writer.write(b"HTTP/1.1 400 This is a plain HTTP port\r\n\r\n")
        return None
    head = begun + await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    raw = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, json.loads(raw) if raw else {})


def _port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def nobody() -> str:
    """An address at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{_port_of(listener)}/v1"


@contextmanager
def mute(scheme: str = "http") -> Iterator[str]:
    """An address at which somebody takes every connection and says nothing, not even the first words of TLS."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"{scheme}://127.0.0.1:{_port_of(listener)}/v1"


@contextmanager
def black_hole() -> Iterator[str]:
    """An address at which connections do not come about: the queue of those who wait is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = []
        for _ in range(4):
            each = socket.socket()
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
            waiting.append(each)
        try:
            yield f"http://127.0.0.1:{_port_of(listener)}/v1"
        finally:
            for each in waiting:
                each.close()

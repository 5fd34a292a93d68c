"""Programs on a loopback port that are no model servers, or bad ones: each answers every caller in its own way."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import pytest

from roleplay.llm import choosing
from roleplay.llm.looking import look_at

Manner = Callable[[socket.socket], None]


class Stranger:
    """A listener: its `port`, and the requests it `heard`, head and body as they came."""

    def __init__(self, manner: Manner) -> None:
        self.heard: list[bytes] = []
        self.leave = threading.Event()
        self._manner = manner
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(0.05)
        self.port = int(self._server.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def close(self) -> None:
        self.leave.set()
        self._thread.join(20)
        self._server.close()

    def _serve(self) -> None:
        while not self.leave.is_set():
            try:
                line, _ = self._server.accept()
            except TimeoutError:
                continue
            with line, suppress(OSError):
                line.settimeout(20)
                self.heard.append(line.recv(65_536))
                self._manner(line)


PATIENCE = 20.0
"""Seconds in which a server that answers is found, however busy the machine is."""


@pytest.fixture
def looks_patiently(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever chooses a server waits for those that are there as long as it takes."""
    monkeypatch.setattr(choosing, "look_at", partial(look_at, deadline=PATIENCE))


@contextmanager
def stranger(manner: Manner | bytes) -> Iterator[Stranger]:
    """One that answers by `manner`, or with these bytes, and hangs up."""

    def answer(line: socket.socket) -> None:
        assert isinstance(manner, bytes)
        line.sendall(manner)

    here = Stranger(answer if isinstance(manner, bytes) else manner)
    try:
        yield here
    finally:
        here.close()


def ok(body: bytes | object, status: str = "200 OK", *headers: str) -> bytes:
    """An HTTP answer with that body."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(raw)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + raw


def models(*names: str, **facts: object) -> bytes:
    """The answer of a model server that has these models."""
    return ok({"object": "list", "data": [{"id": name, "object": "model", **facts} for name in names]})

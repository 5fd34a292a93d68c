"""Looks for model servers on this computer: asks the usual ports for their models, all at once, and sends nothing else.

Whatever listens there may be anything. It gets one short request without a key, is read for a bounded time and size,
is never followed elsewhere, and counts only if it answers like a model server.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Sequence
from io import BytesIO
from typing import Literal, NamedTuple, cast

import msgspec

from roleplay.llm.address import host_of, is_here
from roleplay.llm.config import USUAL_PORTS, is_model_name

DEADLINE = 0.3
"""Seconds for one server to be found, from connecting to the last byte."""
_GRACE = 0.05
SIZE_LIMIT = 512 * 1024
"""Bytes of an answer."""
MOST_MODELS = 200

Answer = Literal["models", "wants a key", "no model server", "nobody"]

_OWNERS = {"llamacpp": "llama.cpp", "vllm": "vLLM", "library": "Ollama"}
_NO_CHAT = re.compile(r"(?i)embed|rerank|whisper|tts|bge-|minilm|clip|moderation|dall-e|stable-diffusion|flux|guard")


class Model(NamedTuple):
    """A model a server lists, and the tokens of its context where the server tells, else None."""

    name: str
    context: int | None = None


class Server(NamedTuple):
    """What one address answered. `name`: the program that usually listens there, or that says who it is."""

    name: str
    base_url: str
    answer: Answer
    models: tuple[Model, ...] = ()

    def model(self, name: str) -> Model | None:
        """The model of that name, if it is listed."""
        return next((model for model in self.models if model.name == name), None)

    def choice(self) -> Model | None:
        """The first model listed that looks as if it could hold a conversation, and runs on this computer."""
        fit = (model for model in self.models if not _NO_CHAT.search(model.name) and not runs_elsewhere(model.name))
        return next(fit, None)


class _Facts(msgspec.Struct):
    n_ctx: int | None = None


class _Listed(msgspec.Struct):
    id: str
    owned_by: str = ""
    meta: _Facts | None = None
    max_model_len: int | None = None


class _List(msgspec.Struct):
    data: list[_Listed] | None
    object: str = ""


_LIST = msgspec.json.Decoder(_List)
"""Made here: at the first use of a type in two threads at once msgspec may crash."""


def look_at(addresses: Sequence[str], deadline: float = DEADLINE) -> tuple[Server, ...]:
    """What answers at these addresses, in their order; takes `deadline` seconds and a little at most. Raises nothing.

    Addresses that are not on this computer are left alone: nobody answers there.
    """
    until = time.monotonic() + deadline
    found: dict[str, Server] = {}

    def visit(address: str) -> None:
        found[address] = _visited(address, until)

    threads = [threading.Thread(target=visit, args=(address,), daemon=True) for address in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until + _GRACE - time.monotonic()))
    return tuple(found.get(address) or Server(_usual_name(address), address, "nobody") for address in addresses)


def runs_elsewhere(model: str) -> bool:
    """Whether a model that a local server lists is one it only passes on; Ollama marks those in their names."""
    return model.casefold().endswith(("-cloud", ":cloud"))


def _visited(address: str, until: float) -> Server:
    name = _usual_name(address)
    if not is_here(address) or not address.startswith("http://"):
        return Server(name, address, "nobody")
    host, _, path = address.removeprefix("http://").partition("/")
    try:
        raw = _asked(host, f"/{path}/models", until)
    except OSError:
        return Server(name, address, "nobody")
    status, body = _parsed(raw)
    if status in (401, 403):
        return Server(name, address, "wants a key")
    listed = _models(body) if status == 200 else None
    if listed is None:
        return Server(name, address, "no model server")
    owners = {model.owned_by for model in listed}
    known = _OWNERS.get(owners.pop(), name) if len(owners) == 1 else name
    models = [Model(model.id, _context(model)) for model in listed if is_model_name(model.id)]
    return Server(known, address, "models", tuple(models[:MOST_MODELS]))


def _asked(host: str, path: str, until: float) -> bytes:
    """What is answered to one request, up to the limits of time and size. Raises OSError where nobody answers."""
    name, _, port = host.rpartition(":") if re.search(r":\d+\Z", host) else (host, "", "80")
    chunks, size = [], 0
    with socket.create_connection((name.strip("[]"), int(port)), max(0.01, until - time.monotonic())) as line:
        # HTTP/1.0: the end of the answer is the end of the connection
        head = [f"GET {path} HTTP/1.0", f"Host: {host}", "Accept: application/json", "Connection: close", "", ""]
        line.sendall("\r\n".join(head).encode())
        try:
            while size <= SIZE_LIMIT and (left := until - time.monotonic()) > 0:
                line.settimeout(left)
                chunk = line.recv(65_536)
                if not chunk:
                    break
                chunks.append(chunk)
                size += len(chunk)
        except OSError:
            pass  # what came until then may be a whole answer of a server that does not hang up
    return b"".join(chunks)


class _Heard:
    """Bytes that came from a socket, as `http.client` wants to read them."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, mode: str) -> BytesIO:
        return BytesIO(self._raw)


def _parsed(raw: bytes) -> tuple[int, bytes]:
    """The status and the body of an answer; a status of 0 for what is no HTTP."""
    import http.client  # only where somebody answered

    response = http.client.HTTPResponse(cast(socket.socket, _Heard(raw)), method="GET")
    try:
        response.begin()
        return response.status, response.read(SIZE_LIMIT)
    except (http.client.HTTPException, ValueError, OSError):
        return 0, b""


def _models(body: bytes) -> list[_Listed] | None:
    """The models a server lists; None for anything that is no such list."""
    try:
        answer = _LIST.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if answer.object != "list" and not answer.data:
        return None
    return answer.data or []


def _context(listed: _Listed) -> int | None:
    """The tokens that fit, where the server tells: vLLM as max_model_len, llama.cpp as n_ctx."""
    told = listed.max_model_len or (listed.meta.n_ctx if listed.meta else None)
    return told if told is not None and 256 <= told <= 20_000_000 else None


def _usual_name(address: str) -> str:
    port = host_of(address).rpartition(":")[2]
    return USUAL_PORTS.get(int(port) if port.isdigit() else 80, "A server")

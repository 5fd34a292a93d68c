"""One answer that is being had from an endpoint: what was asked for it, what has come, and what it took."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from roleplay.conversation.trouble import InTrouble, Trouble
from roleplay.conversation.voiced import Usage
from roleplay.llm import faults
from roleplay.llm.address import host_of
from roleplay.llm.asking import Manners, Wanted
from roleplay.llm.faults import Failure, Peer
from roleplay.llm.reading import Piece, Unfit, read_piece
from roleplay.llm.settings import EndpointSettings
from roleplay.llm.tokens import counter_for

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")

MOST_REQUESTS = 3
"""Requests for one answer: a second and a third only where the server refused a parameter of the one before.

That happens twice at most for a model at an endpoint: what was refused is not sent again, for other answers either.
"""

_LONGEST_TOKEN = 16
"""Characters of a token of text, with room to spare; an answer longer than all its tokens at that does not end."""

_FREE = ("unreachable", "key refused", "no model", "busy", "no credit", "server fault", "too long")
"""Troubles in which nothing was answered, so that nothing was taken."""


def peer_of(settings: EndpointSettings, model: str) -> Peer:
    """How the endpoint of `settings` is told of."""
    return Peer(host_of(settings.base_url) or settings.base_url, settings.base_url, model, bool(settings.key))


class Door:
    """Whether an endpoint is to be left alone for a while, because it asked for that."""

    def __init__(self) -> None:
        self._opens, self._why = 0.0, Trouble(name="busy", what="")

    def close(self, trouble: Trouble) -> None:
        """Keep everybody out for as long as `trouble` says, if it says so."""
        if trouble.wait is not None:
            self._opens, self._why = asyncio.get_running_loop().time() + trouble.wait, trouble

    def enter(self) -> None:
        """Raises `InTrouble` with the time that is left, while it is closed; nothing is sent then."""
        left = self._opens - asyncio.get_running_loop().time()
        if left > 0.01:
            raise InTrouble(msgspec.structs.replace(self._why, wait=left))


class Exchange:
    """One answer that is being had: what was asked for it, since when, and what has come."""

    def __init__(self, settings: EndpointSettings, manners: Manners, door: Door, wanted: Wanted) -> None:
        self.wanted = wanted
        self._door = door
        self.peer = peer_of(settings, wanted.model)
        self.started = 0.0
        self.heard = ""
        self.finish = ""
        self._requests = 0
        self._reported: Usage | None = None
        self._refused = False
        self._settings = settings
        self._manners = manners
        self._client: AsyncOpenAI

    def begin(self, client: AsyncOpenAI) -> None:
        """Start the clock: from here on it is the endpoint that takes the time. Raises `InTrouble` if it said wait."""
        self._door.enter()
        self._client = client
        self.started = asyncio.get_running_loop().time()

    async def ask(
        self,
        send: Callable[[AsyncOpenAI, Mapping[str, Any]], Coroutine[Any, Any, T]],
        by: float,
        late: Callable[[], Trouble],
    ) -> T:
        """Send the request; again at once without a parameter that the server says it does not take."""
        while True:
            asked = self._manners.arguments(self.wanted)
            self._requests += 1
            came = await self.outcome(send(self._client, asked), by, late)
            if not isinstance(came, Failure):
                return came
            if not self._manners.learn(came, asked) or self._requests == MOST_REQUESTS:
                raise self.trouble(faults.trouble_of(came, self.peer))

    async def outcome(self, doing: Awaitable[T], by: float, late: Callable[[], Trouble]) -> T | Failure:
        """What has come of `doing` by then. What the library raised is let go of before anything is raised for it."""
        came = await self._tried(doing, by, late)
        if isinstance(came, Trouble):
            raise self.trouble(came)
        return came

    async def _tried(self, doing: Awaitable[T], by: float, late: Callable[[], Trouble]) -> T | Trouble | Failure:
        from roleplay.llm import wire

        try:
            async with asyncio.timeout_at(by) as clock:
                return await doing
        except Exception as error:
            if clock.expired():
                return late()
            key = self._settings.key
            return wire.failure_of(error, key) or wire.trouble_of(error, self.peer, key, begun=bool(self.heard))

    def take(self, raw: object, part: str) -> Piece:
        """The piece in `raw`, with what it tells of the answer noted."""
        try:
            piece = read_piece(raw, part)
        except Unfit as unfit:
            trouble = faults.of_name(unfit.name, unfit.why, self.peer)
        else:
            self._reported = piece.usage or self._reported
            self._refused = self._refused or piece.refusal
            if not piece.error:
                if len(self.heard) + len(piece.text) > _LONGEST_TOKEN * self.wanted.most:
                    raise self.trouble(faults.too_big(self.peer))
                return piece
            trouble = faults.trouble_in_stream(faults.failure(0, {}, piece.error, self._settings.key), self.peer)
        raise self.trouble(trouble)

    def end(self, finish: str) -> None:
        """Note that the answer is complete, for the reason the server gave; raises if it is not one for all that."""
        if self._refused or finish == "content_filter":
            raise self.trouble(faults.withheld(self.peer))
        if not finish:
            raise self.trouble(faults.cut_off(self.peer))
        if finish in ("tool_calls", "function_call"):
            raise self.trouble(faults.garbled(self.peer, "it calls for a tool"))
        if finish in ("error", "insufficient_system_resource"):
            raise self.trouble(faults.trouble_in_stream(Failure(0, {}, "", ""), self.peer))
        self.finish = "length" if finish in ("length", "max_tokens") else "stop"
        if not self.heard.strip():
            raise self.trouble(faults.wordless(self.peer, cut=self.finish == "length"))

    def trouble(self, trouble: Trouble) -> InTrouble:
        """What is raised for `trouble`, with what was taken so far."""
        self._door.close(trouble)
        nothing = trouble.name in _FREE and not self.heard and not self._reported
        return InTrouble(trouble, Usage(requests=self._requests) if nothing else self.usage)

    @property
    def usage(self) -> Usage:
        """What the server says it took, else what we count."""
        if self._reported:
            return msgspec.structs.replace(self._reported, requests=self._requests)
        counter = counter_for(self.wanted.model)
        sent, received = counter.count_chat(self.wanted.chat), counter.count(self.heard)
        return Usage(requests=self._requests, sent=sent, received=received, exact=counter.exact)

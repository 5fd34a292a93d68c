"""One OpenAI-compatible endpoint: asks it, hears the answer as it comes, and lets nothing take longer than it may.

All clocks are our own and count words: the library's own clock starts anew at each byte, be it a comment or a blank.
Every fault ends in a named state; the library's errors, which hold the key, do not leave this file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from roleplay.conversation.trouble import InTrouble, Trouble
from roleplay.conversation.voiced import Usage
from roleplay.llm import faults
from roleplay.llm.asking import Manners, Wanted
from roleplay.llm.chat import Chat
from roleplay.llm.exchange import Door, Exchange, peer_of
from roleplay.llm.incoming import Incoming
from roleplay.llm.reading import Piece
from roleplay.llm.settings import EndpointSettings
from roleplay.llm.thread import in_thread, without_collecting
from roleplay.llm.tokens import load_counter

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from roleplay.llm.wire import Stream

_USAGE_WAIT = 0.5
"""Seconds that a finished answer waits for the server to say what it took."""

_CLOSING = 0.2
"""Seconds in which the connection of one answer has to be closed before it is left to itself."""

_CLOSING_ALL = 1.0
"""The same for all connections together, at the end."""


class Completion(NamedTuple):
    """A whole answer. `finish`: `stop`, or `length` where it was cut at the limit."""

    text: str
    usage: Usage
    finish: str


class Endpoint:
    """One endpoint, for any number of requests at a time. Cheap to make: imports and opens nothing before `warm`."""

    def __init__(self, settings: EndpointSettings) -> None:
        self.settings = replace(settings, key=settings.key.strip())
        self._manners: dict[str, Manners] = {}
        self._door = Door()
        self._client: AsyncOpenAI | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening = asyncio.Lock()

    async def warm(self) -> None:
        """Have all in place for a first request: the library, a client, and the encoding if it is at hand.

        Takes about a second, in a thread of its own. Raises `InTrouble` if no client can be made with what is set.
        """
        await self._ready()
        for model in {self.settings.model, self.settings.judge_model} - {""}:
            await in_thread(partial(load_counter, model))

    def stream(
        self, chat: Chat, *, model: str, most: int, temperature: float = 0.8, seed: int | None = None
    ) -> Streaming:
        """The answer to `chat` in pieces, `most` tokens at most: `async with endpoint.stream(…) as words`."""
        wanted = Wanted(chat, model, most, temperature, seed, schema=None, stream=True)
        return Streaming(
            self._ready, Exchange(self.settings, self._manners_of(model), self._door, wanted), self.settings
        )

    async def complete(
        self,
        chat: Chat,
        *,
        model: str,
        most: int,
        schema: Mapping[str, object] | None = None,
        temperature: float = 0.0,
        seed: int | None = None,
    ) -> Completion:
        """The answer to `chat` at once, `most` tokens at most; as JSON after `schema` where the server can do that.

        What comes is not checked against the schema. Raises `InTrouble`.
        """
        wanted = Wanted(chat, model, most, temperature, seed, schema, stream=False)
        exchange = Exchange(self.settings, self._manners_of(model), self._door, wanted)
        exchange.begin(await self._ready())
        from roleplay.llm import wire

        whole = self.settings.deadlines.whole
        raw = await exchange.ask(wire.whole_answer, exchange.started + whole, lambda: faults.slow(exchange.peer, whole))
        piece = exchange.take(raw, "message")
        words = Incoming(self.settings.key)
        text = words.feed(piece.text) + words.finish()
        exchange.heard = text
        exchange.end(piece.finish)
        return Completion(text, exchange.usage, exchange.finish)

    async def aclose(self) -> None:
        """Close the connections; the endpoint opens new ones if it is used again."""
        client, self._client, self._loop = self._client, None, None
        if client:
            with suppress(TimeoutError, RuntimeError):
                async with asyncio.timeout(_CLOSING_ALL):
                    await client.close()

    async def _ready(self) -> AsyncOpenAI:
        """The client for the event loop that is running: a client belongs to one."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            if self._loop is not loop:
                self._loop, self._opening, self._client = loop, asyncio.Lock(), None
            async with self._opening:
                if self._client is None:
                    self._client = await in_thread(self._made)
        return self._client

    def _made(self) -> AsyncOpenAI:
        peer = peer_of(self.settings, self.settings.model)
        if not _can_be_sent(self.settings.key):
            raise InTrouble(faults.key_unusable(peer))
        try:
            _load()
            from roleplay.llm import wire

            return wire.make_client(self.settings)
        except Exception as error:
            why = type(error).__name__
        raise InTrouble(faults.unreachable(peer, f"no connection can be made ready for it ({why})"))

    def _manners_of(self, model: str) -> Manners:
        return self._manners.setdefault(model, Manners(self.settings.base_url))


class Streaming:
    """An answer as it comes: `async with` it, then `async for piece in` it. Leaving the block stops the server at once.

    `usage` is what it took, so far or in all; `finish` is empty until it is complete, then `stop` or `length`. Every
    fault raises `InTrouble`, on entering or while iterating.
    """

    def __init__(
        self, ready: Callable[[], Awaitable[AsyncOpenAI]], exchange: Exchange, settings: EndpointSettings
    ) -> None:
        self._ready = ready
        self._exchange = exchange
        self._deadlines = settings.deadlines
        self._words = Incoming(settings.key)
        self._stream: Stream | None = None
        self._whole: object = None
        self._last_word = 0.0
        self._over = False

    @property
    def usage(self) -> Usage:
        """What the answer took so far; exact once the server has said so or where our counter is."""
        return self._exchange.usage

    @property
    def finish(self) -> str:
        """Why the answer ended: `stop` or `length`; empty as long as it has not."""
        return self._exchange.finish

    async def __aenter__(self) -> Self:
        exchange = self._exchange
        exchange.begin(await self._ready())
        from roleplay.llm import wire

        try:
            by = exchange.started + self._deadlines.first_word
            self._stream = await exchange.ask(wire.open_stream, by, self._late)
            self._whole = await exchange.outcome(wire.unstreamed(self._stream), by, self._late)
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        if self._last_word:
            # the time that our reader takes is not the server's
            self._last_word = asyncio.get_running_loop().time()
        while not self._over:
            text = await self._next()
            if text:
                return text
        raise StopAsyncIteration

    async def _next(self) -> str:
        """The text that is settled with the next event; may be empty."""
        exchange = self._exchange
        if self._whole is not None:
            self._over = True
            return self._heard(exchange.take(self._whole, "message"))
        if self._stream is None:
            self._over = True
            return ""
        if exchange.finish:
            await self._hear_usage(self._stream)
            return ""
        # a server that sends faster than we read must not keep the event loop from everybody else
        await asyncio.sleep(0)
        raw = await exchange.outcome(anext(self._stream, None), self._by(), self._late)
        if raw is None:
            exchange.end("")
        return self._heard(exchange.take(raw, "delta"))

    def _heard(self, piece: Piece) -> str:
        if piece.text:
            self._last_word = asyncio.get_running_loop().time()
        text = self._words.feed(piece.text) + (self._words.finish() if piece.finish else "")
        self._exchange.heard += text
        if piece.finish:
            self._exchange.end(piece.finish)
        return text

    async def _hear_usage(self, stream: Stream) -> None:
        """Wait a little for what follows the last words; they are good without it."""
        by = asyncio.get_running_loop().time() + _USAGE_WAIT
        with suppress(InTrouble):
            while (raw := await self._exchange.outcome(anext(stream, None), by, self._late)) is not None:
                self._exchange.take(raw, "delta")
        self._over = True

    def _by(self) -> float:
        """When the next words have to be there."""
        exchange, deadlines = self._exchange, self._deadlines
        begun = self._last_word or exchange.heard
        soon = self._last_word + deadlines.between_words if begun else exchange.started + deadlines.first_word
        return min(soon, exchange.started + deadlines.whole)

    def _late(self) -> Trouble:
        exchange, deadlines = self._exchange, self._deadlines
        if asyncio.get_running_loop().time() >= exchange.started + deadlines.whole:
            return faults.endless(exchange.peer, deadlines.whole)
        if self._last_word:
            return faults.stalled(exchange.peer, deadlines.between_words)
        return faults.slow(exchange.peer, deadlines.first_word)

    async def _close(self) -> None:
        stream, self._stream = self._stream, None
        if stream:
            with suppress(Exception):
                async with asyncio.timeout(_CLOSING):
                    await stream.close()


@cache
def _load() -> None:
    with without_collecting():
        from roleplay.llm import wire

        wire.rehearse()


def _can_be_sent(key: str) -> bool:
    return key.isascii() and key.isprintable() and " " not in key

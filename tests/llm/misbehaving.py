"""What servers do wrong, each with a name: two tables of behaviours for the stub server."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from typing import Literal

from tests.llm.answering import Exchange, choice, chunk, completion, no_model, no_room

Behaviour = Callable[[Exchange], Awaitable[None]]

FAULTS: dict[str, Behaviour] = {}
"""What ends in trouble, by name."""

ODDITIES: dict[str, Behaviour] = {}
"""What is unusual and must work all the same."""

Deadline = Literal["connect", "first_word", "between_words", "whole"]

MET_BY: dict[str, Deadline] = {
    "slow headers": "first_word",
    "headers only": "first_word",
    "keep-alives": "first_word",
    "drip of bytes": "first_word",
    "endless noise": "first_word",
    "stall": "between_words",
    "stall with keep-alives": "between_words",
    "stall with empty pieces": "between_words",
    "drip of words": "whole",
}
"""The faults of time, each with the deadline that ends a stream with it; an answer at once has but that for all."""

STEP = 0.02
"""Seconds between the pieces of an answer that does not come to its point."""


def fault(name: str) -> Callable[[Behaviour], Behaviour]:
    """Put a behaviour into `FAULTS`."""
    return lambda behaviour: FAULTS.setdefault(name, behaviour)


def oddity(name: str) -> Callable[[Behaviour], Behaviour]:
    """Put a behaviour into `ODDITIES`."""
    return lambda behaviour: ODDITIES.setdefault(name, behaviour)


@fault("slow headers")
async def _(exchange: Exchange) -> None:
    await exchange.for_ever()


@fault("headers only")
async def _(exchange: Exchange) -> None:
    await exchange.head(kind=_kind(exchange))
    await exchange.for_ever()


@fault("keep-alives")
async def _(exchange: Exchange) -> None:
    await exchange.head(kind=_kind(exchange))
    while True:
        await exchange.data(b": still there\n\n" if exchange.streams else b" ")
        await asyncio.sleep(STEP)


@fault("stall")
async def _(exchange: Exchange) -> None:
    await _half(exchange)
    await exchange.for_ever()


@fault("stall with keep-alives")
async def _(exchange: Exchange) -> None:
    await _half(exchange)
    while True:
        await exchange.data(b": still there\n\n" if exchange.streams else b" ")
        await asyncio.sleep(STEP)


@fault("stall with empty pieces")
async def _(exchange: Exchange) -> None:
    await _half(exchange)
    while True:
        await (exchange.event(chunk("")) if exchange.streams else exchange.data(b" "))
        await asyncio.sleep(STEP)


@fault("drip of bytes")
async def _(exchange: Exchange) -> None:
    await exchange.head(kind=_kind(exchange))
    line = (
        f"data: {json.dumps(chunk('word ' * 400))}\n\n" if exchange.streams else json.dumps(completion("word " * 400))
    )
    for byte in line.encode():
        await exchange.data(bytes([byte]))
        await asyncio.sleep(STEP)


@fault("drip of words")
async def _(exchange: Exchange) -> None:
    await exchange.head(kind=_kind(exchange))
    while True:
        await (exchange.event(chunk("a ")) if exchange.streams else exchange.data(b" "))
        await asyncio.sleep(STEP)


@fault("cut")
async def _(exchange: Exchange) -> None:
    await _half(exchange)
    exchange.closes = True


@fault("cut before an answer")
async def _(exchange: Exchange) -> None:
    exchange.closes = True


@fault("no finish")
async def _(exchange: Exchange) -> None:
    if not exchange.streams:
        await exchange.json(completion("I have been", finish=None))
        return
    await exchange.begin()
    await exchange.end()


@fault("done without finish")
async def _(exchange: Exchange) -> None:
    if not exchange.streams:
        await exchange.json(completion("I have been", finish=""))
        return
    await exchange.begin()
    await exchange.event("[DONE]")
    await exchange.end()


@fault("html")
async def _(exchange: Exchange) -> None:
    await exchange.whole(200, "text/html; charset=utf-8", b"<!doctype html><title>Sign in</title><h1>Hotel Wi-Fi</h1>")


@fault("html that calls itself an answer")
async def _(exchange: Exchange) -> None:
    await exchange.whole(200, _kind(exchange), b"<!doctype html>\n<title>Sign in</title>\n")


@fault("malformed")
async def _(exchange: Exchange) -> None:
    await _bytes(exchange, b'{"choices": [{"delta": {"content": "a"}')


@fault("deep nesting")
async def _(exchange: Exchange) -> None:
    await _bytes(exchange, b'{"choices": ' + b"[" * 50_000)


@fault("not an object")
async def _(exchange: Exchange) -> None:
    await _bytes(exchange, b'"hello"')


@fault("choices null")
async def _(exchange: Exchange) -> None:
    await _value(exchange, {"choices": None})


@fault("choices of nothing")
async def _(exchange: Exchange) -> None:
    await _value(exchange, {"choices": [None]})


@fault("choices no list")
async def _(exchange: Exchange) -> None:
    await _value(exchange, {"choices": {"0": "hello"}})


@fault("words no text")
async def _(exchange: Exchange) -> None:
    await _value(exchange, chunk(None) | {"choices": [choice({"content": {"a": 1}}) | {"message": {"content": 7}}]})


@fault("NaN")
async def _(exchange: Exchange) -> None:
    await _bytes(exchange, json.dumps(_answer(exchange) | {"created": float("nan")}).encode())


@fault("duplicate keys")
async def _(exchange: Exchange) -> None:
    good = json.dumps(_answer(exchange))
    await _bytes(exchange, (good[:-1] + ', "choices": []}').encode())


@fault("invalid UTF-8")
async def _(exchange: Exchange) -> None:
    await _bytes(exchange, json.dumps(_answer(exchange)).encode().replace(b"Hello", b"H\xff\xfello"))


@fault("long line")
async def _(exchange: Exchange) -> None:
    await exchange.head(kind=_kind(exchange))
    await exchange.data(b'data: {"a": "' if exchange.streams else b'{"a": "')
    for _ in range(160):
        await exchange.data(b"a" * 65_536)
    await exchange.for_ever()


@fault("endless")
async def _(exchange: Exchange) -> None:
    await exchange.head(kind=_kind(exchange))
    while True:
        await (exchange.event(chunk("and another thing, ")) if exchange.streams else exchange.data(b" " * 65_536))


@fault("endless noise")
async def _(exchange: Exchange) -> None:
    await exchange.head(kind=_kind(exchange))
    while True:
        await exchange.data(b": noise\n\n" * 4096 if exchange.streams else b" " * 65_536)


@fault("empty")
async def _(exchange: Exchange) -> None:
    await _said(exchange, "", "stop")


@fault("blanks")
async def _(exchange: Exchange) -> None:
    await _said(exchange, " \n ", "stop")


@fault("only thoughts")
async def _(exchange: Exchange) -> None:
    if not exchange.streams:
        await exchange.json(completion(None, finish="length"))
        return
    await exchange.head()
    await exchange.event({**chunk(None), "choices": [choice({"reasoning_content": "The customer is "})]})
    await exchange.event(chunk(None, "length"))
    await exchange.end()


@fault("withheld")
async def _(exchange: Exchange) -> None:
    await _said(exchange, "I have", "content_filter")


@fault("refusal")
async def _(exchange: Exchange) -> None:
    refusal = {"content": None, "refusal": "I'm sorry, I can't help with that."}
    one = choice(refusal, "stop") | {"message": refusal}
    await _value(exchange, chunk(None) | {"choices": [one]})


@fault("tool call")
async def _(exchange: Exchange) -> None:
    await _said(exchange, "", "tool_calls")


@fault("error in the answer")
async def _(exchange: Exchange) -> None:
    await _value(exchange, {"error": {"message": "The model has crashed.", "code": 500}})


@fault("packed")
async def _(exchange: Exchange) -> None:
    body = gzip.compress(json.dumps(_answer(exchange)).encode())
    await exchange.whole(200, _kind(exchange), body, Content_Encoding="gzip")


@fault("not HTTP")
async def _(exchange: Exchange) -> None:
    await exchange.raw(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
    exchange.closes = True


@fault("redirect")
async def _(exchange: Exchange) -> None:
    await exchange.whole(307, "text/plain", b"", Location=f"{exchange.stub.address}/elsewhere/chat/completions")


@fault("400")
async def _(exchange: Exchange) -> None:
    await exchange.refuse(400, "messages: roles must alternate")


@fault("401")
async def _(exchange: Exchange) -> None:
    said = exchange.request.headers.get("authorization", "")
    await exchange.refuse(401, f"Incorrect API key provided: {said}.", code="invalid_api_key")


@fault("402")
async def _(exchange: Exchange) -> None:
    await exchange.refuse(402, "Payment required")


@fault("403")
async def _(exchange: Exchange) -> None:
    await exchange.refuse(403, "Your project does not have access.")


@fault("404 address")
async def _(exchange: Exchange) -> None:
    await exchange.whole(404, "text/html", b"<h1>404 Not Found</h1>")


@fault("429")
async def _(exchange: Exchange) -> None:
    await exchange.refuse(429, "Rate limit reached.", code="rate_limit_exceeded")


@fault("429 wait")
async def _(exchange: Exchange) -> None:
    await exchange.refuse(429, "Rate limit reached.", code="rate_limit_exceeded", Retry_After="7")


@fault("429 credit")
async def _(exchange: Exchange) -> None:
    await exchange.refuse(429, "You exceeded your current quota, please check your plan.", code="insufficient_quota")


@fault("500")
async def _(exchange: Exchange) -> None:
    await exchange.whole(500, "text/plain", b"Internal \x1b]52;c;aGk=\x07Server Error")


@fault("503")
async def _(exchange: Exchange) -> None:
    await exchange.refuse(503, "Loading model")


@fault("503 wait")
async def _(exchange: Exchange) -> None:
    await exchange.refuse(503, "Overloaded", Retry_After="30")


@fault("echo of the key")
async def _(exchange: Exchange) -> None:
    await exchange.refuse(
        500, f"Cannot handle {json.dumps(exchange.request.headers)}", param=str(exchange.request.headers)
    )


fault("404 model")(no_model)
fault("context")(no_room)


@fault("filter")
async def _(exchange: Exchange) -> None:
    await exchange.refuse(400, "The prompt triggered our content management policy.", code="content_filter")


@oddity("escapes split")
async def _(exchange: Exchange) -> None:
    pieces = ["Hi\x1b", "]52;c;aGk=", "\x07 e", "\u0301", "\r", "\n", "\ud83d", "\ude00", "\x9b", "31m\u202e", "!"]
    if not exchange.streams:
        await exchange.json(completion("".join(pieces)))
        return
    await exchange.head()
    for piece in pieces:
        await exchange.event(chunk(piece))
    await exchange.event(chunk(None, "stop"))
    await exchange.end()


@oddity("thoughts first")
async def _(exchange: Exchange) -> None:
    if not exchange.streams:
        await _said(exchange, exchange.text, "stop")
        return
    await exchange.head()
    await exchange.event({**chunk(None), "choices": [choice({"reasoning_content": "The customer is angry. "})]})
    await exchange.words(exchange.text)
    await exchange.event(chunk(None, "stop"))
    await exchange.end()


@oddity("no usage")
async def _(exchange: Exchange) -> None:
    await _said(exchange, exchange.text, "stop")


@oddity("held open")
async def _(exchange: Exchange) -> None:
    if not exchange.streams:
        await _said(exchange, exchange.text, "stop")
        return
    await exchange.begin(exchange.text)
    await exchange.event(chunk(None, "stop"))
    await exchange.for_ever()


@oddity("not in pieces")
async def _(exchange: Exchange) -> None:
    await exchange.json(completion(exchange.text, usage=exchange.usage(exchange.text)))


@oddity("the key among the words")
async def _(exchange: Exchange) -> None:
    said = exchange.request.headers.get("authorization", "").removeprefix("Bearer ")
    await _said(exchange, f"Is it {said[:9]} {said}?", "stop", step=3)


@oddity("comments")
async def _(exchange: Exchange) -> None:
    if not exchange.streams:
        await _said(exchange, exchange.text, "stop")
        return
    await exchange.head()
    await exchange.data(b": OPENROUTER PROCESSING\r\n\r\n")
    await exchange.data(b"event: message\r\ndata:" + json.dumps(chunk(exchange.text, "stop")).encode() + b"\r\n\r\n")
    await exchange.event("[DONE]")
    await exchange.end()


def _kind(exchange: Exchange) -> str:
    return "text/event-stream" if exchange.streams else "application/json"


def _answer(exchange: Exchange) -> dict[str, object]:
    """A whole answer in one value, for either way of asking."""
    return chunk("Hello there.", "stop") if exchange.streams else completion("Hello there.")


async def _half(exchange: Exchange) -> None:
    if exchange.streams:
        await exchange.begin()
        return
    await exchange.head(kind="application/json")
    await exchange.data(json.dumps(completion("I have been waiting")).encode()[:-30])


async def _bytes(exchange: Exchange, data: bytes) -> None:
    if not exchange.streams:
        await exchange.whole(200, "application/json", data)
        return
    await exchange.begin()
    await exchange.data(b"data: " + data + b"\n\n")
    await exchange.event("[DONE]")
    await exchange.end()


async def _value(exchange: Exchange, value: object) -> None:
    await _bytes(exchange, json.dumps(value).encode())


async def _said(exchange: Exchange, text: str, finish: str, step: int = 1_000) -> None:
    """A whole answer without usage."""
    if not exchange.streams:
        await exchange.json(completion(text, finish))
        return
    await exchange.head()
    for start in range(0, len(text), step):
        await exchange.event(chunk(text[start : start + step]))
    await exchange.event(chunk(None, finish))
    await exchange.event("[DONE]")
    await exchange.end()

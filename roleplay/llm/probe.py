"""One tiny call to an endpoint: how soon it speaks, whether it streams, and whether it keeps to a JSON schema."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import msgspec

from roleplay.conversation.trouble import InTrouble, Trouble
from roleplay.conversation.voiced import Usage
from roleplay.llm.chat import Chat, ChatMessage
from roleplay.llm.endpoint import Endpoint
from roleplay.prompts import prompt
from roleplay.text import one_line

_MOST_WORDS = 300
_MOST_JSON = 400


class Words(NamedTuple):
    """What came of a line: seconds to its first word and to its end, in how many pieces, and the words."""

    first: float
    whole: float
    pieces: int
    text: str


class Form(NamedTuple):
    """What came of a request for JSON: its seconds, and what is wrong with the answer; empty if it kept the schema."""

    whole: float
    wrong: str


class Probed(NamedTuple):
    """What came of a tiny call. A part is None where its request ended in trouble; `troubles` say what it was."""

    words: Words | None
    form: Form | None
    troubles: tuple[Trouble, ...]
    usage: Usage


class _Filled(msgspec.Struct, forbid_unknown_fields=True):
    car_stopped: bool
    urgency: Annotated[int, msgspec.Meta(ge=0, le=2)]
    quote: Annotated[str, msgspec.Meta(max_length=200)]


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "car_stopped": {"type": "boolean"},
        "urgency": {"type": "integer", "enum": [0, 1, 2]},
        "quote": {"type": "string"},
    },
    "required": ["car_stopped", "urgency", "quote"],
    "additionalProperties": False,
}


async def probe(endpoint: Endpoint, tell: Callable[[str], None] = lambda step: None) -> Probed:
    """Ask for a line of the actor's model and for a form of the judge's; `tell` is told before each step.

    The messages have the shape of a real call: one system message, then user and assistant by turns. The time to the
    first word does not hold that of loading what it takes. Raises nothing but what cancels it.
    """
    settings = endpoint.settings
    troubles: list[Trouble] = []
    words = form = None
    used = Usage()
    try:
        tell("Getting ready …")
        await endpoint.warm()
        tell(f"Asking {settings.model} for one line …")
        words, usage = await _words(endpoint, settings.model)
        used += usage
    except InTrouble as met:
        used += met.usage
        troubles.append(met.trouble)
        if met.trouble.name not in ("declined", "too long"):
            return Probed(None, None, tuple(troubles), used)
    if settings.judge_model:
        try:
            tell(f"Asking {settings.judge_model} for JSON …")
            form, usage = await _form(endpoint, settings.judge_model)
            used += usage
        except InTrouble as met:
            used += met.usage
            troubles.append(met.trouble)
    return Probed(words, form, tuple(troubles), used)


async def _words(endpoint: Endpoint, model: str) -> tuple[Words, Usage]:
    clock = asyncio.get_running_loop().time
    begun, first, pieces = clock(), 0.0, []
    async with endpoint.stream(_chat(), model=model, most=_MOST_WORDS, seed=1) as words:
        async for piece in words:
            first = first or clock() - begun
            pieces.append(piece)
    return Words(first, clock() - begun, len(pieces), one_line("".join(pieces))), words.usage


async def _form(endpoint: Endpoint, model: str) -> tuple[Form, Usage]:
    clock = asyncio.get_running_loop().time
    begun = clock()
    chat = (*_chat()[:-1], ChatMessage("user", prompt("probe_json")))
    answer = await endpoint.complete(chat, model=model, most=_MOST_JSON, schema=SCHEMA)
    return Form(clock() - begun, _wrong(answer.text, answer.finish)), answer.usage


def _chat() -> Chat:
    opening, line, reply = prompt("probe_call").split("\n%\n")
    return (
        ChatMessage("system", prompt("probe")),
        ChatMessage("user", opening),
        ChatMessage("assistant", line),
        ChatMessage("user", reply),
    )


def _wrong(text: str, finish: str) -> str:
    """What is wrong with a filled form, as the end of a sentence; empty if it is as the schema has it."""
    if finish != "stop":
        return "its answer did not end"
    try:
        msgspec.json.decode(text, type=_Filled)
    except msgspec.ValidationError:
        return "its answer has other fields or values"
    except (msgspec.DecodeError, RecursionError):
        return "its answer is no JSON"
    return ""

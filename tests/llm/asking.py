"""The two ways of asking an endpoint, so that a test can try both alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from roleplay.conversation.trouble import InTrouble, Trouble
from roleplay.conversation.voiced import Usage
from roleplay.llm.chat import Chat, ChatMessage
from roleplay.llm.endpoint import Endpoint

CHAT: Chat = (
    ChatMessage("system", "You are a customer."),
    ChatMessage("user", "(The line is open.)"),
    ChatMessage("assistant", "Hi. My car has stopped on the ramp."),
    ChatMessage("user", "Are you safe where you are?"),
)

Way = Literal["stream", "complete"]
WAYS: tuple[Way, ...] = ("stream", "complete")


Opener = Callable[..., Endpoint]
"""The fixture `open_endpoint`."""


class Answer(NamedTuple):
    text: str
    usage: Usage
    finish: str


class Met(NamedTuple):
    """The trouble that was met, what had been said before, and what was raised."""

    trouble: Trouble
    usage: Usage
    said: str
    error: InTrouble


async def ask(endpoint: Endpoint, way: Way, **wishes: Any) -> Answer | Met:
    """Ask that way, and hear to the end."""
    wishes = {"model": "stub", "most": 100, **wishes}
    said = ""
    try:
        if way == "complete":
            return Answer(*await endpoint.complete(CHAT, **wishes))
        async with endpoint.stream(CHAT, **wishes) as words:
            async for piece in words:
                said += piece
        return Answer(said, words.usage, words.finish)
    except InTrouble as error:
        return Met(error.trouble, error.usage, said, error)


async def answer(endpoint: Endpoint, way: Way, **wishes: Any) -> Answer:
    """The answer, where nothing goes wrong."""
    came = await ask(endpoint, way, **wishes)
    assert isinstance(came, Answer), came
    return came


async def met(endpoint: Endpoint, way: Way, **wishes: Any) -> Met:
    """The trouble, where something does."""
    came = await ask(endpoint, way, **wishes)
    assert isinstance(came, Met), came
    return came

"""One request as it is sent, and what is left out of it for servers that refuse a parameter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from roleplay.llm.chat import Chat
from roleplay.llm.faults import Failure, is_too_long

_OPENAI = "api.openai.com"

_PARAMETERS = (
    "max_completion_tokens",
    "max_tokens",
    "temperature",
    "seed",
    "stream_options",
    "json_schema",
    "response_format",
)


class Wanted(NamedTuple):
    """What is asked of a model. `most`: tokens of the answer. `schema`: its JSON schema; None: it is text."""

    chat: Chat
    model: str
    most: int
    temperature: float
    seed: int | None
    schema: Mapping[str, object] | None
    stream: bool


class Manners:
    """What a model at an endpoint does not take. Learnt from two refusals at most, and remembered.

    The first costs what it names; after a second nothing is sent that can be left out, the limit of tokens included.
    """

    def __init__(self, address: str) -> None:
        # its newer models refuse the old name, most other servers do not know the new one
        self._refused = {"max_tokens"} if urlsplit(address).hostname == _OPENAI else set()
        self._learnt = False

    def arguments(self, wanted: Wanted) -> dict[str, Any]:
        """The arguments of the request for `wanted`, without what was refused before."""
        asked: dict[str, Any] = {
            "model": wanted.model,
            "messages": [{"role": message.role, "content": message.content} for message in wanted.chat],
            "stream": wanted.stream,
            "temperature": wanted.temperature,
        }
        limit = next((name for name in ("max_tokens", "max_completion_tokens") if name not in self._refused), None)
        if limit:
            asked[limit] = wanted.most
        if wanted.seed is not None:
            asked["seed"] = wanted.seed
        if wanted.stream:
            asked["stream_options"] = {"include_usage": True}
        if wanted.schema is not None:
            strict = {"name": "answer", "strict": True, "schema": dict(wanted.schema)}
            plain = "json_schema" in self._refused
            asked["response_format"] = (
                {"type": "json_object"} if plain else {"type": "json_schema", "json_schema": strict}
            )
        return {name: value for name, value in asked.items() if name not in self._refused}

    def learn(self, fault: Failure, asked: Mapping[str, Any]) -> bool:
        """Remember what `fault` says the server does not take of what was `asked`; whether to ask again without it."""
        if fault.status not in (400, 422) or is_too_long(fault):
            return False
        named = {name for name in _PARAMETERS if re.search(rf"\b{name}\b", f"{fault.code} {fault.says}")}
        sent = set(asked)
        if asked.get("response_format", {}).get("type") == "json_schema":
            sent = sent - {"response_format"} | {"json_schema"}
            named = {"json_schema" if name == "response_format" else name for name in named}
        if sent & self._refused:
            # another request has met with the same refusal since this one was sent
            return True
        new = named & sent
        if not new:
            return False
        if "max_tokens" in new and "max_completion_tokens" in named:
            # OpenAI's models that know only the new name take no temperature either
            new.add("temperature")
        self._refused |= set(_PARAMETERS) if self._learnt else new
        self._learnt = True
        return True

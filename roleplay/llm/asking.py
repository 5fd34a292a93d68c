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
    """What a model at an endpoint does not take. Learnt from its refusals, and remembered."""

    def __init__(self, address: str) -> None:
        # its newer models refuse the old name, most other servers do not know the new one
        self._refused = {"max_tokens"} if urlsplit(address).hostname == _OPENAI else set()

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
        """Remember what `fault` says the server does not take of what was `asked`; False if it says nothing of it."""
        if fault.status not in (400, 422) or is_too_long(fault):
            return False
        named = {name for name in _PARAMETERS if re.search(rf"\b{name}\b", f"{fault.code} {fault.says}")}
        if "response_format" in named and asked.get("response_format", {}).get("type") == "json_schema":
            named = named - {"response_format"} | {"json_schema"}
        sent = {*asked, "json_schema"} if "response_format" in asked else set(asked)
        new = (named & sent) - self._refused
        self._refused |= new
        return bool(new)

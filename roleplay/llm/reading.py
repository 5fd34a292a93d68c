"""What is read of an answer: its words, how it ended, what it took. It trusts no shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from roleplay.conversation.trouble import TroubleName
from roleplay.conversation.voiced import Usage

_MOST_TOKENS = 10**9


class Unfit(Exception):
    """What came is not an answer; `name` is the trouble it makes, `why` completes “the answer cannot be read: …”."""

    def __init__(self, name: TroubleName, why: str) -> None:
        super().__init__(why)
        self.name: TroubleName = name
        self.why = why


class Piece(NamedTuple):
    """One piece of an answer, or all of it. `finish` is empty until the server says why it ended.

    `error` is what stands in the place of an answer.
    """

    text: str = ""
    finish: str = ""
    usage: Usage | None = None
    refusal: bool = False
    error: object = None


def read_piece(raw: object, part: str) -> Piece:
    """The first choice of a chunk or a completion; `part` is where its words are: `delta` or `message`.

    Raises `Unfit` for what does not have the shape of either.
    """
    usage = _usage(_of(raw, "usage"))
    if _of(raw, "error"):
        return Piece(usage=usage, error=raw)
    choices = _of(raw, "choices")
    if choices is None and usage and part == "delta":
        return Piece(usage=usage)
    if not isinstance(choices, list):
        raise Unfit("garbled", "it has no choices")
    if not choices:
        if part == "message":
            raise Unfit("garbled", "its list of choices is empty")
        return Piece(usage=usage)
    choice = choices[0]
    finish = _of(choice, "finish_reason")
    words = _of(choice, part)
    if words is None and finish is None:
        raise Unfit("garbled", "a choice in it is empty")
    text = _of(words, "content")
    if not isinstance(text, str | None) or not isinstance(finish, str | None):
        raise Unfit("garbled", "its words are not text")
    refused = _of(words, "refusal")
    return Piece(text or "", finish or "", usage, refusal=isinstance(refused, str) and bool(refused))


def strict_json(raw: bytes | str) -> Any:
    """The value of `raw`. Raises `Unfit` for broken JSON or UTF-8, a key given twice, NaN and infinities."""
    try:
        return json.loads(raw, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unfit("garbled", "it is not JSON") from None


def _of(thing: object, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def _usage(raw: object) -> Usage | None:
    sent, received = _tokens(_of(raw, "prompt_tokens")), _tokens(_of(raw, "completion_tokens"))
    if sent is None or received is None:
        return None
    cached = _tokens(_of(_of(raw, "prompt_tokens_details"), "cached_tokens")) or 0
    return Usage(sent=sent, cached=min(cached, sent), received=received)


def _tokens(raw: object) -> int | None:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= _MOST_TOKENS else None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Unfit("garbled", "it gives one thing twice")
    return value


def _no_constant(name: str) -> Any:
    raise Unfit("garbled", f"it holds {name}, which is no number")

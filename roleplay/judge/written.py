"""What a judge may write: the JSON Schemas it is asked to keep, and a strict reading, since servers ignore them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, NoReturn, get_args

from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.scoring.assessment import Suggestion
from roleplay.text import one_line, quote, sanitise

ANSWER_LIMIT = 12_000
"""Longest answer in characters that is read at all."""
TEXT_LIMIT = 1_000
"""Longest text in an answer, in characters."""

_FENCED = re.compile(r"\s*```(?:json)?[ \t]*\n(.*)\n[ \t]*```\s*", re.DOTALL)

Whose = Literal["reply", "customer", "nobody"]
Schema = dict[str, Any]


class BadAnswer(Exception):
    """An answer that is no verdict; the message is one sentence, for the model that is asked again and for a coach."""


class Point(NamedTuple):
    """A level claimed for a dimension (0-2), the words said to earn it, and why."""

    quote: str
    why: str
    level: int


class WrittenLevels(NamedTuple):
    """What was answered to the question of the five dimensions: their points, `overall` 0-4, a better reply."""

    points: dict[Dimension, Point]
    overall: int
    suggestion: Suggestion


class WrittenHarm(NamedTuple):
    """What was answered to the question of harm: a level 0-2, and whose words, of `of`, the harm lies in."""

    quote: str
    of: Whose
    why: str
    level: int


def _object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _levels(most: int) -> Schema:
    return {"type": "integer", "enum": list(range(most + 1))}


_TEXT: Schema = {"type": "string"}
LEVELS_SCHEMA: Schema = _object(
    {
        **{name: _object({"quote": _TEXT, "why": _TEXT, "level": _levels(2)}) for name in DIMENSIONS},
        "overall": _levels(4),
        "suggestion": _object({"text": _TEXT, "why": _TEXT}),
    }
)
HARM_SCHEMA: Schema = _object(
    {"quote": _TEXT, "of": {"type": "string", "enum": list(get_args(Whose))}, "why": _TEXT, "level": _levels(2)}
)


def read_levels(answer: str, nonce: str) -> WrittenLevels:
    """What `answer` says of the five dimensions. Raises BadAnswer for whatever is not exactly as it was asked for.

    `nonce` is the one-time code of the case: an answer that repeats it has taken the case for an instruction.
    """
    given = _record(_loaded(answer, nonce), "the answer", (*DIMENSIONS, "overall", "suggestion"))
    points = {}
    for name in DIMENSIONS:
        point = _record(given[name], name, ("quote", "why", "level"))
        points[name] = Point(
            _text(point["quote"], f"{name}.quote"),
            one_line(_text(point["why"], f"{name}.why")),
            _level(point["level"], 2, f"{name}.level"),
        )
    better = _record(given["suggestion"], "suggestion", ("text", "why"))
    suggestion = Suggestion(
        one_line(_text(better["text"], "suggestion.text")), one_line(_text(better["why"], "suggestion.why"))
    )
    return WrittenLevels(points, _level(given["overall"], 4, "overall"), suggestion)


def read_harm(answer: str, nonce: str) -> WrittenHarm:
    """What `answer` says of harm. Raises BadAnswer as `read_levels` does."""
    given = _record(_loaded(answer, nonce), "the answer", ("quote", "of", "why", "level"))
    of = given["of"]
    if of not in get_args(Whose):
        raise BadAnswer("“of” must be “reply”, “customer” or “nobody”.")
    return WrittenHarm(
        _text(given["quote"], "quote"), of, one_line(_text(given["why"], "why")), _level(given["level"], 2, "level")
    )


def _loaded(answer: str, nonce: str) -> object:
    if len(answer) > ANSWER_LIMIT:
        raise BadAnswer(f"It is longer than {ANSWER_LIMIT:,} characters.")
    if nonce in answer:
        raise BadAnswer("It repeats the code of the case.")
    fenced = _FENCED.fullmatch(answer)
    try:
        return json.loads(
            fenced[1] if fenced else answer,
            object_pairs_hook=_unique,
            parse_constant=_not_whole,
            parse_float=_not_whole,
            parse_int=_small,
        )
    except (ValueError, RecursionError):
        raise BadAnswer("It is not one JSON object and nothing else.") from None


def _unique(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadAnswer("It has a key twice.")
    return found


def _not_whole(_: str) -> NoReturn:
    raise BadAnswer("It has a number that is not whole.")


def _small(digits: str) -> int:
    if len(digits) > 3:
        raise BadAnswer("It has a number that is no level.")
    return int(digits)


def _record(given: object, name: str, keys: Sequence[str]) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadAnswer(f"{name[0].upper()}{name[1:]} is not an object.")
    missing = [key for key in keys if key not in given]
    if missing:
        raise BadAnswer(f"{name[0].upper()}{name[1:]} lacks {', '.join(missing)}.")
    more = next((key for key in given if key not in keys), None)
    if more is not None:
        raise BadAnswer(f"{name[0].upper()}{name[1:]} has a key that was not asked for, {quote(more, 40)}.")
    return given


def _text(given: object, name: str) -> str:
    if not isinstance(given, str):
        raise BadAnswer(f"{name} is not a text.")
    if len(given) > TEXT_LIMIT:
        raise BadAnswer(f"{name} is longer than {TEXT_LIMIT:,} characters.")
    return sanitise(given).strip()


def _level(given: object, most: int, name: str) -> int:
    if type(given) is not int or not 0 <= given <= most:
        raise BadAnswer(f"{name} is not a whole number from 0 to {most}.")
    return given

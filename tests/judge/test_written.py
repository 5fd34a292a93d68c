"""What a judge wrote is read strictly: exact keys, bounded whole numbers, bounded harmless texts."""

from __future__ import annotations

import json

import pytest
from jsonschema import validate

from roleplay.judge.written import HARM_SCHEMA, LEVELS_SCHEMA, BadAnswer, read_harm, read_levels
from tests.judge.cases import harm, levels

NONCE = "0123456789abcdef"


def test_a_good_answer_is_read_whole() -> None:
    written = read_levels(levels(overall=3), NONCE)
    assert (written.overall, written.points["acts"].level) == (3, 2)
    assert written.points["acts"].quote == "I'm staying on the line with you"
    assert read_harm(harm("don't", "reply", 1), NONCE).of == "reply"


def test_a_single_code_fence_around_it_is_overlooked() -> None:
    assert read_levels(f"```json\n{levels()}\n```", NONCE) == read_levels(levels(), NONCE)


def test_the_schemas_ask_for_what_is_read() -> None:
    validate(json.loads(levels()), LEVELS_SCHEMA)
    validate(json.loads(harm()), HARM_SCHEMA)
    for schema in (LEVELS_SCHEMA, HARM_SCHEMA):
        assert schema["additionalProperties"] is False
        assert schema["required"] == list(schema["properties"])


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("", "not one JSON object"),
        ("{", "not one JSON object"),
        (harm() + " That is all.", "not one JSON object"),
        ("[]", "not an object"),
        ("[" * 11_000, "not one JSON object"),
        ("x" * 20_000, "longer than 12,000"),
        (harm(level=3), "level is not a whole number from 0 to 2"),
        (harm(level=True), "level is not a whole number"),
        (harm(level=1.0), "not whole"),
        (harm(level=float("nan")), "not whole"),
        (harm(level=10**40), "no level"),
        (harm(of="somebody"), "“of” must be"),
        (harm(of=["reply"]), "“of” must be"),
        (harm(grade=4), "was not asked for, “grade”"),
        (harm().replace('"why"', '"because"'), "lacks why"),
        (harm().replace('"level": 0', '"level": 0, "level": 2'), "a key twice"),
        (harm("x" * 1_001), "quote is longer"),
        (harm(quote=7), "quote is not a text"),  # type: ignore[arg-type]
        (harm(f"the code {NONCE}"), "repeats the code"),
    ],
)
def test_what_is_not_as_it_was_asked_for_is_named(answer: str, says: str) -> None:
    with pytest.raises(BadAnswer, match=says):
        read_harm(answer, NONCE)


def test_texts_are_made_harmless_and_reasons_put_on_one_line() -> None:
    written = read_harm(json.dumps({"quote": "\x1b[2J", "of": "reply", "why": "a\n\n\tb\u202e", "level": 1}), NONCE)
    assert (written.quote, written.why) == ("␛[2J", "a b�")

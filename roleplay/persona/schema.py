"""Writes the JSON Schema of persona files from the model, so that an editor completes, explains and checks them."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from roleplay.persona.model import Persona
from roleplay.persona.schema_words import CONDITION, DIMENSIONS, LINES, PIECES, VALUES

SCHEMA_TITLE = "A Roleplay persona"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

_CONDITIONS = ("when", "next")
"""The fields that hold a condition."""

_EXAMPLE = {
    "format": 1,
    "name": "Dana Whitfield",
    "title": "Stuck on the off-ramp",
    "trainee": {"role": "Roadside assistance representative"},
    "customer": {
        "opening": "Hi, um, I need a tow. I'm kind of on the merge part of the ramp.",
        "backstory": "Her car died on the way home. She has called from the driver's seat.",
    },
    "needs": {
        "tow": {"kind": "spoken", "need": "A tow truck to where she is."},
        "safe": {
            "kind": "unspoken",
            "need": "Not to be alone in danger; for someone to take charge of her safety.",
            "says": "I'm scared, to be honest. Every truck that goes by feels like it's the one.",
        },
    },
}


_A_QUEUE = {"required": ["queue"], "properties": {"queue": {"minItems": 1}}}


def persona_schema() -> str:
    """The schema as JSON text, draft 2020-12, ending in a line end.

    Wider than the model in one respect: where a text is wanted it lets numbers and truth values pass, because an
    editor reads ``2014`` and ``true`` as such while the loader takes them as the characters that were written.
    """
    (schema,), definitions = msgspec.json.schema_components([Persona], ref_template="#/$defs/{name}")
    root = definitions.pop(schema["$ref"].rsplit("/", 1)[1])
    for definition in (root, *definitions.values()):
        _amend(definition)
    for name, (label, body) in PIECES.items():
        definitions[name]["defaultSnippets"] = [{"label": label, "body": body}]
    del root["properties"]["customer"]["default"]  # stands for nobody
    whole = {
        "$schema": DIALECT,
        "title": SCHEMA_TITLE,
        "description": "A customer for a role-play: one YAML file.",
        "type": "object",
        "examples": [_EXAMPLE],
        "required": root["required"],
        "anyOf": [{"required": ["customer", "needs"]}, _A_QUEUE],
        "additionalProperties": False,
        "properties": root["properties"],
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _amend(schema: dict[str, Any]) -> None:
    """Adapt one schema and everything inside it, in place."""
    waiting = [("", schema)]
    while waiting:
        name, here = waiting.pop()
        if here.get("default", 0) in (None, "", (), [], {}):
            here.pop("default", None)
        if here.get("type") == "string":
            _widen(here)
        if "enum" in here:
            # No keyword of the standard; editors show it beside each value.
            here["enum"], here["enumDescriptions"] = list(VALUES[name]), list(VALUES[name].values())
        properties = here.get("properties", {})
        if "calls_for" in properties:
            asked = {dimension: {"type": "boolean", "description": text} for dimension, text in DIMENSIONS.items()}
            properties["calls_for"] |= {"properties": asked, "additionalProperties": False}
        waiting.extend(properties.items())
        waiting.extend((name, each) for each in here.get("anyOf", []))
        waiting.extend(
            (name, here[part]) for part in ("items", "additionalProperties") if isinstance(here.get(part), dict)
        )
        for field, its in properties.items():
            _explain(field, its)


def _explain(name: str, field: dict[str, Any]) -> None:
    """Give a field that holds a condition or lines longer help, which editors show in place of its description."""
    items = field.get("items", {}).get("anyOf", [])
    if name in _CONDITIONS:
        field["markdownDescription"] = f"{field['description']}\n\n{CONDITION}"
    elif any(each.get("$ref", "").endswith("/MoodLine") for each in items):
        field["markdownDescription"] = f"{field['description']}\n\n{LINES}"


def _widen(text: dict[str, Any]) -> None:
    if "pattern" in text:
        text["type"] = ["string", "integer", "boolean"]
        text["minimum"] = 0
    else:
        text["type"] = ["string", "number", "boolean"]

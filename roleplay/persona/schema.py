"""Writes the JSON Schema of persona files from the model, so that an editor completes, explains and checks them."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from roleplay.persona.model import DIMENSIONS, Persona

DIALECT = "https://json-schema.org/draft/2020-12/schema"

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


def persona_schema() -> str:
    """The schema as JSON text, draft 2020-12, ending in a line end.

    Wider than the model in one respect: where a text is wanted it lets numbers and truth values pass, because an
    editor reads ``2014`` and ``true`` as such while the loader takes them as the characters that were written.
    """
    (schema,), definitions = msgspec.json.schema_components([Persona], ref_template="#/$defs/{name}")
    root = definitions.pop(schema["$ref"].rsplit("/", 1)[1])
    for definition in (root, *definitions.values()):
        _amend(definition)
    whole = {
        "$schema": DIALECT,
        "title": "A Roleplay persona",
        "description": "A customer for a role-play: one YAML file.",
        "type": "object",
        "examples": [_EXAMPLE],
        "required": root["required"],
        "additionalProperties": False,
        "properties": root["properties"],
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _amend(schema: dict[str, Any]) -> None:
    """Adapt one schema and everything inside it, in place."""
    waiting = [schema]
    while waiting:
        here = waiting.pop()
        if here.get("default", 0) in (None, "", (), [], {}):
            here.pop("default", None)
        if here.get("type") == "string":
            _widen(here)
        properties = here.get("properties", {})
        if "calls_for" in properties:
            properties["calls_for"]["propertyNames"] = {"enum": list(DIMENSIONS)}
        waiting.extend(properties.values())
        waiting.extend(here.get("anyOf", []))
        waiting.extend(here[part] for part in ("items", "additionalProperties") if isinstance(here.get(part), dict))


def _widen(text: dict[str, Any]) -> None:
    if "pattern" in text:
        text["type"] = ["string", "integer", "boolean"]
        text["minimum"] = 0
    else:
        text["type"] = ["string", "number", "boolean"]

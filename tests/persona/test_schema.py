"""The JSON Schema for editors says the same as the loader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from roleplay.persona.loading import parse_persona
from roleplay.persona.schema import persona_schema
from tests.persona.samples import RICH, SHORT

PERSONAS = Path(__file__).parents[2] / "personas"
SCHEMA: dict[str, Any] = json.loads(persona_schema())


class _Editor(yaml.SafeLoader):
    """Reads scalars as YAML 1.2 editors do: true and false are truth values, yes, no, times and dates are texts."""


_Editor.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag.rsplit(":", 1)[1] in ("float", "null")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
_Editor.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^-?[0-9]+$"), list("-0123456789"))


def accepted_by_schema(text: str) -> bool:
    return bool(Draft202012Validator(SCHEMA).is_valid(yaml.load(text, _Editor)))


def accepted_by_loader(text: str) -> bool:
    return parse_persona(text.encode(), "dana.yaml").persona is not None


def test_the_schema_in_the_repository_is_the_one_the_model_makes() -> None:
    assert (PERSONAS / "persona.schema.json").read_text(encoding="utf-8") == persona_schema()


def test_the_schema_is_a_valid_schema_and_its_example_a_valid_persona() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    (example,) = SCHEMA["examples"]
    assert accepted_by_schema(json.dumps(example)) and accepted_by_loader(json.dumps(example))


def schemas(here: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside `here`, however deep, with the name of the field or record that it is of."""
    if isinstance(here, list):
        for item in here:
            yield from schemas(item, name)
    elif isinstance(here, dict):
        yield name, here
        for part, inner in here.items():
            if part in ("properties", "$defs"):
                for field, schema in inner.items():
                    yield from schemas(schema, field)
            elif part not in ("examples", "defaultSnippets"):
                yield from schemas(inner, name)


WHOLE = {name: part for name, part in SCHEMA.items() if name != "anyOf"}
"""The schema without the part that only says which fields must be there."""


def test_every_field_at_any_depth_has_a_description_and_no_record_takes_unknown_fields() -> None:
    records = [(name, each) for name, each in schemas(WHOLE, "Persona") if "properties" in each]
    assert len(records) > 15
    for name, record in records:
        assert record["additionalProperties"] is False, name
        assert record["description"], name
        for field, schema in record["properties"].items():
            assert schema.get("description"), f"{name}.{field}"


def test_every_value_to_choose_has_a_description_that_editors_show_beside_it() -> None:
    choices = [(name, each) for name, each in schemas(WHOLE) if "enum" in each]
    assert {name for name, _ in choices} >= {
        "channel",
        "kind",
        "reveal",
        "safety",
        "boundary",
        "outcome",
        "opportunity",
    }
    for name, schema in choices:
        assert len(schema["enumDescriptions"]) == len(schema["enum"]), name
        assert all(schema["enumDescriptions"]), name


def test_fields_with_conditions_and_lines_show_how_they_are_written() -> None:
    fields = {f"{record}.{name}": field for record in SCHEMA["$defs"] for name, field in properties(record).items()}
    shown = {name for name, field in fields.items() if "| `met(tow)` |" in field.get("markdownDescription", "")}
    assert shown == {name for name in fields if name.endswith((".when", ".next"))} and len(shown) >= 5
    assert "`{says: " in fields["Hears.met"]["markdownDescription"]


@pytest.mark.parametrize("record", ["Moment", "Disclosure", "Answer", "Ending", "PersonaTest"])
def test_the_pieces_that_an_editor_offers_have_the_right_shape(record: str) -> None:
    (piece,) = SCHEMA["$defs"][record]["defaultSnippets"]
    filled = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", json.dumps(piece["body"]))
    Draft202012Validator({"$ref": f"#/$defs/{record}", "$defs": SCHEMA["$defs"]}).validate(json.loads(filled))


def properties(record: str) -> dict[str, dict[str, Any]]:
    return dict(SCHEMA["$defs"][record]["properties"])


@pytest.mark.parametrize("text", [SHORT, RICH], ids=["short", "rich"])
def test_what_the_loader_takes_the_schema_takes(text: str) -> None:
    assert accepted_by_loader(text) and accepted_by_schema(text)


@pytest.mark.parametrize("path", sorted(PERSONAS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_schema_takes_every_shipped_persona(path: Path) -> None:
    assert accepted_by_schema(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("title", ["no", "12:30", "2014", "1.5", "true", "x", "'2014'"])
def test_both_take_any_scalar_as_a_text(title: str) -> None:
    text = SHORT.replace("title: Stuck on the off-ramp", f"title: {title}")
    assert accepted_by_loader(text) and accepted_by_schema(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format: 1", "format: 2"),
        ("format: 1", 'format: "1"'),
        ("format: 1", "nobody: x"),
        ("format: 1", "base_url: x"),
        ("format: 1", "difficulty: 0"),
        ("format: 1", "difficulty: 2.5"),
        ("format: 1", "difficulty: hard"),
        ("format: 1", "difficulty: '3'"),
        ("format: 1", "id: Two Feet"),
        ("format: 1", "channel: mail"),
        ("format: 1", "moments: x"),
        ("format: 1", "moments: {id: x}"),
        ("format: 1", "moments: [x]"),
        ("format: 1", "moments: [{id: m, key: yes}]"),
        ("format: 1", "moments: [{id: m, key: 1}]"),
        ("format: 1", "moments: [{id: m, calls_for: {kindness: false}}]"),
        ("format: 1", "moments: [{id: m, hears: {met: Okay.}}]"),
        ("format: 1", "moments: [{id: m, spoken: [tow]}]"),
        ("format: 1", "answers: [{asks: [], says: x}]"),
        ("format: 1", "answers: [{asks: [x]}]"),
        ("format: 1", "content: danger"),
        ("format: 1", "reactions: [x]"),
        ("format: 1", "summary:"),
        ("format: 1", f"summary: {'x' * 401}"),
        ("title: Stuck on the off-ramp", "title: [x]"),
        ("title: Stuck on the off-ramp", "title: {a: b}"),
        ("title: Stuck on the off-ramp", "title: null"),
        ("title: Stuck on the off-ramp", "title: ''"),
        ("name: Dana Whitfield\n", ""),
        ("kind: spoken", "kind: Spoken"),
        ("need: A tow truck to where she is.", "needs: A tow"),
        ("needs:\n", "needs: {}\nx-needs:\n"),
    ],
)
def test_what_has_the_wrong_shape_is_refused_by_both(old: str, new: str) -> None:
    assert old in SHORT
    text = SHORT.replace(old, new, 1)
    assert not accepted_by_loader(text)
    assert not accepted_by_schema(text)


@pytest.mark.parametrize("value", ["4", "4.5", "0", "10", "1e1", "4.0"])
def test_both_take_a_number_however_it_is_written(value: str) -> None:
    text = SHORT.replace("customer:\n", f"customer:\n  temperament: {{trust: {value}}}\n")
    assert accepted_by_loader(text)
    assert accepted_by_schema(text) or value == "1e1"

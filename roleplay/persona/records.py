"""Walks through everything a persona is made of."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from roleplay.persona.yaml_nodes import Way


def walk(record: object, path: Way = ()) -> Iterator[tuple[Way, msgspec.Struct]]:
    """Every record inside `record`, itself included, each with the way to it; in file order of the model."""
    if isinstance(record, msgspec.Struct):
        yield path, record
        for name in record.__struct_fields__:
            yield from walk(getattr(record, name), (*path, name))
    elif isinstance(record, tuple):
        for place, item in enumerate(record):
            yield from walk(item, (*path, place))
    elif isinstance(record, dict):
        for name, item in record.items():
            yield from walk(item, (*path, name))

"""Reads each shipped persona once in all tests that only show or play it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from roleplay.persona import library, loading

_read = loading.read_persona
_read_once = cache(_read)


def _remembered(path: Path) -> loading.Reading:
    return _read_once(path) if path.parent.absolute() == library.shipped_folder() else _read(path)


@pytest.fixture(autouse=True)
def shipped_personas_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody changes their files while the tests run; how they are read is proved by the tests of personas."""
    for module in (library, loading):
        monkeypatch.setattr(module, "read_persona", _remembered)

"""A workspace to drill in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from roleplay.practice.drills.pool import Pool
from tests.practice.drills.room import Room, written


@pytest.fixture(scope="session")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    """The moments of the small personas, in files that no test changes."""
    return Pool([written(tmp_path_factory.mktemp("drills") / "personas")])


@pytest.fixture
def personas(tmp_path: Path) -> Path:
    """A folder with the small personas, to be changed."""
    return written(tmp_path / "personas")


@pytest.fixture
def room(tmp_path: Path, read_once: Pool) -> Iterator[Room]:
    made = Room(tmp_path, read_once)
    yield made
    made.close()

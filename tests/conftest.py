"""What every test leaves behind: no database open. And what it meets: no model server or key of who runs it."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest

from roleplay.store.transcripts import Transcripts

for _name in [name for name in os.environ if name.startswith(("OPENAI", "ROLEPLAY"))]:
    del os.environ[_name]
os.environ["ROLEPLAY_LOOK"] = "none"

gc.set_threshold(20_000, 20, 20)
"""So much is kept from test to test that looking for cycles as often as usual took a fifth of all time."""


@pytest.fixture(autouse=True)
def transcripts_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close what a test opened, as the program does at its end."""
    opened: list[Transcripts] = []
    make = Transcripts.__init__

    def remembered(self: Transcripts, *arguments: Any, **options: Any) -> None:
        make(self, *arguments, **options)
        opened.append(self)

    monkeypatch.setattr(Transcripts, "__init__", remembered)
    yield
    for store in opened:
        store.close()

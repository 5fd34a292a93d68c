"""What every test leaves behind: no database open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from roleplay.store.transcripts import Transcripts


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

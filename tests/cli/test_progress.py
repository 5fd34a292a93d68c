"""How far a long command is."""

from __future__ import annotations

import sys

import pytest

from roleplay.cli import progress
from roleplay.cli.progress import Progress


def test_somebody_at_a_terminal_is_told_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    Progress(9_000).at(1)
    monkeypatch.setattr(progress, "EVERY", 0)
    Progress(9_000).at(2_000)
    Progress().at(3, ", 12 tokens")
    assert capsys.readouterr() == ("", "2,000 of 9,000 replies …\n3 replies, 12 tokens …\n")


def test_a_log_is_told_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "EVERY", 0)
    Progress(2).at(1)
    assert capsys.readouterr() == ("", "")

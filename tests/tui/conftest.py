"""What the tests of the screens share."""

import pytest

from roleplay.tui import pace
from tests.reading import shipped_personas_are_read_once as shipped_personas_are_read_once
from tests.tui.sheets import style_sheets_are_parsed_once as style_sheets_are_parsed_once


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line does not come to its end before a key is pressed, however busy the machine is meanwhile."""
    monkeypatch.setattr(pace, "_A_LETTER", 600.0)
    monkeypatch.setattr(pace, "_LEAST_TYPING", 3600.0)
    monkeypatch.setattr(pace, "_MOST_TYPING", 3600.0)

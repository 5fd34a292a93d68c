"""The styles of a screen are its own: all are loaded into one app, and an id may stand on several screens."""

from __future__ import annotations

from pathlib import Path

import pytest

import roleplay.tui.screens

SHEETS = sorted(Path(roleplay.tui.screens.__file__).parent.glob("*.tcss"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_every_rule_of_a_screen_s_sheet_names_the_screen(sheet: Path) -> None:
    code = sheet.with_suffix(".py").read_text(encoding="utf-8")
    rules = [line for line in sheet.read_text(encoding="utf-8").split("\n") if line.endswith("{") and line[0] != " "]
    assert rules
    for rule in rules:
        assert f"class {rule.split()[0]}(" in code, rule

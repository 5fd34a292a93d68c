"""Parses each style sheet once in all tests that run the app, where each app and each screen would parse it anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


@pytest.fixture(scope="session", autouse=True)
def style_sheets_are_parsed_once() -> Iterator[None]:
    """What becomes of a sheet depends on its text, its place and the colours of the look alone."""
    parse, parsed = Stylesheet._parse_rules, dict[Any, list[RuleSet]]()

    def remembered(self: Stylesheet, *sheet: Any, **more: Any) -> list[RuleSet]:
        key = (sheet, *more.items(), tuple(self._variables.items()))
        if key not in parsed:
            parsed[key] = parse(self, *sheet, **more)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", remembered)
        yield

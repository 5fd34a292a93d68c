"""How reports are set in 80 columns: plots in a line of text with the number beside each, wrapped and cut words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from roleplay.text import sanitise

WIDTH = 80
LABEL = 28
"""Columns of the words at the left."""

_BAR = 16
_EIGHTHS = "▁▂▃▄▅▆▇█"


def row(label: str, part: float | None, words: str) -> str:
    """A line with a label, a bar as long as `part` (0-1), and the figure in words."""
    return f"  {cut(label, LABEL - 3):{LABEL - 2}}{_bar(part or 0.0)}  {words}"


def _bar(part: float) -> str:
    full = round(part * _BAR)
    return "█" * full + "░" * (_BAR - full)


def sparkline(weeks: Mapping[str, float]) -> str:
    """A block a week, as high as its part (0-1) is, by the Monday it begins on; a gap for a week that has none."""
    parts = {date.fromisoformat(monday): part for monday, part in weeks.items()}
    first = min(parts)
    every = (first + timedelta(days=days) for days in range(0, (max(parts) - first).days + 1, 7))
    return "".join(_EIGHTHS[min(7, max(0, int(parts[day] * 8)))] if day in parts else " " for day in every)


def wrapped(words: str, first: str = "", then: str = "") -> Iterable[str]:
    """`words` in lines of the whole width, the `first` and those `then` with what stands before them."""
    return textwrap.wrap(words, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)


def cut(words: str, width: int) -> str:
    """`words` in one line, cut where they are too long."""
    clean = sanitise(words).replace("\n", " ")
    return clean if len(clean) <= width else clean[: width - 1].rstrip() + "…"


def some(shown: int, of_them: Sequence[object]) -> str:
    """That only the first of them are shown, for a heading."""
    return f" ({shown} of {len(of_them)})" if len(of_them) > shown else ""

"""Times as the commands print them."""

from __future__ import annotations

from datetime import datetime

from roleplay.text import one_line, sanitise

_WIDEST = 24


def local_time(moment: str) -> str:
    """An ISO 8601 time as date and time here; as it stands, cut where it is long, if it is none."""
    try:
        return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError):
        shown = one_line(sanitise(moment))
        return shown if len(shown) <= _WIDEST else shown[: _WIDEST - 1] + "…"

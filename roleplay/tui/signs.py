"""How a verdict and a level are drawn: each sign has its own shape and each bar its own length, whatever the colour."""

from __future__ import annotations

from textual.content import Content

SIGNS = {"met": "✓", "partly": "~", "missed": "✗", "none": "·", "unsure": "?"}
"""What stands for how a reply was heard."""

STYLES = {"met": "$text-success bold", "partly": "$text-warning bold", "missed": "$text-error bold"}
"""The styles of those signs that have one."""


def bar(share: float, colour: str, width: int) -> Content:
    """A bar `width` cells long, filled to `share`, 0-1."""
    full = max(0, min(width, round(share * width)))
    return Content.assemble(("━" * full, colour), ("╌" * (width - full), "$text-muted"))

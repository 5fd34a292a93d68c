"""Words from outside, made fit to be shown: never markup, never a terminal escape. Every widget uses this."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style

from roleplay.text import one_line, sanitise


def literal(text: str, style: str | Style = "") -> Content:
    """`text` as it is, in one `style`; square brackets are square brackets."""
    return Content.styled(sanitise(text), style) if style else Content(sanitise(text))


def literal_line(text: str, style: str | Style = "") -> Content:
    """`text` folded onto a single line."""
    return literal(one_line(sanitise(text)), style)

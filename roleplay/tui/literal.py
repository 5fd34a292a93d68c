"""Words from outside, made fit to be shown: never markup, never a terminal escape. Every widget uses this."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style

from roleplay.text import one_line, sanitise

_BETWEEN = " ,;:·–"
"""What stands between words, and not before an ellipsis."""


def literal(text: str, style: str | Style = "") -> Content:
    """`text` as it is, in one `style`; square brackets are square brackets."""
    return Content.styled(sanitise(text), style) if style else Content(sanitise(text))


def literal_line(text: str, style: str | Style = "") -> Content:
    """`text` folded onto a single line."""
    return literal(one_line(sanitise(text)), style)


def fitted(line: Content, width: int) -> Content:
    """`line` in at most `width` cells: where it is too long, as many whole words of it as fit, and an ellipsis."""
    if line.cell_length <= width:
        return line
    kept = line.truncate(max(0, width - 1))
    words = kept.plain.rstrip()
    if line.plain[len(kept.plain) : len(kept.plain) + 1].strip():  # the last word is not whole
        words = words[: words.rfind(" ")].rstrip() if " " in words.lstrip() else words
    return kept[: len(words.rstrip(_BETWEEN))] + Content("…" if width > 0 else "")

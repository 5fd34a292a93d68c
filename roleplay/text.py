"""The one boundary for words from outside: sanitise, measure, quote.

Everything a stranger wrote (persona, reply, customer's line, coach's note) passes through `sanitise` once, where it
enters. What is stored, scored and shown afterwards is the sanitised text, so offsets into it stay valid.
"""

from __future__ import annotations

import re
import unicodedata

REPLY_LIMIT = 4_000
"""Longest reply in characters, counted after sanitising."""

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_DANGEROUS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 without tab and newline, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls
    "\u206a-\u206f\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"  # deprecated formats, surrogates, tags
)


def sanitise(text: str) -> str:
    """Return `text` with every character that could steer a terminal made visible and harmless.

    Line ends become ``\\n``; C0 controls and DEL become their pictures (ESC is ``␛``); C1 controls, bidirectional
    controls, lone surrogates and tag characters become ``�``; the rest is put into Unicode normal form C. Idempotent.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _DANGEROUS.sub(_visible, text)
    return unicodedata.normalize("NFC", text)


def has_controls(text: str) -> bool:
    """Whether `sanitise` would replace anything in `text` (line ends aside)."""
    return _DANGEROUS.search(text) is not None


def one_line(text: str) -> str:
    """Fold `text` onto a single line: each run of white space becomes one space."""
    return " ".join(text.split())


def quote(text: str, limit: int = 120) -> str:
    """Quote `text` on one line between double quotation marks, cut with an ellipsis after `limit` characters."""
    line = one_line(sanitise(text))
    return f"“{line if len(line) <= limit else line[: limit - 1].rstrip() + '…'}”"


def counted(number: int, one: str, many: str) -> str:
    """`number` with its noun: `one` for 1, else `many`."""
    return f"{number} {one if number == 1 else many}"


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"

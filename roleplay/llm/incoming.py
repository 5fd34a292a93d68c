"""Words of a model as they arrive in pieces: sanitised as if they had come at once, and without the key."""

from __future__ import annotations

import unicodedata

from roleplay.text import sanitise

REDACTED = "[redacted]"

_SHORTEST_KEY = 8
"""Characters; shorter keys are placeholders that local servers ignore, and their words may well be said."""

_FRAGMENT = 8
"""Characters in a row by which a part of the key is recognised in what a server says of a fault."""

_MOST_MARKS = 64
"""Marks after a letter that are waited for; Unicode's stream-safe text has at most 30 (UAX #15, D4)."""


class Incoming:
    """Takes pieces of a text and gives them back harmless; joined, they are what `sanitise` makes of the whole.

    It holds back what the next piece may still change: the last letter, because a mark may follow it, and what may be
    the beginning of the key.
    """

    def __init__(self, key: str = "") -> None:
        self._key = key if len(key) >= _SHORTEST_KEY else ""
        self._held = ""

    def feed(self, piece: str) -> str:
        """The text that is settled now that `piece` has come; may be empty."""
        self._held += piece
        if self._key:
            self._held = self._held.replace(self._key, REDACTED)
        cut = self._settled()
        ready, self._held = self._held[:cut], self._held[cut:]
        return _clean(ready)

    def finish(self) -> str:
        """The rest, once nothing more comes."""
        rest, self._held = self._held, ""
        return _clean(rest)

    def _settled(self) -> int:
        """The length of the text before which nothing can change any more."""
        text = self._held
        end = len(text) - 1
        if self._key:
            longest = min(len(self._key) - 1, len(text))
            begun = next((n for n in range(longest, 0, -1) if text.endswith(self._key[:n])), 0)
            end = min(end, len(text) - begun)
        for cut in range(end, max(end - _MOST_MARKS, 0), -1):
            if _begins_anew(text[cut]) and text[cut - 1 : cut + 1] != "\r\n":
                return cut
        return max(end - _MOST_MARKS, 0)


def without_key(text: str, key: str) -> str:
    """`text`, sanitised, with nothing left of `key`: no part of eight characters or more either."""
    text = sanitise(text)
    if len(key) < _SHORTEST_KEY:
        return text
    inside = [False] * len(text)
    for part in {key[start : start + _FRAGMENT] for start in range(len(key) - _FRAGMENT + 1)}:
        at = text.find(part)
        while at >= 0:
            inside[at : at + _FRAGMENT] = [True] * _FRAGMENT
            at = text.find(part, at + 1)
    pieces = []
    for place, (character, hidden) in enumerate(zip(text, inside, strict=True)):
        if not hidden:
            pieces.append(character)
        elif place == 0 or not inside[place - 1]:
            pieces.append(REDACTED)
    return "".join(pieces)


def _begins_anew(character: str) -> bool:
    """Whether `character` never joins with what stands before it."""
    jamo = "\u1160" <= character <= "\u11ff"
    low_surrogate = "\udc00" <= character <= "\udfff"
    return not jamo and not low_surrogate and not unicodedata.category(character).startswith("M")


def _clean(text: str) -> str:
    # two halves of a character that came as an escape each are one character
    if any("\ud800" <= character <= "\udfff" for character in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return sanitise(text)

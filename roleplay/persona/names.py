"""What can be an id, and what a customer is called in passing: the short form of a name."""

from __future__ import annotations

import re

ID_PATTERN = "[a-z0-9][a-z0-9-]{0,59}"
"""What ids in a persona file, and its name without the ending, are made of."""

SHORT = ":short"
"""What stands behind a persona's id in lists where its five-minute form was played."""

SHORT_TITLE = " (five minutes)"
"""The same behind its title."""

_ID = re.compile(ID_PATTERN)
_TITLES = frozenset(
    """mr mrs ms miss mx dr doctor prof professor rev reverend pastor father sister brother rabbi imam judge officer
    sergeant sgt captain capt colonel col major maj señor señora herr frau madame monsieur""".split()
)
_AFTER_NAMES = frozenset("jr sr ii iii iv phd md esq".split())


def is_id(text: str) -> bool:
    """Whether `text` can be an id: 1-60 small letters, digits and hyphens, no hyphen first."""
    return _ID.fullmatch(text) is not None


def short_name(name: str) -> str:
    """How one says `name` in passing: “Dana” for Dana Whitfield, “Dr Li” for Dr Ana Li; a single word is itself."""
    parts = [part.rstrip(",") for part in name.split()]
    while len(parts) > 1 and _folded(parts[-1]) in _AFTER_NAMES:
        parts.pop()
    if not parts:
        return name
    return f"{parts[0]} {parts[-1]}" if len(parts) > 1 and _folded(parts[0]) in _TITLES else parts[0]


def _folded(word: str) -> str:
    return word.replace(".", "").casefold()

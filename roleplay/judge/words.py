"""Whose words they are: finds a quote in a text, and tells a reply's own words from those it only repeats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from roleplay.english import sentences, words
from roleplay.persona.message import Message
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.harm import aimed_at_scorer
from roleplay.scoring.offline.reading import read
from roleplay.scoring.rubric import Rubric

RUN = 5
"""Words in a row, the same in a reply and in a source, from which on they count as copied."""
QUOTE_LIMIT = 300
"""Longest quote in characters; more than that shows nothing."""
COPIED = 0.8
"""Share of copied words from which on a reply is a copy."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "…": "..."}
)
_FRAME = " \n\t\"'“”‘’„.…"


def find(quote: str, text: str) -> tuple[int, int] | None:
    """Where `quote` stands in `text`, as (start, end): letter by letter, and at whole words; None if it does not.

    Only what a keyboard decides is overlooked: the form of quotation marks, apostrophes, dashes and dots, the kind and
    amount of white space, and marks that frame the quote.
    """
    folded, places = _folded(text)
    within = _within_words(folded)
    for wanted in dict.fromkeys((_folded(quote)[0].strip(), _folded(quote.strip(_FRAME))[0].strip())):
        at = folded.find(wanted) if any(map(str.isalnum, wanted)) else -1
        while at >= 0:
            end = at + len(wanted)
            if at not in within and end not in within:
                return places[at], places[end - 1] + 1
            at = folded.find(wanted, at + 1)
    return None


def wrong_size(text: str, start: int, end: int) -> str:
    """Why `text` from `start` to `end` is too much or too little to show anything, as the end of a sentence."""
    if end - start > QUOTE_LIMIT:
        return f"is longer than {QUOTE_LIMIT} characters"
    whole = any(start <= each.start and each.end <= end for each in sentences(text))
    return "" if whole or len(_WORD.findall(text[start:end])) >= 2 else "is a single word"


@lru_cache(maxsize=256)
def _within_words(folded: str) -> frozenset[int]:
    return frozenset(place for match in _WORD.finditer(folded) for place in range(match.start() + 1, match.end()))


@lru_cache(maxsize=512)
def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """`text` with one form for each mark and one space for white space, and where each character of it came from."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        plain = " " if sign.isspace() else sign.translate(_PLAIN)
        if plain == " " and signs[-1:] == [" "]:
            continue
        signs.extend(plain)
        places.extend([place] * len(plain))
    return "".join(signs), tuple(places)


class OwnWords:
    """What in a reply can earn anything: its own words, meant for the customer."""

    def __init__(self, reply: str, occasion: Occasion, history: Sequence[Message], rubric: Rubric) -> None:
        self.reply = reply
        self._sentences = read(reply)
        self._spans = [match.span() for match in _WORD.finditer(reply)]
        said = [message.text for message in history if message.role == "customer"]
        self._worked = [better.reply for better in occasion.better]
        hidden = (occasion.feeling, occasion.spoken, occasion.unspoken, occasion.note)
        theirs = [reply[start:end].lower().replace("’", "'") for start, end in self._spans]
        self._copied = _copied(theirs, (*said, *hidden, *self._worked, *_texts(rubric)))
        self._lines = {tuple(words(text)) for text in (*said, *self._worked)}

    @property
    def empty(self) -> bool:
        """Whether there is no word in it."""
        return not self._spans

    @property
    def copy(self) -> bool:
        """Whether it is the customer's line or a worked reply said once more, or hardly anything else."""
        return tuple(words(self.reply)) in self._lines or sum(self._copied) >= COPIED * max(1, len(self._copied))

    def fault(self, start: int, end: int) -> str:
        """What keeps the words from `start` to `end` from earning anything, as the end of a sentence; else empty."""
        inside = [copied for (a, b), copied in zip(self._spans, self._copied, strict=True) if a < end and b > start]
        size = wrong_size(self.reply, start, end)
        if size:
            return size
        if 2 * sum(inside) > len(inside):
            return "only repeats what the customer, the case or the rubric says"
        if any(each.start < end and each.end > start and aimed_at_scorer(each) for each in self._sentences):
            return "is meant for a grader or a machine"
        return ""


def _texts(rubric: Rubric) -> Iterable[str]:
    for dimension in rubric.dimensions.values():
        yield from (dimension.means, *dimension.levels)
    yield from rubric.overall


def _copied(said: Sequence[str], sources: Iterable[str]) -> list[bool]:
    """For each word of `said` whether it stands in a run of words that a source has too."""
    theirs = frozenset[tuple[str, ...]]().union(*map(_runs, sources))
    found = [False] * len(said)
    for at in range(len(said) - RUN + 1):
        if tuple(said[at : at + RUN]) in theirs:
            found[at : at + RUN] = [True] * RUN
    return found


@lru_cache(maxsize=512)
def _runs(source: str) -> frozenset[tuple[str, ...]]:
    theirs = words(source)
    return frozenset(tuple(theirs[at : at + RUN]) for at in range(len(theirs) - RUN + 1))

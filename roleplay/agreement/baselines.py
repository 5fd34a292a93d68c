"""Cheap ways to score a reply, which a scorer has to leave behind: length, empathy words, a bag of words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from math import fsum, log
from operator import mul

from roleplay.english import words

STORIES = 3
"""Stories from which on a bag of words is fitted on some and tried on others."""
PARTS = 20
"""Most parts into which the stories are put to be left out in turn; with so many stories or fewer, one story a part."""
RIDGE = 1.0
ROUNDS, ROUNDS_AGAIN = 12, 2
"""Rounds of the fit on all replies, and of each fit without a part, which begins there."""

_EMPATHY = re.compile(
    r"\b(?:sorry|understand|feel\w*|hear|hard|difficult|imagine|worr\w+|support|care|appreciate|frustrat\w+|help)\b",
    re.I,
)


def empathy_words(reply: str) -> int:
    """How many words of a short list of empathy words are in `reply`."""
    return len(_EMPATHY.findall(reply))


def as_levels(values: Sequence[float], labels: Sequence[int]) -> list[int]:
    """`values` cut into levels such that each is given about as often as it was labelled; equals stay together."""
    ordered = sorted(values)
    counts = Counter(labels)
    cuts: list[float] = []
    below = 0
    for level in range(max(counts, default=0)):
        below += counts[level]
        cuts.append(ordered[below] if below < len(ordered) else float("inf"))
    return [sum(value >= cut for cut in cuts) for value in values]


class BagOfWords:
    """Ridge regression on TF-IDF of single words, by Gauss-Seidel on its dual form, tried on stories left out."""

    def __init__(self, replies: Sequence[str]) -> None:
        counted = [Counter(words(reply)) for reply in replies]
        among = Counter(word for counts in counted for word in counts)
        places = {word: place for place, word in enumerate(among)}
        self._size = len(places)
        self._rows: list[tuple[tuple[int, ...], tuple[float, ...]]] = []
        for counts in counted:
            raw = [(1 + log(times)) * (1 + log(len(replies) / among[word])) for word, times in counts.items()]
            length = fsum(value * value for value in raw) ** 0.5
            self._rows.append((tuple(places[word] for word in counts), tuple(value / length for value in raw)))

    def left_out(self, labels: Sequence[int | None], stories: Sequence[Hashable]) -> list[float]:
        """A value for each reply, by a fit on the labelled replies of other stories."""
        parts: dict[int, list[int]] = {}
        order = {story: number for number, story in enumerate(dict.fromkeys(stories))}
        for index, story in enumerate(stories):
            parts.setdefault(order[story] % PARTS, []).append(index)
        known = {index: label for index, label in enumerate(labels) if label is not None}
        values = [0.0] * len(labels)
        whole = _Fit(self._rows, self._size, known)
        whole.sweep(ROUNDS)
        for part in parts.values():
            rest = whole.without(part)
            rest.sweep(ROUNDS_AGAIN)
            for index in part:
                values[index] = rest.value(index)
        return values


class _Fit:
    """Weights of words as sums of the replies they were fitted on, each with its share."""

    def __init__(
        self,
        rows: Sequence[tuple[tuple[int, ...], tuple[float, ...]]],
        size: int,
        known: dict[int, int],
        weights: list[float] | None = None,
        shares: dict[int, float] | None = None,
    ) -> None:
        self._rows, self._size, self._known = rows, size, known
        self._weights = weights or [0.0] * size
        self._shares = shares or dict.fromkeys(known, 0.0)
        self._mean = fsum(known.values()) / max(1, len(known))

    def without(self, part: Iterable[int]) -> _Fit:
        """Where to begin a fit without the replies of `part`."""
        left_out = set(part)
        weights = self._weights.copy()
        for index in left_out & self._shares.keys():
            self._add(weights, index, -self._shares[index])
        known = {index: label for index, label in self._known.items() if index not in left_out}
        return _Fit(self._rows, self._size, known, weights, {index: self._shares[index] for index in known})

    def sweep(self, rounds: int) -> None:
        """Bring the weights nearer to their best, `rounds` times over all replies."""
        for _ in range(rounds):
            for index, label in self._known.items():
                missing = label - self.value(index) - RIDGE * self._shares[index]
                step = missing / (RIDGE + bool(self._rows[index][0]))
                self._shares[index] += step
                self._add(self._weights, index, step)

    def value(self, index: int) -> float:
        """What the weights give for a reply."""
        places, values = self._rows[index]
        return self._mean + fsum(map(mul, values, map(self._weights.__getitem__, places)))

    def _add(self, weights: list[float], index: int, share: float) -> None:
        for place, value in zip(*self._rows[index], strict=True):
            weights[place] += share * value

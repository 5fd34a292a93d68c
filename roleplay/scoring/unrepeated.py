"""Saying a thing in one of many ways, so that no sentence comes twice in one telling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from zlib import crc32


def steady(choices: Sequence[str], seed: str) -> str:
    """One of `choices`, always the same for the same `seed`."""
    return choices[_number(seed) % len(choices)]


def _number(text: str) -> int:
    return crc32(text.encode(errors="surrogatepass"))


class Unrepeated:
    """What has been said so far in one telling, such as a debrief: the sentences, and how often each way was used."""

    def __init__(self) -> None:
        self._said: set[str] = set()
        self._used: Counter[str] = Counter()

    def say(self, ways: Sequence[str], seed: str, write: Callable[[str], str] = str) -> str:
        """A sentence not said before, `write(way)` of one of the `ways`; empty if there is none left.

        The ways used least come first, among those the order depends on `seed` alone.
        """
        for way in sorted(ways, key=lambda way: (self._used[way], _number(f"{way}{seed}"))):
            sentence = write(way)
            if sentence and self.once(sentence):
                self._used[way] += 1
                return sentence
        return ""

    def once(self, what: str) -> bool:
        """Whether `what` is said for the first time. Case, white space and the marks at its end make no difference."""
        plain = " ".join(what.casefold().split()).rstrip(" .!?…")
        fresh = plain not in self._said
        self._said.add(plain)
        return fresh

"""Lines that are wrong by their form: said before, in another language, too long."""

from __future__ import annotations

from functools import lru_cache

from roleplay.actors.checks.stage import Stage
from roleplay.english import looks_english, sentences, words

_WORTH_REPEATING = 6
"""Words from which a sentence said twice is noticed; shorter ones people say again and again."""

_SLACK = 1.5
"""How far a line may go beyond the length it was asked for."""


def repeats(stage: Stage, sentence: str, so_far: str) -> bool:
    """Whether `sentence` was said before: in this line, in an earlier one, or by the trainee."""
    said = tuple(words(sentence))
    if len(said) < _WORTH_REPEATING:
        return False
    return said in _noticed(so_far) or any(said in _noticed(text) for text in (*stage.lines_before, *stage.replies))


@lru_cache(maxsize=4096)
def _noticed(text: str) -> frozenset[tuple[str, ...]]:
    """The sentences of `text`, in words, that are noticed when they are said again."""
    told = (tuple(words(each.text)) for each in sentences(text))
    return frozenset(said for said in told if len(said) >= _WORTH_REPEATING)


def is_another_language(sentence: str) -> bool:
    """Whether `sentence` is not English, as far as one can tell."""
    return not looks_english(sentence)


def is_too_long(said: str, most: int) -> bool:
    """Whether `said` has many more words than the `most` that were asked for."""
    return len(words(said)) > most * _SLACK + 5

"""Lines that are wrong by their form: said before, in another language, too long."""

from __future__ import annotations

from roleplay.actors.checks.stage import Stage
from roleplay.english import looks_english, sentences, words

_WORTH_REPEATING = 6
"""Words from which a sentence said twice is noticed; shorter ones people say again and again."""

_SLACK = 1.5
"""How far a line may go beyond the length it was asked for."""


def repeats(stage: Stage, sentence: str, so_far: str) -> bool:
    """Whether `sentence` was said before: in this line, in an earlier one, or by the trainee."""
    said = words(sentence)
    if len(said) < _WORTH_REPEATING:
        return False
    earlier = (*stage.lines_before, *stage.replies, so_far)
    return any(said == words(each.text) for text in earlier for each in sentences(text))


def is_another_language(sentence: str) -> bool:
    """Whether `sentence` is not English, as far as one can tell."""
    return not looks_english(sentence)


def is_too_long(said: str, most: int) -> bool:
    """Whether `said` has many more words than the `most` that were asked for."""
    return len(words(said)) > most * _SLACK + 5

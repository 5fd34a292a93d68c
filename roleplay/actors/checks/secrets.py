"""Lines that tell what has not been earned."""

from __future__ import annotations

from functools import lru_cache

from roleplay.actors.checks.stage import Stage
from roleplay.english import STOP_WORDS, sentences, stem, words

_SHARE, _LEAST = 0.4, 4
"""A sentence tells a disclosure if so much of the content of one of its sentences, and so many words, stand in it."""


def tells_a_secret(stage: Stage, sentence: str) -> bool:
    """Whether `sentence` has words that give a disclosure away, or most of a sentence of one, before it is made.

    What the trainee said first is no secret, nor is what the director wrote.
    """
    if stage.telltale.is_in(sentence):
        return True
    said = _content(sentence).difference(*map(_content, (*stage.replies, *stage.lines_before, stage.scripted)))
    hidden = (_content(each.text) for disclosure in stage.unopened for each in sentences(disclosure.says))
    return any(len(said & each) >= max(_LEAST, _SHARE * len(each)) for each in hidden)


@lru_cache(maxsize=4096)
def _content(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text) if word not in STOP_WORDS)

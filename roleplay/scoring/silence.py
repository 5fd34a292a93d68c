"""Whether saying nothing is right at a moment, by what its author noted."""

from __future__ import annotations

import re

_SILENCE = r"(?:silence|silent|quiet|saying nothing|nothing said|say nothing|not saying anything)"
_RIGHT = r"(?:right|allowed|proper|fine|good|enough|welcome|best|an answer|an act|not wrong|no mistake)"
_IS_RIGHT = re.compile(
    rf"\b{_SILENCE}\b[^.;:]{{0,40}}\b(?:is|are|can be|may be|would be)\b[^.;:]{{0,12}}\b{_RIGHT}\b"
    rf"|\bright (?:is|are|here is)\b[^.;]{{0,60}}\b{_SILENCE}\b"
    rf"|\b{_RIGHT} (?:is|here is) {_SILENCE}\b"
    r"|\bnothing (?:needs to be|need be|has to be|must be) said\b"
)
_IS_WRONG = re.compile(rf"\b(?:no|not|nor|never|without|wrong|isn't|hurts?)\b[^.;:]{{0,30}}\b{_SILENCE}\b")
_SENTENCE = re.compile(r"(?<=[.;:])\s+")


def silence_is_right(note: str) -> bool:
    """Whether the author's `note` of a moment says that saying nothing is right there, or not wrong."""
    sentences = _SENTENCE.split(" ".join(note.lower().split()))
    return any(_IS_RIGHT.search(each) and not _IS_WRONG.search(each) for each in sentences)

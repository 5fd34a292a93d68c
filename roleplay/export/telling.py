"""What Markdown and HTML say of a reply, in the same words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from roleplay.conversation.reviewing import Answer, Comment, Dispute
from roleplay.export.told import when
from roleplay.practice import wording
from roleplay.practice.marks import Mark
from roleplay.review.reading import Assessed, LevelOf
from roleplay.text import one_line

BY = {"judge": "the judge", "offline": "the offline scorer"}
"""What each scorer is called."""


class Note(NamedTuple):
    """Something that somebody wrote: `who` and when, and the `words`."""

    who: str
    words: str


class Level(NamedTuple):
    """A level in words: what `counts`; with a coach's, what it `was`, and who gave it why."""

    title: str
    counts: str
    means: str
    was: str = ""
    by: str = ""
    reason: str = ""


def verdict(assessed: Assessed) -> str:
    """What a reply is called, and by whom it was scored."""
    coach = ", overruled by a coach" if assessed.overruled else ""
    practice = "" if assessed.first else "; practice: the first reply to this turn counts"
    return f"{wording.verdict(assessed.assessment)} (scored by {BY[assessed.by]}{coach}{practice})"


def flags(assessed: Assessed) -> str:
    """What a coach should know besides the levels; empty if there is nothing."""
    given = assessed.assessment.flags
    told = {
        "safety": "somebody's safety was at stake, and the reply did not deal with it",
        "boundary": "a boundary was to be kept, and the reply did not keep it",
        "injection": "words aimed at a scorer or a system",
        "too_short": "too little to tell",
        "language": "not English",
    }
    return "; ".join(words for name, words in told.items() if getattr(given, name))


def levels(assessed: Assessed) -> Iterator[Level]:
    """All levels that the moment calls for, or that somebody gave."""
    for level in assessed.levels:
        if level.counts is None and level.override is None:
            continue
        means = level.means[level.counts] if level.counts is not None else ""
        override = level.override
        yield Level(
            one_line(level.title),
            _of(level, level.counts),
            one_line(means),
            f"{_of(level, level.machine)} by {BY[assessed.by]}" if override else "",
            f"{one_line(override.coach)}, {when(override.at)}" if override else "",
            override.reason if override else "",
        )


def mark(each: Mark) -> str:
    """What the words of a mark earned or cost, and why."""
    return " ".join((f"{each.earned}.", *each.reasons))


def comment(each: Comment) -> Note:
    """A coach's comment."""
    return Note(f"{one_line(each.coach)}, {when(each.at)}", each.text)


def elsewhere(each: Comment, practice: Collection[int]) -> str:
    """Where a comment stands that is on another branch, before who wrote it; some branches are of `practice`."""
    return f"Turn {each.turn}{', practice' if each.branch in practice else ''}, "


def dispute(each: Dispute, answer: Answer | None) -> Iterator[Note]:
    """A trainee's dispute, and its answer."""
    yield Note(f"Disputed by {one_line(each.trainee)}, {when(each.at)}", each.text)
    if answer is None:
        yield Note("Not answered yet", "")
    else:
        decided = "upheld" if answer.upheld else "not upheld"
        yield Note(f"Answered by {one_line(answer.coach)}, {when(answer.at)}: {decided}", answer.text)


def _of(level: LevelOf, given: int | None) -> str:
    return "not scored" if given is None else f"{given} of {level.highest}"

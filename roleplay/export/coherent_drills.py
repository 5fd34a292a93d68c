"""Whether a drill or a test that somebody sent holds together, and whether the program can make use of it."""

from __future__ import annotations

from collections.abc import Sequence

from roleplay.conversation.drilling import DrillTest, KeptDrill, TestRating
from roleplay.conversation.turns import Script
from roleplay.errors import BadInput
from roleplay.practice.debrief import ReplyResult
from roleplay.practice.marks import marks_of
from roleplay.scoring.occasion import Occasion
from roleplay.store.database import plain

MOST_SHOWN = 100
"""Most messages that are shown before a reply."""
MOST_ITEMS = 100
"""Most moments of one test."""
_LONGEST_LINE = 50_000
_LONGEST_NAME = 300


def check_drill(drill: KeptDrill, script: Script) -> None:
    """Whether `drill` is a reply to a moment of `script`. Raises `BadInput`."""
    if drill.attempt < 1:
        raise BadInput("Its attempts are counted from 1.")
    if not 1 <= len(drill.history) <= MOST_SHOWN or drill.history[-1].role != "customer":
        raise BadInput("It replies to nothing that the customer said.")
    if any(len(said.text) > _LONGEST_LINE or len(said.speaker) > _LONGEST_NAME for said in drill.history):
        raise BadInput("What was said before it is too long.")
    if drill.persona != script.persona.id:
        raise BadInput("It is of another persona than its script.")
    if drill.moment not in {beat.id for beat in script.persona.beats()}:
        raise BadInput("Its script has no such moment.")
    _check_use(drill, script)


def check_test(test: DrillTest, ratings: Sequence[TestRating]) -> None:
    """Whether `test` has moments, each once, and was rated once at the most, by who took it. Raises `BadInput`."""
    if not 1 <= len(test.items) <= MOST_ITEMS or len(set(test.items)) < len(test.items):
        raise BadInput("It has no moments, too many, or one twice.")
    if any(len(item.persona) > _LONGEST_NAME or len(item.moment) > _LONGEST_NAME for item in test.items):
        raise BadInput("A moment has too long a name.")
    if len(ratings) > 1:
        raise BadInput("It was rated more than once.")
    if any((rating.test, rating.trainee) != (test.id, test.trainee) for rating in ratings):
        raise BadInput("It comes with the rating of something else.")


def _check_use(drill: KeptDrill, script: Script) -> None:
    """Telling what was heard must work, whatever somebody has put into the script."""
    try:
        persona, rubric = script.persona, script.rubric
        occasion = Occasion.at(persona, persona.beat(drill.moment))
        titles = {name: text.title for name, text in rubric.dimensions.items()}
        told = ReplyResult(
            turn=1,
            moment=drill.moment,
            customer="",
            reply="-",
            gesture="",
            assessment=drill.assessment,
            overall_means=rubric.overall[drill.assessment.overall or 0],
            feeling=occasion.feeling,
            spoken=occasion.spoken,
            unspoken=occasion.unspoken,
        )
        marks_of(told, titles)
    except RecursionError:
        raise BadInput("It is nested too deeply.") from None
    except Exception as error:  # a script from elsewhere can break any rule that a persona file is checked for
        raise BadInput(f"It does not hold together ({type(error).__name__}: {plain(error)[:80]}).") from None

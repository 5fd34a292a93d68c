"""Checks a line sentence by sentence as it comes, and the whole of it at its end."""

from __future__ import annotations

from roleplay.actors.checks.facts import known_from, known_too, wrong_facts
from roleplay.actors.checks.fault import FaultName
from roleplay.actors.checks.form import is_another_language, is_too_long, repeats
from roleplay.actors.checks.manners import acts_as_representative, counsels, thanks_for_nothing
from roleplay.actors.checks.particulars import missing_parts
from roleplay.actors.checks.secrets import tells_a_secret
from roleplay.actors.checks.stage import Stage
from roleplay.actors.checks.story import leaves_the_story, parrots, reasons
from roleplay.conversation.turns import LinePart


class Checker:
    """Checks one line on one stage; `most` words were asked for."""

    def __init__(self, stage: Stage, most: int) -> None:
        self._stage, self._most = stage, most
        self._known = known_too(known_from(stage.written), stage.said)

    def faults_of(self, sentence: str, so_far: str) -> tuple[FaultName, ...]:
        """What is wrong with `sentence`, which follows on `so_far` in the same line."""
        stage = self._stage
        checks: tuple[tuple[FaultName, bool], ...] = (
            ("leaves the story", leaves_the_story(stage, sentence)),
            ("reasoning", reasons(stage, sentence)),
            ("parrots", parrots(stage, sentence)),
            ("gives away", tells_a_secret(stage, sentence)),
            ("role reversal", acts_as_representative(stage, sentence)),
            ("counsels", counsels(stage, sentence)),
            ("thanks for nothing", thanks_for_nothing(stage, sentence)),
            ("repeats", repeats(stage, sentence, so_far)),
            ("language", is_another_language(sentence)),
            ("too long", is_too_long(f"{so_far} {sentence}", self._most)),
        )
        return (*(name for name, wrong in checks if wrong), *wrong_facts(sentence, self._known))

    def missing(self, line: str) -> tuple[LinePart, ...]:
        """The scripted parts that `line` does not carry, though they have to be said now."""
        return missing_parts(self._stage.direction, self._stage.persona, line)

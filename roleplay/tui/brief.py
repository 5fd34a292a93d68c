"""What the trainee knows of a call, told in parts: situation, memories, record, rules, gestures; nothing unspoken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from textual.content import Content

from roleplay.practice.visits import remembered_in
from roleplay.tui.hanging import Hanging, Item, facts, paragraphs, signed
from roleplay.tui.literal import literal, literal_line

if TYPE_CHECKING:
    from roleplay.conversation.turns import Script
    from roleplay.persona.model import Persona
    from roleplay.persona.visits import Visiting


PARTS = 4
"""In how many parts a single moment is told at the most."""


class Trainee(Protocol):
    """What the trainee is given: by a persona, or with a single moment."""

    @property
    def role(self) -> str:
        """Whom they play."""

    @property
    def brief(self) -> str:
        """What they know when the call comes in."""

    @property
    def record(self) -> Mapping[str, str]:
        """What is on their screen."""

    @property
    def may(self) -> Sequence[str]:
        """What policy allows."""

    @property
    def may_not(self) -> Sequence[str]:
        """What it forbids."""


def whole(script: Script) -> list[Hanging]:
    """All that the trainee knows of a call."""
    persona, trainee = script.persona, script.persona.trainee
    known = role(trainee), situation(trainee), memories(script.visiting)
    given = record(trainee), rules(trainee), gestures(persona)
    return [part for part in (*known, *given) if part is not None]


def of_moment(shown: Trainee) -> list[Hanging]:
    """All that the trainee knows of a single moment."""
    return [part for part in (role(shown), situation(shown), record(shown), rules(shown)) if part is not None]


def role(trainee: Trainee) -> Hanging:
    """Whom the trainee plays."""
    return _headed("You are", Hanging([Item(literal_line(trainee.role))]))


def situation(trainee: Trainee) -> Hanging | None:
    """What the trainee knows when the call comes in."""
    known = trainee.brief.strip()
    return _headed("What you know", Hanging([Item(literal(known))])) if known else None


def memories(visiting: Visiting | None) -> Hanging | None:
    """What the trainee remembers of earlier visits, a paragraph each."""
    remembered = list(remembered_in(visiting))
    return _headed("What you remember", paragraphs(*map(literal_line, remembered))) if remembered else None


def record(trainee: Trainee) -> Hanging | None:
    """The customer's record on the trainee's screen, without a heading."""
    return facts(trainee.record) if trainee.record else None


def rules(trainee: Trainee) -> Hanging | None:
    """What policy allows and what it forbids."""
    told = []
    if trainee.may:
        told.append(_headed("You may", signed("✓", "$text-success", trainee.may)))
    if trainee.may_not:
        told.append(_headed("You may not", signed("✗", "$text-error", trainee.may_not)))
    return paragraphs(*told) if told else None


def gestures(persona: Persona) -> Hanging | None:
    """The small things that are the trainee's to give."""
    given = [gesture.does for gesture in persona.gestures]
    return _headed("Yours to give, once each (F3 in the call)", signed("◇", "$text-accent", given)) if given else None


def _headed(words: str, told: Hanging) -> Hanging:
    return Hanging([Item(Content.styled(words, "bold $text-primary"))]) + told

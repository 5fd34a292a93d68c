"""What the trainee knows of a call, told in parts: situation, memories, record, rules, gestures; nothing unspoken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from roleplay.practice.visits import remembered_in
from roleplay.tui.hanging import Hanging, Item, facts, paragraphs, signed
from roleplay.tui.literal import literal, literal_line

if TYPE_CHECKING:
    from roleplay.persona.model import Persona
    from roleplay.persona.visits import Visiting


def role(persona: Persona) -> Hanging:
    """Whom the trainee plays."""
    return _headed("You are", Hanging([Item(literal_line(persona.trainee.role))]))


def situation(persona: Persona) -> Hanging | None:
    """What the trainee knows when the call comes in."""
    known = persona.trainee.brief.strip()
    return _headed("What you know", Hanging([Item(literal(known))])) if known else None


def memories(visiting: Visiting | None) -> Hanging | None:
    """What the trainee remembers of earlier visits, a paragraph each."""
    remembered = list(remembered_in(visiting))
    return _headed("What you remember", paragraphs(*map(literal_line, remembered))) if remembered else None


def record(persona: Persona) -> Hanging | None:
    """The customer's record on the trainee's screen, without a heading."""
    return facts(persona.trainee.record) if persona.trainee.record else None


def rules(persona: Persona) -> Hanging | None:
    """What policy allows and what it forbids."""
    told = []
    if persona.trainee.may:
        told.append(_headed("You may", signed("✓", "$text-success", persona.trainee.may)))
    if persona.trainee.may_not:
        told.append(_headed("You may not", signed("✗", "$text-error", persona.trainee.may_not)))
    return paragraphs(*told) if told else None


def gestures(persona: Persona) -> Hanging | None:
    """The small things that are the trainee's to give."""
    given = [gesture.does for gesture in persona.gestures]
    return _headed("Yours to give, once each (F3 in the call)", signed("◇", "$text-accent", given)) if given else None


def _headed(words: str, told: Hanging) -> Hanging:
    return Hanging([Item(Content.styled(words, "bold $text-primary"))]) + told

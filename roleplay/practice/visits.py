"""A customer who comes back, as every front end tells it: which visit a call is, and what the trainee remembers."""

from __future__ import annotations

from collections.abc import Iterator

from roleplay.conversation.earlier import earlier_of
from roleplay.conversation.turns import Transcript
from roleplay.persona.fields import Outcome
from roleplay.persona.visits import Visiting, due
from roleplay.text import one_line, quote

_ENDED: dict[Outcome, str] = {
    "good": "It ended well.",
    "mixed": "It ended with something left open.",
    "bad": "It ended badly.",
}


def visit_heading(number: int, title: str) -> str:
    """Such as “Visit 3: The third Thursday”; without a title “Visit 3”."""
    return f"Visit {number}: {one_line(title)}" if title.strip() else f"Visit {number}"


def heading_of(visiting: Visiting | None) -> str:
    """Which visit a call is; empty where it is none."""
    return visit_heading(visiting.number, visiting.title) if visiting else ""


def remembered_in(visiting: Visiting | None) -> Iterator[str]:
    """What the trainee remembers, a line for each earlier visit: which one, how it ended, what was told."""
    for visit in visiting.remembered if visiting else ():
        told = " ".join(quote(line, len(line)) for line in visit.told)
        heard = f"You were told: {told}" if told else "You were told nothing."
        yield f"{visit_heading(visit.number, visit.title)}. {_ENDED[visit.outcome]} {heard}"


def another_comes(transcript: Transcript) -> bool:
    """Whether another visit follows an ended call. Raises ValueError while it has not ended."""
    script = transcript.session.script
    return script.visit is not None and bool(due(script.persona, (*script.visit.earlier, earlier_of(transcript))))


def afterwards(transcript: Transcript) -> str:
    """Which visit an ended call was, and whether another will come; empty where it was none.

    Raises ValueError while it has not ended.
    """
    script = transcript.session.script
    if script.visit is None:
        return ""
    comes = another_comes(transcript)
    name = script.persona.short_name
    follows = f"{name} will come again." if comes else "No other visit follows: next time the story begins anew."
    return f"{heading_of(script.visit)}. {follows}"

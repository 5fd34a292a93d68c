"""The card of a persona file, be it broken."""

from __future__ import annotations

from roleplay.persona.extent import extent_of
from roleplay.persona.loading import Reading
from roleplay.practice.gallery import Card
from roleplay.text import counted, one_line, sanitise


def card_of(reading: Reading) -> Card:
    """The card of what was read, without results: whether it can be played, and what to expect."""
    persona = reading.persona
    if persona is None:
        stem = one_line(sanitise(reading.path.stem))
        return Card(id=stem, path=reading.path, title=stem, problem=_first_problem(reading))
    return Card(
        id=persona.id,
        path=reading.path,
        title=one_line(persona.title),
        name=one_line(persona.name),
        summary=one_line(persona.summary),
        channel=persona.channel,
        difficulty=persona.difficulty,
        content=persona.content,
        extent=extent_of(persona),
    )


def _first_problem(reading: Reading) -> str:
    """The first of what is to be mended, with its place, and how much more there is."""
    first, *others = reading.errors
    if not others:
        return str(first)
    return f"{first} ({counted(len(others), 'more problem', 'more problems')} in this file.)"

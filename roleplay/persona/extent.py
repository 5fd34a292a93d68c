"""How much there is of a story, in words: visits that follow each other, or a queue of which some are drawn."""

from __future__ import annotations

from roleplay.persona.model import Persona


def extent_of(persona: Persona) -> str:
    """Such as “a story of 4 visits” or “a queue of 9, 3 drawn”; empty for a persona that is one call."""
    if persona.visits:
        return f"a story of {len(persona.visits) + 1} visits"
    if persona.queue:
        return f"a queue of {len(persona.queue)}, {min(persona.draws, len(persona.queue))} drawn"
    return ""


def extent_in_numbers(persona: Persona) -> dict[str, int]:
    """The same for a program: `visits`, the first one among them, or `queue` and how many are `drawn`; else nothing."""
    if persona.visits:
        return {"visits": len(persona.visits) + 1}
    if persona.queue:
        return {"queue": len(persona.queue), "drawn": min(persona.draws, len(persona.queue))}
    return {}

"""The port through which a reply is assessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from roleplay.persona.message import Message
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion


class Scorer(Protocol):
    """Turns a reply at a moment into an assessment."""

    async def assess(self, occasion: Occasion, history: Sequence[Message], reply: str) -> Assessment:
        """Assess `reply`, given on `occasion` after `history` (whose last message is the customer's).

        `reply` is sanitised; the empty string is a silence. Never raises for anything a person can type: what cannot
        be judged comes back unsure or not scorable.
        """
        ...

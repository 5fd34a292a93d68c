"""The port through which the customer gets a voice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from roleplay.conversation.turns import StageDirection
from roleplay.persona.message import Message


class Actor(Protocol):
    """Turns a stage direction into the customer's words."""

    @property
    def name(self) -> str:
        """The name kept in the transcript."""
        ...

    def speak(self, direction: StageDirection, history: Sequence[Message]) -> AsyncIterator[str]:
        """Say the line of `direction` after `history`, piece by piece; the pieces joined are the line."""
        ...

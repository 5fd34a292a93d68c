"""The scripted voice: says the director's line as it is written."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence

from roleplay.conversation.turns import StageDirection
from roleplay.persona.message import Message

_WORD_WITH_SPACE = re.compile(r"\s*\S+\s*")


class ScriptedActor:
    """Speaks the composed line word by word. Needs no network and says the same at every replay."""

    name = "scripted"

    async def speak(self, direction: StageDirection, history: Sequence[Message]) -> AsyncIterator[str]:
        """Yield the words of the line in order, each with the space after it."""
        for word in _WORD_WITH_SPACE.findall(direction.line):
            yield word

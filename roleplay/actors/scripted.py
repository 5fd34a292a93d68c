"""The scripted voice: says the director's line as it is written."""

from __future__ import annotations

import re
from collections.abc import Callable

from roleplay.conversation.actor import Cue
from roleplay.conversation.voiced import SCRIPTED, Usage, Voiced

_WORD_WITH_SPACE = re.compile(r"\s*\S+\s*")


def in_words(line: str) -> list[str]:
    """The words of `line` in order, each with the space after it."""
    return _WORD_WITH_SPACE.findall(line)


class ScriptedActor:
    """Speaks the composed line word by word. Needs no network and says the same at every replay."""

    name = "scripted"
    took = Usage()

    def prepare(self, cue: Cue) -> None:
        """A script is ready as it is."""

    async def speak(self, cue: Cue, say: Callable[[str], None]) -> Voiced:
        """Say the words of the line in order, each with the space after it."""
        for word in in_words(cue.direction.line):
            say(word)
        return SCRIPTED

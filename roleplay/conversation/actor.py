"""The port through which the customer gets a voice."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import msgspec

from roleplay.conversation.turns import StageDirection, Transcript
from roleplay.conversation.voiced import Usage, Voiced


class Cue(msgspec.Struct, frozen=True, kw_only=True):
    """What an actor goes by: the `direction`, and the `transcript` up to the line that is wanted.

    `scene` is the id of the scene in which the line is said; empty for a persona without scenes.
    """

    direction: StageDirection
    transcript: Transcript
    scene: str = ""


class Actor(Protocol):
    """Turns a stage direction into the customer's words."""

    @property
    def name(self) -> str:
        """The name kept in the transcript."""
        ...

    @property
    def took(self) -> Usage:
        """What the line that is being said, or was said or stopped last, has taken so far."""
        ...

    def prepare(self, cue: Cue) -> None:
        """Work out what all lines of the call of `cue` take, so that the first one has not to wait for it.

        For a thread, before the call begins.
        """
        ...

    def speak(self, cue: Cue, say: Callable[[str], None]) -> Coroutine[Any, Any, Voiced]:
        """Say the line wanted by `cue`, piece by piece through `say`; the pieces joined are the line.

        What was said stays said. Raises `InTrouble` when the line cannot be had or finished; what came before is then
        half a line. May be cancelled at any time.
        """
        ...

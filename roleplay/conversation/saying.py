"""Letting an actor say a line that can be stopped: in the middle, or before its first word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from roleplay.conversation.actor import Actor, Cue
from roleplay.conversation.trouble import InTrouble, Trouble
from roleplay.conversation.voiced import Usage, Voiced

STOPPED = Trouble(name="stopped", what="You stopped the customer in the middle of a line.")
STOPPED_EARLY = Trouble(name="stopped", what="You stopped the customer before a word was said.")


class Saying:
    """Has lines said by `actor`, one at a time."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._task: asyncio.Task[Voiced] | None = None
        self._waited_for = 0
        self._stopped = False

    @contextmanager
    def waited_for(self) -> Iterator[None]:
        """While somebody waits for what ends in a line: a wish to stop that comes before it holds until then."""
        self._waited_for += 1
        try:
            yield
        finally:
            self._waited_for -= 1
            self._stopped = self._stopped and self._waited_for > 0

    def stop(self) -> bool:
        """Stop the line, or the one that is waited for; whether there is one."""
        if not self._waited_for:
            return False
        self._stopped = True
        if self._task is not None:
            self._task.cancel()
        return True

    async def say(self, cue: Cue, say: Callable[[str], None]) -> Voiced:
        """Let the actor say the line wanted by `cue` through `say`. Raises `InTrouble`, also when it was stopped."""
        begun = False

        def said(piece: str) -> None:
            nonlocal begun
            begun = True
            say(piece)

        if self._stopped:
            raise self._stop_of(STOPPED_EARLY, Usage())
        self._task = asyncio.create_task(self.actor.speak(cue, said))
        try:
            return await self._task
        except asyncio.CancelledError:
            if not self._stopped:
                raise
            raise self._stop_of(STOPPED if begun else STOPPED_EARLY, self.actor.took) from None
        finally:
            self._task = None

    def _stop_of(self, trouble: Trouble, took: Usage) -> InTrouble:
        self._stopped = False
        return InTrouble(trouble, took)

"""Plain mode, answering again: an ended call from one of its turns on, in printed lines, and then the comparison."""

from __future__ import annotations

import asyncio

from roleplay.cli.afterwards import Afterwards
from roleplay.cli.common import talk
from roleplay.cli.compare_lines import comparison_lines
from roleplay.cli.desk import Paused
from roleplay.cli.plain import HOW, PlainCall
from roleplay.practice import tries
from roleplay.practice.compare import compared


class PlainTry(PlainCall):
    """Plays a try of a call that has ended, and compares it with the first path."""

    help = (
        "One line is one reply. An empty line is a silence.",
        "/gesture NAME WORDS  give something small, with or without words",
        "/again               take back a reply that missed, and answer again",
        "/compare             see this try beside the first path, as far as it has come",
        "/brief               read the briefing again",
        "/tokens              what this call has taken of the language model",
        "/stop                stop and compare; the try waits (so does Ctrl+D, the end of input)",
        "/help                these lines",
        "To begin a reply with a slash, put a space before it.",
    )
    again = "Your reply is taken back, on a try of its own. Answer this again:"
    leaves = "stop"

    async def play(self, *, resumed: bool) -> None:
        """Play until it ends or is left, then compare. Raises `Interrupted`, `RoleplayError`."""
        self._out(tries.heading(tries.from_turn(self._session.transcript)))
        if self._desk.echoes:
            self._out(HOW)
        self._retell()
        if not resumed:
            talk(tries.REWINDS)
        try:
            await self._to_the_end()
        except Paused:
            talk("This try waits.")
        if self._calls.meter(self._session.transcript):
            await Afterwards(
                self._session, self._desk, out=self._out, help_resources=self._calls.help_resources
            ).judge()
        await self._compare()
        self._tell_meter()

    async def _leave(self) -> None:
        raise Paused

    async def _tell(self, command: str) -> None:
        if command == "compare":
            await self._compare()
        else:
            await super()._tell(command)

    async def _compare(self) -> None:
        """Print the try beside the path that counts. Raises `StoreError`."""
        mine = self._session.transcript
        first = await asyncio.to_thread(self._calls.load, mine.session.id)
        self._say(comparison_lines(compared(first, mine)))

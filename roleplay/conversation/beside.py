"""Judging beside the call: replies get verdicts while the call goes on, and what was missed gets one at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from roleplay.conversation.judging import Judge, Standing
from roleplay.conversation.state import Place
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.conversation.verdicts import to_be_judged, unjudged
from roleplay.errors import StoreError

GIVES_UP_AFTER = 2
"""Failures in a row after which a judge is asked no more, until the final pass, and in that after as many."""


class JudgingBeside:
    """Has replies judged by `judge`, if there is one.

    `keep` gets and keeps the verdict of a judge on a reply; it returns None where the reply is not for a judge.
    """

    def __init__(self, judge: Judge | None, keep: Callable[[KeptReply, Judge], Awaitable[Standing | None]]) -> None:
        self._judge, self._keep = judge, keep
        self._under_way: dict[Place, asyncio.Task[None]] = {}
        self._failures = 0
        self._not_for_a_judge: set[Place] = set()

    def ask(self, judge: Judge | None) -> None:
        """Ask `judge` from now on; None: nobody."""
        self._judge, self._failures = judge, 0

    def begin(self, reply: KeptReply, transcript: Transcript) -> None:
        """Have `reply` of `transcript` judged, unless it was or is being; nothing waits for it."""
        here = reply.place
        known = here in self._under_way or here in self._not_for_a_judge or bool(transcript.verdicts_on(reply))
        if self._judge is None or known or not to_be_judged(transcript, reply) or self._failures >= GIVES_UP_AFTER:
            return
        task = self._under_way[here] = asyncio.create_task(self._judged_beside(reply, self._judge))
        task.add_done_callback(lambda _: self._under_way.pop(here, None))

    async def aclose(self) -> None:
        """Let go of the verdicts under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def fill_gaps(self, transcript: Callable[[], Transcript], tell: Callable[[int, int], object]) -> None:
        """Wait for the verdicts under way, then have judged what of `transcript` was not.

        `tell` hears how many replies of how many are done. Gives up at the second failure in a row. Raises
        `StoreError`.
        """
        tell(0, len(self._gaps(transcript())))
        if self._under_way:
            await asyncio.wait(self._under_way.values())
        self._failures = 0
        gaps = self._gaps(transcript())
        for done, reply in enumerate(gaps):
            if self._judge is None or self._failures == GIVES_UP_AFTER:
                return
            tell(done, len(gaps))
            await self._judged(reply, self._judge)
        tell(len(gaps), len(gaps))

    def _gaps(self, transcript: Transcript) -> list[KeptReply]:
        return [each for each in unjudged(transcript) if each.place not in self._not_for_a_judge]

    async def _judged_beside(self, reply: KeptReply, judge: Judge) -> None:
        with suppress(StoreError):  # a verdict that cannot be kept is a gap, as one that was never asked for
            await self._judged(reply, judge)

    async def _judged(self, reply: KeptReply, judge: Judge) -> None:
        standing = await self._keep(reply, judge)
        if standing is None:
            self._not_for_a_judge.add(reply.place)
        self._failures = self._failures + 1 if standing == "failed" else 0

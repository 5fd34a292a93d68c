"""Judging beside the call: replies get verdicts while the call goes on, and what was missed gets one at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from roleplay.conversation.judging import Judge
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.conversation.verdicts import unjudged
from roleplay.errors import StoreError

GIVES_UP_AFTER = 2
"""Failures in a row after which the final pass asks no more."""


class JudgingBeside:
    """Has replies judged by `judge`, if there is one. `keep` gets and keeps the verdict of a judge on a reply."""

    def __init__(self, judge: Judge | None, keep: Callable[[KeptReply, Judge], Awaitable[None]]) -> None:
        self.judge, self._keep = judge, keep
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def under_way(self) -> int:
        """How many replies are being judged."""
        return len(self._under_way)

    def begin(self, reply: KeptReply) -> None:
        """Have `reply` judged; nothing waits for it."""
        if self.judge is not None:
            task = asyncio.create_task(self._judged(reply, self.judge))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def fill_gaps(self, transcript: Callable[[], Transcript], tell: Callable[[int, int], object]) -> None:
        """Wait for the verdicts under way, then have judged what of `transcript` was not.

        `tell` hears how many replies of how many are done. Gives up at the second failure in a row. Raises
        `StoreError`.
        """
        tell(0, len(unjudged(transcript())))
        if self._under_way:
            await asyncio.wait(self._under_way)
        gaps, failures = unjudged(transcript()), 0
        for done, reply in enumerate(gaps):
            if self.judge is None or failures == GIVES_UP_AFTER:
                return
            tell(done, len(gaps))
            await self._keep(reply, self.judge)
            verdict = transcript().verdict_on(reply)
            failures = failures + 1 if verdict and verdict.standing == "failed" else 0
        tell(len(gaps), len(gaps))

    async def _judged(self, reply: KeptReply, judge: Judge) -> None:
        with suppress(StoreError):  # a verdict that cannot be kept is a gap, as one that was never asked for
            await self._keep(reply, judge)

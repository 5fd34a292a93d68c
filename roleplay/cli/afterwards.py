"""After the last line of a call in plain mode: the trainee's own rating, the judge's last verdicts, the debrief."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from roleplay.cli import lines
from roleplay.cli.common import talk
from roleplay.cli.desk import Desk, Interrupted
from roleplay.conversation.session import Session
from roleplay.conversation.verdicts import unjudged
from roleplay.errors import StoreError
from roleplay.practice import wording
from roleplay.practice.aftercare import aftercare_of
from roleplay.practice.debrief import Debrief, debrief_of
from roleplay.text import counted

LONGEST_FINAL_PASS = 300.0
"""Seconds that a debrief waits for the judge where nobody is there who could skip it."""

_SOON = 0.5
"""Seconds within which nothing need be said of what the judge still reads."""

_BETWEEN = 10.0
"""Seconds between two lines on how far the judge is."""


class Afterwards:
    """Tells of `session` what comes after its end; `out` prints results, `help_resources` after danger among them."""

    def __init__(
        self, session: Session, desk: Desk, *, out: Callable[[str], None], help_resources: Callable[[], str]
    ) -> None:
        self._session, self._desk, self._out, self._help_resources = session, desk, out, help_resources

    async def judge(self) -> None:
        """Wait until the judge has read what it has not, as `tell` does."""
        judging = asyncio.create_task(self._session.fill_gaps(lambda done, all_of_them: None))
        try:
            await self._read_through(judging)
        finally:
            judging.cancel()
            await asyncio.gather(judging, return_exceptions=True)

    async def tell(self, *, judged: bool) -> None:
        """Tell the debrief: at a terminal piece by piece, after the trainee's own rating, else as a whole.

        `judged`: a judge takes part. What it has not judged yet it judges meanwhile. Raises `StoreError`,
        `Interrupted`.
        """
        judging = asyncio.create_task(self._session.fill_gaps(lambda done, all_of_them: None)) if judged else None
        try:
            if self._desk.echoes:
                await self._rated()
            if judging:
                await self._read_through(judging)
        finally:
            if judging:
                judging.cancel()
                await asyncio.gather(judging, return_exceptions=True)
        debrief = debrief_of(self._session.transcript)
        aftercare = aftercare_of(self._session.transcript, debrief)
        if self._desk.echoes:
            for line in lines.outcome(debrief, aftercare, self._help_resources()):
                self._out(line)
            await self._piece_by_piece(debrief)
        else:
            for line in lines.debrief(debrief, aftercare, self._help_resources()):
                self._out(line)

    async def _read_through(self, judging: asyncio.Task[None]) -> None:
        """Wait until the judge has read what it has not, unless that is skipped or takes too long."""
        patience = None if self._desk.echoes else LONGEST_FINAL_PASS
        try:
            await asyncio.wait_for(self._desk.breakable(self._watched(judging)), patience)
        except Interrupted:
            talk("\nSkipped: the offline assessment counts where the judge has none.")
        except TimeoutError:
            talk("The judge took too long: the offline assessment counts where it has none.")
        except StoreError as error:
            talk(f"A verdict of the judge could not be saved: {error}")

    async def _watched(self, judging: asyncio.Task[None]) -> None:
        """Wait for the judge, and say from time to time how much there is to read."""
        seconds, more = _SOON, "The judge is reading {} … (Ctrl+C skips)"
        while not (await asyncio.wait([judging], timeout=seconds))[0]:
            left = len(unjudged(self._session.transcript))
            talk(more.format(counted(left, "more reply", "more replies")))
            seconds, more = _BETWEEN, "The judge is still reading {} …"
        judging.result()

    async def _rated(self) -> None:
        try:
            await self._session.rate(await self._own_rating())
        except Interrupted:
            talk("\nSkipped.")

    async def _own_rating(self) -> int | None:
        whom = "these customers" if self._session.transcript.session.script.queue else "this customer"
        self._out(f"Before you see the score: how well did you hear {whom}, 0 (not at all) to 4 (fully)?")
        return await own_rating(self._desk)

    async def _piece_by_piece(self, debrief: Debrief) -> None:
        await self._wants("Press Enter for the score. ", yes=("",))
        for line in lines.scores(debrief):
            self._out(line)
        for reply in lines.reply_by_reply(debrief):
            if not await self._wants("Press Enter for the next reply, or type q to skip the rest: ", yes=("",)):
                break
            for line in reply:
                self._out(line)
        if debrief.untold:
            self._out(f"{wording.keepers(debrief)} kept something back. For another try it is better not to know it.")
            told = await self._wants("Type y to read it, or Enter: ", yes=("y", "yes"))
            for line in lines.kept_back(debrief, tell=told):
                self._out(line)
        for line in lines.notices(debrief):
            self._out(line)

    async def _wants(self, question: str, *, yes: tuple[str, ...]) -> bool:
        try:
            answer = await self._desk.ask(question)
        except Interrupted:
            talk("")
            return False
        return answer is not None and answer.strip().casefold() in yes


async def own_rating(desk: Desk) -> int | None:
    """A rating from 0 to 4 that is asked for; None if it is skipped. Raises `Interrupted`."""
    rating = await desk.ask("0 to 4, or Enter to skip: ")
    while rating is not None and rating.strip() not in ("", "0", "1", "2", "3", "4"):
        rating = await desk.ask("A number from 0 to 4, or Enter to skip: ")
    return int(rating) if rating and rating.strip() else None

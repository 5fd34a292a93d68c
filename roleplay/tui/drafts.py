"""Keeps what is typed and not sent: soon after each change, at once when asked, and never beside a reply."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from roleplay.errors import RoleplayError

WITHIN = 0.6
"""Seconds after a change within which it is on its way to the disk."""
_AGAIN = 2.0
"""Seconds after which keeping is tried again when it failed."""


class Drafts:
    """Keeps the latest text with `keep`, which may block and runs in a thread.

    `tell` is told of an error once, until keeping works again.
    """

    def __init__(self, keep: Callable[[str], None], tell: Callable[[RoleplayError], None]) -> None:
        self._keep, self._tell = keep, tell
        self._text = self._kept = ""
        self._timer: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()
        self._held = self._failing = False

    def changed(self, text: str) -> None:
        """What is typed is `text` now."""
        self._text = text
        self._plan(WITHIN)

    def loaded(self, text: str) -> None:
        """What is kept already is `text`, and it is in the box again."""
        self._kept = text

    async def now(self) -> bool:
        """Keep it at once; whether it is kept."""
        self._unplan()
        await self._write()
        return self._text == self._kept

    async def hold(self) -> None:
        """Keep nothing until `release`, and wait for what is being kept: a draft after its reply would stay."""
        self._held = True
        self._unplan()
        async with self._writing:
            pass

    def release(self, *, sent: bool) -> None:
        """Go on; `sent`: a reply was kept meanwhile, and with it the kept draft was cleared."""
        self._held = False
        if sent:
            self._kept = ""
        self._plan(WITHIN)

    def _plan(self, wait: float) -> None:
        if self._timer is None and not self._held and self._text != self._kept:
            self._timer = asyncio.create_task(self._later(wait))

    def _unplan(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _later(self, wait: float) -> None:
        await asyncio.sleep(wait)
        self._timer = None
        await self._write()

    async def _write(self) -> None:
        async with self._writing:
            text = self._text
            if self._held or text == self._kept:
                return
            try:
                await asyncio.to_thread(self._keep, text)
            except RoleplayError as error:
                if not self._failing:
                    self._tell(error)
                self._failing = True
                self._plan(_AGAIN)
            else:
                self._kept, self._failing = text, False
                self._plan(WITHIN)  # it may have changed meanwhile

"""The judge's last reading of a call that has ended: it goes on beside whatever is looked at meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App

from roleplay.conversation.session import Session
from roleplay.conversation.turns import Transcript
from roleplay.errors import RoleplayError


class FinalPass:
    """Has what was not judged of `session` judged, and tells one listener how far it is. Begins at once, in `app`."""

    def __init__(self, app: App[Any], session: Session) -> None:
        self._session = session
        self._done = self._all = 0
        self._listener: Callable[[], None] | None = None
        self.over = False
        """Whether nothing more comes."""
        self.fault = ""
        """Why it ended early, in a sentence; empty if it did not."""
        self._worker = app.run_worker(self._run(), group="final pass")

    def stop(self) -> None:
        """Read no further: the call is gone on with."""
        self._worker.cancel()

    @property
    def transcript(self) -> Transcript:
        """The call with the verdicts there are."""
        return self._session.transcript

    @property
    def told(self) -> str:
        """How far it is; empty once it is over."""
        if self.over:
            return ""
        return f"The judge is reading {self._done + 1} of {self._all} …" if self._all else "The judge is reading …"

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Have `listener` called whenever there is something to be told; None: nobody any more."""
        self._listener = listener

    async def _run(self) -> None:
        try:
            await self._session.fill_gaps(self._progress)
        except RoleplayError as error:
            self.fault = str(error)
        self.over = True
        self._tell()

    def _progress(self, done: int, all_: int) -> None:
        self._done, self._all = min(done, all_ - 1), all_
        self._tell()

    def _tell(self) -> None:
        if self._listener is not None:
            self._listener()

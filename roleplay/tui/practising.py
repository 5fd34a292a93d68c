"""The way from a debrief through the tries of its call: answering again, comparing, and again, until it leads back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from textual.app import App
from textual.screen import Screen

from roleplay.errors import RoleplayError
from roleplay.tui.again import AnswerAgain, Compare, GoOnWith, Practice

if TYPE_CHECKING:
    from roleplay.conversation.session import Session
    from roleplay.practice.calls import Calls
    from roleplay.tui.final_pass import FinalPass

Result = TypeVar("Result")


class To(Protocol):
    """Shows a screen, and gives what it is left with."""

    async def __call__(self, screen: Screen[Result]) -> Result | None:
        """What `screen` is left with."""
        ...


class Practising:
    """Leads `to` screens of `app`, one after the other, over tries of those of `calls` that have ended."""

    def __init__(self, app: App[Any], calls: Calls, to: To) -> None:
        self._app, self._calls, self._to = app, calls, to
        self._read: tuple[Session, FinalPass] | None = None
        """The try that was compared last, and the judge's reading of it, which may go on."""

    async def go(self, session_id: str, wanted: Practice) -> None:
        """From what is `wanted` back to where the call of that id is read. What goes wrong is told in passing."""
        following: Practice | None = wanted
        try:
            while following is not None:
                following = await self._step(session_id, following)
        except RoleplayError as error:
            self._app.notify(str(error), severity="error", markup=False, timeout=8)

    async def _step(self, session_id: str, wanted: Practice) -> Practice | None:
        from roleplay.tui.screens.compare import CompareScreen

        if isinstance(wanted, Compare):
            return await self._to(CompareScreen(self._calls, session_id, wanted))
        session = await self._opened(session_id, wanted)
        from roleplay.tui.final_pass import FinalPass
        from roleplay.tui.screens.call import CallScreen

        left = await self._to(CallScreen(self._calls, session, resumed=isinstance(wanted, GoOnWith)))
        if left != "compare":
            await session.aclose()
            return None
        final_pass = FinalPass(self._app, session)
        self._read = session, final_pass
        beside = Compare(None, session.transcript.branch)
        return await self._to(CompareScreen(self._calls, session_id, beside, final_pass=final_pass))

    async def _opened(self, session_id: str, wanted: AnswerAgain | GoOnWith) -> Session:
        """The try to be played. One that a judge is reading still is gone on with as it is, and not read further."""
        if isinstance(wanted, AnswerAgain):
            return await self._calls.rewind(session_id, wanted.turn, wanted.branch)
        if self._read is not None:
            session, final_pass = self._read
            transcript = session.transcript
            if (transcript.session.id, transcript.branch) == (session_id, wanted.branch):
                self._read = None
                final_pass.stop()
                return session
        return await self._calls.resume(session_id, wanted.branch)

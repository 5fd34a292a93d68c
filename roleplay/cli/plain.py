"""Plain mode: a call in printed lines, from the briefing to the debrief."""

from __future__ import annotations

from collections.abc import Callable

from roleplay.cli import lines
from roleplay.cli.common import talk
from roleplay.cli.replies import Replies
from roleplay.conversation.events import CustomerSpoke, ReplyKept, SessionEnded
from roleplay.conversation.session import Session
from roleplay.errors import BadInput, StoreError
from roleplay.persona.model import Persona
from roleplay.practice.debrief import debrief_of
from roleplay.text import one_line, quote

Print = Callable[[str], None]


class Paused(Exception):
    """The trainee saves the call and leaves; it can be gone on with."""


class PlainCall:
    """Plays one session on the lines of `replies`. `out` prints results; None keeps quiet."""

    def __init__(self, session: Session, replies: Replies, *, coached: bool, out: Print) -> None:
        self._session, self._replies, self._coached, self._out = session, replies, coached, out

    async def play(self, *, resumed: bool) -> None:
        """Play to the end and tell the debrief. Raises `Paused`, `RoleplayError`."""
        persona = self._session.transcript.session.script.persona
        self._brief(persona)
        if resumed:
            self._retell()
        await self._session.speak()
        if resumed and not self._session.line_is_due and not self._session.ended:
            await self._take_reply(persona)
        async for event in self._session.events():
            match event:
                case ReplyKept():
                    if not self._replies.echoes:
                        self._out(f"You: {one_line(event.text) or '(silence)'}")
                    if self._coached:
                        self._out(lines.heard(event))
                case CustomerSpoke():
                    self._out(f"Customer: {one_line(event.line.text)}")
                    if not event.ended:
                        await self._take_reply(persona)
                case SessionEnded():
                    await self._close()

    def _brief(self, persona: Persona) -> None:
        for line in lines.briefing(persona):
            self._out(line)
        if self._replies.echoes:
            for line in lines.HELP:
                self._out(line)

    def _retell(self) -> None:
        history = self._session.history
        if history:
            self._out("The call so far:")
        for message in history:
            label = "Customer" if message.role == "customer" else "You"
            self._out(f"{label}: {one_line(message.text) or '(silence)'}")

    async def _take_reply(self, persona: Persona) -> None:
        """Read lines until one was sent as a reply, or the trainee left."""
        while True:
            typed = self._replies.next()
            if typed is None:
                await self._session.leave()
                return
            words, gesture = typed, None
            if typed.startswith("/"):
                command, _, rest = typed[1:].partition(" ")
                if command == "leave":
                    await self._session.leave()
                    return
                if command == "pause":
                    raise Paused
                if command != "gesture":
                    self._tell(command, persona)
                    continue
                gesture, _, words = rest.strip().partition(" ")
                if gesture not in {each.id for each in persona.gestures}:
                    known = ", ".join(each.id for each in persona.gestures) or "none in this call"
                    unknown = f"There is no gesture {quote(gesture)}." if gesture else "Name the gesture."
                    talk(f"{unknown} Yours to give: {known}.")
                    continue
            if await self._sent(words, gesture):
                return

    async def _sent(self, words: str, gesture: str | None) -> bool:
        """Send a reply. At a terminal a refused reply is said to be refused, and another may be typed."""
        try:
            await self._session.reply(words, gesture)
        except BadInput as error:
            if not self._replies.echoes:
                raise BadInput(error.what, where=self._replies.where, mend=error.mend) from None
            talk(str(error))
            return False
        except StoreError as error:
            if not self._replies.echoes or self._session.line_is_due:
                raise
            talk(f"NOT saved: {error}")
            talk(f"Your reply was: {words}")
            return False
        return True

    def _tell(self, command: str, persona: Persona) -> None:
        if command == "brief":
            for line in lines.briefing(persona):
                self._out(line)
            return
        if command != "help":
            talk(f"There is no command /{one_line(command)}. To say it to the customer, put a space before it.")
        for line in lines.HELP:
            talk(line)

    async def _close(self) -> None:
        if self._replies.echoes:
            self._out("Before you see the score: how well did you hear this customer, 0 (not at all) to 4 (fully)?")
        rating = self._replies.ask("0 to 4, or Enter to skip: ")
        while rating is not None and rating.strip() not in ("", "0", "1", "2", "3", "4"):
            rating = self._replies.ask("A number from 0 to 4, or Enter to skip: ")
        if rating is not None:
            await self._session.rate(int(rating) if rating.strip() else None)
        for line in lines.debrief(debrief_of(self._session.transcript)):
            self._out(line)

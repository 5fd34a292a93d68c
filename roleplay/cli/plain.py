"""Plain mode: a call in printed lines, from the briefing to the debrief."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from roleplay.cli import lines
from roleplay.cli.common import talk
from roleplay.cli.replies import Replies
from roleplay.conversation.events import CustomerSpoke, ReplyKept, SceneBegan, SessionEnded, TriesAgain
from roleplay.conversation.said import retold
from roleplay.conversation.session import Session
from roleplay.conversation.turns import SceneBegins
from roleplay.errors import BadInput, NotSaved, StoreBusy
from roleplay.persona.model import Persona
from roleplay.practice import wording
from roleplay.practice.aftercare import aftercare_of
from roleplay.practice.debrief import debrief_of
from roleplay.text import one_line, quote

Print = Callable[[str], None]

_AGAIN = "Your reply is taken back; the first one is what counts. Answer this again:"
_WANTS_OUT = frozenset({"quit", "exit", "q", ":q", "leave", "stop", "help"})


class Paused(Exception):
    """The trainee saves the call and leaves; it can be gone on with."""


class PlainCall:
    """Plays one session on the lines of `replies`; `out` prints results, `help_resources` after danger among them."""

    def __init__(
        self, session: Session, replies: Replies, *, coached: bool, out: Print, help_resources: Callable[[], str]
    ) -> None:
        self._session, self._replies, self._coached, self._out = session, replies, coached, out
        self._help_resources = help_resources
        self._persona: Persona = session.transcript.session.script.persona
        self._hinted = False

    async def play(self, *, resumed: bool) -> None:
        """Play to the end and tell the debrief. Raises `Paused`, `RoleplayError`."""
        self._say(lines.briefing(self._persona))
        if self._replies.echoes:
            self._out("One line is one reply; an empty line is a silence. /help lists what else you can type.")
            self._replies.ask("Press Enter to take the call. ")
        if resumed:
            self._retell()
        their_turn = self._session.unfinished
        await self._session.speak()
        if not their_turn and not self._session.ended:
            await self._take_reply()
        async for event in self._session.events():
            match event:
                case ReplyKept():
                    if not self._replies.echoes:
                        self._out(f"You: {one_line(event.text) or '(silence)'}")
                    if self._coached:
                        self._out(lines.heard(event, self._session.transcript.session.script.rubric))
                case SceneBegan():
                    self._say(lines.scene(event.scene))
                case CustomerSpoke():
                    self._out(lines.customer(event.line.text, event.speaker))
                    if not event.ended and not event.scene_follows:
                        await self._take_reply()
                case TriesAgain():
                    self._out(_AGAIN)
                    self._out(lines.customer(event.customer, event.speaker))
                    await self._take_reply()
                case SessionEnded():
                    await self._close()

    def _say(self, printed: Iterable[str]) -> None:
        for line in printed:
            self._out(line)

    def _retell(self) -> None:
        if self._session.history:
            self._out("The call so far:")
        for told in retold(self._session.transcript):
            if isinstance(told, SceneBegins):
                self._say(lines.scene(told))
            elif told.role == "customer":
                self._out(lines.customer(told.text, told.speaker))
            else:
                self._out(f"You: {one_line(told.text) or '(silence)'}")
        next_turn = self._session.state.turn + 1
        if any(reply.turn == next_turn for reply in self._session.transcript.earlier):
            self._out(_AGAIN)

    async def _take_reply(self) -> None:
        """Read lines until one was sent as a reply, or the trainee left."""
        if self._replies.echoes and self._coached and self._session.can_try_again and not self._hinted:
            talk("To take that reply back and try again, type /again.")
            self._hinted = True
        while True:
            typed = self._replies.next()
            if typed is None:
                await self._session.leave()
                return
            if not typed.startswith("/"):
                if self._replies.echoes and typed.casefold() in _WANTS_OUT:
                    talk("To leave the call, type /leave. To say it to the customer, put a space before it.")
                elif await self._sent(typed, None):
                    return
                continue
            command, _, rest = typed[1:].partition(" ")
            if command == "leave":
                await self._session.leave()
                return
            if command == "pause":
                raise Paused
            if command == "again" and self._coached:
                if await self._taken_back():
                    return
                continue
            if command != "gesture":
                self._tell(command)
                continue
            gesture, _, words = rest.strip().partition(" ")
            if gesture not in {each.id for each in self._persona.gestures}:
                known = ", ".join(each.id for each in self._persona.gestures) or "none in this call"
                unknown = f"There is no gesture {quote(gesture)}." if gesture else "Name the gesture."
                talk(f"{unknown} Yours to give: {known}.")
            elif await self._sent(words, gesture):
                return

    async def _taken_back(self) -> bool:
        """Take the last reply back, or say why not. Raises `StoreError` as `_sent` does."""
        try:
            await self._session.try_again()
        except BadInput as error:
            talk(str(error))
            return False
        except (NotSaved, StoreBusy) as error:
            if not self._replies.echoes:
                raise
            talk(f"Not taken back: {error}")
            return False
        return True

    async def _sent(self, words: str, gesture: str | None) -> bool:
        """Send a reply. At a terminal one that was refused is said to be, and another may be typed.

        Raises `StoreError` for what typing again cannot mend, such as a call that was ended in another window.
        """
        given = len(self._session.transcript.replies)
        try:
            await self._session.reply(words, gesture)
        except BadInput as error:
            if not self._replies.echoes:
                raise BadInput(error.what, where=self._replies.where, mend=error.mend) from None
            talk(str(error))
            return False
        except (NotSaved, StoreBusy) as error:
            kept = len(self._session.transcript.replies) > given
            if not self._replies.echoes:
                if kept:
                    self._out(f"You: {one_line(self._session.transcript.replies[-1].text) or '(silence)'}")
                raise
            if not kept:
                talk(f"NOT saved: {error}")
                talk(f"Your reply was: {words}")
                return False
            await self._finish(error)
        return True

    async def _finish(self, error: NotSaved | StoreBusy) -> None:
        """The reply is kept and what follows is not: try again for as long as somebody wants to."""
        while self._session.unfinished:
            talk(f"Your reply is saved, but what follows is not: {error}")
            if self._replies.ask("Press Enter to try again. ") is None:
                raise error
            try:
                await self._session.speak()
            except (NotSaved, StoreBusy) as again:
                error = again

    def _tell(self, command: str) -> None:
        if command == "brief":
            self._say(lines.briefing(self._persona))
            return
        if command != "help":
            talk(f"There is no command /{one_line(command)}. To say it to the customer, put a space before it.")
        for line in lines.HELP:
            if self._coached or not line.startswith("/again"):
                talk(line)

    async def _close(self) -> None:
        """The trainee's own rating, then the debrief: at a terminal piece by piece, else as a whole."""
        if not self._replies.echoes:
            debrief = debrief_of(self._session.transcript)
            self._say(lines.debrief(debrief, aftercare_of(self._session.transcript, debrief), self._help_resources()))
            return
        try:
            await self._session.rate(self._own_rating())
        except KeyboardInterrupt:
            talk("\nSkipped.")
        debrief = debrief_of(self._session.transcript)
        self._say(lines.outcome(debrief, aftercare_of(self._session.transcript, debrief), self._help_resources()))
        self._wants("Press Enter for the score. ", yes=("",))
        self._say(lines.scores(debrief))
        for reply in lines.reply_by_reply(debrief):
            if self._wants("Press Enter for the next reply, or type q to skip the rest: ", yes=("",)):
                self._say(reply)
            else:
                break
        if debrief.untold:
            self._out(f"{wording.keepers(debrief)} kept something back. For another try it is better not to know it.")
            told = self._wants("Type y to read it, or Enter: ", yes=("y", "yes"))
            self._say(lines.kept_back(debrief, tell=told))

    def _own_rating(self) -> int | None:
        self._out("Before you see the score: how well did you hear this customer, 0 (not at all) to 4 (fully)?")
        rating = self._replies.ask("0 to 4, or Enter to skip: ")
        while rating is not None and rating.strip() not in ("", "0", "1", "2", "3", "4"):
            rating = self._replies.ask("A number from 0 to 4, or Enter to skip: ")
        return int(rating) if rating and rating.strip() else None

    def _wants(self, question: str, *, yes: tuple[str, ...]) -> bool:
        try:
            answer = self._replies.ask(question)
        except KeyboardInterrupt:
            talk("")
            return False
        return answer is not None and answer.strip().casefold() in yes

"""Plain mode: a call in printed lines, from the briefing to the debrief."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import msgspec

from roleplay.cli import lines
from roleplay.cli.afterwards import Afterwards
from roleplay.cli.common import talk
from roleplay.cli.desk import Desk, Paused
from roleplay.cli.stuck import Stuck
from roleplay.conversation.events import (
    ActorTrouble,
    CustomerSpoke,
    Event,
    ReplyKept,
    SceneBegan,
    TriesAgain,
    VerdictArrived,
)
from roleplay.conversation.said import retold
from roleplay.conversation.session import Session
from roleplay.conversation.turns import SceneBegins
from roleplay.errors import BadInput, NotSaved, StoreBusy
from roleplay.practice.calls import Calls
from roleplay.practice.heard import answered_by
from roleplay.text import one_line, quote

Print = Callable[[str], None]

HOW = "One line is one reply; an empty line is a silence. /help lists what else you can type."
"""How replies are typed."""
_WANTS_OUT = frozenset({"quit", "exit", "q", ":q", "leave", "stop", "help"})

_STOPPING = 0.3
"""Seconds in which a line that was broken into is kept as far as it came."""
_QUIET = 1.0
"""Seconds after which somebody who waits for the customer is told so."""


class PlainCall:
    """Plays one session, one of `calls`, at the `desk`; `out` prints results. `coached`: it is no exam."""

    help: tuple[str, ...] = lines.HELP
    """What can be typed."""
    again = "Your reply is taken back; the first one is what counts. Answer this again:"
    """What is said when a reply was taken back."""
    leaves = "leave"
    """The command that leaves."""

    def __init__(self, session: Session, calls: Calls, desk: Desk, *, coached: bool, out: Print) -> None:
        self._session, self._calls, self._desk, self._coached, self._out = session, calls, desk, coached, out
        script = session.transcript.session.script
        self._persona, self._in_queue = script.persona, bool(script.queue)
        self._stuck = Stuck(session, calls, desk)
        self._events = session.events()
        self._coming: asyncio.Task[Event | None] | None = None
        self._kept: dict[tuple[int, int], ReplyKept] = {}  # by branch and turn
        self._hinted = self._warned = False

    async def play(self, *, resumed: bool) -> None:
        """Play to the end and tell the debrief. Raises `Paused`, `Interrupted`, `RoleplayError`."""
        self._say(self._briefing())
        if self._desk.echoes:
            self._out(HOW)
            early = await self._desk.ask("Press Enter to take the call. ")
            if early and early.strip():
                talk(f"Nothing was sent yet: {quote(early.strip())}. Say it once the customer has spoken.")
        if resumed:
            self._retell()
        await self._to_the_end()
        meter = self._calls.meter(self._session.transcript)
        afterwards = Afterwards(self._session, self._desk, out=self._out, help_resources=self._calls.help_resources)
        await afterwards.tell(judged=meter is not None)
        self._tell_meter()

    async def _to_the_end(self) -> None:
        """Let the customer say what is due, and take replies until the call has ended."""
        await self._shown(self._session.speak())
        while not self._session.ended:
            if trouble := self._session.trouble:
                await self._stuck.way_on(trouble)
                await self._shown(self._session.speak())
            else:
                await self._take_reply()

    def _tell_meter(self) -> None:
        if meter := self._calls.meter(self._session.transcript):
            talk(f"This call took {meter.told}")

    async def _shown(self, work: Coroutine[Any, Any, None]) -> None:
        """Wait for `work`, and show at once what happens meanwhile. What happens at other times is shown then too."""
        doing = asyncio.create_task(work)
        quiet = asyncio.get_running_loop().call_later(_QUIET, self._say_waiting) if self._desk.echoes else None
        try:
            while not doing.done():
                await asyncio.wait({doing, self._next()}, return_when=asyncio.FIRST_COMPLETED)
                await self._show_what_happened()
        finally:
            if quiet:
                quiet.cancel()
            if not doing.done() and self._session.stop():  # so that what was said and taken so far is kept
                await asyncio.wait({doing}, timeout=_STOPPING)
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)
        doing.result()
        self._warn_of_limit()

    def _briefing(self) -> Iterable[str]:
        return lines.briefing(self._session.transcript.session.script)

    def _next(self) -> asyncio.Task[Event | None]:
        self._coming = self._coming or asyncio.create_task(self._happens())
        return self._coming

    async def _happens(self) -> Event | None:
        return await anext(self._events, None)

    async def _show_what_happened(self) -> None:
        while True:
            coming = self._next()
            await asyncio.sleep(0)  # in which it takes what is there already
            if not coming.done() or coming.result() is None:
                return
            self._coming = None
            self._show(coming.result())

    def _show(self, event: Event | None) -> None:
        match event:
            case ReplyKept():
                self._kept[self._session.transcript.branch, event.turn] = event
                if not self._desk.echoes:
                    self._out(f"You: {one_line(event.text) or '(silence)'}")
                if self._coached:
                    transcript = self._session.transcript
                    answered = answered_by(transcript, event.turn)
                    self._out(lines.heard(event, transcript.session.script.rubric, answered))
            case VerdictArrived() if self._coached:
                self._show_verdict(event)
            case SceneBegan():
                self._say(lines.scene(event.scene, in_queue=self._in_queue))
            case CustomerSpoke():
                self._stuck.over()
                self._out(lines.customer(event.line.text, event.speaker))
            case ActorTrouble():
                if event.half:
                    self._out(lines.customer(event.half, event.speaker, cut_off=True))
                self._stuck.told(event.trouble)
            case TriesAgain():
                self._out(self.again)
                self._out(lines.customer(event.customer, event.speaker))

    def _show_verdict(self, event: VerdictArrived) -> None:
        """What the judge heard, where that is not what was said of the reply before."""
        kept, transcript = event.verdict, self._session.transcript
        heard = self._kept.get(kept.place)
        if heard is None or kept.verdict.standing != "verified" or kept.verdict.assessment is None:
            return
        judged = msgspec.structs.replace(heard, assessment=kept.verdict.assessment)
        if event.before and event.after:
            judged = msgspec.structs.replace(judged, before=event.before, after=event.after)
        rubric, answered = transcript.session.script.rubric, answered_by(transcript, kept.turn)
        if lines.heard(judged, rubric, answered) == lines.heard(heard, rubric, answered):
            return
        self._kept[kept.branch, kept.turn] = judged
        latest = kept.place == max(self._kept)
        by = "judge" if latest else f"judge, on reply {kept.turn}"
        self._out(lines.heard(judged, rubric, answered, by=by))

    def _say_waiting(self) -> None:
        if self._session.line_is_due:
            talk("The customer is thinking …")

    def _warn_of_limit(self) -> None:
        meter = self._calls.meter(self._session.transcript)
        if meter and meter.warns and not self._warned:
            self._warned = True
            talk(f"Near the limit of this call: {meter.told}")

    def _say(self, printed: Iterable[str]) -> None:
        for line in printed:
            self._out(line)

    def _retell(self) -> None:
        transcript = self._session.transcript
        story = list(retold(transcript))
        if self._session.history:
            self._out("The call so far:")
        for number, told in enumerate(story, 1):
            if isinstance(told, SceneBegins):
                self._say(lines.scene(told, in_queue=self._in_queue))
            elif told.role == "customer":
                cut_off = number == len(story) and transcript.lines[-1].broken_off
                self._out(lines.customer(told.text, told.speaker, cut_off=cut_off))
            else:
                self._out(f"You: {one_line(told.text) or '(silence)'}")
        next_turn = self._session.state.turn + 1
        if any(reply.turn == next_turn for reply in transcript.earlier):
            self._out(self.again)

    async def _take_reply(self) -> None:
        """Read lines until one was sent as a reply, or the trainee left."""
        await self._show_what_happened()
        if self._desk.echoes and self._coached and self._session.can_try_again and not self._hinted:
            talk("To take that reply back and answer again, type /again.")
            self._hinted = True
        while True:
            typed = await self._desk.next()
            if typed is None:
                await self._leave()
                return
            if not typed.startswith("/"):
                if self._desk.echoes and typed.casefold() in _WANTS_OUT:
                    talk(f"To leave the call, type /{self.leaves}. To say it to the customer, put a space before it.")
                elif await self._sent(typed, None):
                    return
                continue
            command, _, rest = typed[1:].partition(" ")
            if command == self.leaves:
                await self._leave()
                return
            if command == "pause":
                raise Paused
            if command == "again" and self._coached:
                if await self._taken_back():
                    return
                continue
            if command != "gesture":
                await self._tell(command)
                continue
            gesture, _, words = rest.strip().partition(" ")
            if gesture not in {each.id for each in self._persona.gestures}:
                known = ", ".join(each.id for each in self._persona.gestures) or "none in this call"
                unknown = f"There is no gesture {quote(gesture)}." if gesture else "Name the gesture."
                talk(f"{unknown} Yours to give: {known}.")
            elif await self._sent(words, gesture):
                return

    async def _leave(self) -> None:
        """End the call: nobody replies any more."""
        await self._shown(self._session.leave())

    async def _taken_back(self) -> bool:
        """Take the last reply back, or say why not. Raises `StoreError` as `_sent` does."""
        try:
            await self._shown(self._session.try_again())
        except BadInput as error:
            talk(str(error))
            return False
        except (NotSaved, StoreBusy) as error:
            if not self._desk.echoes:
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
            await self._shown(self._session.reply(words, gesture))
        except BadInput as error:
            if not self._desk.echoes:
                raise BadInput(error.what, where=self._desk.where, mend=error.mend) from None
            talk(str(error))
            return False
        except (NotSaved, StoreBusy) as error:
            if not self._desk.echoes:
                raise
            if len(self._session.transcript.replies) == given:
                talk(f"NOT saved: {error}")
                talk(f"Your reply was: {words}")
                return False
            await self._finish(error)
        return True

    async def _finish(self, error: NotSaved | StoreBusy) -> None:
        """The reply is kept and what follows is not: try again for as long as somebody wants to."""
        while self._session.unfinished and not self._session.trouble:
            talk(f"Your reply is saved, but what follows is not: {error}")
            if await self._desk.ask("Press Enter to try again. ") is None:
                raise error
            try:
                await self._shown(self._session.speak())
            except (NotSaved, StoreBusy) as again:
                error = again

    async def _tell(self, command: str) -> None:
        """Do what a command asks for that says nothing to the customer."""
        if command == "brief":
            self._say(self._briefing())
            return
        meter = self._calls.meter(self._session.transcript)
        if command == "tokens":
            talk(meter.told if meter else "No language model takes part in this call.")
            return
        if command != "help":
            talk(f"There is no command /{one_line(command)}. To say it to the customer, put a space before it.")
        for line in self.help:
            if (self._coached or not line.startswith("/again")) and (meter or not line.startswith("/tokens")):
                talk(line)

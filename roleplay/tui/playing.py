"""A call as it happens on the screen: its steps are taken one after the other, and its events are shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Literal

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.events import (
    ActorTrouble,
    CustomerSpeaks,
    CustomerSpoke,
    ReplyKept,
    SceneBegan,
    SessionEnded,
    TriesAgain,
    VerdictArrived,
)
from roleplay.conversation.session import Session
from roleplay.errors import RoleplayError
from roleplay.practice import tries
from roleplay.practice.calls import Calls
from roleplay.practice.heard import left_behind
from roleplay.practice.playing import players_in
from roleplay.practice.visits import heading_of
from roleplay.text import one_line, sanitise
from roleplay.tui.coaching import Coaching
from roleplay.tui.frame import Frame
from roleplay.tui.literal import literal_line
from roleplay.tui.outbox import Outbox
from roleplay.tui.retelling import name_of, retold, scene_entries
from roleplay.tui.thinking import Thinking
from roleplay.tui.voice import Voice
from roleplay.tui.widgets.call_heading import CallHeading
from roleplay.tui.widgets.conversation import Conversation, Entry
from roleplay.tui.widgets.desk import Desk
from roleplay.tui.widgets.trouble_panel import TroublePanel

_NEW_SCENE = "A new scene begins. What you typed is still here."
_NEXT_ONE = "The next one steps up. What you typed is still here."
_WAITS = "waiting for another program that is writing to the transcripts …"
_LONGEST_STEP = 1.0
"""Seconds for which the end of a step is waited for when the screen is left."""


class Playing(Frame[Literal["ended", "paused", "compare"]]):
    """Plays `session`, which was begun or, if `resumed`, was cut short before. What the trainee does comes on top.

    In practice an ended call is answered again: all that came before is shown, and it is coached even after an exam.
    """

    class Waiting(Message):
        """Another program keeps a write waiting."""

    class DraftDone(Message):
        """Keeping the draft waits no longer."""

    def __init__(self, calls: Calls, session: Session, *, resumed: bool) -> None:
        super().__init__()
        self._calls, self._session, self._resumed = calls, session, resumed
        record = session.transcript.session
        self._persona = record.script.persona
        self._said, self._desk, self._trouble = Conversation(), Desk(), TroublePanel()
        self._box = self._desk.box
        self._outbox = Outbox(calls, session, self._said, self._desk, self._draft_failed, self._draft_done)
        self._practice = session.transcript.practice
        self._coaching = Coaching(session, on=session.transcript.coached)
        self._thinking = Thinking(self, self._desk.meanwhile)
        self._players = players_in(calls, session.transcript)
        mode = f"{self._persona.channel}, {'coached' if session.transcript.coached else 'exam'}"
        visit, (_, title) = record.script.visit, record.script.listed
        about = heading_of(visit) if visit and visit.title else title
        self._heading = CallHeading(self._persona.name, about, mode, self._players)
        self._new_scene = _NEXT_ONE if record.script.queue else _NEW_SCENE
        self._turn = asyncio.Lock()
        self._step: asyncio.Future[None] | None = None
        """What is being done in the session; it goes on though the screen is left."""
        self._her_turn = True
        """From a reply's way out until the customer's answer was seen to its end."""
        self._send_when_spoken = self._scene_opens = False
        self._leaving = self._stuck = self._over = False
        self._warned_of: int | None = None
        """The limit of tokens that the trainee was told to be near to."""

    def body(self) -> Iterator[Widget]:
        at_once = self.app.animation_level == "none"
        self._voice = Voice(self._said, chat=self._persona.channel == "chat", at_once=at_once)
        yield self._heading
        if self._practice:
            from_turn = tries.from_turn(self._session.transcript)
            yield Static(literal_line(tries.heading(from_turn), "$text-accent"), id="practice", markup=False)
        with Horizontal(id="call"):
            with Vertical(id="talk"):
                yield self._said
                if self._coaching.on:
                    yield self._coaching.strip
                yield self._trouble
                yield self._desk
                ended = ("This try has ended.", "compare") if self._practice else ("The call has ended.", "debrief")
                yield Static(Content.assemble((ended[0], "bold"), f"  Enter: {ended[1]}"), id="over", markup=False)
            if self._coaching.on:
                yield self._coaching.panel

    def on_mount(self) -> None:
        self._coaching.show()
        self._show_meter()
        self._calls.when_waiting(self._store_waits)
        if self._resumed or self._practice:
            how = "Resumed – nothing was lost." if self._resumed else tries.REWINDS
            self._said.add(*retold(self._session.transcript), Entry("note", how))
            began_with = self._session.transcript.session.actor
            if not self._players.model and began_with != ScriptedActor.name:
                gone = f"{one_line(sanitise(began_with))} is not there now: from here on the customer is scripted."
                self._said.add(Entry("note", gone))
            self._her_turn = self._session.unfinished
            if self._resumed:
                self._coaching.resume()
            else:
                self._coaching.answers_again()
            self.run_worker(self._load_draft(), group="draft")
        self.run_worker(self._listen(), group="events")
        self._speak()

    async def on_unmount(self) -> None:
        self._leaving = True
        self._thinking.stop()
        self._session.stop()
        await self._outbox.keep_what_is_typed(self._step, over=self._over)
        await self._outbox.hold()
        if self._step is not None:  # what was said of a line that is stopped now
            await asyncio.wait([self._step], timeout=_LONGEST_STEP)

    # What is done in the session

    def _take(self, step: Callable[[], Awaitable[None]], failed: Callable[[RoleplayError], None]) -> None:
        """Take a step in the session, to its end even if the screen is left meanwhile."""

        async def taken() -> None:
            async with self._turn:
                try:
                    await step()
                except RoleplayError as error:
                    if self.is_attached:
                        self._thinking.end()
                        failed(error)
                else:
                    if self._session.trouble:  # what was said of a line that broke off is not to be waited for
                        self._voice.hurry()
                    if self.is_attached:
                        self.refresh_bindings()

        async def whole() -> None:
            self._step = asyncio.ensure_future(taken())
            await asyncio.shield(self._step)

        self.run_worker(whole(), group="session")

    def _send(self, text: str) -> None:
        """Send `text`, which stands at the beginning of the box."""
        sending = self._outbox.send(text)
        self._her_turn = True
        self.refresh_bindings()
        self._think()

        def failed(error: RoleplayError) -> None:
            if len(self._session.transcript.replies) > sending.given:
                self._stop(error)
                return
            self._her_turn = self._session.unfinished
            self._outbox.not_sent(sending, error)
            self.say(str(error), wrong=True)

        self._take(self._outbox.deliver, failed)

    def _speak(self) -> None:
        """Let the customer say what is due."""
        if self._session.line_is_due:
            self._think()
        self._take(self._session.speak, self._stop)

    def _go_on(self) -> None:
        """What followed a reply was not kept: let it be said again, in place of what was seen of it."""
        self._stuck = False
        self._desk.tell("trying again …")
        self._voice.hurry()

        async def again() -> None:
            await asyncio.sleep(0.05)  # for the words that were told before the error to be drawn
            self._voice.take_back()
            await self._session.speak()
            self._desk.tell("")

        self._take(again, self._stop)

    def _stop(self, error: RoleplayError) -> None:
        self._stuck = True
        self.say(str(error), wrong=True)
        self._desk.tell("What follows could not be saved. Enter tries again.", wrong=True)

    @property
    def _not_yet(self) -> str:
        return f"{self._coaching.reading.name} has not answered yet. What you typed stays here."

    def _think(self) -> None:
        """A word is waited for, if a language model has to find it."""
        if self._players.model and self.is_attached:
            self._thinking.begin(self._coaching.reading.name)

    # What happens in the session

    async def _listen(self) -> None:
        async for event in self._session.events():
            match event:
                case ReplyKept():
                    self._outbox.kept()
                    self._coaching.reply_kept(event)
                    self.refresh_bindings()
                case SceneBegan(scene):
                    self._scene_opens = bool(self._session.transcript.replies)
                    self._said.add(*scene_entries(scene))
                    self._coaching.scene_began(event)
                case CustomerSpeaks(_, chunk, speaker):
                    self._thinking.end()
                    await self._voice.says(name_of(self._persona, speaker), chunk)
                    self._think()
                case CustomerSpoke():
                    self._thinking.end()
                    await self._voice.said(name_of(self._persona, event.speaker), event.line.text)
                    self._spoken(event)
                case ActorTrouble():
                    self._in_trouble(event)
                case VerdictArrived():
                    self._coaching.judged(event)
                    self._show_meter()
                case TriesAgain():
                    self._tries_again(event)
                case SessionEnded():
                    self._ended()

    def _spoken(self, event: CustomerSpoke) -> None:
        self._her_turn = event.scene_follows
        if self._desk.told == self._not_yet:
            self._desk.tell("")
        self._scene_opens = False
        self._show_meter()
        self.refresh_bindings()
        if event.scene_follows:
            self._think()
        if self._send_when_spoken and not event.ended:
            self._send_when_spoken = False
            if event.scene_follows:
                self._desk.tell(self._new_scene)
            else:
                self._send(self._box.text)

    def _in_trouble(self, event: ActorTrouble) -> None:
        self._thinking.end()
        self._voice.broke_off(name_of(self._persona, event.speaker), event.half)
        self._send_when_spoken = False
        self._show_meter()
        if not self._leaving and not self._over:
            self._trouble.show(event.trouble)
            self.add_class("troubled")
            self._trouble.mark()
            self.refresh_bindings()

    def _untroubled(self) -> None:
        self._trouble.hide()
        self.remove_class("troubled")
        if not self._over:
            self._box.focus()
        self.refresh_bindings()

    def _tries_again(self, event: TriesAgain) -> None:
        name = name_of(self._persona, event.speaker)
        self._said.add(
            Entry("note", tries.REWINDS if self._practice else tries.TAKES_BACK),
            Entry("customer", event.customer, name),
        )
        self._coaching.tries_again(event)
        if self._practice:
            self._outbox.on_another_branch()
        self._her_turn = False
        self.refresh_bindings()

    def _ended(self) -> None:
        self._over = True
        self._thinking.end()
        self._untroubled()
        ending = self._session.transcript.ending
        if ending and ending.by == "left":
            self._said.add(Entry("note", f"You ended the call. {left_behind(self._session.transcript)}".strip()))
        unsent = self._outbox.unsent()
        if unsent:
            self._said.add(Entry("note", f"The call was over before you sent: {unsent}"))
        self.run_worker(self._outbox.keep(), group="draft")
        self.add_class("ended")
        self._box.disabled = True  # so that the focus does not come back to it from another screen
        self.set_focus(None)
        self.refresh_bindings()

    # What is told

    def _show_meter(self) -> None:
        meter = self._calls.meter(self._session.transcript)
        self._heading.show(self._players, meter)
        if meter and meter.warns and meter.limit != self._warned_of:
            self._warned_of = meter.limit
            self.say(f"Near the limit of this call: {meter.told}")

    def _store_waits(self) -> None:
        """Called in the thread that waits."""
        self.post_message(self.Waiting())

    def on_playing_waiting(self) -> None:
        self._desk.tell(_WAITS)

    async def _load_draft(self) -> None:
        try:
            await self._outbox.load_draft()
        except RoleplayError as error:
            self.say(str(error), wrong=True)

    def _draft_done(self) -> None:
        """Called in a thread."""
        self.post_message(self.DraftDone())

    def on_playing_draft_done(self) -> None:
        if self._desk.told == _WAITS and not self._outbox.sending:
            self._desk.tell("")

    def _draft_failed(self, error: RoleplayError) -> None:
        self.say(f"What you type cannot be kept at the moment: {error}", wrong=True)

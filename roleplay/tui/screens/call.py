"""The call: the customer speaks, you write, and beside it coached mode says how you were heard."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from roleplay.conversation.events import CustomerSpeaks, CustomerSpoke, ReplyKept, SceneBegan, SessionEnded, TriesAgain
from roleplay.conversation.session import Session
from roleplay.errors import NotSaved, RoleplayError, StoreBusy
from roleplay.practice.calls import Calls
from roleplay.practice.heard import gestures_left, heard_last, heard_of, left_behind
from roleplay.practice.hints import hint
from roleplay.text import REPLY_LIMIT, one_line, sanitise
from roleplay.tui.drafts import Drafts
from roleplay.tui.frame import Frame, too_small
from roleplay.tui.retelling import heading, name_of, reading, reply_entries, retold, scene_entries
from roleplay.tui.voice import Voice
from roleplay.tui.widgets.conversation import Conversation, Entry
from roleplay.tui.widgets.desk import Desk
from roleplay.tui.widgets.reply_box import ReplyBox
from roleplay.tui.widgets.state_panel import Reading, StatePanel, StateStrip

_NEW_SCENE = "A new scene begins. What you typed is still here."
COMMANDS = ("/again", "/brief", "/gesture", "/help", "/leave", "/pause")
"""What plain mode takes for a command; here it is hardly meant for the customer."""
_WAITS = "waiting for another program that is writing to the transcripts …"


@dataclass
class _Sending:
    """A reply on its way: it is shown as sent when it is kept, and comes back into the box if it is not."""

    text: str
    gesture: str | None
    entries: list[Entry]
    given: int
    """Replies that were kept before it."""


class CallScreen(Frame[Literal["ended", "paused"]]):
    """Plays `session`, which was begun or, if `resumed`, was cut short before."""

    class Waiting(Message):
        """Another program keeps a write waiting."""

    class DraftDone(Message):
        """Keeping the draft waits no longer."""

    CSS_PATH = "call.tcss"
    AUTO_FOCUS = "ReplyBox"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "debrief", "Debrief", tooltip="What this call teaches"),
        Binding("f2", "hint", "Hint", tooltip="A question to think about; again: one way to say it"),
        Binding("f3", "gesture", "Gesture", tooltip="Something small that is yours to give with your next reply"),
        Binding("f4", "try_again", "Try that again", tooltip="Take back a reply that missed, and give another"),
        Binding("escape", "pause", "Pause", tooltip="Go on later, or end the call"),
        Binding("f5", "record", "Record", tooltip="What is on your screen, and what you may do"),
        Binding("pageup", "page(-1)", "Earlier", show=False, tooltip="What was said before"),
        Binding("pagedown", "page(1)", "Later", show=False, tooltip="What was said after that"),
        Binding("ctrl+end", "to_end", "Latest", show=False, tooltip="What was said last"),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True, tooltip="Quit; what is typed is kept"),
    ]

    def __init__(self, calls: Calls, session: Session, *, resumed: bool) -> None:
        super().__init__()
        self._calls, self._session, self._resumed = calls, session, resumed
        record = session.transcript.session
        self._persona, self._rubric = record.script.persona, record.script.rubric
        self._coached = not record.exam
        self._drafts = Drafts(self._keep_draft, self._draft_failed)
        self._said, self._desk = Conversation(), Desk()
        self._turn = asyncio.Lock()
        self._step: asyncio.Future[None] | None = None
        """What is being done in the session; it goes on though the screen is left."""
        self._sending: _Sending | None = None
        self._her_turn = True
        """From a reply's way out until the customer's answer was seen to its end."""
        self._cut_in = False
        self._send_when_spoken = self._scene_opens = False
        self._taking_back = self._quitting = False
        self._stuck = self._over = False
        self._gesture: str | None = None
        self._reading = reading(session.transcript, session.state)

    def body(self) -> Iterator[Widget]:
        at_once = self.app.animation_level == "none"
        self._voice = Voice(self._said, chat=self._persona.channel == "chat", at_once=at_once)
        yield Static(heading(self._session.transcript), id="who", markup=False)
        with Horizontal(id="call"):
            with Vertical(id="talk"):
                yield self._said
                if self._coached:
                    yield StateStrip()
                yield self._desk
                yield Static(
                    Content.assemble(("The call has ended.", "bold"), "  Enter: debrief"), id="over", markup=False
                )
            if self._coached:
                yield StatePanel(id="panel")

    def on_mount(self) -> None:
        self._box = self._desk.box
        self._show_reading()
        self._calls.when_waiting(self._store_waits)
        if self._resumed:
            self._said.add(*retold(self._session.transcript), Entry("note", "Resumed – nothing was lost."))
            self._her_turn = self._session.unfinished
            self._show_reading(replace(self._reading, heard=heard_last(self._session.transcript)))
            self.run_worker(self._load_draft(), group="draft")
        self.run_worker(self._listen(), group="events")
        self._do(self._speak())

    async def on_unmount(self) -> None:
        await self._keep_what_is_typed()
        await self._drafts.hold()

    def on_resize(self, event: Resize) -> None:
        if too_small(event.size):
            self.run_worker(self._drafts.now(), group="draft")

    def _do(self, steps: Coroutine[Any, Any, None]) -> None:
        """Take `steps` in the session, to their end even if the screen is left meanwhile."""

        async def whole() -> None:
            self._step = asyncio.ensure_future(steps)
            await asyncio.shield(self._step)

        self.run_worker(whole(), group="session")

    async def _keep_what_is_typed(self) -> bool:
        """Wait until a reply on its way is kept or refused, and keep what is typed beside it; whether that was done."""
        sending, step = self._sending, self._step
        if sending is not None and step is not None:
            while not step.done() and len(self._session.transcript.replies) == sending.given:
                await asyncio.wait([step], timeout=0.02)
        if sending is not None and self._sending is sending:
            sent = len(self._session.transcript.replies) > sending.given
            self._drafts.release(sent=sent)
            self._drafts.changed(self._box.text if sent else _joined(sending.text, self._box.text))
        elif not self._over:
            self._drafts.changed(self._box.text)
        return await self._drafts.now()

    # What happens in the session

    async def _listen(self) -> None:
        async for event in self._session.events():
            match event:
                case ReplyKept():
                    self._reply_kept(event)
                case SceneBegan(scene, state):
                    self._scene_opens = bool(self._session.transcript.replies)
                    self._said.add(*scene_entries(scene))
                    self._show_reading(replace(reading(self._session.transcript, state), heard=self._reading.heard))
                case CustomerSpeaks():
                    await self._voice.says(name_of(self._persona, event.speaker), event.chunk)
                case CustomerSpoke():
                    await self._voice.said(name_of(self._persona, event.speaker), event.line.text)
                    self._spoken(event)
                case TriesAgain():
                    self._tries_again(event)
                case SessionEnded():
                    self._ended()

    def _spoken(self, event: CustomerSpoke) -> None:
        self._her_turn = event.scene_follows
        self._scene_opens = False
        self.refresh_bindings()
        if self._send_when_spoken and not event.ended:
            self._send_when_spoken = False
            if event.scene_follows:
                self._desk.tell(_NEW_SCENE)
            else:
                self._send(self._box.text)

    def _reply_kept(self, event: ReplyKept) -> None:
        sending, self._sending = self._sending, None
        for entry in sending.entries if sending else ():
            self._said.change(entry)
        self._drafts.release(sent=True)
        self._desk.tell("")
        if self._coached:
            self._show_reading(
                self._reading.moved(event.after.trust, event.after.distress, heard_of(event, self._rubric))
            )
        self.refresh_bindings()

    def _tries_again(self, event: TriesAgain) -> None:
        name = name_of(self._persona, event.speaker)
        self._said.add(
            Entry("note", "You take that back. The first reply still counts; from here on it is practice."),
            Entry("customer", event.customer, name),
        )
        self._show_reading(
            replace(reading(self._session.transcript, event.state), note="You answer this line once more.")
        )
        self._her_turn = False
        self.refresh_bindings()

    def _ended(self) -> None:
        self._over = True
        ending = self._session.transcript.ending
        if ending and ending.by == "left":
            self._said.add(Entry("note", f"You ended the call. {left_behind(self._session.transcript)}".strip()))
        unsent = one_line(self._box.text)
        if unsent:
            self._said.add(Entry("note", f"The call was over before you sent: {unsent}"))
        self._drafts.changed("")
        self.run_worker(self._drafts.now(), group="draft")
        self.add_class("ended")
        self._box.disabled = True  # so that the focus does not come back to it from another screen
        self.set_focus(None)
        self.refresh_bindings()

    # What the trainee does

    def on_reply_box_pressed(self) -> None:
        self._cut_in = self._voice.speaking
        self._voice.hurry()
        if not self._sending and not self._stuck:
            self._desk.tell("")

    def on_reply_box_refused(self, event: ReplyBox.Refused) -> None:
        self._desk.tell(event.sentence, wrong=True)

    def on_text_area_changed(self) -> None:
        self._drafts.changed(self._box.text)
        self._desk.count()

    def on_reply_box_sent(self, event: ReplyBox.Sent) -> None:
        length = self._box.length
        if self._stuck:
            self._do(self._go_on())
        elif length > REPLY_LIMIT:
            self._desk.tell(f"At most {REPLY_LIMIT:,} characters can be said at once. Nothing was sent.", wrong=True)
        elif self._sending:
            self._desk.tell("Your last reply is still being saved. What you typed stays here.")
        elif self._box.text.strip() in COMMANDS:
            self._desk.tell("Here keys do that: F1 lists them. To say it to the customer, put a word before it.")
        elif self._taking_back:
            self._desk.tell("One moment: your last reply is being taken back. What you typed stays here.")
        elif not length and not self._gesture and (self._cut_in or not self._desk.means_silence()):
            return
        elif self._scene_opens:
            self._voice.hurry()
            self._desk.tell(_NEW_SCENE)
        elif self._voice.speaking:
            self._send_when_spoken = True
            self._voice.hurry()
        elif self._her_turn:
            self._desk.tell(f"{self._reading.name} has not answered yet. What you typed stays here.")
        else:
            # a key that came between Enter and now, and not at the end, belongs to the reply
            self._send(event.text if self._box.text.startswith(event.text) else self._box.text)

    def _send(self, text: str) -> None:
        words, gesture = sanitise(text).strip(), self._gesture
        entries = reply_entries(self._persona, words, gesture, pending=True)
        self._sending = _Sending(words, gesture, entries, len(self._session.transcript.replies))
        self._her_turn = True
        self._said.add(*entries)
        self._said.to_end()
        self._box.put(self._box.text.removeprefix(text))  # what was typed since Enter stays
        self._take_along(None)
        self._desk.tell("sending …")
        self._do(self._reply(self._sending))

    async def _reply(self, sending: _Sending) -> None:
        async with self._turn:
            await self._drafts.hold()
            try:
                await self._session.reply(sending.text, sending.gesture)
            except RoleplayError as error:
                if not self.is_attached:
                    return
                if len(self._session.transcript.replies) > sending.given:
                    self._stopped(error)
                else:
                    self._not_sent(sending, error)

    async def _speak(self) -> None:
        async with self._turn:
            try:
                await self._session.speak()
            except RoleplayError as error:
                if self.is_attached:
                    self._stopped(error)

    async def _go_on(self) -> None:
        """What followed a reply was not kept: let it be said again, in place of what was seen of it."""
        self._stuck = False
        self._desk.tell("trying again …")
        self._voice.hurry()
        await asyncio.sleep(0.05)  # for the words that were told before the error to be drawn
        self._voice.take_back()
        await self._speak()
        if not self._stuck:
            self._desk.tell("")

    def _not_sent(self, sending: _Sending, error: RoleplayError) -> None:
        for entry in sending.entries:
            self._said.take_back(entry)
        self._sending = None
        self._her_turn = self._session.unfinished
        self._box.put(_joined(sending.text, self._box.text))
        self._take_along(sending.gesture)
        self._drafts.release(sent=False)
        self.say(str(error), wrong=True)
        again = " Enter tries again." if isinstance(error, NotSaved | StoreBusy) else ""
        self._desk.tell(f"NOT saved. Your reply is back in the box.{again}", wrong=True)

    def _stopped(self, error: RoleplayError) -> None:
        self._stuck = True
        self.say(str(error), wrong=True)
        self._desk.tell("What follows could not be saved. Enter tries again.", wrong=True)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "debrief":
                return self._over
            case "hint":
                return self._coached and not self._over and not self._her_turn
            case "gesture":
                return not self._over and bool(gestures_left(self._session))
            case "try_again":
                return not self._her_turn and not self._taking_back and self._session.can_try_again
            case "pause":
                return not self._over
        return True

    def action_debrief(self) -> None:
        self.dismiss("ended")

    def action_hint(self) -> None:
        if self._her_turn:  # the session knows already what is to be answered next, and it was not said yet
            return
        self._show_reading(self._reading.hinted(hint(self._session)))

    def action_gesture(self) -> None:
        from roleplay.tui.screens.gesture import GestureScreen

        self.app.push_screen(GestureScreen(gestures_left(self._session)), self._take_along)

    def action_drop_gesture(self) -> None:
        self._take_along(None)

    def action_try_again(self) -> None:
        self._taking_back = True
        self.refresh_bindings()
        self._do(self._try_again())

    async def _try_again(self) -> None:
        async with self._turn:
            taken_back = self._session.transcript.replies[-1].text
            try:
                await self._session.try_again()
            except RoleplayError as error:
                self.say(str(error), wrong=True)
            else:
                if not self._box.text.strip():
                    self._box.put(taken_back, selected=True)
            finally:
                self._taking_back = False
                self.refresh_bindings()

    def action_record(self) -> None:
        from roleplay.tui.screens.record import RecordScreen

        self.app.push_screen(RecordScreen(self._persona))

    def action_page(self, direction: int) -> None:
        self._said.page(direction)

    def action_to_end(self) -> None:
        self._said.to_end()

    async def may_quit(self) -> bool:
        """Keep what is typed; asked once more, quit without it."""
        if self._quitting:
            return True
        self._quitting = True
        self._desk.tell("saving …")
        if await self._keep_what_is_typed():
            return True
        self._desk.tell("NOT saved: what you typed. Ctrl+Q again quits without it.", wrong=True)
        return False

    def action_pause(self) -> None:
        if self._gesture:
            self._take_along(None)
            return
        from roleplay.tui.screens.pause import PauseScreen

        self.run_worker(self._drafts.now(), group="draft")
        self.app.push_screen(PauseScreen(self._reading.name), self._paused)

    def _paused(self, choice: str | None) -> None:
        if choice == "leave":
            self.run_worker(self._leave_for_now(), group="leave")
        elif choice == "end":
            self._do(self._hang_up())

    async def _leave_for_now(self) -> None:
        self._desk.tell("saving …")
        async with self._turn:
            kept = await self._drafts.now()
        if kept:
            self.dismiss("paused")
        else:
            self._desk.tell("NOT saved: what you typed. The call is still here.", wrong=True)

    async def _hang_up(self) -> None:
        self._voice.hurry()
        async with self._turn:
            try:
                await self._session.leave()
            except RoleplayError as error:
                self.say(str(error), wrong=True)

    # What is shown

    def on_conversation_followed(self, event: Conversation.Followed) -> None:
        self._desk.aside("" if event.following else "↓ more below (Ctrl+End)")

    def _store_waits(self) -> None:
        """Called in the thread that waits."""
        self.post_message(self.Waiting())

    def on_call_screen_waiting(self) -> None:
        self._desk.tell(_WAITS)

    def on_call_screen_draft_done(self) -> None:
        if self._desk.told == _WAITS and not self._sending:
            self._desk.tell("")

    def _take_along(self, gesture: str | None) -> None:
        """Let the gesture of that id go with the next reply, or none."""
        self._gesture = gesture
        self._desk.take_along(next((each for each in self._persona.gestures if each.id == gesture), None))

    def _show_reading(self, reading: Reading | None = None) -> None:
        self._reading = reading or self._reading
        if self._coached:
            self.query_one(StatePanel).show(self._reading)
            self.query_one(StateStrip).show(self._reading)

    # What is typed

    async def _load_draft(self) -> None:
        try:
            draft = await asyncio.to_thread(self._calls.draft, self._session.transcript.session.id)
        except RoleplayError as error:
            self.say(str(error), wrong=True)
            return
        if draft:
            self._drafts.loaded(draft)
            self._box.put(_joined(draft, self._box.text))

    def _keep_draft(self, text: str) -> None:
        """Called in a thread."""
        try:
            self._calls.keep_draft(self._session.transcript.session.id, text)
        finally:
            self.post_message(self.DraftDone())

    def _draft_failed(self, error: RoleplayError) -> None:
        self.say(f"What you type cannot be kept at the moment: {error}", wrong=True)


def _joined(first: str, then: str) -> str:
    """Two pieces of what was typed, the earlier one first."""
    return f"{first}\n{then}" if then.strip() else first

"""The call: the customer speaks, you write, and beside it coached mode says how you were heard."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.events import Resize

from roleplay.errors import RoleplayError
from roleplay.practice.heard import gestures_left
from roleplay.practice.playing import SCRIPTED
from roleplay.practice.tries import ANSWER_AGAIN
from roleplay.text import REPLY_LIMIT
from roleplay.tui import brief
from roleplay.tui.frame import too_small
from roleplay.tui.playing import Playing
from roleplay.tui.widgets.conversation import Conversation, Entry
from roleplay.tui.widgets.reply_box import ReplyBox
from roleplay.tui.widgets.trouble_panel import TroublePanel

COMMANDS = ("/again", "/brief", "/gesture", "/help", "/leave", "/pause")
"""What plain mode takes for a command; here it is hardly meant for the customer."""


class CallScreen(Playing):
    """A call that is played, and what the trainee can do in it. Dismisses when it has ended or is left for now."""

    CSS_PATH = "call.tcss"
    AUTO_FOCUS = "ReplyBox"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "debrief", "Debrief", tooltip="What this call teaches"),
        Binding("enter", "compare", "Compare", tooltip="This try beside the first path"),
        Binding("f2", "hint", "Hint", tooltip="A question to think about; again: one way to say it"),
        Binding("f3", "gesture", "Gesture", tooltip="Something small that is yours to give with your next reply"),
        Binding("f4", "try_again", ANSWER_AGAIN, tooltip="Take back a reply that missed, and answer that line again"),
        Binding("escape", "stop", "Stop", tooltip="Stop the customer in the middle of a line, or the waiting"),
        Binding("escape", "pause", "Pause", tooltip="Go on later, or end the call"),
        Binding("f5", "record", "Record", tooltip="What is on your screen, and what you may do"),
        Binding("pageup", "page(-1)", "Earlier", show=False, tooltip="What was said before"),
        Binding("pagedown", "page(1)", "Later", show=False, tooltip="What was said after that"),
        Binding("ctrl+end", "to_end", "Latest", show=False, tooltip="What was said last"),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True, tooltip="Quit; what is typed is kept"),
    ]

    _cut_in = _taking_back = _quitting = False

    def on_resize(self, event: Resize) -> None:
        if too_small(event.size):
            self.run_worker(self._outbox.keep(), group="draft")

    # What the trainee writes

    def on_reply_box_pressed(self) -> None:
        self._cut_in = self._voice.speaking
        self._voice.hurry()
        if not self._outbox.sending and not self._stuck:
            self._desk.tell("")

    def on_words_box_refused(self, event: ReplyBox.Refused) -> None:
        self._desk.tell(event.sentence, wrong=True)

    def on_text_area_changed(self) -> None:
        self._outbox.changed()
        self._desk.count()

    def on_words_box_sent(self, event: ReplyBox.Sent) -> None:
        length = self._box.length
        if self._stuck:
            self._go_on()
        elif length > REPLY_LIMIT:
            self._desk.tell(f"At most {REPLY_LIMIT:,} characters can be said at once. Nothing was sent.", wrong=True)
        elif self._outbox.sending:
            self._desk.tell("Your last reply is still being saved. What you typed stays here.")
        elif self._box.text.strip() in COMMANDS:
            self._desk.tell("Here keys do that: F1 lists them. To say it to the customer, put a word before it.")
        elif self._taking_back:
            self._desk.tell("One moment: your last reply is being taken back. What you typed stays here.")
        elif self._trouble.trouble:
            self._desk.tell("Choose first what to do about it (Tab). What you typed stays here.")
        elif not length and not self._outbox.gesture and (self._cut_in or not self._desk.means_silence()):
            return
        elif self._scene_opens:
            self._voice.hurry()
            self._desk.tell(self._new_scene)
        elif self._voice.speaking:
            self._send_when_spoken = True
            self._voice.hurry()
        elif self._her_turn:
            self._desk.tell(self._not_yet)
        else:
            # a key that came between Enter and now, and not at the end, belongs to the reply
            self._send(event.text if self._box.text.startswith(event.text) else self._box.text)

    # What the trainee does about trouble

    def on_trouble_panel_chosen(self, event: TroublePanel.Chosen) -> None:
        trouble = self._trouble.trouble
        if trouble is None:
            return
        match event.wanted:
            case "wait":
                self._trouble.count_down(trouble.wait or 0.0)
                self.refresh_bindings()
            case "stop waiting":
                self._stop_waiting()
            case "leave":
                self.run_worker(self._leave_for_now(), group="leave")
            case "scripted":
                self._calls.go_on_scripted(self._session)
                self._players = SCRIPTED
                self._said.add(Entry("note", "From here on the customer is scripted."))
                self._speak_again()
            case "lift":
                self._calls.lift_limit(self._session)
                self._speak_again()
            case "retry":
                self._speak_again()

    def on_trouble_panel_typed(self, event: TroublePanel.Typed) -> None:
        self._box.focus()
        self._box.insert(event.text)

    def _speak_again(self) -> None:
        self._untroubled()
        self._show_meter()
        self._speak()

    def _stop_waiting(self) -> bool:
        """Count no seconds any more; whether they were counted."""
        stopped = self._trouble.stop_counting()
        if stopped:
            self._trouble.mark()
            self.refresh_bindings()
        return stopped

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "debrief":
                return self._over and not self._practice
            case "compare":
                return self._over and self._practice
            case "stop":
                return self._trouble.counting or self._streams
            case "hint":
                return self._coaching.on and not self._over and not self._her_turn
            case "gesture":
                return not self._over and bool(gestures_left(self._session))
            case "try_again":
                return not self._her_turn and not self._taking_back and self._session.can_try_again
            case "pause":
                return not self._over
        return True

    @property
    def _streams(self) -> bool:
        """Whether a language model is looking for words; they may be shown later than it finds them."""
        waits = self._session.line_is_due and not self._stuck
        return bool(self._players.model) and waits and self._trouble.trouble is None

    def action_debrief(self) -> None:
        self.dismiss("ended")

    def action_compare(self) -> None:
        self.dismiss("compare")

    def action_hint(self) -> None:
        if self._her_turn:  # the session knows already what is to be answered next, and it was not said yet
            return
        self._coaching.hint()

    def action_gesture(self) -> None:
        from roleplay.tui.screens.gesture import GestureScreen

        self.app.push_screen(GestureScreen(gestures_left(self._session)), self._outbox.take_along)

    def action_drop_gesture(self) -> None:
        self._outbox.take_along(None)

    def action_try_again(self) -> None:
        self._taking_back = True
        self.refresh_bindings()
        self._take(self._try_again, lambda error: self.say(str(error), wrong=True))

    async def _try_again(self) -> None:
        taken_back = self._session.transcript.replies[-1].text
        try:
            await self._session.try_again()
            if not self._box.text.strip():
                self._box.put(taken_back, selected=True)
        finally:
            self._taking_back = False
            self.refresh_bindings()

    def action_record(self) -> None:
        from roleplay.tui.screens.record import RecordScreen

        self.app.push_screen(RecordScreen(brief.whole(self._session.transcript.session.script)))

    def action_page(self, direction: int) -> None:
        self._said.page(direction)

    def action_to_end(self) -> None:
        self._said.to_end()

    def on_conversation_followed(self, event: Conversation.Followed) -> None:
        self._desk.aside("" if event.following else "↓ more below (Ctrl+End)")

    # Pausing and leaving

    def action_stop(self) -> None:
        """Stop the waiting, or the customer in the middle of a line."""
        if self._stop_waiting():
            return
        if self._session.stop():
            self._voice.hurry()
        else:  # the line was complete just now
            self.action_pause()

    def action_pause(self) -> None:
        if self._outbox.gesture:
            self._outbox.take_along(None)
            return
        from roleplay.tui.screens.pause import PauseScreen

        self.run_worker(self._outbox.keep(), group="draft")
        meter = self._calls.meter(self._session.transcript)
        told = f"{self._players.told}. {meter.told}" if meter else ""
        self.app.push_screen(PauseScreen(self._coaching.reading.name, told, practice=self._practice), self._paused)

    def _paused(self, choice: str | None) -> None:
        if choice == "leave":
            self.run_worker(self._leave_for_now(), group="leave")
        elif choice == "compare":
            self.run_worker(self._leave_for_now("compare"), group="leave")
        elif choice == "end":
            self._leave_for_good()

    async def _leave_for_now(self, result: Literal["paused", "compare"] = "paused") -> None:
        self._desk.tell("saving …")
        self._leaving = True
        self._session.stop()
        async with self._turn:
            kept = await self._outbox.keep()
        if kept:
            self.dismiss(result)
            return
        self._leaving = False
        self._desk.tell("NOT saved: what you typed. The call is still here.", wrong=True)

    def _leave_for_good(self) -> None:
        self._leaving = True
        self._session.stop()
        self._voice.hurry()

        def failed(error: RoleplayError) -> None:
            self._leaving = False
            self.say(str(error), wrong=True)

        self._take(self._session.leave, failed)

    async def may_quit(self) -> bool:
        """Keep what is typed; asked once more, quit without it."""
        if self._quitting:
            return True
        self._quitting = True
        self._desk.tell("saving …")
        if await self._outbox.keep_what_is_typed(self._step, over=self._over):
            return True
        self._desk.tell("NOT saved: what you typed. Ctrl+Q again quits without it.", wrong=True)
        return False

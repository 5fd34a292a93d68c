"""A reply on its way, and what is typed beside it: shown as sent when it is kept, back in the box when it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from roleplay.conversation.session import Session
from roleplay.errors import NotSaved, RoleplayError, StoreBusy
from roleplay.practice.calls import Calls
from roleplay.text import one_line, sanitise
from roleplay.tui.drafts import Drafts
from roleplay.tui.retelling import reply_entries
from roleplay.tui.widgets.conversation import Conversation, Entry
from roleplay.tui.widgets.desk import Desk


@dataclass
class Sending:
    """A reply on its way. `given`: replies that were kept before it."""

    text: str
    gesture: str | None
    entries: list[Entry]
    given: int


class Outbox:
    """What the trainee says in `session`, from the box on the `desk` into the conversation, `said`.

    What is typed and not sent is kept as a draft; `failed` hears of an error in that, and `done`, in another thread,
    whenever it was tried.
    """

    def __init__(
        self,
        calls: Calls,
        session: Session,
        said: Conversation,
        desk: Desk,
        failed: Callable[[RoleplayError], None],
        done: Callable[[], None],
    ) -> None:
        self._calls, self._session, self._said, self._desk, self._done = calls, session, said, desk, done
        self._drafts = Drafts(self._keep_draft, failed)
        self._persona = session.transcript.session.script.persona
        self.sending: Sending | None = None
        self.gesture: str | None = None
        """The id of the gesture that goes with the next reply."""

    def take_along(self, gesture: str | None) -> None:
        """Let the gesture of that id go with the next reply, or none."""
        self.gesture = gesture
        self._desk.take_along(next((each for each in self._persona.gestures if each.id == gesture), None))

    def send(self, text: str) -> Sending:
        """Show `text`, which stands at the beginning of the box, as on its way."""
        words, gesture, box = sanitise(text).strip(), self.gesture, self._desk.box
        entries = reply_entries(self._persona, words, gesture, pending=True)
        self.sending = Sending(words, gesture, entries, len(self._session.transcript.replies))
        self._said.add(*entries)
        self._said.to_end()
        box.put(box.text.removeprefix(text))  # what was typed since Enter stays
        self.take_along(None)
        self._desk.tell("sending …")
        return self.sending

    async def deliver(self) -> None:
        """Give the reply that is on its way to the session. Raises RoleplayError."""
        await self._drafts.hold()
        if self.sending is not None:
            await self._session.reply(self.sending.text, self.sending.gesture)

    def kept(self) -> None:
        """The reply is kept: show it as sent."""
        sending, self.sending = self.sending, None
        for entry in sending.entries if sending else ():
            self._said.change(entry)
        self._drafts.release(sent=True)
        self._desk.tell("")

    def not_sent(self, sending: Sending, error: RoleplayError) -> None:
        """The reply was not kept: take it back into the box."""
        for entry in sending.entries:
            self._said.take_back(entry)
        self.sending = None
        self._desk.box.put(joined(sending.text, self._desk.box.text))
        self.take_along(sending.gesture)
        self._drafts.release(sent=False)
        again = " Enter tries again." if isinstance(error, NotSaved | StoreBusy) else ""
        self._desk.tell(f"NOT saved. Your reply is back in the box.{again}", wrong=True)

    def unsent(self) -> str:
        """What stands in the box at the end of a call, in a line; it is kept no longer."""
        self._drafts.changed("")
        return one_line(self._desk.box.text)

    def changed(self) -> None:
        """Something else stands in the box."""
        self._drafts.changed(self._desk.box.text)

    def on_another_branch(self) -> None:
        """Keep what is typed there too: in practice each try has its own draft."""
        self._drafts.release(sent=True)

    async def keep(self) -> bool:
        """Keep what is typed at once; whether it is kept."""
        return await self._drafts.now()

    async def hold(self) -> None:
        """Keep nothing more, and wait for what is being kept."""
        await self._drafts.hold()

    async def load_draft(self) -> None:
        """Put what was typed before, and not sent, into the box. Raises `StoreError`."""
        draft = await asyncio.to_thread(self._calls.draft, self._session.transcript.session.id, self._branch)
        if draft:
            self._drafts.loaded(draft)
            self._desk.box.put(joined(draft, self._desk.box.text))

    async def keep_what_is_typed(self, step: asyncio.Future[None] | None, *, over: bool) -> bool:
        """Wait until a reply on its way, which `step` sends, is kept or refused, and keep what is typed beside it.

        `over`: the call has ended, and nothing more is kept of it. Returns whether that was done.
        """
        sending = self.sending
        if sending is not None and step is not None:
            while not step.done() and len(self._session.transcript.replies) == sending.given:
                await asyncio.wait([step], timeout=0.02)
        if sending is not None and self.sending is sending:
            sent = len(self._session.transcript.replies) > sending.given
            self._drafts.release(sent=sent)
            typed = self._desk.box.text
            self._drafts.changed(typed if sent else joined(sending.text, typed))
        elif not over:
            self._drafts.changed(self._desk.box.text)
        return await self._drafts.now()

    def _keep_draft(self, text: str) -> None:
        """Called in a thread."""
        try:
            self._calls.keep_draft(self._session.transcript.session.id, text, self._branch)
        finally:
            self._done()

    @property
    def _branch(self) -> int:
        """Under which branch a draft is kept: in practice each try has its own."""
        transcript = self._session.transcript
        return transcript.branch if transcript.practice else 0


def joined(first: str, then: str) -> str:
    """Two pieces of what was typed, the earlier one first."""
    return f"{first}\n{then}" if then.strip() else first

"""The customer's voice: her lines appear word by word as she would say them, or whole after she was seen typing."""

from __future__ import annotations

from time import monotonic

from roleplay.tui.pace import Pace, seconds_for, seconds_of_typing, words_of
from roleplay.tui.widgets.conversation import Conversation, Entry


class Voice:
    """Shows lines in `said`, one at a time. In a `chat` a line comes whole; `at_once`: nothing takes any time.

    This is how it looks and no more: a line is kept before or while it is shown.
    """

    def __init__(self, said: Conversation, *, chat: bool, at_once: bool) -> None:
        self._said, self._chat = said, chat
        self._pace = Pace(at_once=at_once)
        self._line: Entry | None = None
        self._began = 0.0

    @property
    def speaking(self) -> bool:
        """Whether a line has begun and was not shown to its end."""
        return self._line is not None

    async def says(self, name: str, chunk: str) -> None:
        """`name` says a piece of a line."""
        line = self._line or self._begin(name)
        if self._chat:
            return
        for word in words_of(chunk):
            self._said.extend(line, word)
            await self._pace.wait(seconds_for(word))

    async def said(self, name: str, text: str) -> None:
        """`name` has said the whole line, and this is it."""
        line = self._line or self._begin(name)
        if self._chat:  # what the words took to come counts
            await self._pace.wait(seconds_of_typing(text) - (monotonic() - self._began))
        self._said.change(line, text=text)
        self._line = None

    def broke_off(self, name: str, half: str) -> None:
        """`name` has said no more than `half` of the line; nothing stays of a line without a word."""
        self._pace.hurry()
        if not half.strip():
            self.take_back()
            return
        self._said.change(self._line or self._begin(name), text=half, cut_off=True)
        self._line = None

    def hurry(self) -> None:
        """Show the rest of the line at once."""
        self._pace.hurry()

    def take_back(self) -> None:
        """Take out a line that was not said to its end: it will be said again."""
        if self._line is not None:
            self._said.take_back(self._line)
            self._line = None

    def _begin(self, name: str) -> Entry:
        self._pace.begin()
        self._began = monotonic()
        self._line = self._said.add(Entry("customer", "typing …" if self._chat else "", name, pending=self._chat))
        return self._line

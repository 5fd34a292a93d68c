"""A call on its own: the real screen with a real store, without the way that leads to it."""

from __future__ import annotations

import asyncio
import html
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from roleplay.conversation.session import Session
from roleplay.persona.model import Persona
from roleplay.practice.calls import Calls, now
from roleplay.store.transcripts import Transcripts
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.themes import THEMES
from roleplay.tui.widgets.conversation import Conversation, Entry
from roleplay.tui.widgets.reply_box import ReplyBox
from tests.conversation.builders import PERSONA

MISSES = "What is your customer number?"


class Stage(App[None]):
    """Shows one call; `result` is what it was left with."""

    def __init__(self, calls: Calls, session: Session, *, resumed: bool, animated: bool) -> None:
        super().__init__()
        self.animation_level = "full" if animated else "none"
        self.call = CallScreen(calls, session, resumed=resumed)
        self.result: str | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def on_mount(self) -> None:
        self.push_screen(self.call, self._left)

    def _left(self, result: str | None) -> None:
        self.result = result


@dataclass
class Playing:
    """A call that is being played."""

    pilot: Pilot[None]
    app: Stage
    calls: Calls
    session: Session

    @property
    def box(self) -> ReplyBox:
        return self.app.call.query_one(ReplyBox)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.app.call.query_one(Conversation).entries

    @property
    def status(self) -> str:
        return self.text("#status")

    @property
    def footer(self) -> list[str]:
        return [
            active.binding.description for active in self.app.screen.active_bindings.values() if active.binding.show
        ]

    def text(self, selector: str) -> str:
        return str(self.app.call.query_one(selector, Static).content)

    def picture(self) -> str:
        """All the words on the screen."""
        svg = self.app.export_screenshot()
        return html.unescape(re.sub("<style.*?</style>|<[^>]*>", " ", svg, flags=re.S)).replace("\xa0", " ")

    def said(self) -> list[tuple[str, str]]:
        """What stands in the conversation by name, notes by their kind."""
        return [(entry.name or entry.kind, entry.text) for entry in self.entries]

    async def until(self, holds: Callable[[], Any], seconds: float = 20.0) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if holds():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"not within {seconds} s; status {self.status!r}, said {self.said()[-3:]}")

    async def answered(self, replies: int) -> None:
        """Until the customer has answered that many replies, as far as can be seen."""
        await self.until(lambda: self.kept() == replies and not self.session.unfinished and self._quiet())

    async def reply(self, text: str) -> None:
        """Send a reply, and let it be answered."""
        given = self.kept()
        self.box.put(text)
        await self.pilot.press("enter")
        await self.answered(given + 1)

    def kept(self) -> int:
        return len(self.session.transcript.replies)

    def _quiet(self) -> bool:
        said = self.entries
        return bool(said) and said[-1].kind != "trainee" and said[-1].text == self.session.transcript.lines[-1].text


def pat(**changes: Any) -> Persona:
    """A small persona who is locked out."""
    return msgspec.convert({**PERSONA, **changes}, Persona)


@asynccontextmanager
async def playing(
    folder: Path,
    persona: Persona | None = None,
    *,
    exam: bool = False,
    size: tuple[int, int] = (80, 24),
    animated: bool = False,
    resume: str = "",
    busy_timeout: float = 5.0,
    settled: bool = True,
) -> AsyncIterator[Playing]:
    """A call in a database in `folder`, on a terminal of `size`; `resume` is the id of one to go on with."""
    calls = Calls(folder, Transcripts(folder / "t" / "roleplay.db", busy_timeout=busy_timeout), "Sam", now)
    try:
        if resume:
            session = await calls.resume(resume)
        else:
            session = await calls.begin(persona or pat(), exam=exam, seed="7")
        app = Stage(calls, session, resumed=bool(resume), animated=animated)
        async with app.run_test(size=size) as pilot:
            played = Playing(pilot, app, calls, session)
            if settled:
                await played.until(lambda: session.transcript.lines and played.entries)
                await pilot.pause()
            yield played
        await asyncio.sleep(0)
    finally:
        calls.close()

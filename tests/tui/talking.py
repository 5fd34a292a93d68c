"""A call with a language model on the screen: the real client talks over HTTP to a server that plays along, or not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.widgets import Static

from roleplay.llm.choosing import Choice, Offer
from roleplay.llm.settings import EndpointSettings
from roleplay.persona.model import Persona
from roleplay.practice.calls import Calls, now
from roleplay.store.transcripts import Transcripts
from roleplay.tui.widgets.trouble_panel import ChoiceButton, TroublePanel
from tests.actors.staging import plays_along
from tests.judge.cases import asks_for_harm, case_of, harm, levels
from tests.llm.stub import Body, Stub
from tests.tui.stage import Playing, Stage, pat


def plays_and_judges(body: Body) -> str:
    """What a good server says: the customer's line as directed, and a judge who heard one thing done by halves."""
    if body.get("stream"):
        return plays_along(body)
    if asks_for_harm(body):
        return harm()
    reply = case_of(body)["reply"]
    words = re.split(r"(?<=[.?!])\s", reply)[0]
    return levels({"acts": (words, 1), "explores": (words, 1) if "?" in words else ("", 0)}, overall=2)


def using(settings: EndpointSettings) -> Choice:
    """What is chosen where these settings were agreed to."""
    return Choice("You agreed to it.", chosen=Offer("Stub", settings, "Stub answers"))


def calls_with(folder: Path, settings: EndpointSettings | None) -> Calls:
    """The calls of a trainee with that endpoint."""
    store = Transcripts(folder / "t" / "roleplay.db")
    return Calls(folder, store, "Sam", now, choose=(lambda: using(settings)) if settings else None)


class Talking(Playing):
    """A call with a language model that is being played."""

    @property
    def panel(self) -> TroublePanel:
        return self.app.call.query_one(TroublePanel)

    @property
    def troubled(self) -> bool:
        """Whether the trouble is shown, with a choice marked."""
        return bool(self.panel.display) and isinstance(self.app.call.focused, ChoiceButton)

    @property
    def told(self) -> str:
        """What the panel says."""
        return str(self.panel.query_one(".what", Static).content)

    @property
    def choices(self) -> list[str]:
        return [each._words for each in self._buttons]

    @property
    def _buttons(self) -> list[ChoiceButton]:
        return [each for each in self.panel.query(ChoiceButton) if each.display]

    async def send(self, text: str) -> None:
        """Send a reply, and wait for nothing."""
        self.box.put(text)
        await self.pilot.press("enter")

    async def choose(self, words: str) -> None:
        """Take the choice that begins with `words`."""
        self.panel._came = 0.0  # long ago
        button = next(each for each in self._buttons if each._words.startswith(words))
        button.focus()
        await asyncio.sleep(0)
        await self.pilot.press("enter")


@asynccontextmanager
async def talking(
    folder: Path,
    stub: Stub,
    persona: Persona | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    animated: bool = False,
    exam: bool = False,
    resume: str = "",
    **settings: Any,
) -> AsyncIterator[Talking]:
    """A call over `stub`, once the customer has said the opening."""
    calls = calls_with(folder, stub.settings(**settings))
    try:
        session = await (calls.resume(resume) if resume else calls.begin(persona or pat(), exam=exam, seed="7"))
        await calls.warm_up()
        app = Stage(calls, session, resumed=bool(resume), animated=animated)
        async with app.run_test(size=size) as pilot:
            call = Talking(pilot, app, calls, session)
            await call.until(lambda: session.transcript.lines and call.entries)
            await pilot.pause()
            yield call
    finally:
        await ended(calls)
        calls.close()


async def ended(calls: Calls) -> None:
    """End what still goes on, and close the connections, as the program does at its end."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await calls.aclose()
    await asyncio.sleep(0.01)

"""The app as a person has it: a workspace of its own, the gallery filled, and what the screen shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from roleplay.practice.calls import Calls, now
from roleplay.store.transcripts import Transcripts
from roleplay.tui.app import RoleplayApp
from roleplay.tui.journey import Wanted
from roleplay.tui.screens.gallery import GalleryScreen
from roleplay.tui.widgets.rows import Rows

TITLE = "Stuck where the ramp splits off"
BROKEN = "name: X\ntitel: y\n"


def calls_in(workspace: Path) -> Calls:
    return Calls(workspace / "personas", Transcripts(workspace / "transcripts" / "roleplay.db"), "Sam", now)


def app_in(workspace: Path, wanted: Wanted | None = None) -> RoleplayApp:
    (workspace / "personas").mkdir(exist_ok=True)
    (workspace / "transcripts").mkdir(exist_ok=True)
    app = RoleplayApp(lambda: calls_in(workspace), wanted)
    app.animation_level = "none"
    return app


def persona_file(workspace: Path, name: str, text: str) -> Path:
    (workspace / "personas").mkdir(exist_ok=True)
    path = workspace / "personas" / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def tiny(title: str, name: str = "Ada Reed") -> str:
    """A persona that plays, in few lines."""
    return (
        f"name: {name}\ntitle: {title}\nsummary: Her card was refused.\nchannel: chat\n"
        "trainee: {role: Representative}\n"
        "customer: {opening: My card was refused and I need it today., backstory: She is at the till.}\n"
        "needs:\n  card: {kind: spoken, need: A card that works today.}\n"
    )


async def begin_call(workspace: Path, persona: str = "stranded-driver", *, exam: bool = False) -> str:
    """Begin a call and let it be cut short after the opening; its id."""
    calls = calls_in(workspace)
    (workspace / "transcripts").mkdir(exist_ok=True)
    session = await calls.begin(calls.persona(persona), exam=exam, seed="1")
    await session.speak()
    calls.close()
    return session.transcript.session.id


async def until(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    """Wait until `true()`; fails after twenty seconds."""
    async with asyncio.timeout(20):
        while not true():
            await pilot.pause(0.01)
    await pilot.pause()


async def filled(pilot: Pilot[None]) -> GalleryScreen:
    """The gallery, once there is something to choose."""
    await until(pilot, lambda: isinstance(pilot.app.screen, GalleryScreen) and bool(rows(pilot).current))
    assert isinstance(pilot.app.screen, GalleryScreen)
    return pilot.app.screen


def rows(pilot: Pilot[None]) -> Rows:
    return pilot.app.screen.query_one(Rows)


def seen(pilot: Pilot[None]) -> str:
    """What stands on the screen, line by line."""
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in lines)

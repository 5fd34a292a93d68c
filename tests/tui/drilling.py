"""Drills on their own: the real screen over a real sitting and store, without the way that leads to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from roleplay.conversation.drilling import DrillDraft, KeptDrill
from roleplay.practice.calls import Calls
from roleplay.practice.drills.sitting import Sitting, sitting_of
from roleplay.practice.drills.unaided import test_of
from roleplay.store.drills import Drills
from roleplay.store.transcripts import Transcripts
from roleplay.tui.drilling import Drilling
from roleplay.tui.screens.drill import DrillScreen
from roleplay.tui.screens.unaided import UnaidedScreen
from roleplay.tui.themes import THEMES
from roleplay.tui.widgets.reply_box import ReplyBox
from tests.tui.shell import seen, until

MISSES = "What is your customer number? I will send you a form."


@dataclass
class Clock:
    """Stands still until it is moved on."""

    at: datetime = datetime(2026, 3, 6, 21, 14, tzinfo=UTC)

    def __call__(self) -> str:
        return self.at.isoformat(timespec="milliseconds")

    def later(self, **time: float) -> None:
        self.at += timedelta(**time)


class Stage(App[None]):
    """Shows one screen; `left` is what it was left with."""

    def __init__(self, drilling: Drilling[Any, Any]) -> None:
        super().__init__()
        self.animation_level = "none"
        self.drilling, self.left = drilling, list[Any]()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def on_mount(self) -> None:
        self.push_screen(self.drilling, self.left.append)


@dataclass
class Drilled:
    """Drills that go on."""

    pilot: Pilot[None]
    app: Stage
    folder: Path
    clock: Clock = field(default_factory=Clock)

    @property
    def screen(self) -> Drilling[Any, Any]:
        return self.app.drilling

    @property
    def box(self) -> ReplyBox:
        return self.screen.query_one(ReplyBox)

    @property
    def seen(self) -> str:
        return seen(self.pilot)

    @property
    def footer(self) -> list[str]:
        return [each.binding.description for each in self.app.screen.active_bindings.values() if each.binding.show]

    async def reply(self, text: str) -> None:
        """Send a reply, and wait for what came of it."""
        number = self.screen.moment
        self.box.put(text)
        await self.pilot.press("enter")
        await until(self.pilot, lambda: self.screen.stage in ("told", "waiting") or self.screen.moment is not number)

    async def press(self, key: str, stage: str) -> None:
        """Press a key, and wait until the screen is at that stage."""
        await self.pilot.press(key)
        await until(self.pilot, lambda: self.screen.stage == stage)


def database(folder: Path) -> Path:
    return folder / "t" / "roleplay.db"


def kept(folder: Path) -> Sequence[KeptDrill]:
    """The replies that are in the database."""
    with Drills(database(folder)) as drills:
        return drills.of("Sam")


def draft(folder: Path) -> DrillDraft | None:
    with Drills(database(folder)) as drills:
        return drills.draft("Sam")


def calls_of(folder: Path, clock: Clock) -> Calls:
    """The calls of a trainee in whose workspace the drills are."""
    return Calls(folder / "personas", Transcripts(database(folder)), "Sam", clock)


def sitting(folder: Path, clock: Clock, *, busy_timeout: float = 5.0, **narrowed: Any) -> Sitting:
    """A sitting over the shipped personas and those in `folder`/personas."""
    made = sitting_of(calls_of(folder, clock), **narrowed)
    made._practice.drills._busy_timeout = busy_timeout
    return made


@asynccontextmanager
async def drilling(
    folder: Path, *, size: tuple[int, int] = (80, 24), clock: Clock | None = None, **narrowed: Any
) -> AsyncIterator[Drilled]:
    """Drills at their first moment."""
    clock = clock or Clock()
    async with shown(DrillScreen(sitting(folder, clock, **narrowed)), folder, clock, size) as drilled:
        await until(drilled.pilot, lambda: drilled.screen.stage == "writing")
        yield drilled


@asynccontextmanager
async def unaided(folder: Path, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Drilled]:
    """The unaided test before it begins."""
    clock = Clock()
    test = test_of(calls_of(folder, clock))
    async with shown(UnaidedScreen(test), folder, clock, size) as drilled:
        await until(drilled.pilot, lambda: "Begin" in drilled.footer)
        yield drilled


@asynccontextmanager
async def shown(
    screen: Drilling[Any, Any], folder: Path, clock: Clock, size: tuple[int, int]
) -> AsyncIterator[Drilled]:
    app = Stage(screen)
    async with app.run_test(size=size) as pilot:
        yield Drilled(pilot, app, folder, clock)

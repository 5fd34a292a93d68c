"""The full-screen app: its themes, its way of ending, and the journey it starts. Nothing imports it but its start."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from roleplay.tui.choices import Choice, Drill, Review
from roleplay.tui.frame import Frame, too_small
from roleplay.tui.journey import Wanted, journey
from roleplay.tui.screens.gallery import GalleryScreen
from roleplay.tui.themes import THEMES, keep_theme, kept_theme

if TYPE_CHECKING:
    from roleplay.practice.calls import Calls

HUNG_UP = 129
"""The exit code of a program whose terminal was closed."""


_KEYS = {
    "escape": "Esc",
    "slash": "/",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


class RoleplayApp(App[None]):
    """The app. `open_calls` makes what the screens work with; it is called in a thread, beside the first frame.

    Whoever reviews calls in it is `coach`; empty: as the settings say, else the user.
    """

    TITLE = "Roleplay"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", "screens/gallery.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", priority=True, tooltip="Quit; what is typed is kept"),
        Binding("f10", "next_theme", "Theme", show=False, tooltip="Another theme: evening, paper, contrast"),
    ]

    def __init__(self, open_calls: Callable[[], Calls], wanted: Wanted | Choice | None = None, coach: str = "") -> None:
        super().__init__()
        self._open_calls, self._wanted, self._coach = open_calls, wanted, coach
        self.fault = ""
        """What to tell of a fault of the program after the terminal was given back; empty if there was none."""
        for theme in THEMES:
            self.register_theme(theme)
        if "TEXTUAL_THEME" not in os.environ:
            self.theme = kept_theme()

    def get_default_screen(self) -> GalleryScreen:
        """The gallery lies below all other screens: it is the first picture, and no empty one comes before it."""
        self._gallery = GalleryScreen(self._open_calls, at_once=not isinstance(self._wanted, Review | Drill))
        return self._gallery

    def on_mount(self) -> None:
        self.run_worker(journey(self, self._gallery, self._wanted, self._coach))

    async def on_event(self, event: events.Event) -> None:
        """Take no key but the one to quit while nothing can be seen: a reply must not be sent in the dark."""
        blind = isinstance(event, events.Key | events.Paste) and too_small(self.size)
        if not blind or (isinstance(event, events.Key) and event.key == "ctrl+q"):
            await super().on_event(event)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers."""
        for theme in THEMES:
            yield SystemCommand(f"Theme: {theme.name}", "Change the look", partial(self.choose_theme, theme.name))
        if isinstance(screen, Frame):
            yield SystemCommand("Help", "The keys of this screen, and what the words mean", screen.action_help)
        for command in self._gallery.model.commands() if self._gallery.model else ():
            yield SystemCommand(command.title, command.means, lambda run=command.run: self.run_worker(run()))
        if screen is self._gallery:
            yield SystemCommand("Drill", "Single moments, about five minutes a day", self._gallery.action_drill)
            yield SystemCommand("Progress", "How you come on, and what is next", self._gallery.action_progress)
            yield SystemCommand("Review", "To the coach's queue", self._gallery.action_review)
        yield SystemCommand("Quit", "What is typed is kept", self.action_quit)

    def choose_theme(self, name: str) -> None:
        """Change the look, and remember it for the next start."""
        self.theme = name
        keep_theme(name)

    def action_next_theme(self) -> None:
        """Change to the next look."""
        names = [theme.name for theme in THEMES]
        self.choose_theme(names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0])

    def get_key_display(self, binding: Binding) -> str:
        """A key as it is written on a keyboard."""
        return "+".join(_KEYS.get(part, part.capitalize()) for part in binding.key.split("+"))

    async def action_quit(self) -> None:
        """Quit, once every screen has kept what is typed."""
        self.run_worker(self._quit())

    async def _quit(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, Frame) and not await screen.may_quit():
                return
        self.exit()

    def action_help_quit(self) -> None:
        """Ctrl+C copies what is selected; else it says how to leave."""
        self.clear_notifications()
        self.notify("Ctrl+Q quits. What you have typed is kept.", markup=False)

    def _fatal_error(self) -> None:
        """Leave with one sentence and the path of a log, where Textual would print every variable."""
        from textual.worker import WorkerFailed

        from roleplay.faults import write_log

        error: BaseException | None = self._exception
        if isinstance(error, WorkerFailed):
            error = error.error
        if error is not None and not self.fault:
            self.fault = write_log(error)
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        """Leave for an error that Textual would draw, or because the terminal can no longer be read."""
        if self._exception is None:
            self.exit(return_code=HUNG_UP)
        else:
            self._fatal_error()

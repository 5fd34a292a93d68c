"""What every screen has: the notice that the terminal is too small, the key for help, and how errors are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from roleplay.text import sanitise
from roleplay.tui.widgets.keys import Keys

Result = TypeVar("Result")

LEAST_WIDTH, LEAST_HEIGHT = 60, 16
"""Columns and rows from which on the app can be used."""

_WIDTHS = [(0, "-thin"), (LEAST_WIDTH, "-narrow"), (100, "-wide")]
_HEIGHTS = [(0, "-flat"), (LEAST_HEIGHT, "-short"), (30, "-tall")]


def too_small(size: Size) -> bool:
    """Whether a terminal of `size` is one in which nothing is shown but the notice."""
    return size.width < LEAST_WIDTH or size.height < LEAST_HEIGHT


class TooSmall(Static, can_focus=False):
    """Shown alone while the terminal is too small; what is typed and said stays where it is."""

    def __init__(self) -> None:
        super().__init__(id="too-small", markup=False)

    def on_resize(self) -> None:
        size = self.app.size
        self.update(
            Content(
                f"Too small: {size.width}×{size.height}.\n"
                f"{LEAST_WIDTH}×{LEAST_HEIGHT} are needed.\nNothing is lost: make it larger."
            )
        )


class Frame(Screen[Result]):
    """A screen of the app. Subclasses write `body` instead of `compose`.

    Classes by size: `-narrow` below 100 columns, `-wide` from there; `-short` below 30 rows, `-tall` from there. Below
    60×16 (`-thin`, `-flat`) nothing is shown but the notice; the app then takes no key, and what had the focus has it
    again afterwards.
    """

    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", tooltip="The keys of this screen, and what the words mean"),
    ]
    DEFAULT_CSS = """
    Frame {
        background: $background;
        #too-small { display: none; width: 100%; height: 100%; content-align: center middle; text-align: center; }
        &.-thin, &.-flat {
            & > * { display: none; }
            & > #too-small { display: block; }
        }
    }
    """

    _hidden = False
    _held: Widget | None = None

    def compose(self) -> ComposeResult:
        yield TooSmall()
        yield from self.body()
        yield Keys()

    def body(self) -> Iterator[Widget]:
        """The widgets of the screen, between the notice and the footer."""
        raise NotImplementedError

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Tell the person something in passing; `wrong` for what went wrong."""
        self.app.notify(sanitise(sentence), severity="error" if wrong else "information", markup=False, timeout=8)

    def files_changed(self, paths: frozenset[Path]) -> None:
        """Persona files have changed, come or gone; without `paths` it is not known which. Most screens do not care."""

    async def may_quit(self) -> bool:
        """Whether the app may be left now; a screen that has something to keep keeps it first."""
        return True

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave the screen with `result`, and what was put over it meanwhile without one; once it is left, do nothing.

        What leads here may be carried out after later keys. Textual takes off whatever screen lies on top then.
        """
        shown = self.app.screen_stack
        if self not in shown:
            return AwaitComplete()
        for over in reversed(shown[shown.index(self) + 1 :]):
            over.dismiss(None)
        return super().dismiss(result)

    def action_help(self) -> None:
        """Show the keys of this screen, and what the words mean."""
        from roleplay.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self))

    def on_resize(self, event: Resize) -> None:
        """Hold the focus while nothing is shown: a widget that gets hidden would lose it for good."""
        hidden, self._hidden = self._hidden, too_small(event.size)
        if self._hidden and not hidden:
            self._held = self.focused
            super().set_focus(None)
        elif hidden and not self._hidden:
            self.call_after_refresh(self._give_back_focus)

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Focus `widget`; while nothing is shown, once something is."""
        if self._hidden:
            self._held = widget or self._held
        else:
            super().set_focus(widget, scroll_visible, from_app_focus)

    def _give_back_focus(self) -> None:
        if not self._hidden and self.focused is None and self._held is not None and self._held.is_attached:
            self.set_focus(self._held, scroll_visible=False)


class Modal(Frame[Result], ModalScreen[Result]):
    """A small screen over another: no footer, and what lies under it stays visible."""

    DEFAULT_CSS = """
    Modal {
        background: $background 70%;
        align: center middle;
        &.-thin, &.-flat { background: $background; }
    }
    """

    def compose(self) -> ComposeResult:
        yield TooSmall()
        yield from self.body()

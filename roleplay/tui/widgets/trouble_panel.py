"""What has gone wrong between us and the language model, how to mend it, and what can be done now."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from time import monotonic
from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from roleplay.conversation.trouble import Choice, Trouble
from roleplay.text import one_line, sanitise
from roleplay.tui.literal import literal

Wanted = Choice | Literal["stop waiting"]

_WORDS: Mapping[Wanted, str] = {
    "wait": "Wait",
    "retry": "Try again",
    "lift": "Double the limit",
    "scripted": "Scripted customer",
    "leave": "Save and leave",
    "stop waiting": "Stop waiting",
}
_MEANS: Mapping[Wanted, str] = {
    "wait": "After that it is tried again by itself.",
    "retry": "The line is asked for once more.",
    "lift": "This call may take twice as many tokens.",
    "scripted": "From here on the script; nothing is sent.",
    "leave": "Kept as it is; go on whenever you like.",
    "stop waiting": "And choose something else.",
}
"""What each choice means, in 43 characters at most: there is one line for it on the smallest terminal."""
_NOTHING_MARKED = "Tab: to the choices. Typing stays possible."
_WIDE_ENOUGH = 66
"""Columns from which on the choices fit beside the margin of the conversation."""
_MOST_CHOICES = 3
_TICK = 0.2
"""Seconds between two looks at the clock while it counts down."""
_HELD = 0.4
"""Seconds for which Enter is not taken after the panel came up: it was meant for the reply."""


class ChoiceButton(Static, can_focus=True):
    """One thing that can be done. Only Enter and the mouse take it: every letter, the space too, is for the reply."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.wanted: Wanted = "retry"
        self._words = ""

    def offer(self, wanted: Wanted | None, seconds: float | None = None) -> None:
        """Offer this, or nothing; `seconds` is how long a wait takes."""
        self.display = wanted is not None
        self.wanted = wanted or self.wanted
        self._words = _WORDS[self.wanted]
        if wanted == "wait" and seconds is not None:
            self._words += f" {clock(seconds)}"
        self._show()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._show()

    def _show(self) -> None:
        self.update(Content(f"{'▸' if self.has_focus else ' '}{self._words} "))

    def on_click(self) -> None:
        self.post_message(TroublePanel.Chosen(self.wanted))


class TroublePanel(Vertical):
    """Stands over the reply box while the customer cannot speak. Posts `Chosen`, and `Typed` for what is to be written.

    After `count_down` it counts the seconds, and then chooses to try again by itself.
    """

    class Chosen(Message):
        """One of the choices was taken."""

        def __init__(self, wanted: Wanted) -> None:
            super().__init__()
            self.wanted = wanted

    class Typed(Message):
        """Something was typed here that belongs to the reply."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Do that", tooltip="Do what is marked about the trouble"),
        Binding("left,up", "step(-1)", "Choose", show=False, tooltip="To another choice"),
        Binding("right,down", "step(1)", "Choose", show=False, tooltip="To another choice"),
    ]
    DEFAULT_CSS = """
    TroublePanel {
        height: auto;
        display: none;
        padding: 0 2 0 11;
        &.-tight { padding: 0 2 0 4; }
        .what { height: auto; max-height: 5; border-left: outer $warning; padding: 0 1; }
        #choices { height: 1; border-left: outer $warning; padding: 0 1; }
        #means { height: 1; border-left: outer $warning; padding: 0 1; color: $text-muted; }
        ChoiceButton { width: auto; margin-right: 1; background: $panel; }
        ChoiceButton:hover { background: $surface; text-style: underline; }
        ChoiceButton:focus { background: $accent; color: $background; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__(id="trouble")
        self.trouble: Trouble | None = None
        """What is shown; None: nothing."""
        self._timer: Timer | None = None
        self._ends = self._came = 0.0
        self._what, self._meaning = Static(classes="what", markup=False), Static(id="means", markup=False)
        self._buttons = [ChoiceButton() for _ in range(_MOST_CHOICES)]

    def compose(self) -> ComposeResult:
        yield self._what
        with Horizontal(id="choices"):
            yield from self._buttons
        yield self._meaning

    def on_resize(self) -> None:
        self.set_class(self.outer_size.width < _WIDE_ENOUGH, "-tight")

    @property
    def counting(self) -> bool:
        """Whether it counts down."""
        return self._timer is not None

    def show(self, trouble: Trouble) -> None:
        """Show `trouble`, with the first of its choices marked."""
        self._stop_counting()
        self.trouble, self._came = trouble, monotonic()
        self._tell()
        self.display = True
        self._offer(*trouble.choices)

    def hide(self) -> None:
        """There is no trouble any more."""
        self._stop_counting()
        self.trouble = None
        self.display = False

    def count_down(self, seconds: float) -> None:
        """Count `seconds` down before one's eyes, then choose to try again."""
        self._ends = monotonic() + seconds
        self._timer = self.set_interval(_TICK, self._tick)
        self._tell()
        self._offer("stop waiting", "retry")

    def stop_counting(self) -> bool:
        """Count no more, and offer the choices again; whether it did count."""
        if self._timer is None or self.trouble is None:
            return False
        self.show(self.trouble)
        return True

    def mark(self) -> None:
        """Mark the first choice."""
        first = self._buttons[0]
        first.focus()
        self._means(_MEANS[first.wanted])

    def on_descendant_focus(self) -> None:
        if self._marked is not None:
            self._means(_MEANS[self._marked.wanted])

    def on_descendant_blur(self) -> None:
        if self._marked is None:
            self._means(_NOTHING_MARKED)

    def on_key(self, event: events.Key) -> None:
        """What can be read goes into the reply."""
        if event.is_printable and event.character:
            event.stop()
            self.post_message(self.Typed(event.character))

    def on_paste(self, event: events.Paste) -> None:
        """And so does what is pasted."""
        event.stop()
        self.post_message(self.Typed(event.text))

    def action_step(self, by: int) -> None:
        """Mark the next choice, or the one before."""
        buttons = [button for button in self._buttons if button.display]
        if self._marked in buttons:
            buttons[(buttons.index(self._marked) + by) % len(buttons)].focus()

    def action_take(self) -> None:
        """Take the choice that is marked."""
        if self._marked is not None and monotonic() - self._came >= _HELD:
            self.post_message(self.Chosen(self._marked.wanted))

    def _offer(self, *choices: Wanted) -> None:
        wait = self.trouble.wait if self.trouble else None
        for button, wanted in zip_longest(self._buttons, choices):
            button.offer(wanted, wait)
        if self._marked is not None:
            self.mark()

    @property
    def _marked(self) -> ChoiceButton | None:
        """The choice that has the focus; none once the panel is gone from the screen."""
        focused = self.screen.focused if self.is_attached else None
        return focused if isinstance(focused, ChoiceButton) else None

    def _means(self, words: str) -> None:
        self._meaning.update(Content(words), layout=False)

    def _tick(self) -> None:
        if monotonic() < self._ends:
            self._tell()
        else:
            self._stop_counting()
            self.post_message(self.Chosen("retry"))

    def _stop_counting(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _tell(self) -> None:
        trouble = self.trouble
        if trouble is None:
            return
        told = literal(one_line(sanitise(trouble.what)), "bold")
        if self._timer is not None:
            told += Content.styled(f" Trying again in {clock(self._ends - monotonic())}.", "bold $text-warning")
        elif trouble.mend:
            told += literal(f" {one_line(sanitise(trouble.mend))}")
        self._what.update(told)


def clock(seconds: float) -> str:
    """Seconds as they are counted down: 7 s, 2:05."""
    whole = max(0, -int(-seconds // 1))
    return f"{whole} s" if whole < 60 else f"{whole // 60}:{whole % 60:02}"

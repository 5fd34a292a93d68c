"""What coached mode shows beside the call: the customer's trust and distress, and how the last reply was heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from roleplay.tui.literal import literal

if TYPE_CHECKING:
    from roleplay.practice.heard import Heard
    from roleplay.practice.hints import Hint

_SIGNS = {"met": "✓", "partly": "~", "missed": "✗", "none": "·", "unsure": "?"}
_STYLES = {"met": "$text-success bold", "partly": "$text-warning bold", "missed": "$text-error bold"}
_BAR = 14
_LABEL = 10


@dataclass(frozen=True)
class Level:
    """A feeling of the customer, 0-10, and its last move; None before there was one."""

    value: float
    move: float | None = None


@dataclass(frozen=True)
class Reading:
    """All that the panel shows. `note` is something to know about the state, in a sentence; `shown` counts hints."""

    name: str
    trust: Level
    distress: Level
    heard: Heard | None = None
    hint: Hint | None = None
    shown: int = 0
    note: str = ""

    def moved(self, trust: float, distress: float, heard: Heard) -> Reading:
        """After a reply: levels that moved, and how it was heard. The hint is used up."""
        return Reading(
            self.name,
            Level(trust, trust - self.trust.value),
            Level(distress, distress - self.distress.value),
            heard,
        )

    def hinted(self, hint: Hint) -> Reading:
        """With one more part of `hint` shown."""
        return replace(self, hint=hint, shown=min(self.shown + 1, 2 if hint.worked else 1))


class HintLine(Static):
    """The line that a hint is asked for with, by mouse."""

    async def on_click(self) -> None:
        await self.run_action("screen.hint")


class StatePanel(VerticalScroll, can_focus=False):
    """At the right of a wide terminal: everything, one thing below the other."""

    DEFAULT_CSS = """
    StatePanel {
        padding: 0 2;
        scrollbar-size-vertical: 1;
        Static { height: auto; }
        HintLine { margin-top: 1; }
        HintLine:hover { background: $surface; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Static(id="panel-state", markup=False)
        yield HintLine(id="panel-hint", markup=False)

    def show(self, reading: Reading) -> None:
        """Show `reading`."""
        self.query_one("#panel-state", Static).update(Content("\n").join(_whole(reading)))
        self.query_one("#panel-hint", Static).update(Content("\n").join(_hint(reading)))
        if reading.shown:
            self.call_after_refresh(self.scroll_end, animate=False)
        else:
            self.scroll_home(animate=False)


class StateStrip(Static):
    """Above the reply box of a narrow terminal: the same in three rows, more of them only for a hint."""

    DEFAULT_CSS = """
    StateStrip { height: auto; max-height: 9; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__(id="strip", markup=False)

        self._shown: Reading | None = None

    def show(self, reading: Reading) -> None:
        """Show `reading`."""
        self._shown = reading
        self.update(Content("\n").join(_strip(reading, max(1, self.size.width))))

    def on_resize(self) -> None:
        if self._shown is not None:
            self.show(self._shown)

    async def on_click(self) -> None:
        await self.run_action("screen.hint")


def _whole(reading: Reading) -> Iterator[Content]:
    yield literal(reading.name, "bold")
    for label, level, colour, words in _levels(reading):
        yield Content("")
        yield Content.assemble(
            (f"{label:<{_LABEL}}", "$text-muted"), _bar(level.value, colour), f" {level.value:>4.1f}"
        )
        yield Content.assemble(" " * _LABEL, _move(level), (f"  {words}" if words else "", "$text-muted"))
    yield Content("")
    if reading.note:
        yield literal(reading.note, "italic $text-muted")
        return
    yield Content.styled("Your last reply", "$text-muted")
    heard = reading.heard
    if heard is None:
        yield Content.styled("Nothing to show before you have said something.", "italic $text-muted")
        return
    yield _verdict(heard)
    if heard.quoted:
        yield Content("")
        yield literal(("It hurt. " if heard.hurt else "") + f"{heard.whose}", "$text-muted")
        yield literal(heard.quoted)
        yield literal(heard.why, "$text-muted")
    if heard.missing:
        yield Content("")
        yield Content.styled("Not there yet", "$text-muted")
        for each in heard.missing:
            yield literal(f"· {each}")
    if heard.gesture:
        yield Content("")
        yield literal(heard.gesture, "$text-muted")


def _strip(reading: Reading, width: int) -> Iterator[Content]:
    """At most three rows but for a hint; a quotation for which there is no room is left to the debrief."""
    parts: list[Content] = []
    for label, level, colour, _ in _levels(reading):
        parts.append(
            Content.assemble(
                (f"{label} ", "$text-muted"), _bar(level.value, colour, 8), f" {level.value:.1f} ", _move(level)
            )
        )
    yield Content("   ").join(parts)
    heard = reading.heard
    if reading.shown:
        yield from _hint(reading, briefly=True)
    elif heard is None:
        yield literal(reading.note or "How your reply was heard will stand here. F2: a hint.", "italic $text-muted")
    else:
        said = [_verdict(heard), *([literal(heard.gesture)] if heard.gesture else [])]
        why = ("It hurt. " if heard.hurt else "") + heard.why
        room = width if heard.missing else 2 * width - 12
        line = Content("  ").join([*said, literal(why)])
        whole = Content(" ").join([line, literal(f"{heard.whose} {heard.quoted}")])
        yield whole if heard.quoted and whole.cell_length <= room else line.truncate(room, ellipsis=True)
        if heard.missing:
            yield Content.assemble(("Not there yet: ", "$text-muted"), literal(", ".join(heard.missing)))


def _hint(reading: Reading, *, briefly: bool = False) -> Iterator[Content]:
    """The hint as far as it is shown; `briefly`: no question any more beside the worked reply."""
    hint = reading.hint
    if hint is None or not reading.shown:
        yield Content.styled("F2  A question to think about", "$text-muted")
        return
    if not briefly or reading.shown == 1:
        yield Content.styled("Hint used: something to think about", "$text-accent")
        yield literal(hint.question)
    if hint.worked is None:
        return
    if reading.shown == 1:
        yield Content.styled("F2  One way to say it", "$text-muted")
        return
    if not briefly:
        yield Content("")
    yield Content.styled("Hint used: one way to say it", "$text-accent")
    yield literal(f"“{hint.worked.reply}”")
    yield literal(hint.worked.why, "$text-muted")


def _levels(reading: Reading) -> Iterator[tuple[str, Level, str, str]]:
    yield "Trust", reading.trust, "$primary", _words(reading.trust.move, "trusts you more", "trusts you less")
    yield "Distress", reading.distress, "$secondary", _words(reading.distress.move, "more distressed", "calmer")


def _words(move: float | None, up: str, down: str) -> str:
    if move is None:
        return ""
    if abs(move) < 0.05:
        return "as before"
    return up if move > 0 else down


def _bar(value: float, colour: str, width: int = _BAR) -> Content:
    full = max(0, min(width, round(value / 10 * width)))
    return Content.assemble(("━" * full, colour), ("╌" * (width - full), "$text-muted"))


def _move(level: Level) -> Content:
    if level.move is None:
        return Content("")
    if abs(level.move) < 0.05:
        return Content.styled("= 0.0", "$text-muted")
    return Content(f"▲ +{level.move:.1f}" if level.move > 0 else f"▼ −{-level.move:.1f}")


def _verdict(heard: Heard) -> Content:
    return literal(f"{_SIGNS[heard.sign]} {heard.verdict}", _STYLES.get(heard.sign, "bold"))

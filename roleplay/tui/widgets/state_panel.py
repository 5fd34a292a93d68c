"""What coached mode shows beside the call: the customer's trust and distress, and how the last reply was heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from roleplay.practice.judged import by
from roleplay.tui.literal import fitted, literal
from roleplay.tui.signs import SIGNS, STYLES, bar

if TYPE_CHECKING:
    from roleplay.conversation.judging import Standing
    from roleplay.practice.heard import Heard
    from roleplay.practice.hints import Hint

_BAR = 14
_LABEL = 10
_LEAST_ROWS, _MOST_ROWS = 4, 9
_ROWS_BESIDE = 12
"""Rows of the terminal that the strip leaves to everything else, as long as it has its least."""


@dataclass(frozen=True)
class Level:
    """A feeling of the customer, 0-10, and its last move; None before there was one."""

    value: float
    move: float | None = None


@dataclass(frozen=True)
class Reading:
    """All that the panel shows. `note` is something to know about the state, in a sentence; `shown` counts hints.

    `judged`: what became of a judge's verdict on the reply; empty if there is none (yet).
    """

    name: str
    trust: Level
    distress: Level
    heard: Heard | None = None
    hint: Hint | None = None
    shown: int = 0
    note: str = ""
    judged: Standing | Literal[""] = ""

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

    def __init__(self) -> None:
        super().__init__(id="panel")
        self._state = Static(id="panel-state", markup=False)
        self._hint = HintLine(id="panel-hint", markup=False)

    def compose(self) -> ComposeResult:
        yield self._state
        yield self._hint

    def show(self, reading: Reading) -> None:
        """Show `reading`."""
        self._state.update(Content("\n").join(_whole(reading)))
        self._hint.update(Content("\n").join(_hint(reading)))
        if reading.shown:
            self.call_after_refresh(self.scroll_end, animate=False)
        else:
            self.scroll_home(animate=False)


class StateStrip(Static):
    """Above the reply box of a narrow terminal: the same in at most four rows, more of them only for a hint.

    A hint for which there are too few rows is turned over page by page, by asking for it again.
    """

    DEFAULT_CSS = f"""
    StateStrip {{ height: auto; max-height: {_MOST_ROWS}; padding: 0 1; }}
    """

    def __init__(self) -> None:
        super().__init__(id="strip", markup=False)
        self._shown: Reading | None = None
        self._page = 0
        self._drawn_for = (0, 0)

    def show(self, reading: Reading) -> None:
        """Show `reading`; the same one with a hint again: its next page."""
        self._page = self._page + 1 if reading.shown and reading == self._shown else 0
        self._shown = reading
        self._draw()

    def on_mount(self) -> None:
        self.screen.screen_layout_refresh_signal.subscribe(self, self._fit)

    def _fit(self, _: Screen[object]) -> None:
        """Draw anew for more or fewer rows, or columns; a resize of its own is not sent for those of the terminal."""
        if self._room() != self._drawn_for:
            self._draw()

    def _room(self) -> tuple[int, int]:
        """Columns and rows there are."""
        rows = max(_LEAST_ROWS, min(_MOST_ROWS, self.app.size.height - _ROWS_BESIDE))
        return max(1, self.size.width), rows

    def _draw(self) -> None:
        self._drawn_for = self._room()
        if self._shown is not None:
            self.update(Content("\n").join(_strip(self._shown, *self._drawn_for, self._page)))

    async def on_click(self) -> None:
        await self.run_action("screen.hint")


def _whole(reading: Reading) -> Iterator[Content]:
    yield literal(reading.name, "bold")
    for label, level, colour, words in _levels(reading):
        yield Content("")
        yield Content.assemble(
            (f"{label:<{_LABEL}}", "$text-muted"), bar(level.value / 10, colour, _BAR), f" {level.value:>4.1f}"
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
    if reading.judged:
        yield Content.styled(by(reading.judged, unsure=heard.sign == "unsure").sentence, "italic $text-muted")
    if heard.quoted:
        yield Content("")
        yield literal((f"{heard.harm} " if heard.hurt else "") + heard.whose, "$text-muted")
        yield literal(heard.quoted)
        yield literal(heard.why, "$text-muted")
    if heard.missing:
        yield Content("")
        yield Content.styled("Not there yet", "$text-muted")
        for each in heard.missing:
            yield literal(f"· {each}")
        if heard.there:
            yield literal(heard.there, "$text-muted")
    if heard.gesture:
        yield Content("")
        yield literal(heard.gesture, "$text-muted")


def _strip(reading: Reading, width: int, rows: int, page: int) -> list[Content]:
    """At most `rows` lines of `width` cells; `page` of a hint that needs more."""
    levels = Content("   ").join(
        Content.assemble(
            (f"{label} ", "$text-muted"), bar(level.value / 10, colour, 8), f" {level.value:.1f} ", _move(level)
        )
        for label, level, colour, _ in _levels(reading)
    )
    if reading.shown and reading.hint is not None:
        return _hint_in(reading, reading.hint, levels, width, rows, page)
    heard = reading.heard
    if heard is None:
        note = reading.note or "How your reply was heard will stand here. F2: a hint."
        return [levels, *_cut(literal(note, "italic $text-muted"), width, 1)]
    return [levels, *_heard_in(heard, reading.judged, width)]


def _heard_in(heard: Heard, judged: Standing | Literal[""], width: int) -> Iterator[Content]:
    """At most three lines: the words that the verdict rests on come before why they count."""
    said = _verdict(heard)
    if judged:
        said += Content.styled(f" ({by(judged, unsure=False).word})", "$text-muted")
    if heard.hurt:
        said += Content(f"  {heard.harm}")
    if heard.quoted:
        said += literal(f"{' ' if heard.hurt else '  '}{heard.whose} ")
        room = max(2, width - said.cell_length)
        quoted = literal(heard.quoted)
        fits = quoted.cell_length <= room
        said += quoted if fits else fitted(quoted, room - 1) + Content("”")
    yield from _cut(said, width, 1)
    why = literal(f"{heard.gesture} {heard.why}".strip(), "$text-muted")
    if why:
        yield from _cut(why, width, 1 if heard.missing else 2)
    if heard.missing:
        yield from _cut(
            Content.assemble(("Not there yet: ", "$text-muted"), literal(", ".join(heard.missing))), width, 1
        )


def _hint_in(reading: Reading, hint: Hint, levels: Content, width: int, rows: int, page: int) -> list[Content]:
    """The hint under the levels; where there is no room for both, without them, and if need be in pages."""
    whole = [line for part in (levels, *_hint(reading, briefly=True)) for line in part.wrap(width)]
    if len(whole) <= rows:
        return whole
    told = _question(hint) if reading.shown == 1 else _worked(hint)
    lines = [line for part in told for line in part.wrap(width)]
    pages = -(-len(lines) // (rows - 1))
    page %= pages
    if reading.shown == 1 and hint.worked is not None:
        heading = "Hint used. F2: one way to say it"
        page_of = _cut(Content("\n").join(lines), width, rows - 1)
    else:
        heading = "Hint used" if reading.shown == 1 else "Hint used: one way to say it"
        if pages > 1:
            heading += f"  {page + 1} of {pages}, F2: {'its beginning' if page + 1 == pages else 'more'}"
        page_of = lines[page * (rows - 1) : (page + 1) * (rows - 1)]
    return [*_cut(Content.styled(heading, "$text-accent"), width, 1), *page_of]


def _cut(content: Content, width: int, rows: int) -> list[Content]:
    """The first `rows` lines of `content`, with an ellipsis if there are more."""
    lines = content.wrap(width)
    if len(lines) <= rows:
        return lines
    last = lines[rows - 1].rstrip()
    return [*lines[: rows - 1], last.truncate(width - 1) + Content("…")]


def _hint(reading: Reading, *, briefly: bool = False) -> Iterator[Content]:
    """The hint as far as it is shown; `briefly`: no question any more beside the worked reply."""
    hint = reading.hint
    if hint is None or not reading.shown:
        yield Content.styled("F2  A question to think about", "$text-muted")
        return
    if not briefly or reading.shown == 1:
        yield Content.styled("Hint used: something to think about", "$text-accent")
        yield from _question(hint)
    if hint.worked is None:
        return
    if reading.shown == 1:
        yield Content.styled("F2  One way to say it", "$text-muted")
        return
    if not briefly:
        yield Content("")
    yield Content.styled("Hint used: one way to say it", "$text-accent")
    yield from _worked(hint)


def _question(hint: Hint) -> Iterator[Content]:
    yield literal(hint.question)


def _worked(hint: Hint) -> Iterator[Content]:
    if hint.worked is not None:
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


def _move(level: Level) -> Content:
    if level.move is None:
        return Content("")
    if abs(level.move) < 0.05:
        return Content.styled("= 0.0", "$text-muted")
    return Content(f"▲ +{level.move:.1f}" if level.move > 0 else f"▼ −{-level.move:.1f}")


def _verdict(heard: Heard) -> Content:
    return literal(f"{SIGNS[heard.sign]} {heard.verdict}", STYLES.get(heard.sign, "bold"))

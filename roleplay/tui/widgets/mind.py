"""The customer's mind beside a call as a coach reads it: what was felt, told and kept back at the current line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from roleplay.practice.course import Stretch
from roleplay.tui.hanging import Hanging, Item, paragraphs
from roleplay.tui.literal import literal_line
from roleplay.tui.signs import bar
from roleplay.tui.widgets.feelings_plot import plotted

if TYPE_CHECKING:
    from roleplay.review.reading import Mind

_HIGHEST = 10
_BAR = 12
_NARROW_BAR = 8
_LEAST_PLOT = 36
"""Columns from which on the course is drawn."""


class MindPanel(VerticalScroll, can_focus=False):
    """Tells a mind: in full, with the course of the call, or in three lines where it is `brief`."""

    DEFAULT_CSS = """
    MindPanel { scrollbar-size-vertical: 1; Static { height: auto; margin-bottom: 1; } }
    """

    def __init__(self) -> None:
        super().__init__(id="mind")
        self._parts = [Static(markup=False) for _ in range(4)]
        """What was felt, was there to be met, and is known; and the course: each with an edge of its own."""
        self._mind: Mind | None = None
        self._course: Sequence[Stretch] = ()
        self._there: Sequence[tuple[str, str]] = ()
        self.brief = False

    def compose(self) -> Iterator[Static]:
        yield from self._parts

    def on_resize(self) -> None:
        self._draw()

    def tell(self, mind: Mind | None, course: Sequence[Stretch], there: Sequence[tuple[str, str]]) -> None:
        """Tell that mind, `course` of the whole call, and what is `there` to be met at the current reply."""
        self._mind, self._course, self._there = mind, course, there
        self._draw()

    def _draw(self) -> None:
        mind, told = self._mind, list[Hanging]()
        if mind is not None:
            told = [Hanging(_in_brief(mind))] if self.brief else list(self._in_full(mind))
        for part, each in zip(self._parts, [*told, *[None] * len(self._parts)], strict=False):
            part.display = each is not None
            part.update(each or "")

    def _in_full(self, mind: Mind) -> Iterator[Hanging]:
        after = f"After reply {mind.turn}" if mind.turn else "At the beginning"
        levels = Hanging(
            Item(bar(value / _HIGHEST, colour, _BAR) + Content(f"  {value:g}"), Content.styled(name, "$text-muted"))
            for name, value, colour in _levels(mind)
        )
        yield Hanging([_heading(after)]) + levels
        if self._there:
            yield Hanging([_heading("There to be met")]) + _named(self._there)
        needs = Hanging([_heading("Needs"), *_needs(mind)])
        yield paragraphs(Hanging([_heading("Told and kept back"), *_told(mind)]), needs)
        width = self.scrollable_content_region.width
        if self._course and width >= _LEAST_PLOT:
            yield Hanging([_heading("The whole call"), *(Item(line) for line in plotted(self._course, width))])


def _heading(words: str) -> Item:
    return Item(Content.styled(words, "bold $primary"))


def _levels(mind: Mind) -> tuple[tuple[str, float, str], ...]:
    return (
        ("Trust", mind.trust, "$primary"),
        ("Distress", mind.distress, "$secondary"),
        ("Patience", mind.patience, "$accent"),
    )


def _in_brief(mind: Mind) -> Iterator[Item]:
    levels = (
        Content.styled(f"{name} ", "$text-muted") + bar(value / _HIGHEST, colour, _NARROW_BAR) + Content(f" {value:g}")
        for name, value, colour in _levels(mind)
    )
    yield Item(Content("   ").join(levels), cut=True)
    known = len(mind.told) + len(mind.kept_back)
    told = Content.styled(f"Told {len(mind.told)} of {known}", "$text-muted")
    if mind.kept_back:
        told += Content.styled(" · still open: ", "$text-muted") + literal_line(" · ".join(mind.kept_back))
    yield Item(told if known else Content.styled("There was nothing to be told.", "$text-muted"), cut=True)
    needs = Content.styled(f"Needs met {len(mind.met)} of {len(mind.met) + len(mind.unmet)}", "$text-muted")
    if mind.unmet:
        needs += Content.styled(" · not yet: ", "$text-muted") + literal_line(" · ".join(mind.unmet))
    yield Item(needs, cut=True)


def _named(there: Sequence[tuple[str, str]]) -> Hanging:
    return Hanging(Item(literal_line(words), Content.styled(name, "$text-muted")) for name, words in there)


def _told(mind: Mind) -> Iterator[Item]:
    for words in mind.told:
        yield Item(literal_line(words), Content.styled("✓", "bold $text-success"), cut=True)
    for words in mind.kept_back:
        yield Item(literal_line(words, "$text-muted"), Content.styled("◌", "bold"), cut=True)
    if not mind.told and not mind.kept_back:
        yield Item(Content.styled("There was nothing to be told.", "$text-muted"))


def _needs(mind: Mind) -> Iterator[Item]:
    for need in mind.met:
        yield Item(literal_line(need), Content.styled("✓", "bold $text-success"))
    for need in mind.unmet:
        yield Item(literal_line(need, "$text-muted"), Content.styled("✗", "bold $text-error"))

"""The trainee's progress: how it goes now, week by week, by customer, in tests, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.visual import Visual
from textual.widget import Widget
from textual.widgets import Static

from roleplay.conversation.drilling import DrillItem
from roleplay.practice.missed import Missed
from roleplay.practice.next_step import Step
from roleplay.practice.progress import Progress
from roleplay.practice.progress_words import ABOUT_NOW, ABOUT_TESTS, no_trend_at_all, nothing_yet
from roleplay.tui import progress_telling as telling
from roleplay.tui.choices import Drill
from roleplay.tui.frame import LEAST_WIDTH, Frame
from roleplay.tui.hanging import Hanging
from roleplay.tui.literal import literal_line
from roleplay.tui.widgets.folds import Fold, Page
from roleplay.tui.widgets.sections import Sections
from roleplay.tui.widgets.weeks_plot import WeeksPlot, worth_plotting

_TITLES = {
    "1": "Now",
    "2": "Dimensions",
    "3": "Tests",
    "4": "Calls",
    "5": "Self-rating",
    "6": "Met and missed",
    "7": "Again and again",
}
_HEADINGS = {
    "1": "Where you are",
    "2": "By dimension",
    "3": "Unaided tests",
    "4": "Calls, by customer",
    "5": "Your own rating",
    "6": "What was there to be met",
    "7": "Moments you keep missing",
}
_WIDTHS = [(0, "-thin"), (LEAST_WIDTH, "-narrow"), (120, "-wide")]
"""From 120 columns on there are two columns."""
_MOST_MISSED = 12


class MissedMoment(Fold):
    """A moment that is missed again and again. Posts `Wanted` when it is to be drilled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "unfold", "Drill it", tooltip="Drill the marked moment now"),
    ]
    step = 1

    class Wanted(Message):
        """The moment is to be drilled."""

        def __init__(self, missed: Missed) -> None:
            super().__init__()
            self.missed = missed

    def __init__(self, missed: Missed, progress: Progress) -> None:
        super().__init__()
        self.missed = missed
        self._heading, self._inside = telling.missed(missed, progress)
        self.draw()

    def heading(self) -> Content:
        return self._heading

    def inside(self) -> Hanging:
        return self._inside

    def unfold(self) -> None:
        """It is open already: drill it."""
        self.post_message(self.Wanted(self.missed))


class ProgressScreen(Frame[Drill | str]):
    """Dismisses with what is to be drilled, with the id of a persona to be played, or with None: to the gallery."""

    CSS_PATH = "progress.tcss"
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next_step", "Next step", tooltip="Do what is suggested: drills, a test, or a call"),
        Binding("d", "drill", "Drill", tooltip="Drill the marked moment that you keep missing, or else what is due"),
        Binding("escape", "done", "Gallery", tooltip="Back to the gallery"),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True, tooltip="Quit"),
        *(
            Binding(key, f"jump('{key}')", title, show=False, tooltip="To the part with this number")
            for key, title in _TITLES.items()
        ),
    ]

    def __init__(self, progress: Progress, step: Step) -> None:
        super().__init__()
        self._progress, self._step = progress, step
        self._missed = [MissedMoment(each, progress) for each in progress.missed[:_MOST_MISSED]]
        self._parts = dict(self._made())
        self._sections, self._page = Sections({key: _TITLES[key] for key in self._parts}), Page(id="page")

    def body(self) -> Iterator[Widget]:
        title = Content.styled("Progress: ", "$text-muted") + literal_line(self._progress.trainee)
        yield Static(title, id="title", markup=False)
        yield self._sections
        with self._page, Horizontal(id="columns"):
            yield Vertical(*(self._parts[key] for key in ("1", "2") if key in self._parts), classes="column")
            yield Vertical(*(part for key, part in self._parts.items() if key > "2"), classes="column")

    def on_mount(self) -> None:
        self._page.focus(scroll_visible=False)
        self._sections.display = not self._progress.nothing
        self.call_after_refresh(self._read)

    def on_page_scrolled(self) -> None:
        self._read()

    def on_sections_wanted(self, wanted: Sections.Wanted) -> None:
        self.action_jump(wanted.key)

    def on_missed_moment_wanted(self, wanted: MissedMoment.Wanted) -> None:
        self._drill_moment(wanted.missed)

    def action_jump(self, key: str) -> None:
        """Scroll to the part with that number."""
        part = self._parts.get(key)
        if part is not None:
            part.scroll_visible(top=True, animate=False)
            fold = self._missed[0] if key == "7" else self._page
            fold.focus(scroll_visible=False)
            self._sections.mark(key)

    def action_next_step(self) -> None:
        """Do what is suggested."""
        step = self._step
        if step.kind == "safety":
            self.dismiss(Drill(item=DrillItem(step.persona, step.moment)))
        elif step.kind == "test":
            self.dismiss(Drill(test=True))
        elif step.kind == "drills":
            self.dismiss(Drill())
        elif step.kind == "weakest":
            self.dismiss(Drill(dimension=step.dimension or None))
        elif step.persona:
            self.dismiss(step.persona)
        else:
            self.dismiss(None)

    def action_drill(self) -> None:
        """Drill the marked moment, or else what is due."""
        marked = self.focused
        if isinstance(marked, MissedMoment) and marked.is_in_view():
            self._drill_moment(marked.missed)
        else:
            self.dismiss(Drill())

    def action_done(self) -> None:
        """Back to the gallery."""
        self.dismiss(None)

    def _drill_moment(self, missed: Missed) -> None:
        self.dismiss(Drill(item=DrillItem(missed.persona, missed.moment)))

    def _made(self) -> Iterator[tuple[str, Vertical]]:
        """The parts there are, by number."""
        progress = self._progress
        step = telling.next_step(self._step)
        if progress.nothing:
            yield "1", _part("1", *map(literal_line, nothing_yet(progress)), step)
            return
        yield "1", _part("1", step, telling.now(progress))
        dimensions: list[Widget | Visual] = [Content.styled(ABOUT_NOW, "$text-muted")]
        apart = not no_trend_at_all(progress)
        for each in progress.dimensions.values():
            curves = telling.curves(each)
            dimensions.append(telling.dimension(each, trend=apart))
            if worth_plotting(curves):
                dimensions.append(WeeksPlot(curves))
        yield "2", _part("2", *dimensions, telling.of_all(progress))
        if progress.taken:
            yield "3", _part("3", Content.styled(ABOUT_TESTS, "$text-muted"), telling.tests(progress))
        if progress.personas:
            scores = telling.score_curve(progress)
            plot = [WeeksPlot(scores)] if worth_plotting(scores) else []
            yield "4", _part("4", telling.score(progress), *plot, telling.personas(progress))
        yield "5", _part("5", telling.self_rating(progress))
        yield "6", _part("6", telling.opportunities(progress))
        if self._missed:
            yield "7", _part("7", Content.styled("↑ ↓ mark one, Enter drills it.", "$text-muted"), *self._missed)

    def _read(self) -> None:
        """Mark the part that is being read, where the parts stand below each other."""
        if not self.has_class("-wide"):
            top = self._page.content_region.y
            read = [key for key, part in self._parts.items() if part.region.y <= top + 2]
            marked = self.focused
            if isinstance(marked, MissedMoment) and marked.is_in_view():
                read = ["7"]
            self._sections.mark(read[-1] if read else "")


def _part(key: str, *told: Widget | Visual) -> Vertical:
    heading = Static(_HEADINGS[key], classes="heading", markup=False)
    widgets = (
        each if isinstance(each, Widget) else Static(each, classes="told", markup=False) for each in told if each
    )
    return Vertical(heading, *widgets, id=f"part-{key}", classes="part")

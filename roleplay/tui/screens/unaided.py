"""The unaided test: moments never seen, one after the other, without hints; and its result, told at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from roleplay.errors import RoleplayError
from roleplay.practice.drills.task import Task, TestResult
from roleplay.practice.drills.unaided import Unaided
from roleplay.text import counted
from roleplay.tui import moments, telling
from roleplay.tui.drilling import Drilling, note
from roleplay.tui.frame import Frame
from roleplay.tui.hanging import Hanging, paragraphs
from roleplay.tui.literal import literal_line
from roleplay.tui.screens.rating import RatingScreen
from roleplay.tui.widgets.folds import Page
from roleplay.tui.widgets.marked_reply import MarkedReply

_TITLE = Content.styled("Unaided test", "bold $primary")
_GOES_ON = "What you replied is kept. The test goes on where it was."


class UnaidedScreen(Drilling[None, TestResult]):
    """Takes `test`, which it closes. Dismisses with what came of it, or with None if it is to go on later."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "begin", "Begin", tooltip="Begin the test, or go on with it"),
        Binding("enter", "retry", "Try again", tooltip="Try once more"),
        Binding("f5", "record", "Record", tooltip="What is on your screen, and what you may do"),
        Binding("pageup", "page(-1)", "Earlier", show=False, tooltip="What stands above"),
        Binding("pagedown", "page(1)", "Later", show=False, tooltip="What stands below"),
        Binding("escape", "stop", "Stop", tooltip="Go on with the test later; what is typed is kept"),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True, tooltip="Quit; what is typed is kept"),
    ]

    def __init__(self, test: Unaided) -> None:
        super().__init__(test.answer, test.keep_draft, test.close)
        self._test = test
        self._ready = self._stuck = self._begun = False

    def on_mount(self) -> None:
        self.head(_TITLE, "")
        self.show_only(Hanging([moments.behind("", note("Looking for moments you have not seen …"))]))
        self._go_on()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key is offered that does nothing now."""
        match action:
            case "begin":
                return self._ready
            case "retry":
                return self._stuck
            case "record":
                return self.moment is not None
        return True

    def action_begin(self) -> None:
        """Begin the test, or go on with it."""
        self._ready, self._begun = False, True
        self._go_on()

    def action_retry(self) -> None:
        """Try once more."""
        self._stuck = False
        self._go_on()

    def answered(self, told: None, unsent: str) -> None:
        """On to the next moment."""
        if unsent:
            self.say(f"Typed after you had sent, and not in your reply: {unsent}")
        self._go_on()

    def stopping(self) -> None:
        """Leave the test for now."""
        if self._begun:
            self.say(_GOES_ON)
        self.dismiss(None)

    def _go_on(self) -> None:
        """What comes next: what is to be known before, a moment, the rating, or what came of it."""
        self.at("waiting")
        self.run_worker(self._take_step(), group="next", exclusive=True)

    async def _take_step(self) -> None:
        try:
            if not self._begun:
                self._tell_before(await self.work.do(self._test.prepare))
            elif task := await self.work.do(self._test.next):
                self._show(task)
            elif not self._test.rated:
                whom = f"the customers of these {counted(self._test.size, 'moment', 'moments')}"
                self.app.push_screen(RatingScreen(whom, self._rate, follows="the result"), lambda _: self._rated())
            else:
                self.dismiss(await self.work.do(self._test.result))
        except RoleplayError as error:
            self._tell_stuck(str(error))

    def _rated(self) -> None:
        if self._test.rated:
            self._go_on()
        else:
            self._tell_stuck("Your rating could not be kept, and your replies are. Enter asks for it again.")

    def _tell_stuck(self, why: str) -> None:
        self._stuck = True
        self.show_only(Hanging([moments.behind("✗", literal_line(why), "bold $text-error")]))
        self.refresh_bindings()

    def _tell_before(self, sentence: str) -> None:
        self._ready = self._test.size > 0
        self.show_only(Hanging([moments.behind("", literal_line(sentence))]))
        self.refresh_bindings()

    def _show(self, task: Task) -> None:
        title = _TITLE + Content("  ") + literal_line(task.shown.title, "$text-muted")
        self.head(title, f"{task.number} of {self._test.size}")
        self.show_task(task, moments.why(task), task.draft)

    async def _rate(self, rating: int | None) -> None:
        await self.work.do(lambda: self._test.rate(rating))


class UnaidedResultScreen(Frame[None]):
    """What came of a test: its score beside others, the dimensions, and each reply with what was heard."""

    CSS_PATH = "unaided.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "done", "Gallery", tooltip="Back to the gallery"),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True, tooltip="Quit"),
    ]

    def __init__(self, came: TestResult) -> None:
        super().__init__()
        self._replies = [MarkedReply(each.reply, each.titles, each.task.shown.name) for each in came.replies]
        told = paragraphs(*map(literal_line, came.told))
        self._told = Static(told, classes="told", markup=False)
        self._dimensions = Static(telling.levels(came.dimensions), classes="told", markup=False)
        self._page = Page(id="page")

    def body(self) -> Iterator[Widget]:
        yield Static(Content.styled("Unaided test: the result", "bold $primary"), id="title", markup=False)
        with self._page:
            yield self._told
            yield self._dimensions
            yield Static("Your replies", classes="heading", markup=False)
            yield from self._replies

    def on_mount(self) -> None:
        self._page.focus(scroll_visible=False)

    def action_done(self) -> None:
        """Back to the gallery."""
        self.dismiss(None)

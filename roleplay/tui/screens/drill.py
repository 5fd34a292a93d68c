"""The drill: one moment, one reply, and at once what was heard; then again, the next one, or enough for today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from roleplay.errors import RoleplayError
from roleplay.practice.drills.sitting import Sitting
from roleplay.practice.drills.task import Result, Summary, Task
from roleplay.text import counted
from roleplay.tui import assessed, moments
from roleplay.tui.drilling import Drilling, note, show
from roleplay.tui.hanging import Hanging
from roleplay.tui.literal import literal_line
from roleplay.tui.signs import SIGNS, STYLES

SETTLING = 0.7
"""Seconds without a key after which one is taken for what is told now, and not for the reply that was just sent."""

_TICK = 20.0
"""Seconds after which the minutes are told anew."""

_CHOOSING = "Choosing the next moment …"
_ALL = "That is all for today: nothing more is due, and enough was new."
_NOTHING = "Nothing waits for you today."
_NEXT_TRY = "Once more, as practice. Before: "


class DrillScreen(Drilling[Result, str]):
    """Drills in `sitting`, which it closes, until the trainee stops.

    Dismisses with "test" where the test is wanted next, else with "done".
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "hint", "Hint", tooltip="A question to think about; again: one way to say it"),
        Binding("enter", "enough", "Stop", tooltip="Stop here: it was enough for today"),
        Binding("enter", "next", "Next", tooltip="On to the next moment"),
        Binding("enter", "retry", "Try again", tooltip="Try once more to find the next moment"),
        Binding("enter", "leave", "Gallery", tooltip="Back to the gallery"),
        Binding("n", "go_on", "Go on", tooltip="On to the next moment"),
        Binding("n", "next", "Next", show=False, tooltip="On to the next moment"),
        Binding("a", "again", "Again", tooltip="The same moment once more, as practice"),
        Binding("f5", "record", "Record", tooltip="What is on your screen, and what you may do"),
        Binding("f8", "test", "Test", tooltip="Six moments you have not seen, without hints; all is told at the end"),
        Binding("pageup", "page(-1)", "Earlier", show=False, tooltip="What stands above"),
        Binding("pagedown", "page(1)", "Later", show=False, tooltip="What stands below"),
        Binding("escape", "stop", "Stop", tooltip="Stop here; what is typed is kept"),
        Binding("escape", "dismiss('done')", "Gallery", show=False, tooltip="Back to the gallery"),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True, tooltip="Quit; what is typed is kept"),
    ]

    def __init__(self, sitting: Sitting) -> None:
        super().__init__(sitting.answer, sitting.keep_draft, sitting.close)
        self._sitting = sitting
        self._result: Result | None = None
        self._enough = self._said_enough = self._stuck = False
        self._pressed = 0.0

    def on_mount(self) -> None:
        self.head(Content.styled("Drill", "$text-muted"), "")
        self.show_only(Hanging([moments.behind("", note(_CHOOSING))]))
        self.set_interval(_TICK, self._tell_count)
        self._look_for_next()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key is offered that does nothing now."""
        stage = self.stage
        match action:
            case "hint":
                return stage == "writing"
            case "enough" | "go_on":
                return stage == "told" and self._enough
            case "next":
                return stage == "told" and not self._enough
            case "again":
                return stage == "told"
            case "retry":
                return self._stuck
            case "record":
                return self.moment is not None and stage != "over"
            case "leave" | "dismiss":
                return stage == "over"
            case "test":
                return stage in ("writing", "told", "over")
            case "stop":
                return stage != "over"
        return True

    # The next moment

    def action_next(self) -> None:
        """On to the next moment."""
        if self._meant():
            self._look_for_next()

    def action_go_on(self) -> None:
        """On, though it was enough for today."""
        if self._meant():
            self._enough = False
            self._look_for_next()

    def action_retry(self) -> None:
        """Try once more to find the next moment."""
        self._stuck = False
        self._look_for_next()

    def action_again(self) -> None:
        """The same moment once more."""
        task = self.moment
        if self._meant() and task is not None:
            self._take(lambda: self._sitting.again(task), self._show_again)

    def _look_for_next(self) -> None:
        self._take(self._sitting.next, self._show_next)

    def _take(self, find: Callable[[], Task | None], then: Callable[[Task | None], None]) -> None:
        """Find a moment in a thread, and show it, unless the trainee has stopped meanwhile."""
        self.at("waiting")

        async def found() -> None:
            try:
                task = await self.work.do(find)
            except RoleplayError as error:
                if self.stage == "waiting":
                    self._tell_stuck(error)
                return
            if self.stage == "waiting":
                then(task)

        self.run_worker(found(), group="next", exclusive=True)

    def _tell_stuck(self, error: RoleplayError) -> None:
        self._stuck = True
        self.show_only(Hanging([moments.behind("✗", literal_line(str(error)), "bold $text-error")]))
        self.refresh_bindings()

    def _show_next(self, task: Task | None) -> None:
        if task is None:
            self._tell_summary(at_end=True)
            return
        self._result = None
        self._show(task, moments.why(task), task.draft)

    def _show_again(self, task: Task | None) -> None:
        if task is None or self._result is None:
            return
        before = self._result.reply
        verdict = assessed.signed(before.assessment, self._result.verdict)
        again = moments.why(task, Content.styled(_NEXT_TRY, "$text-accent") + verdict, chosen=False)
        self._show(task, again, "", edited=before.reply)

    def _show(self, task: Task, why: Hanging, draft: str, *, edited: str = "") -> None:
        self.show_task(task, why, draft, edited=edited)
        title = Content.styled("Drill: ", "$text-muted") + literal_line(task.shown.title, "bold $primary")
        self.head(title, self._count_now())

    def _tell_count(self) -> None:
        self._count.update(literal_line(self._count_now()))

    def _count_now(self) -> str:
        number, minutes = (self.moment.number if self.moment else 0), int(self._sitting.minutes)
        of = f" of about {self._sitting.about}" if number <= self._sitting.about else ""
        return f"{number}{of} · {minutes} min" if number and self.stage != "over" else ""

    # A hint

    def action_hint(self) -> None:
        """Show a hint, or more of it."""
        task = self.moment
        if task is not None:
            self.run_worker(self._hint(task), group="hint")

    async def _hint(self, task: Task) -> None:
        try:
            shown = await self.work.do(lambda: self._sitting.hint(task))
        except RoleplayError as error:
            self.say(str(error), wrong=True)
            return
        if self.moment is task and self.stage in ("writing", "sending"):
            show(self.more, moments.hint(shown))
            self.call_after_refresh(self.to_end)

    # What was heard

    def answered(self, told: Result, unsent: str) -> None:
        """Tell at once what was heard."""
        self._result = told
        self._enough = self._sitting.enough and not self._said_enough
        self._said_enough = self._said_enough or self._enough
        show(self.more, None)
        show(self.told, moments.result(told, unsent))
        lines = [literal_line(told.comes_back, "$text-accent")] if told.comes_back else []
        if self._enough:
            lines.append(Content.styled(self._sitting.enough_told, "bold"))
        self.foot(*lines)
        self._pressed = monotonic()
        self._tell_count()
        self.at("told")
        self.call_after_refresh(self.to_told)

    def _meant(self) -> bool:
        """Whether a key is meant for what is told now: not one that was still meant for the reply."""
        before, self._pressed = self._pressed, monotonic()
        return self._pressed - before >= SETTLING

    # The end

    def action_enough(self) -> None:
        """Stop, as it was enough for today."""
        if self._meant():
            self.action_stop()

    def action_test(self) -> None:
        """To the test, once what is typed is kept."""
        self.stop(self._to_test)

    def _to_test(self) -> None:
        self.dismiss("test")

    def action_leave(self) -> None:
        """Back to the gallery."""
        if self._meant():
            self.dismiss("done")

    def stopping(self) -> None:
        """Tell what came of the sitting, if there is anything to tell."""
        self._tell_summary()

    def _tell_summary(self, *, at_end: bool = False) -> None:
        self.at("waiting")
        self.run_worker(self._sum_up(at_end=at_end), group="next", exclusive=True)

    async def _sum_up(self, *, at_end: bool) -> None:
        try:
            summary = await self.work.do(self._sitting.summary)
        except RoleplayError as error:  # all that was sent is kept
            self.say(str(error), wrong=True)
            self.dismiss("done")
            return
        if not summary.replies and not at_end:
            self.dismiss("done")
            return
        self._pressed = monotonic()
        self.at("over")
        self.head(Content.styled("Drills of today" if summary.replies else "Drill", "bold $primary"), "")
        self.foot()
        self.show_only(_summed_up(summary, (_ALL if summary.replies else _NOTHING) if at_end else ""))


def _summed_up(summary: Summary, first: str) -> Hanging:
    told = (summary.told, summary.next_step)
    parts = [literal_line(first), *_heard(summary), *map(literal_line, told)]
    return Hanging(moments.apart(moments.behind("", part) for part in parts if part))


def _heard(summary: Summary) -> Iterator[Content]:
    """How many replies there were, and how they were heard."""
    if not summary.replies:
        return
    minutes = counted(max(1, round(summary.minutes)), "minute", "minutes")
    yield Content(f"{counted(summary.replies, 'reply', 'replies')} in {minutes}.")
    rest = summary.replies - summary.met - summary.partly - summary.missed
    numbers = {
        "met": (summary.met, "met"),
        "partly": (summary.partly, "partly met"),
        "missed": (summary.missed, "missed"),
        "unsure": (rest, "not sure or not scored"),
    }
    yield Content("   ").join(
        Content.styled(f"{SIGNS[sign]} {number} {words}", STYLES.get(sign, "bold"))
        for sign, (number, words) in numbers.items()
        if number
    )

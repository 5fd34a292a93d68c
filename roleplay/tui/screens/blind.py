"""Blind rating: a reply at its moment, and level after level by key; no score and no trainee's name is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from roleplay.errors import RoleplayError
from roleplay.review.blind import RIGHTS, BlindSitting, Case, Question, blind_sample
from roleplay.review.desk import Desk
from roleplay.scoring.overruled import HIGHEST
from roleplay.text import counted
from roleplay.tui.frame import Frame
from roleplay.tui.hanging import Hanging, Item, facts, paragraphs
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.sitting import Sitting

_NONE = (
    "There is no reply that you could rate blindly.\n\n"
    "They come from calls that have ended, and that you have neither played, reviewed nor rated."
)

_ROOMY = 20
"""Rows from which on there is room to say what a dimension asks."""


class BlindScreen(Frame[int]):
    """Has the coach of `sitting` rate `number` replies, drawn by `seed`; dismisses with how many ratings were kept.

    A reply is kept with its last level, before the next one is shown; keys pressed meanwhile do nothing.
    """

    CSS_PATH = "blind.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(level), f"give({level})", str(level), show=False, tooltip="Give the level with this number")
            for level in range(HIGHEST["overall"] + 1)
        ),
        Binding("b,backspace", "back", "Back", tooltip="To the level before, or to the reply before"),
        Binding("s", "skip", "Skip", tooltip="Leave this reply out"),
        Binding("up", "scroll(-1)", "Read", show=False, tooltip="Read up or down"),
        Binding("down", "scroll(1)", "Read", show=False, tooltip="Read up or down"),
        Binding("pageup", "page(-1)", "Read", show=False, tooltip="Read a page up or down"),
        Binding("pagedown", "page(1)", "Read", show=False, tooltip="Read a page up or down"),
        Binding("escape", "stop", "Stop", tooltip="Stop here; what was rated is kept"),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True, tooltip="Quit; what was rated is kept"),
    ]

    def __init__(self, sitting: Sitting, number: int, seed: int) -> None:
        super().__init__()
        self._sitting, self._number, self._seed = sitting, number, seed
        self._blind: BlindSitting | None = None
        self._case: Case | None = None
        self._busy = False
        self._heading, self._moment = Static(id="heading", markup=False), Static(id="moment", markup=False)
        self._reply, self._asked = Static(id="reply", markup=False), Static(id="asked", markup=False)
        self._read = VerticalScroll(self._moment, self._reply, id="read", can_focus=False)

    def body(self) -> Iterator[Widget]:
        yield self._heading
        with Container(id="room"):
            yield self._read
            with Vertical(id="asking"):
                yield self._asked

    def on_mount(self) -> None:
        self._heading.update("Drawing replies to rate …")
        self._work(self._begin)

    def action_give(self, level: int) -> None:
        """Give a level, if there is such a one."""
        question = self._blind.question if self._blind else None
        if question and level <= HIGHEST[question.name]:
            self._step(lambda blind: blind.give(level))

    def action_back(self) -> None:
        """Go back a step."""
        self._step(lambda blind: blind.back())

    def action_skip(self) -> None:
        """Leave a reply out."""
        self._step(lambda blind: blind.skip())

    def action_scroll(self, by: int) -> None:
        """Read on, or back."""
        self._read.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Read on, or back, by a page."""
        self._read.scroll_relative(y=by * max(1, self._read.size.height - 2), animate=False)

    def action_stop(self) -> None:
        """Stop; what was rated is kept."""
        if not self._busy:
            self.dismiss(self._blind.rated if self._blind else 0)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._show)

    async def may_quit(self) -> bool:
        """Wait for what is being kept."""
        await self._sitting.settled()
        return True

    def _begin(self, desk: Desk) -> None:
        self._blind = BlindSitting(desk, blind_sample(desk, self._number, self._seed))

    def _step(self, step: Callable[[BlindSitting], object]) -> None:
        blind = self._blind
        if blind is not None:
            self._work(lambda _: step(blind))

    def _work(self, work: Callable[[Desk], object]) -> None:
        """Do something in a thread, and show what is asked then; one thing at a time."""
        if not self._busy:
            self._busy = True
            self.run_worker(self._do(work))

    async def _do(self, work: Callable[[Desk], object]) -> None:
        try:
            await self._sitting.step(work)
        except RoleplayError as error:  # the same level is asked for again
            self.say(str(error), wrong=True)
        finally:
            self._busy = False
            self._show()

    def _show(self) -> None:
        blind = self._blind
        if blind is None or not self.is_attached:
            return
        question = blind.question
        self._read.display = question is not None
        if question is None:
            self._case = None
            self._heading.update("Blind rating")
            kept = f"{counted(blind.rated, 'rating is', 'ratings are')} kept. Esc goes back."
            self._asked.update(literal(kept if blind.rated else _NONE))
            return
        if question.case is not self._case:
            self._case = question.case
            self._show_case(question)
        self._asked.update(_asked(question, brief=self.size.height < _ROOMY))

    def _show_case(self, question: Question) -> None:
        case = question.case
        self._heading.update(
            Content.styled(f"Reply {question.number} of {question.of}  ", "$text-muted")
            + literal_line(case.title, "bold $primary")
        )
        self._moment.update(_moment(case))
        self._reply.update(_reply(case))
        self.call_after_refresh(self._read.scroll_end, animate=False)


def _moment(case: Case) -> Hanging:
    """What the trainee may do, what was said before, what was there to be met, and the customer's line."""
    muted, there = "$text-muted", dict(case.there())
    rights = {label: there.pop(label) for label in RIGHTS if label in there}
    before = Hanging(
        Item(
            literal_line(said.text or "(silence)", muted),
            literal_line(case.speaker if said.role == "customer" else "Trainee", muted),
        )
        for said in case.before
    )
    customer = Hanging([Item(literal_line(case.customer), literal_line(case.speaker, "bold $primary"))])
    return paragraphs(facts(rights), before, facts(there), customer)


def _reply(case: Case) -> Hanging:
    said = [Item(literal_line(case.reply or "(silence)", "bold"), Content.styled("The reply", "bold $accent"))]
    if case.gesture:
        said.append(Item(literal_line(case.gesture), Content.styled("Given", "bold $accent")))
    return Hanging(said)


def _asked(question: Question, *, brief: bool) -> Hanging:
    """The dimension, and what each level of it means; `brief`: not what the dimension asks."""
    levels = Hanging(
        Item(literal_line(means), Content.styled(str(level), "bold $accent"))
        for level, means in enumerate(question.anchors)
    )
    done = " ".join(str(level) for level in question.given.values())
    keys = f"   press 0 to {HIGHEST[question.name]}{f', given so far: {done}' if done else ''}"
    head = Hanging([Item(literal_line(question.title, "bold $primary") + Content.styled(keys, "$text-muted"))])
    return head + levels if brief else head + Hanging([Item(literal_line(question.means, "$text-muted"))]) + levels

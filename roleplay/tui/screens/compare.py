"""Two paths of a call side by side, from the turn where they part: what was said, how it was heard, what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from roleplay.conversation.turns import Transcript
from roleplay.errors import RoleplayError
from roleplay.persona.names import short_name
from roleplay.practice.calls import Calls
from roleplay.practice.compare import Comparison, Side, compared
from roleplay.practice.debrief import ReplyResult, reply_at
from roleplay.practice.tries import ANSWER_AGAIN, FIRST_PATH_STAYS
from roleplay.practice.wording import OUTCOMES, last_words, titles_of
from roleplay.tui.again import AnswerAgain, Compare, GoOnWith, Practice
from roleplay.tui.beside import LEAST, Beside, headed
from roleplay.tui.final_pass import FinalPass
from roleplay.tui.frame import LEAST_WIDTH, Frame
from roleplay.tui.hanging import Hanging, Item
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.unwaited import unwaited
from roleplay.tui.widgets.both_courses import BothCourses
from roleplay.tui.widgets.compared_turn import ComparedTurn, side_title
from roleplay.tui.widgets.folds import Fold, Page
from roleplay.tui.widgets.sections import Sections

_MOST_TABS = 9
_WIDTHS = [(0, "-thin"), (LEAST_WIDTH, "-narrow"), (130, "-wide")]
"""From 130 columns on, what came of it stands beside the turns."""
_MARK_FIRST = "Mark a turn with ↑ ↓ first, then press R."


class Shown(NamedTuple):
    """Two transcripts with what they come to, and the branches of all paths of the call, first the one that counts."""

    paths: tuple[Transcript, Transcript]
    comparison: Comparison
    branches: Sequence[int]


class Part(Page):
    """A column of the comparison, composed anew of what `tell` gives."""

    def __init__(self, ident: str, tell: Callable[[], Iterator[Widget]]) -> None:
        super().__init__(id=ident, classes="column")
        self._tell = tell

    def compose(self) -> ComposeResult:
        yield from self._tell()


class CompareScreen(Frame[Practice]):
    """Dismisses with what is to be done next with the call of that id, or with None to go back.

    While a judge's `final_pass` goes on it is told how far; at its end all is compared anew.
    """

    CSS_PATH = "compare.tcss"
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "answer_again", ANSWER_AGAIN, tooltip="Answer again from the marked turn of the right path"),
        Binding("g", "go_on", "Go on", tooltip="Go on with the try at the right, which waits"),
        Binding("n", "next_try", "Next try", tooltip="Put the next try at the right"),
        Binding("x", "swap", "Swap", tooltip="Left to right, and right to left"),
        Binding("escape", "back", "Back", tooltip="Back to the debrief"),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True, tooltip="Quit; tries that wait are kept"),
        *(
            Binding(str(number), f"put({number})", show=False, tooltip="Put the path with this number at the right")
            for number in range(_MOST_TABS + 1)
        ),
    ]

    def __init__(self, calls: Calls, session_id: str, wanted: Compare, *, final_pass: FinalPass | None = None) -> None:
        super().__init__()
        self._calls, self._call_id, self._wanted, self._final_pass = calls, session_id, wanted, final_pass
        self._shown: Shown | None = None
        self._title, self._judging = Static(id="title", markup=False), Static(id="judging", markup=False)
        self._tabs, self._heads = Sections({}), Static(id="heads", markup=False)
        self._state = Static("Comparing …", id="state", markup=False)
        self._pages = Page(id="pages")
        self._turns, self._mind = Part("turns", self._told_turns), Part("mind", self._told_mind)

    def body(self) -> Iterator[Widget]:
        yield self._title
        yield self._judging
        yield self._tabs
        yield self._heads
        yield self._state
        with self._pages:
            yield self._turns
            yield self._mind

    def on_mount(self) -> None:
        self._pages.display = self._heads.display = False
        if self._final_pass is not None:
            self._final_pass.listen(self._judged)
            self._judged()
        self._load(self._wanted)

    def on_unmount(self) -> None:
        if self._final_pass is not None:
            self._final_pass.listen(None)

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._arrange)

    def on_sections_wanted(self, wanted: Sections.Wanted) -> None:
        self.action_put(int(wanted.key))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key is offered for what there is not."""
        there = {
            "answer_again": self._shown is not None,
            "go_on": self._shown is not None and self._right.practice and self._right.end is None,
            "next_try": self._shown is not None and len(self._shown.branches) > 2,
            "swap": self._shown is not None,
        }
        return there.get(action, True)

    def action_answer_again(self) -> None:
        """Answer again from the marked turn, of the path at the right if it has a reply there."""
        marked = self.focused
        if self._shown is None:
            return
        if not isinstance(marked, ComparedTurn) or not marked.is_in_view():
            self.say(_MARK_FIRST)
            return
        path = self._shown.paths[1 if marked.has(1) else 0]
        self.dismiss(AnswerAgain(marked.turn, path.branch if path.practice else None))

    def action_go_on(self) -> None:
        """Go on with the try at the right."""
        self.dismiss(GoOnWith(self._right.branch))

    def action_next_try(self) -> None:
        """Put the next path at the right that is not the left one."""
        if self._shown:
            branches = self._shown.branches
            left, right = (path.branch for path in self._shown.paths)
            after = branches.index(right) + 1
            self._load(Compare(left, next(each for each in (*branches[after:], *branches) if each != left)))

    def action_swap(self) -> None:
        """Left to right, and right to left."""
        if self._shown:
            left, right = (path.branch for path in self._shown.paths)
            self._load(Compare(right, left))

    def action_put(self, place: int) -> None:
        """Put the path at that place at the right; the first is the one that counts."""
        if self._shown is None or place >= len(self._shown.branches):
            return
        wanted = self._shown.branches[place]
        left, right = (path.branch for path in self._shown.paths)
        if wanted == left:
            self.say("That path stands at the left already. X swaps them.")
        elif wanted != right:
            self._load(Compare(left, wanted))

    def action_back(self) -> None:
        """Back to the debrief."""
        self.dismiss(None)

    @property
    def _right(self) -> Side:
        assert self._shown
        return self._shown.comparison.sides[1]

    def _load(self, wanted: Compare) -> None:
        self._wanted = wanted
        self.run_worker(self._read(), group="load", exclusive=True)

    async def _read(self) -> None:
        wanted = self._wanted

        def read() -> Shown:
            left = self._calls.load(self._call_id, wanted.left)
            right = self._calls.load(left.session.id, wanted.right)
            every = self._calls.store.tries(left.session.id)
            counts = [each.branch for each in every if each.outcome and not each.practice]
            return Shown(
                (left, right), compared(left, right), [*counts, *(each.branch for each in every if each.practice)]
            )

        try:
            shown = await unwaited(read)
        except RoleplayError as error:
            if self._shown is None:
                self._state.update(literal(f"{error}\n\nEsc goes back."))
            else:
                self.say(str(error), wrong=True)
            return
        await self._tell(shown)

    async def _tell(self, shown: Shown) -> None:
        comparison = shown.comparison
        self._shown = shown
        with self.app.batch_update():
            self._title.update(Content.styled("Compare: ", "$text-muted") + literal_line(comparison.title))
            tabs = {str(place): f"Try {each}" if place else "First path" for place, each in enumerate(shown.branches)}
            self._tabs.rename(dict(tuple(tabs.items())[: _MOST_TABS + 1]))
            self._tabs.mark(str(shown.branches.index(comparison.sides[1].branch)))
            await self._turns.recompose()
            await self._mind.recompose()
            self._state.display, self._pages.display = False, True
            self.refresh_bindings()
        self.call_after_refresh(self._read_from_the_top)

    def _read_from_the_top(self) -> None:
        self._arrange()
        first = next(iter(self._turns.query(Fold)), None)
        if first is not None:
            first.focus(scroll_visible=False)

    def _told_turns(self) -> Iterator[Widget]:
        if self._shown is None:
            return
        comparison = self._shown.comparison
        yield _told(literal(comparison.sentence, "bold"))
        yield _told(Content.styled(FIRST_PATH_STAYS, "$text-muted"))
        answered = " ".join(line.text for line in comparison.answered[-1:])
        who = next((short_name(line.speaker) for line in comparison.answered[-1:] if line.speaker), comparison.name)
        line = literal(f"{who}: {last_words(answered)}")
        yield _told(Content.styled("Both answer ", "$text-muted") + line)
        titles = titles_of(self._shown.paths[0].session.script.rubric)
        for turn in comparison.turns:
            yield ComparedTurn(turn, comparison.sides, comparison.name, titles, self._explain)
        ends = tuple(Hanging(_end(side)) for side in comparison.sides)
        heads = tuple(side_title(side) for side in comparison.sides)
        heading = Hanging([Item(Content.styled("  How it ended", "bold $text-muted"))])
        yield Static(Beside(heading, ends[0], ends[1], (heads[0], heads[1])), markup=False)

    def _told_mind(self) -> Iterator[Widget]:
        if self._shown is None:
            return
        comparison = self._shown.comparison
        yield Static(literal_line(f"{comparison.name}’s mind"), classes="heading", markup=False)
        yield _told(Hanging(_apart(comparison)))
        yield Static("Trust and distress", classes="heading", markup=False)
        yield BothCourses(comparison)

    def _explain(self, place: int, turn: int) -> ReplyResult:
        assert self._shown
        return reply_at(self._shown.paths[place], turn)

    def _judged(self) -> None:
        """Tell how far the judge is; at its end, compare anew."""
        final_pass = self._final_pass
        if final_pass is None:
            return
        self._judging.display = bool(final_pass.told)
        self._judging.update(Content(final_pass.told))
        if final_pass.over:
            if final_pass.fault:
                self.say(final_pass.fault, wrong=True)
            if self._shown and not any(each.verdicts == final_pass.transcript.verdicts for each in self._shown.paths):
                self._load(self._wanted)

    def _arrange(self) -> None:
        """The page that scrolls takes the keys: the whole, or each of two columns. Over columns stands whose."""
        wide = self.has_class("-wide")
        self._pages.can_focus = not wide
        self._turns.can_focus = self._mind.can_focus = wide
        if self._shown is None:
            return
        width = (self._turns if wide else self._pages).scrollable_content_region.width
        self._heads.display = width >= LEAST
        names = [side.title for side in self._shown.comparison.sides]
        left, right = (literal_line(name, "bold underline") for name in names)
        self._heads.update(headed(left, right, width))
        if self.focused is None or not self.focused.can_focus:
            (self._turns if wide else self._pages).focus(scroll_visible=False)


def _told(words: Content | Hanging) -> Static:
    return Static(words, classes="told", markup=False)


def _end(side: Side) -> Iterator[Item]:
    if side.end is None:
        yield Item(Content.styled("It waits: go on with it whenever you like.", "italic"))
        return
    left = "You ended the call. " if side.end.by == "left" else ""
    yield Item(Content.styled(f"{left}{OUTCOMES[side.end.outcome]}", "bold"))
    if side.end.epilogue.strip():
        yield Item(literal(side.end.epilogue))


def _apart(comparison: Comparison) -> Iterator[Item]:
    """Where the customer's mind went differently, path by path."""
    any_ = False
    for side in comparison.sides:
        for lead, sign, words in (
            ("Told only on", "✓", side.told),
            ("Met only on", "✓", side.met),
            ("Came only on", "·", side.moments),
        ):
            if words:
                any_ = True
                yield Item(Content.styled(f"{lead} {side.name}", "bold"))
                told = (last_words(each) if lead.startswith("Came") else each for each in words)
                yield from (Item(literal_line(each), Content.styled(f"  {sign}", "$text-accent")) for each in told)
    if not any_:
        yield Item(Content.styled("The same was told, met and brought up on both.", "$text-muted"))

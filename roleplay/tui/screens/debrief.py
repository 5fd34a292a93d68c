"""The debrief: how the call ended, how it was heard from reply to reply, and what was never told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.visual import Visual
from textual.widget import Widget
from textual.widgets import Static

from roleplay.conversation.reviewing import Reviewed
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.errors import RoleplayError
from roleplay.practice.aftercare import aftercare_of
from roleplay.practice.course import course_of
from roleplay.practice.debrief import debrief_of
from roleplay.practice.tries import ANSWER_AGAIN, FIRST_PATH_STAYS, waiting
from roleplay.practice.visits import another_comes
from roleplay.scoring.assessment import Scored
from roleplay.store.transcripts import Try
from roleplay.tui import noted, telling
from roleplay.tui.again import AnswerAgain, Compare, GoOnWith, Practice
from roleplay.tui.final_pass import FinalPass
from roleplay.tui.frame import LEAST_WIDTH, Frame
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.sitting import Sitting
from roleplay.tui.widgets.begun_try import BegunTry
from roleplay.tui.widgets.coach_remarks import CoachRemarks
from roleplay.tui.widgets.feelings_plot import FeelingsPlot
from roleplay.tui.widgets.folds import Fold, Page
from roleplay.tui.widgets.kept_back import KeptBack
from roleplay.tui.widgets.marked_reply import MarkedReply
from roleplay.tui.widgets.sections import Sections

_TITLES = {
    "0": "Safety",
    "1": "End",
    "2": "Score",
    "3": "Course",
    "4": "Dimensions",
    "5": "Replies",
    "6": "Kept back",
    "7": "Model",
    "8": "Tries",
}
_HEADINGS = {
    "0": "Safety first",
    "1": "How it ended",
    "2": "The score",
    "3": "Trust and distress",
    "4": "By dimension",
    "5": "Reply by reply",
    "6": "Never told",
    "7": "The language model",
    "8": "Answered again",
}
_TRIES = "Enter: the try beside the first path; there tries can be compared with each other too. G: go on with one."
_WIDTHS = [(0, "-thin"), (LEAST_WIDTH, "-narrow"), (120, "-wide")]
"""From 120 columns on the replies stand beside the rest."""


class Facts(Page):
    """The column of what can be told as text: composed anew, of what `tell` gives, once the judge has read it all."""

    def __init__(self, tell: Callable[[], Iterator[Widget]]) -> None:
        super().__init__(id="facts", classes="column")
        self._tell = tell

    def compose(self) -> ComposeResult:
        yield from self._tell()


class DebriefScreen(Frame[str | Practice]):
    """Dismisses with "again", to take this call once more, "done", or what is to be practised of it.

    `help_resources` is shown after danger. `tries` are those in which the call was answered again; None: it cannot be.
    It is opened `at` the part of that number. What was `reviewed` stands below the reply that it is on. With a
    `sitting` of the trainee's they can be disputed. While a judge's `final_pass` goes on it is told how far, and at its
    end all is told anew, where it is being read.
    """

    CSS_PATH = "debrief.tcss"
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "answer_again", ANSWER_AGAIN, tooltip="Answer again from the marked reply, or choose a turn"),
        Binding("g", "go_on", "Go on", show=False, tooltip="Go on with the marked try, or the last one that waits"),
        Binding("k", "untold", "Kept back", show=False, tooltip="Show what was kept back, a step further"),
        Binding(
            "n", "next_note", "Coach", show=False, tooltip="To the next reply that your coach has added something to"
        ),
        Binding("d", "dispute", "Dispute", tooltip="Dispute how the marked reply was heard, or take that back"),
        Binding("f4", "again", "Take it again", tooltip="Take this call again"),
        Binding("f4", "next_visit", "Next visit", tooltip="On to the briefing of the next visit"),
        Binding("escape", "done", "Gallery", tooltip="Back to the gallery"),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True, tooltip="Quit"),
        *(
            Binding(key, f"jump('{key}')", title, show=False, tooltip="To the part with this number")
            for key, title in _TITLES.items()
        ),
    ]

    def __init__(
        self,
        transcript: Transcript,
        *,
        help_resources: str,
        final_pass: FinalPass | None = None,
        reviewed: Reviewed | None = None,
        sitting: Sitting | None = None,
        tries: Sequence[Try] | None = None,
        at: str = "",
    ) -> None:
        super().__init__()
        self._reviewed, self._sitting, self._at = reviewed, sitting, at
        self._can_practise, self._tries = tries is not None, tuple(tries or ())
        script = transcript.session.script
        self._title, self._everybody = script.listed[1], bool(script.queue)
        self._follows = another_comes(transcript)
        self._help_resources, self._final_pass = help_resources, final_pass
        self._take_in(transcript)
        self._by_coach = Static(id="by-coach", markup=False)
        self._judging, self._sections = Static(id="judging", markup=False), Sections(self._parts())
        self._pages, self._facts = Page(id="pages"), Facts(self._told)
        self._said = Page(id="said", classes="column")
        judge, name = bool(self._verdicts), self._debrief.name
        self._replies = [MarkedReply(reply, self._titles, name, judge=judge) for reply in self._debrief.replies]
        self._begun = [BegunTry(each, self._tries) for each in reversed(self._tries)]
        self._remarks = [CoachRemarks(self._debrief.remarks)] if self._debrief.remarks else []
        self._about_model = Static(classes="told", markup=False)
        self._model_part = _part("7", self._about_model)
        self._tell_model()
        self._tell_reviewed()

    def _take_in(self, transcript: Transcript) -> None:
        self._transcript, self._verdicts = transcript, transcript.verdicts
        self._debrief = debrief_of(transcript, self._reviewed)
        self._aftercare = aftercare_of(transcript, self._debrief)
        self._course = course_of(self._debrief)
        self._model = telling.model(transcript, self._debrief)

    def body(self) -> Iterator[Widget]:
        yield Static(Content.styled("Debrief: ", "$text-muted") + literal_line(self._title), id="title", markup=False)
        yield self._by_coach
        yield self._judging
        yield self._sections
        with self._pages:
            yield self._facts
            with self._said:
                yield from self._said_parts()

    def on_mount(self) -> None:
        self._arrange()
        self.call_after_refresh(*((self.action_jump, self._at) if self._at else (self._read,)))
        if self._final_pass is not None:
            self._final_pass.listen(self._judged)
            self._judged()

    def on_unmount(self) -> None:
        if self._final_pass is not None:
            self._final_pass.listen(None)

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._arrange)

    def on_page_scrolled(self) -> None:
        self._read()

    def on_sections_wanted(self, wanted: Sections.Wanted) -> None:
        self.action_jump(wanted.key)

    def action_jump(self, key: str) -> None:
        """Scroll to the part with that number."""
        for part in self.query(f"#part-{key}") if key in self._parts() else ():
            part.scroll_visible(top=True, animate=False)
            fold = next(iter(part.query(Fold)), None)
            if fold is not None:
                fold.focus(scroll_visible=False)
            else:
                self._page_of(part).focus(scroll_visible=False)
            self._sections.mark(key)

    def action_untold(self) -> None:
        """Show what was kept back, a step further."""
        for fold in self.query(KeptBack):
            fold.focus(scroll_visible=False)
            fold.unfold()

    def action_next_note(self) -> None:
        """To the next reply that a coach has added something to, and open it."""
        there = self._with_notes()
        marked = self.focused
        after = there[there.index(marked) + 1 :] if isinstance(marked, Fold) and marked in there else there
        following = next(iter(after or there), None)
        if following is not None:
            following.focus(scroll_visible=False)
            if following.step == 0:
                following.unfold()
            else:
                following.reveal()

    def action_dispute(self) -> None:
        """Dispute how the marked reply was heard, or take that back."""
        marked, sitting = self.focused, self._sitting
        if sitting is None:
            return
        if not isinstance(marked, MarkedReply) or not marked.is_in_view():
            self.say("Mark the reply with ↑ ↓ first, then press D.")
            self.action_jump("5")
            return
        from roleplay.tui.screens.dispute import DisputeScreen, TakeBackScreen

        kept, waiting = self._kept(marked), marked.reply.noted.waiting
        if waiting is None:
            self.app.push_screen(DisputeScreen(sitting, self._transcript, kept), self._disputed)
        else:
            self.app.push_screen(TakeBackScreen(sitting, self._transcript, kept, waiting.text), self._disputed)

    def action_answer_again(self) -> None:
        """Answer again from the marked reply; without one, choose the turn."""
        marked = self.focused
        if isinstance(marked, MarkedReply) and marked.is_in_view():
            self.dismiss(AnswerAgain(marked.reply.turn))
            return
        from roleplay.tui.screens.from_turn import FromTurnScreen

        self.app.push_screen(FromTurnScreen(self._debrief.replies), self._from_turn)

    def action_go_on(self) -> None:
        """Go on with the marked try if it waits, else with the last one that does."""
        marked = self.focused
        branch = marked.begun.branch if isinstance(marked, BegunTry) else None
        begun = waiting(self._tries, branch) or waiting(self._tries)
        if begun is not None:
            self.dismiss(GoOnWith(begun.branch))

    def on_begun_try_chosen(self, chosen: BegunTry.Chosen) -> None:
        """Compare it with the first path; one in which nothing was said yet is gone on with."""
        begun = chosen.begun
        self.dismiss(Compare(None, begun.branch) if begun.own else GoOnWith(begun.branch))

    def action_again(self) -> None:
        """Take this call again."""
        self.dismiss("again")

    def action_next_visit(self) -> None:
        """On to the next visit."""
        self.dismiss("again")

    def action_done(self) -> None:
        """Back to the gallery."""
        self.dismiss("done")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key is offered for what there is not."""
        there = {
            "untold": bool(self._debrief.untold),
            "next_note": bool(self._with_notes()),
            "dispute": self._sitting is not None and bool(self._replies),
            "answer_again": self._can_practise and bool(self._replies),
            "go_on": waiting(self._tries) is not None,
            "next_visit": self._follows,
            "again": not self._follows,
        }
        return there.get(action, True)

    def _from_turn(self, turn: int | None) -> None:
        if turn is not None:
            self.dismiss(AnswerAgain(turn))

    def _judged(self) -> None:
        """Tell how far the judge is; at its end, tell all anew."""
        final_pass = self._final_pass
        if final_pass is None:
            return
        told = final_pass.told
        self._judging.display = bool(told)
        self._judging.update(Content(f"{told} Read on or go back; quitting ends it." if told else ""))
        if final_pass.over:
            if final_pass.fault:
                self.say(final_pass.fault, wrong=True)
            if final_pass.transcript.verdicts != self._verdicts:
                self.run_worker(self._renew(final_pass.transcript), group="renew")

    async def _renew(self, transcript: Transcript) -> None:
        """Tell all anew, and leave what is read and what is open where it is."""
        self._take_in(transcript)
        place = self._place()
        with self.app.batch_update():
            await self._facts.recompose()
            self._retell()
            self._tell_model()
        self._sections.rename(self._parts())
        self.call_after_refresh(self._return_to, place)
        self.say("The judge has read it all, and the debrief is renewed.")

    def _disputed(self, kept: object) -> None:
        """Show what was kept or taken back, if something was."""
        if kept:
            self.run_worker(self._read_reviewed(), group="reviewed", exclusive=True)

    async def _read_reviewed(self) -> None:
        """Read all that was added to the call, and tell each reply anew."""
        if self._sitting is None:
            return
        ident = self._transcript.session.id
        try:
            self._reviewed = await self._sitting.read(lambda desk: desk.reviews.of(ident))
        except RoleplayError as error:
            self.say(str(error), wrong=True)
            return
        self._take_in(self._transcript)
        self._retell()

    def _retell(self) -> None:
        """Tell each reply as it is judged and noted now."""
        for marked, reply in zip(self._replies, self._debrief.replies, strict=True):
            marked.renew(reply, self._titles, judge=bool(self._verdicts))
        self._tell_reviewed()

    def _tell_reviewed(self) -> None:
        """How much a coach has added, and how to get at it."""
        more = " N: the next." if self._with_notes() else ""
        sign = Content.styled(f"{noted.NOTE} ", "bold $text-accent")
        self._by_coach.update(sign + literal_line(self._debrief.reviewed, "bold") + Content.styled(more, "$text-muted"))
        self._by_coach.display = bool(self._debrief.reviewed)

    def _with_notes(self) -> list[Fold]:
        """What a coach has added something to, in order."""
        return [*(each for each in self._replies if each.reply.noted.by_coach), *self._remarks]

    def _kept(self, marked: MarkedReply) -> KeptReply:
        place = marked.reply.branch, marked.reply.turn
        replies = (*self._transcript.earlier, *self._transcript.replies)
        return next(each for each in replies if each.place == place)

    def _place(self) -> list[tuple[Page, str | Widget, int]]:
        """What is at the top of each page that scrolls, and how far it is scrolled past it."""
        places: list[tuple[Page, str | Widget, int]] = []
        for page in (self._pages, self._facts, self._said):
            top = page.content_region.y
            passed = [each for each in (*_shown(page), *page.query(Fold)) if each.region.y <= top]
            if page.scroll_offset.y and passed:
                last = max(passed, key=lambda each: each.region.y)
                places.append((page, f"#{last.id}" if last.id else last, top - last.region.y))
        return places

    def _return_to(self, places: list[tuple[Page, str | Widget, int]]) -> None:
        for page, what, past in places:
            widget = next(iter(self.query(what)), None) if isinstance(what, str) else what
            if widget is not None:
                page.scroll_relative(y=widget.region.y + past - page.content_region.y, animate=False)

    def _parts(self) -> dict[str, str]:
        """The parts there are, by number."""
        there = {"0": bool(self._aftercare), "7": bool(self._model), "8": bool(self._tries)}
        return {key: title for key, title in _TITLES.items() if there.get(key, True)}

    @property
    def _titles(self) -> dict[Scored, str]:
        return {each.dimension: each.title for each in self._debrief.dimensions}

    def _told(self) -> Iterator[Widget]:
        debrief = self._debrief
        if self._aftercare:
            yield _part("0", telling.safety(self._aftercare), literal(self._help_resources))
        epilogue = Static(literal(debrief.epilogue), id="epilogue", markup=False)
        visit = [literal_line(debrief.visit)] if debrief.visit else []
        yield _part("1", telling.outcome(debrief), epilogue, *visit)
        yield _part("2", telling.score(debrief))
        yield _part("3", FeelingsPlot(self._course), telling.course(self._course))
        needs = (Content.styled("What was needed", "bold"), telling.needs(debrief))
        yield _part("4", telling.next_time(debrief), telling.dimensions(debrief), *needs)

    def _said_parts(self) -> Iterator[Widget]:
        debrief = self._debrief
        nothing = Content.styled("There is no reply to show.", "$text-muted")
        yield _part("5", *self._replies, *self._remarks) if self._replies else _part("5", nothing, *self._remarks)
        if self._begun:
            more = Content.styled(_TRIES, "$text-muted")
            yield _part("8", Content(FIRST_PATH_STAYS), *self._begun, Content(""), more)
        if debrief.untold:
            yield _part("6", KeptBack(debrief))
        else:
            nobody = "Nobody kept anything back." if self._everybody else f"{debrief.name} kept nothing back."
            yield _part("6", literal_line(nobody))
        yield self._model_part

    def _tell_model(self) -> None:
        self._model_part.display = self._model is not None
        self._about_model.update(self._model or "")

    def _arrange(self) -> None:
        """The page that scrolls takes the keys: the whole, or each of two columns."""
        wide = self.has_class("-wide")
        self._pages.can_focus = not wide
        self._facts.can_focus = self._said.can_focus = wide
        if self.focused is None or not self.focused.can_focus:
            (self._facts if wide else self._pages).focus(scroll_visible=False)

    def _page_of(self, part: Widget) -> Widget:
        return next(each for each in part.ancestors if isinstance(each, Page) and each.can_focus)

    def _read(self) -> None:
        """Mark the part that is being read, where it is only one."""
        if self.has_class("-wide"):
            return
        top = self._pages.content_region.y
        parts = [part for part in _shown(self) if part.region.y <= top + 2]
        if parts and parts[-1].id:
            self._sections.mark(parts[-1].id.removeprefix("part-"))


def _shown(within: Widget) -> list[Widget]:
    """The parts of the debrief that are in `within` and have something to tell."""
    return [part for part in within.query(".part") if part.display]


def _part(key: str, *told: Widget | Visual) -> Vertical:
    heading = Static(_HEADINGS[key], classes="heading", markup=False)
    widgets = (
        each if isinstance(each, Widget) else Static(each, classes="told", markup=False) for each in told if each
    )
    return Vertical(heading, *widgets, id=f"part-{key}", classes="part")

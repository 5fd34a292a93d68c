"""A call as a coach reviews it: what was said, what counts of it, what was noted, and the customer's mind beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from roleplay.conversation.reviewing import Kept
from roleplay.errors import RoleplayError
from roleplay.review.opening import Opened, Spot, opened
from roleplay.review.reading import Entry
from roleplay.store.reviews import Waiting, Wanted
from roleplay.text import quote
from roleplay.tui import case_telling
from roleplay.tui.frame import Frame
from roleplay.tui.in_order import in_order
from roleplay.tui.literal import literal
from roleplay.tui.screens.note import NoteScreen
from roleplay.tui.sitting import Sitting
from roleplay.tui.widgets.mind import MindPanel
from roleplay.tui.widgets.sections import Sections
from roleplay.tui.widgets.story import Story

_MOST_TABS = 10
_UNENDED = "This call has not ended: it can be read now, and reviewed once it has."
_PRACTICE = "This was practice after the end: it does not count, so there is nothing to overrule. C comments on it."
_LAST = "That was the last call that waits here."


class Place(NamedTuple):
    """A call to open: its place in the queue, if it was opened there, and what to show of it, if anything certain."""

    session: str
    queued: tuple[int, int] | None = None
    spot: Spot | None = None


class TranscriptScreen(Frame[str]):
    """Dismisses with the id of the call that was shown last. Everything that is done is kept before it is shown."""

    CSS_PATH = "transcript.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "comment", "Comment", tooltip="Comment on the marked line or reply"),
        Binding("o", "overrule", "Overrule", tooltip="Overrule a level of the marked reply, with a reason"),
        Binding("a,d", "answer", "Answer", tooltip="Answer the dispute that waits"),
        Binding("r", "reviewed", "Reviewed", tooltip="Mark the call as reviewed, and go on to the next"),
        Binding("n", "next", "Next", tooltip="On to the next call of the queue"),
        Binding("u", "undo", "Undo", tooltip="Take back what you did last, again and again"),
        Binding("slash", "find", "Find", show=False, tooltip="Find words in this call; Enter goes on"),
        Binding("escape", "back", "Back", tooltip="Back to where you came from"),
        Binding("enter", "unfold", "Why", show=False, tooltip="What the levels of the marked reply rest on"),
        Binding("f5", "reload", "Reload", show=False, tooltip="Read the call again, should others review it too"),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True, tooltip="Quit; what was kept is kept"),
        *(
            Binding(str(number), f"try_at({number})", show=False, tooltip="To the try of this number; 0: first path")
            for number in range(_MOST_TABS)
        ),
    ]

    def __init__(self, sitting: Sitting, place: Place) -> None:
        super().__init__()
        self._sitting, self._place = sitting, place
        self._shown: Opened | None = None
        self._unfolded: set[str] = set()
        self._found = ""
        self._busy = self._warned = False
        self._heading, self._about = Static(id="heading", markup=False), Static(id="about-it", markup=False)
        self._tries, self._story, self._mind = Sections({}), Story(), MindPanel()
        self._state = Static("Opening the call …", id="state", markup=False)
        self._room = Horizontal(id="room")
        self._words = Input(placeholder="Words to find in this call", compact=True, id="words")

    def body(self) -> Iterator[Widget]:
        yield self._heading
        yield self._about
        yield self._tries
        yield self._state
        with self._room:
            yield self._story
            yield self._mind
        yield self._words

    def on_mount(self) -> None:
        self._words.display = self._tries.display = self._room.display = False
        self._open(self._place)

    async def on_key(self, event: events.Key) -> None:
        """Do what the keys say in their order; what was typed for a screen that has only just come goes there."""
        over, words = self.app.screen, self._words
        if over is self and words.has_focus:
            if event.is_printable:
                words.insert_text_at_cursor(event.character or "")
                event.stop()
        elif over is self:
            await in_order(self, event)
        elif isinstance(over, NoteScreen) and over.writing and over.type_ahead(event):
            event.stop()

    def on_resize(self, event: events.Resize) -> None:
        brief = event.size.width < case_telling.WIDE
        if brief != self._mind.brief:
            self._mind.brief = brief
            self._tell_story()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No answer where nothing waits for one."""
        return action != "answer" or bool(self._shown and self._shown.case.reviewed.open_disputes)

    def action_comment(self) -> None:
        """Comment on what is marked."""
        from roleplay.tui.screens.comment import CommentScreen

        shown, entry = self._reviewable(), self._marked()
        if shown and entry:
            self._write(CommentScreen(self._sitting, shown.ident, entry), "The comment is kept.")

    def action_overrule(self) -> None:
        """Overrule a level of the marked reply."""
        from roleplay.tui.screens.overrule import OverruleScreen

        shown, entry = self._reviewable(), self._marked()
        if shown and entry:
            if entry.reply is None or entry.assessed is None:
                self.say(f"Only a reply has levels: mark one of {shown.case.transcript.session.trainee}’s first.")
                return
            if entry.reply.branch in shown.case.practice:
                self.say(_PRACTICE)
                return
            assessed = entry.assessed
            screen = OverruleScreen(self._sitting, shown.ident, entry.reply, assessed.levels, assessed.by)
            self._write(screen, "Your level is kept, and counts from now on.")

    def action_answer(self) -> None:
        """Answer the dispute of the marked reply, or else the first of the call that waits."""
        from roleplay.tui.screens.answer import AnswerScreen

        shown, marked = self._reviewable(), self._marked()
        if shown is None:
            return
        entry = next((each for each in (marked, *shown.reading.entries) if each and each.open_dispute), None)
        dispute = entry.open_dispute if entry else next(iter(shown.case.reviewed.open_disputes), None)
        if entry:
            self._story.go_to(entry.key)
        if dispute:
            self._write(AnswerScreen(self._sitting, dispute), "The answer is kept.")

    def action_reviewed(self) -> None:
        """Mark the call as reviewed, and go on to the next."""
        if self._reviewable():
            self._work(self._review)

    def action_next(self) -> None:
        """On to the next call."""
        self._work(self._go_on)

    def action_undo(self) -> None:
        """Take back what was done last in this sitting."""
        self._work(self._undo)

    def action_unfold(self) -> None:
        """Show what the levels of the marked reply rest on, or no longer."""
        self._unfolded ^= {self._story.current}
        self._tell_story()

    def action_find(self) -> None:
        """Ask for words to find."""
        self._words.display = True
        self.set_focus(self._words)

    def action_reload(self) -> None:
        """Read the call again."""
        if self._shown:
            self._open(Place(self._shown.ident, self._place.queued), self._shown.case.transcript.branch)
        else:
            self._open(self._place)

    def action_try_at(self, number: int) -> None:
        """Show the try with that number; 0 is the first path."""
        if self._shown and number in self._shown.case.branches and len(self._shown.case.branches) > 1:
            self._open(Place(self._shown.ident, self._place.queued), number)

    def action_back(self) -> None:
        """Close the search, or leave the call."""
        if self._words.display:
            self._found, self._words.display = "", False
            self.set_focus(self._story)
            self._tell_story()
        else:
            self.dismiss(self._shown.ident if self._shown else self._place.session)

    async def may_quit(self) -> bool:
        """Wait for what is being kept; drafts that would be lost are told of once."""
        await self._sitting.settled()
        drafts = len(self._sitting.drafts)
        if not drafts or self._warned or not self.is_current:
            return True
        self._warned = True
        them = "A draft of yours is" if drafts == 1 else f"{drafts} drafts of yours are"
        self.say(f"{them} not kept yet. Ctrl+Q once more leaves without.", wrong=True)
        return False

    def on_story_moved(self) -> None:
        self._tell_mind()

    def on_story_chosen(self) -> None:
        self.action_unfold()

    def on_sections_wanted(self, wanted: Sections.Wanted) -> None:
        self.action_try_at(int(wanted.key))

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        """Go to the next place where those words stand."""
        self._found = submitted.value.strip()
        self._tell_story()
        if self._found and not self._find_next():
            self.say(f"{quote(self._found, 60)} does not stand in this call.")

    def _reviewable(self) -> Opened | None:
        """The call that is shown, if it can be reviewed; says why if not."""
        if self._shown and not self._shown.ended:
            self.say(_UNENDED)
            return None
        return self._shown

    def _marked(self) -> Entry | None:
        entries = self._shown.reading.entries if self._shown else ()
        return next((entry for entry in entries if entry.key == self._story.current), None)

    def _write(self, screen: NoteScreen, done: str) -> None:
        def written(kept: Kept | None) -> None:
            if kept is not None:
                self.say(done)
                self.action_reload()

        self.app.push_screen(screen, written)

    def _work(self, steps: Callable[[], Awaitable[None]]) -> None:
        """Take `steps`, unless others are being taken."""
        if not self._busy:
            self._busy = True
            self.run_worker(self._safely(steps))

    async def _safely(self, steps: Callable[[], Awaitable[None]]) -> None:
        try:
            await steps()
        except RoleplayError as error:
            self.say(str(error), wrong=True)
        finally:
            self._busy = False

    async def _review(self) -> None:
        shown = self._shown
        if shown:
            await self._sitting.step(lambda desk: desk.mark_reviewed(shown.ident))
            self.say(f"Reviewed: {case_telling.named(shown)}. U takes it back.")
            await self._go_on()

    async def _go_on(self) -> None:
        wanted, after = self._sitting.wanted or Wanted(), self._place.queued
        following = await self._sitting.read(lambda desk: desk.reviews.queue(wanted, 2, after))
        here = self._shown.ident if self._shown else self._place.session
        another: Waiting | None = next((each for each in following if each.id != here), None)
        if another is None:
            self.say(_LAST)
            self.dismiss(here)
        else:
            self._open(Place(another.id, another.place))

    async def _undo(self) -> None:
        from roleplay.review.undoing import in_words

        undone = await self._sitting.step(lambda desk: desk.undo())
        if undone is None:
            self.say("There is nothing left to undo of what you did since the app was started.")
            return
        self.say(f"Taken back: {in_words(undone)}.")
        self.action_reload()

    def _open(self, place: Place, branch: int | None = None) -> None:
        self.run_worker(self._load(place, branch), group="load", exclusive=True)

    async def _load(self, place: Place, branch: int | None) -> None:
        try:
            shown = await self._sitting.read(lambda desk: opened(desk, place.session, branch, place.spot))
        except RoleplayError as error:
            self._tell_trouble(error)
            return
        another = self._shown is None or self._shown.ident != shown.ident
        self._place, self._shown = place, shown
        if another:
            self._unfolded, self._found, self._words.display = set(), "", False
        with self.app.batch_update():
            self._heading.update(case_telling.heading(shown))
            self._about.update(case_telling.about(shown))
            tries = case_telling.tries(shown)
            self._tries.display = len(tries) > 1
            self._tries.rename(dict(tuple(tries.items())[:_MOST_TABS]))
            self._tries.mark(str(shown.case.transcript.branch))
            self._state.display, self._room.display = False, True
            self._tell_story(shown.at, anew=another)
            if self.focused is None or not self.focused.display:
                self._story.focus(scroll_visible=False)
            self.refresh_bindings()
        if another and not shown.ended:
            self.say(_UNENDED)

    def _tell_trouble(self, error: RoleplayError) -> None:
        if self._shown is None:
            self._state.update(literal(f"{error}\n\nEsc goes back, F5 tries again."))
        else:
            self.say(str(error), wrong=True)

    def _tell_story(self, current: str = "", *, anew: bool = False) -> None:
        if self._shown:
            told = case_telling.story(self._shown, self._unfolded, there=self._mind.brief, found=self._found)
            self._story.show(told, current, anew=anew)
            self._tell_mind()

    def _tell_mind(self) -> None:
        entry = self._marked()
        if self._shown and entry:
            there = tuple(case_telling.there_to_be_met(entry.assessed)) if entry.assessed else ()
            self._mind.tell(entry.mind, self._shown.reading.course, there)

    def _find_next(self) -> bool:
        """Mark the next line after the marked one that holds the words; whether there is one."""
        entries = [entry for entry in (self._shown.reading.entries if self._shown else ()) if entry.place]
        marked = next((n for n, entry in enumerate(entries) if entry.key == self._story.current), -1)
        wanted = self._found.casefold()
        for entry in (*entries[marked + 1 :], *entries[: marked + 1]):
            if wanted in entry.words.casefold():
                self._story.go_to(entry.key)
                return True
        return False

"""What the screens of drills and of the test share: a moment, a box for one reply, and the keeping of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Generic, Literal, TypeVar

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from roleplay.errors import NotSaved, RoleplayError, StoreBusy
from roleplay.practice.drills.task import Task
from roleplay.text import REPLY_LIMIT, one_line, sanitise
from roleplay.tui import brief, moments
from roleplay.tui.drafts import Drafts
from roleplay.tui.frame import Frame, too_small
from roleplay.tui.hanging import Hanging, Item
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.one_by_one import OneByOne
from roleplay.tui.outbox import joined
from roleplay.tui.widgets.desk import Desk
from roleplay.tui.widgets.folds import Page
from roleplay.tui.widgets.reply_box import ReplyBox

Told = TypeVar("Told")
Left = TypeVar("Left")
Stage = Literal["waiting", "writing", "sending", "told", "over"]
"""A moment is awaited, it is replied to, the reply is on its way, what came of it is told, nothing more is asked."""

COMMANDS = ("/again", "/brief", "/help", "/hint", "/next", "/stop")
"""What plain mode takes for a command; here it is hardly meant for the customer."""
_BEING_SAVED = "Your reply is still being saved."


class Drilling(Frame[Left], Generic[Told, Left]):
    """Shows a moment and takes one reply to it; what comes before and after is up to the subclass.

    `answer` keeps a reply, and only then tells what came of it; `keep_draft` keeps what is typed; `close` closes what
    it is kept in, once the screen is gone. All may block and raise `RoleplayError`; like everything that is done with
    `work`, they are called in threads, one after the other.
    """

    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    Drilling {
        #top { height: 2; padding: 1 2 0 2; }
        #title { width: 1fr; height: 1; }
        #count { width: auto; height: 1; margin-left: 2; color: $text-muted; }
        #room { height: 1fr; }
        #talk { width: 3fr; }
        #page { width: 1fr; height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
        #page Static { height: auto; max-width: 92; margin-top: 1; }
        #page Static.nothing, #aside Static.nothing { display: none; }
        #aside Static { height: auto; margin-bottom: 1; }
        #foot { height: auto; max-height: 3; padding: 0 2 0 13; display: none; }
        #aside { display: none; width: 2fr; max-width: 46; height: 1fr; margin-top: 1; padding: 0 2; }
        #aside { border-left: vkey $border; scrollbar-size-vertical: 1; }
        &.told #desk, &.over #desk, &.bare #desk { display: none; }
        &.told #foot, &.over #foot { display: block; }
        &.-tall #write { height: 6; padding: 0 2 1 11; }
        &.-wide #aside { display: block; }
        &.-wide #who { display: none; }
        &.-wide.bare #aside { display: none; }
    }
    """

    _leaving = _quitting = False

    def __init__(
        self,
        answer: Callable[[Task, str], Told],
        keep_draft: Callable[[Task, str], None],
        close: Callable[[], None],
    ) -> None:
        super().__init__()
        self._answer, self._keep_draft, self._close = answer, keep_draft, close
        self.work = OneByOne()
        self._drafts = Drafts(self._keep, self._draft_failed)
        self.moment: Task | None = None
        """The moment that is shown."""
        self.stage: Stage = "waiting"
        self._sending = ""
        """The reply that is on its way."""
        self._always: tuple[Content, ...] = ()
        self._way = ""
        self._step: asyncio.Future[None] | None = None
        self._title, self._count = Static(id="title", markup=False), Static(id="count", markup=False)
        self._why, self._who = _part("why"), _part("who")
        self._before, self._line = _part("before"), _part("line")
        self.more, self.told = _part("more"), _part("told")
        """What is added to the moment, and what is told after the reply."""
        self._foot = Static(id="foot", markup=False)
        parts = self._why, self._who, self._before, self._line, self.more, self.told
        self.page = Page(*parts, id="page", can_focus=False)
        self._beside = [Static(classes="nothing", markup=False) for _ in range(brief.PARTS)]
        self._aside = VerticalScroll(*self._beside, id="aside", can_focus=False)
        self._desk = Desk()
        self._box = self._desk.box
        self._box.disabled = True

    def body(self) -> Iterator[Widget]:
        with Horizontal(id="top"):
            yield self._title
            yield self._count
        with Horizontal(id="room"):
            with Vertical(id="talk"):
                yield self.page
                yield self._foot
                yield self._desk
            yield self._aside

    async def on_unmount(self) -> None:
        self._leaving = True
        await self._settle()
        await self._drafts.hold()
        await self.work.do(self._close)

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        if too_small(event.size):
            self.run_worker(self._drafts.now(), group="draft")

    # What a subclass does

    def answered(self, told: Told, unsent: str) -> None:
        """The reply is kept: tell what came of it. `unsent` was typed after it was sent, and is in it no more."""
        raise NotImplementedError

    def stopping(self) -> None:
        """What is typed is kept, and the trainee wants to stop."""
        raise NotImplementedError

    # What is shown

    def head(self, title: Content, count: str) -> None:
        """The line over everything."""
        self._title.update(Hanging([Item(title, cut=True)]))
        self._count.update(literal_line(count))

    def foot(self, *lines: Content) -> None:
        """What always stands in view once the box is gone."""
        self._always = lines
        self._tell_way()

    def show_task(self, task: Task, why: Hanging, draft: str, *, edited: str = "") -> None:
        """Show a moment, with what was typed for it before; or `edited`, which is there to be written over."""
        self.moment = task
        self.remove_class("bare")
        shown = task.shown
        show(self._why, why)
        show(self._who, None if edited else moments.who(shown))
        show(self._before, moments.before(task))
        show(self._line, moments.line(task))
        for part in (self.more, self.told):
            show(part, None)
        for part, known in zip_longest(self._beside, brief.of_moment(shown)):
            show(part, known)
        self._drafts.loaded(draft or edited)
        self._drafts.changed(draft or edited)
        self._box.put(draft or edited, selected=not draft)
        self._desk.tell("")
        self.at("writing")
        self._aside.scroll_home(animate=False)
        self.call_after_refresh(self.to_end)

    def show_only(self, told: Hanging) -> None:
        """Show `told` in the place of a moment."""
        self.add_class("bare")
        for part in (self._why, self._who, self._before, self._line, self.more):
            show(part, None)
        show(self.told, told)
        self.call_after_refresh(self.page.scroll_home, animate=False)

    def to_end(self) -> None:
        """Show the end of the page: the line that waits for a reply, and what was added to it."""
        self.page.scroll_end(animate=False)
        self.call_after_refresh(self._find_way)

    def to_told(self) -> None:
        """Show what is told from its beginning, with the customer's line over it where both find room."""
        room = self.page.size.height
        both = self._line.outer_size.height <= room // 3
        (self._line if both else self.told).scroll_visible(top=True, animate=False, force=True)
        self.call_after_refresh(self._find_way)

    def at(self, stage: Stage) -> None:
        """Be at another stage: the box takes keys only where something can be typed."""
        self.stage = stage
        writes = stage in ("writing", "sending")
        for each in ("told", "over"):
            self.set_class(stage == each, each)
        self._box.disabled = not writes
        self.page.can_focus = not writes
        if self.is_attached:
            (self._box if writes else self.page).focus(scroll_visible=False)
            self.refresh_bindings()

    def on_page_scrolled(self) -> None:
        self._find_way()

    def _find_way(self) -> None:
        page = self.page
        above, below = page.scroll_offset.y > 0, page.scroll_offset.y < page.max_scroll_y
        self._way = "↓ more below" if below else "↑ more above" if above else ""
        self._tell_way()

    def _tell_way(self) -> None:
        """Where there is more to read."""
        keys = {"↓": " (PgDn)", "↑": " (PgUp)"}
        self._desk.aside(self._way + keys.get(self._way[:1], ""))
        first, *others = self._always or (Content(""),)
        way = Content.styled(f"  {self._way}" if first else self._way, "$text-muted")
        self._foot.update(Content("\n").join([first + way, *others]))

    # What the trainee writes

    def on_words_box_refused(self, event: ReplyBox.Refused) -> None:
        self._desk.tell(event.sentence, wrong=True)

    def on_text_area_changed(self) -> None:
        if self.stage in ("writing", "sending"):
            self._drafts.changed(self._box.text)
            self._desk.count()

    def on_words_box_sent(self, event: ReplyBox.Sent) -> None:
        length, task = self._box.length, self.moment
        if self.stage == "sending":
            self._desk.tell(_BEING_SAVED)
        elif self.stage != "writing" or task is None:
            return
        elif length > REPLY_LIMIT:
            self._desk.tell(f"At most {REPLY_LIMIT:,} characters can be said at once. Nothing was sent.", wrong=True)
        elif self._box.text.strip() in COMMANDS:
            self._desk.tell("Here keys do that: F1 lists them. To say it to the customer, put a word before it.")
        elif length or self._desk.means_silence():
            # a key that came between Enter and now, and not at the end, belongs to the reply
            self._send(task, event.text if self._box.text.startswith(event.text) else self._box.text)

    def _send(self, task: Task, text: str) -> None:
        self._sending = sanitise(text).strip()
        self._box.put(self._box.text.removeprefix(text))  # what was typed since Enter stays
        show(self.told, moments.sent(self._sending))
        self._desk.tell("sending …")
        self.at("sending")
        self.call_after_refresh(self.to_end)
        self._step = asyncio.ensure_future(self._deliver(task))
        self.run_worker(self._watch(self._step), group="send")

    async def _watch(self, step: asyncio.Future[None]) -> None:
        """See a step fail that should not."""
        await asyncio.shield(step)

    async def _deliver(self, task: Task) -> None:
        """Keep the reply, to its end even if the screen is left meanwhile."""
        await self._drafts.hold()
        text = self._sending
        try:
            told = await self.work.do(lambda: self._answer(task, text))
        except RoleplayError as error:
            self._not_sent(error)
            return
        self._sending = ""
        unsent = one_line(self._box.text)
        self._drafts.changed("" if self.is_attached else self._box.text)
        self._drafts.release(sent=True)
        if self.is_attached:
            self._box.put("")
            self._desk.tell("")
            self.answered(told, unsent)

    def _not_sent(self, error: RoleplayError) -> None:
        """The reply was not kept: take it back into the box."""
        text, self._sending = joined(self._sending, self._box.text), ""
        self._drafts.changed(text)
        self._drafts.release(sent=False)
        self._box.put(text)
        if self.is_attached:
            show(self.told, None)
            again = " Enter tries again." if isinstance(error, NotSaved | StoreBusy) else ""
            self._desk.tell(f"NOT saved. Your reply is back in the box.{again}", wrong=True)
            self.say(str(error), wrong=True)
            self.at("writing")

    # Leaving

    def action_page(self, direction: int) -> None:
        """Read a page up or down."""
        self.page.scroll_relative(y=direction * max(1, self.page.size.height - 2), animate=False)

    def action_to_end(self) -> None:
        """To what stands last."""
        self.to_end()

    def action_record(self) -> None:
        """Show what is known of the call."""
        from roleplay.tui.screens.record import RecordScreen

        if self.moment is not None:
            self.app.push_screen(RecordScreen(brief.of_moment(self.moment.shown), "the moment"))

    def action_stop(self) -> None:
        """Stop, once what is typed is kept."""
        self.stop(self.stopping)

    def stop(self, then: Callable[[], None]) -> None:
        """Keep what is typed, and only `then` go on."""
        if self.stage == "sending":
            self._desk.tell(_BEING_SAVED)
        elif not self._leaving:
            self._leaving = True
            self.run_worker(self._stop(then), group="leave")

    async def _stop(self, then: Callable[[], None]) -> None:
        kept = await self._settle()
        self._leaving = False
        if kept:
            then()
        else:
            self._desk.tell("NOT saved: what you typed. The moment is still here.", wrong=True)

    async def may_quit(self) -> bool:
        """Keep what is typed; asked once more, quit without it."""
        if self._quitting:
            return True
        self._quitting = True
        self._desk.tell("saving …")
        if await self._settle():
            return True
        self._desk.tell("NOT saved: what you typed. Ctrl+Q again quits without it.", wrong=True)
        return False

    async def _settle(self) -> bool:
        """Wait until a reply on its way is kept or refused, and keep what is typed; whether that was done."""
        if self._step is not None and not self._step.done():
            await asyncio.wait([self._step])
        if self.stage == "writing":
            self._drafts.changed(self._box.text)
        return await self._drafts.now()

    def _keep(self, text: str) -> None:
        """Called in a thread."""
        task = self.moment
        if task is not None:
            self.work.now(lambda: self._keep_draft(task, text))

    def _draft_failed(self, error: RoleplayError) -> None:
        self.say(f"What you type cannot be kept at the moment: {error}", wrong=True)


def show(part: Static, told: Hanging | None) -> None:
    """Show `told` in that part of a page; None: nothing."""
    part.set_class(told is None, "nothing")
    part.update(told or "")


def note(words: str) -> Content:
    """Something to know, told quietly."""
    return literal(words, "italic $text-muted")


def _part(name: str) -> Static:
    return Static(id=name, classes="nothing", markup=False)

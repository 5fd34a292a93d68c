"""The gallery: the customers to choose from, what came of earlier calls, and the calls that wait to be gone on with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker

from roleplay.errors import RoleplayError
from roleplay.text import counted, one_line, sanitise
from roleplay.tui.cards import heading
from roleplay.tui.choices import Choice, Drill, GoOn, Look, Progress, Review, Take
from roleplay.tui.frame import Frame
from roleplay.tui.gallery_rows import ASSIGNED, CUSTOMERS, GalleryRows
from roleplay.tui.hanging import Hanging
from roleplay.tui.language_model import LanguageModel
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.unwaited import unwaited
from roleplay.tui.widgets.offer_bar import ANSWERS, OfferBar
from roleplay.tui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from roleplay.llm.choosing import Offer
    from roleplay.practice.calls import Calls
    from roleplay.practice.gallery import Gallery
    from roleplay.practice.persona_files import Watch
    from roleplay.review.trainee import FromCoach

_LONGEST_FILTER = 60
_LOOKING = "Looking for your customers …"


class GalleryScreen(Frame[None]):
    """Where the trainee comes from and returns to; it stays below all others. `choice` tells what was chosen.

    Unless it is to be filled `at_once`, it only opens the calls, and is filled when `refill` is asked for.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Take the call", tooltip="Read the briefing, or go on with an interrupted call"),
        Binding("f2", "drill", "Drill", tooltip="Single moments, about five minutes a day: what you missed comes back"),
        Binding("f3", "progress", "Progress", tooltip="How you come on, in calls, drills and tests, and what is next"),
        Binding("escape", "clear", "Clear", show=False, tooltip="Clear the filter"),
        Binding("backspace", "rub_out", "Rub out", show=False, tooltip="Take the last letter of the filter back"),
        Binding("f5", "reload", "Reload", show=False, tooltip="Read all personas again, should a change not be seen"),
        Binding(
            "f6", "use_model", "Use it", show=False, tooltip="Let the language model that was found play the customer"
        ),
        Binding(
            "f7",
            "not_now",
            "Not now",
            show=False,
            tooltip="Play with the scripted customer; asked again at the next start",
        ),
        Binding("f8", "never", "Never ask", show=False, tooltip="Do not offer this language model again"),
        Binding("f9", "review", "Review", tooltip="To the coach's queue: calls that wait for a review"),
        Binding("f10", "app.next_theme", "Theme", show=False, tooltip="Another look: evening, paper, contrast"),
    ]

    def __init__(self, open_calls: Callable[[], Calls], *, at_once: bool = True) -> None:
        super().__init__()
        self._open_calls, self._at_once = open_calls, at_once
        self._calls: asyncio.Future[Calls] = asyncio.get_running_loop().create_future()
        self.model: LanguageModel | None = None
        """Whether a language model plays, once the calls could be opened."""
        self._chosen: asyncio.Future[Choice] | None = None
        self._gallery: Gallery | None = None
        self._coach: FromCoach | None = None
        self._all: GalleryRows | None = None
        self._filling: Worker[None] | None = None
        self._wanted = ""
        """The key of the row that is to be marked once all is read, however often that is begun anew; else empty."""
        self._watch: Watch | None = None
        self._filter = ""
        self._offered = False
        self._title = Static("Roleplay", id="title", markup=False)
        self._count, self._state = Static(id="filter", markup=False), Static(_LOOKING, id="state", markup=False)
        self._room, self._rows = Horizontal(id="room"), Rows()
        self._details, self._offer_bar = Static(id="details", markup=False), OfferBar()

    def body(self) -> Iterator[Widget]:
        yield self._title
        yield self._count
        yield self._state
        with self._room:
            yield self._rows
            with VerticalScroll(id="aside", can_focus=False):
                yield self._details
        yield self._offer_bar

    def on_mount(self) -> None:
        self._tell_state(_LOOKING)
        if self._at_once:
            self.refill("")
        else:
            self._filling = self.run_worker(self._only_open(), group="fill", exclusive=True)

    def on_unmount(self) -> None:
        if self._watch is not None:
            self._watch.stop()

    async def opened(self) -> Calls:
        """The calls, once they could be opened."""
        return await self._calls

    def places(self) -> dict[str, str]:
        """Where personas and calls lie; empty as long as they could not be opened."""
        return self._calls.result().places() if self._calls.done() else {}

    async def choice(self) -> Choice:
        """What the trainee chooses next."""
        self._chosen = asyncio.get_running_loop().create_future()
        return await self._chosen

    def refill(self, current: str = "") -> None:
        """Read personas, results and interrupted calls again; what is shown stays until they are read.

        `current` is the key of the row that is marked then; without one the mark stays where it is.
        """
        self._wanted = current or self._wanted
        self._filling = self.run_worker(self._fill(), group="fill", exclusive=True)

    async def _only_open(self) -> None:
        try:
            await self._open()
        except RoleplayError as error:
            self._tell_trouble(error)

    async def _open(self) -> Calls:
        """The calls, opened if they were not. Raises RoleplayError."""
        if not self._calls.done():
            calls = await unwaited(self._open_calls)
            self.model = LanguageModel(calls, say=self.say, wrong=self._say_wrong, offered=self._offer)
            self._calls.set_result(calls)
        return self._calls.result()

    async def _fill(self) -> None:
        first = self._watch is None
        try:
            calls = await self._open()
            coach = await self._read_coach(calls)
            remembered = await unwaited(calls.remembered_gallery) if first else None
            if remembered is not None:
                self._take_in(remembered, coach, self._wanted)
                await self._painted()
            gallery = await unwaited(calls.gallery)
        except RoleplayError as error:
            self._tell_trouble(error)
            return
        self._take_in(gallery, coach, self._wanted)
        self._wanted = ""
        await self._tell_today(calls, frozenset(card.id for card in gallery.cards))
        if first:
            from roleplay.practice.calls import warm

            await unwaited(warm)
            if self.model is not None:
                await self.model.look()
        self._watch_files()

    async def _read_coach(self, calls: Calls) -> FromCoach:
        """What a coach has for the trainee; if that cannot be read, it is said, and all else is shown."""
        from roleplay.review.trainee import FromCoach, from_coach

        try:
            return await unwaited(lambda: from_coach(calls.store, calls.trainee, calls.clock()))
        except RoleplayError as error:
            self._say_wrong(str(error))
            return FromCoach()

    async def _tell_today(self, calls: Calls, personas: frozenset[str]) -> None:
        """Tell over the rows how many moments of those `personas` wait to be drilled today."""
        from roleplay.tui.today import due_today, today

        try:
            due = await unwaited(lambda: due_today(calls, personas))
        except RoleplayError as error:
            self._say_wrong(str(error))
        else:
            self._title.update(today(due))

    def _watch_files(self) -> None:
        """Have every screen told of files that change, from now on."""
        if self._watch is not None:
            return
        loop = asyncio.get_running_loop()

        def tell(paths: frozenset[Path]) -> None:
            with suppress(RuntimeError):  # the app was left meanwhile
                loop.call_soon_threadsafe(self._tell_screens, paths)

        self._watch = self._calls.result().watch_personas(tell)

    def _tell_screens(self, paths: frozenset[Path]) -> None:
        if self.app.is_running:
            for screen in self.app.screen_stack:
                if isinstance(screen, Frame):
                    screen.files_changed(paths)

    def files_changed(self, paths: frozenset[Path]) -> None:
        """Show the cards of the files as they are now; under another screen that is left until it is come back to."""
        if self.is_current or self.app.screen.is_modal:
            self.refill()

    def _say_wrong(self, sentence: str) -> None:
        self.say(sentence, wrong=True)

    def _offer(self, offer: Offer | None) -> None:
        self._offered = offer is not None
        self._offer_bar.show(offer.sentence if offer else "")
        self.refresh_bindings()

    async def _painted(self) -> None:
        """Wait until what is shown was drawn: reading files in a thread would hold it up."""
        drawn = asyncio.Event()
        self.call_after_refresh(drawn.set)
        await drawn.wait()

    def _take_in(self, gallery: Gallery, coach: FromCoach, current: str) -> None:
        """Make the rows, once for all filters, and show them."""
        if (gallery, coach) == (self._gallery, self._coach) and not current:
            return
        self._gallery, self._coach = gallery, coach
        self._all = GalleryRows(gallery, coach)
        self._show(current)

    def _show(self, current: str = "") -> None:
        """Show what matches the filter."""
        wanted = self._filter.casefold().split()
        shown: list[Row] = []
        found = all_ = 0
        others: list[str] = []
        groups = self._all.groups if self._all else {}
        for words, group in groups.items():
            matching = [row for row, searched in group if all(word in searched for word in wanted)]
            if matching and (words != CUSTOMERS or sum(map(bool, groups.values())) > 1):
                shown.append(heading(words))
            shown += matching
            if words in (ASSIGNED, CUSTOMERS):
                found += sum(bool(row.key) for row in matching)
                all_ += sum(bool(row.key) for row, _ in group)
            elif matching:
                others.append(f"{len(matching)} {words.lower()}")
        self._tell_filter(found, all_, others)
        self._rows.show(shown, current)
        if shown:
            self._tell_state("")
        elif self._filter:
            self._tell_state(f"Nothing matches “{self._filter}”. Esc clears it.")
        else:
            self._tell_state(
                "There are no customers here yet.\n\n"
                "Put a persona file (.yaml) into the folder personas of your workspace, and it is shown here. "
                "`roleplay personas new NAME` writes one to begin with."
            )

    def _tell_filter(self, shown: int, all_: int, others: list[str]) -> None:
        count = counted(all_, "customer", "customers")
        if not self._filter:
            line = Content.styled(f"{count}. Type to filter.", "$text-muted")
        else:
            line = (
                Content.styled("Filter: ", "$text-muted")
                + literal_line(self._filter, "bold")
                + Content.styled("▏", "$text-accent")
                + Content.styled(f"  {', '.join((f'{shown} of {count}', *others))}", "$text-muted")
            )
        self._count.update(line)

    def _tell_state(self, words: str) -> None:
        """Show `words` in the place of the rows; none: the rows."""
        self._state.update(literal(words))
        self._state.display = bool(words)
        self._room.display = not words
        if not words and self.focused is None:  # rows that are hidden lose it
            self._rows.focus(scroll_visible=False)

    def _tell_trouble(self, error: RoleplayError) -> None:
        if self._gallery is not None:
            self.say(str(error), wrong=True)
            return
        self._tell_state(f"The gallery could not be opened.\n\n{error}\n\nF5 tries again.")

    def on_key(self, event: events.Key) -> None:
        """Whatever can be read goes into the filter."""
        if event.is_printable and event.character and self._gallery is not None:
            event.stop()
            self._set_filter(self._filter + event.character)

    def on_paste(self, event: events.Paste) -> None:
        """A name that was copied is a filter as well."""
        if self._gallery is not None:
            self._set_filter(self._filter + one_line(event.text))

    def action_rub_out(self) -> None:
        """Take the last letter of the filter back."""
        self._set_filter(self._filter[:-1])

    def action_clear(self) -> None:
        """Clear the filter; without one, say how to leave."""
        if self._filter:
            self._set_filter("")
        else:
            self.say("Ctrl+Q quits.")

    def _set_filter(self, words: str) -> None:
        words = sanitise(words).lstrip()[:_LONGEST_FILTER]
        if words != self._filter:
            self._filter = words
            self._show()

    def action_reload(self) -> None:
        """Read all again."""
        if self._gallery is not None:
            self.say("Read again.")
        elif self._filling is not None and self._filling.is_running:
            return
        else:
            self._tell_state(_LOOKING)
        self.refill()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No answer is taken where nothing is offered."""
        return self._offered if action in ANSWERS else True

    def action_use_model(self) -> None:
        """Let the language model that is offered play."""
        if self.model is not None:
            self.run_worker(self.model.accept(), group="model")

    def action_not_now(self) -> None:
        """Answer the offer at another time."""
        if self.model is not None:
            self.model.not_now()

    def action_never(self) -> None:
        """Decline the offer for good."""
        if self.model is not None:
            self.run_worker(self.model.never(), group="model")

    def action_review(self) -> None:
        """To the coach's queue."""
        self._choose(Review())

    def action_drill(self) -> None:
        """To the drills."""
        self._choose(Drill())

    def action_progress(self) -> None:
        """To how the trainee comes on."""
        self._choose(Progress())

    def _choose(self, choice: Choice) -> None:
        if self._chosen is not None and not self._chosen.done():
            self._chosen.set_result(choice)

    def action_take(self) -> None:
        """Choose the current row."""
        self._rows.choose()

    def on_rows_moved(self, moved: Rows.Moved) -> None:
        """Tell beside the rows what is known of the current one."""
        self._details.update(self._all.details(moved.key) if self._all else Hanging(()))

    def on_rows_chosen(self, chosen: Rows.Chosen) -> None:
        """Go where the row leads: to a new call, a call cut short, a debrief, or all that is to be mended in a file."""
        if self._all is None:
            return
        card = self._all.card(chosen.key)
        if card is not None and card.problem:
            from roleplay.tui.screens.problems import ProblemsScreen

            self.app.push_screen(ProblemsScreen(card), lambda _: self.refill())
        elif self._chosen is not None and not self._chosen.done():
            past: Look | GoOn = Look(chosen.key) if self._all.is_past(chosen.key) else GoOn(chosen.key)
            if self._all.is_tried(chosen.key):
                past = Look(chosen.key, at_tries=True)
            self._chosen.set_result(Take(card.path) if card else past)

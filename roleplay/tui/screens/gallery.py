"""The gallery: the customers to choose from, what came of earlier calls, and the calls that wait to be gone on with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
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
from roleplay.tui.cards import broken_row, call_details, call_row, card_details, card_row, heading
from roleplay.tui.frame import Frame
from roleplay.tui.hanging import Hanging
from roleplay.tui.language_model import LanguageModel
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.unwaited import unwaited
from roleplay.tui.widgets.offer_bar import ANSWERS, OfferBar
from roleplay.tui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from roleplay.llm.choosing import Offer
    from roleplay.practice.calls import Calls
    from roleplay.practice.gallery import Card, Gallery
    from roleplay.practice.persona_files import Watch
    from roleplay.store.listing import SessionSummary

_LONGEST_FILTER = 60
_CUSTOMERS = "Customers"
_LOOKING = "Looking for your customers …"


@dataclass(frozen=True)
class Take:
    """A new call with the persona in the file at `path`."""

    path: Path


@dataclass(frozen=True)
class GoOn:
    """An interrupted call, to go on with."""

    session_id: str


class GalleryScreen(Frame[None]):
    """Where the trainee comes from and returns to; it stays below all others. `choice` tells what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Take the call", tooltip="Read the briefing, or go on with an interrupted call"),
        Binding("escape", "clear", "Clear", show=False, tooltip="Clear the filter"),
        Binding("backspace", "rub_out", "Rub out", show=False, tooltip="Take the last letter of the filter back"),
        Binding("f5", "reload", "Reload", tooltip="Read all personas again, should a change not be seen"),
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
        Binding("f10", "app.next_theme", "Theme", tooltip="Another look: evening, paper, contrast"),
    ]

    def __init__(self, open_calls: Callable[[], Calls]) -> None:
        super().__init__()
        self._open_calls = open_calls
        self._calls: asyncio.Future[Calls] = asyncio.get_running_loop().create_future()
        self.model: LanguageModel | None = None
        """Whether a language model plays, once the calls could be opened."""
        self._chosen: asyncio.Future[Take | GoOn] | None = None
        self._gallery: Gallery | None = None
        self._cards: dict[str, Card] = {}
        self._waiting: dict[str, SessionSummary] = {}
        self._groups: dict[str, list[tuple[Row, str]]] = {}
        """By heading the rows there are, each with what its filter looks in."""
        self._filling: Worker[None] | None = None
        self._watch: Watch | None = None
        self._filter = ""
        self._offered = False

    def body(self) -> Iterator[Widget]:
        yield Static("Roleplay", id="title", markup=False)
        yield Static(id="filter", markup=False)
        yield Static(_LOOKING, id="state", markup=False)
        with Horizontal(id="room"):
            yield Rows()
            with VerticalScroll(id="aside", can_focus=False):
                yield Static(id="details", markup=False)
        yield OfferBar()

    def on_mount(self) -> None:
        self._tell_state(_LOOKING)
        self.refill("")

    def on_unmount(self) -> None:
        if self._watch is not None:
            self._watch.stop()

    async def opened(self) -> Calls:
        """The calls, once they could be opened."""
        return await self._calls

    def places(self) -> dict[str, str]:
        """Where personas and calls lie; empty as long as they could not be opened."""
        return self._calls.result().places() if self._calls.done() else {}

    async def choice(self) -> Take | GoOn:
        """What the trainee chooses next."""
        self._chosen = asyncio.get_running_loop().create_future()
        return await self._chosen

    def refill(self, current: str = "") -> None:
        """Read personas, results and interrupted calls again; what is shown stays until they are read.

        `current` is the id of the interrupted call that is marked then; without one the mark stays where it is.
        """
        self._filling = self.run_worker(self._fill(current), group="fill", exclusive=True)

    async def _fill(self, current: str) -> None:
        first = not self._calls.done()
        try:
            if first:
                calls = await unwaited(self._open_calls)
                self.model = LanguageModel(calls, say=self.say, wrong=self._say_wrong, offered=self._offer)
                self._calls.set_result(calls)
                remembered = await unwaited(calls.remembered_gallery)
                if remembered is not None:
                    self._take_in(remembered, current)
                    await self._painted()
            gallery = await unwaited(self._calls.result().gallery)
        except RoleplayError as error:
            self._tell_trouble(error)
            return
        self._take_in(gallery, current)
        if first:
            from roleplay.practice.calls import warm

            await unwaited(warm)
            if self.model is not None:
                await self.model.look()
        self._watch_files()

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
        self.query_one(OfferBar).show(offer.sentence if offer else "")
        self.refresh_bindings()

    async def _painted(self) -> None:
        """Wait until what is shown was drawn: reading files in a thread would hold it up."""
        drawn = asyncio.Event()
        self.call_after_refresh(drawn.set)
        await drawn.wait()

    def _take_in(self, gallery: Gallery, current: str) -> None:
        """Make the rows, once for all filters, and show them."""
        if gallery == self._gallery and not current:
            return
        self._gallery = gallery
        self._cards = {str(card.path): card for card in gallery.cards}
        self._waiting = {call.id: call for call in gallery.interrupted}
        waiting = [(call_row(call, call.id), _searched(call.title, call.persona)) for call in gallery.interrupted]
        cards = [
            (card, _searched(card.title, card.name, card.summary, card.channel, card.id, *card.content))
            for card in gallery.cards
        ]
        self._groups = {
            "Cut short": waiting,
            _CUSTOMERS: [(card_row(card, str(card.path)), text) for card, text in cards if not card.problem],
            "To be mended": [(broken_row(card, str(card.path)), text) for card, text in cards if card.problem],
        }
        self._show(current)

    def _show(self, current: str = "") -> None:
        """Show what matches the filter."""
        wanted = self._filter.casefold().split()
        shown: list[Row] = []
        for words, group in self._groups.items():
            matching = [row for row, searched in group if all(word in searched for word in wanted)]
            if matching and (words != _CUSTOMERS or sum(map(bool, self._groups.values())) > 1):
                shown.append(heading(words))
            shown += matching
            if words == _CUSTOMERS:
                self._tell_filter(len(matching), len(group))
        self.query_one(Rows).show(shown, current)
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

    def _tell_filter(self, shown: int, all_: int) -> None:
        count = counted(all_, "customer", "customers")
        if not self._filter:
            line = Content.styled(f"{count}. Type to filter.", "$text-muted")
        else:
            line = (
                Content.styled("Filter: ", "$text-muted")
                + literal_line(self._filter, "bold")
                + Content.styled("▏", "$text-accent")
                + Content.styled(f"  {shown} of {count}", "$text-muted")
            )
        self.query_one("#filter", Static).update(line)

    def _tell_state(self, words: str) -> None:
        """Show `words` in the place of the rows; none: the rows."""
        state = self.query_one("#state", Static)
        state.update(literal(words))
        state.display = bool(words)
        self.query_one("#room").display = not words
        if not words and self.focused is None:  # rows that are hidden lose it
            self.query_one(Rows).focus(scroll_visible=False)

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

    def action_take(self) -> None:
        """Choose the current row."""
        self.query_one(Rows).choose()

    def on_rows_moved(self, moved: Rows.Moved) -> None:
        """Tell beside the rows what is known of the current one."""
        details = Hanging(())
        if moved.key in self._cards:
            details = card_details(self._cards[moved.key])
        elif moved.key in self._waiting:
            details = call_details(self._waiting[moved.key])
        self.query_one("#details", Static).update(details)

    def on_rows_chosen(self, chosen: Rows.Chosen) -> None:
        """Take the call that was chosen, go on with it, or tell all that keeps it from being played."""
        card = self._cards.get(chosen.key)
        if card is not None and card.problem:
            from roleplay.tui.screens.problems import ProblemsScreen

            self.app.push_screen(ProblemsScreen(card), lambda _: self.refill())
        elif self._chosen is not None and not self._chosen.done():
            self._chosen.set_result(Take(card.path) if card else GoOn(chosen.key))


def _searched(*texts: str) -> str:
    """What the words of the filter are looked for in."""
    return "\n".join(texts).casefold()

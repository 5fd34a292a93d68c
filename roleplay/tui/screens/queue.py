"""The coach's queue: the calls that wait for a review, the most urgent first, page after page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from secrets import randbelow
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker

from roleplay.errors import RoleplayError
from roleplay.review.waits import counts_in_words, why
from roleplay.review.wanting import in_words
from roleplay.store.reviews import Waiting, Wanted
from roleplay.text import counted
from roleplay.tui.cards import when
from roleplay.tui.frame import Frame
from roleplay.tui.hanging import Hanging, Item
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.queue_pages import Fetch, Pages
from roleplay.tui.screens.transcript import Place, TranscriptScreen
from roleplay.tui.sitting import Sitting
from roleplay.tui.widgets.rows import Line, Row, Rows

_STYLES = {4: "bold $text-error", 3: "bold $text-error", 2: "bold $text-warning", 1: "$text-warning"}
_NEAR = 15
"""Rows before an end of what is loaded at which more is fetched; few, lest the pages at both ends take turns."""
_BLINDLY = 20
"""Replies that are drawn to be rated blindly in one go."""
_VIEWS: tuple[bool | None, ...] = (False, True, None)
_SAMPLES = "Made up, to try a review on: none of these is among your own calls."
_EMPTY = (
    "No call has ended here yet.\n\n"
    "Once somebody has played a call to its end, it waits here for you, the most urgent first.\n\n"
    "S opens sample transcripts to try a review on; they lie in a database of their own."
)


class QueueScreen(Frame[None]):
    """The queue of a `sitting`, with the call of the id `first`, if given, over it. `samples`: all were made up."""

    CSS_PATH = "queue.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Review", tooltip="Open the marked call"),
        Binding("slash", "search", "Search", tooltip="Search everything that was said and noted"),
        Binding("f", "filter", "Filter", tooltip="Only calls of a trainee, a persona, a time or a score"),
        Binding("v", "view", "Waiting/all", tooltip="Those that wait, those that were reviewed, or all"),
        Binding("s", "samples", "Samples", tooltip="Open sample transcripts to try a review on"),
        Binding("b", "rate", "Rate blindly", show=False, tooltip="Rate replies without seeing any score"),
        Binding("f5", "reload", "Reload", show=False, tooltip="Read the queue again"),
        Binding("escape", "back", "Back", tooltip="Clear the filter; without one, back"),
    ]

    def __init__(self, sitting: Sitting, *, first: str = "", samples: bool = False) -> None:
        super().__init__()
        self._sitting, self._first, self._samples = sitting, first, samples
        self._pages, self._keys = Pages(), list[str]()
        self._empty = False
        self._filling: Worker[None] | None = None
        self._title, self._filter = Static(id="title", markup=False), Static(id="filter", markup=False)
        self._state, self._rows = Static("Reading the queue …", id="state", markup=False), Rows()

    def body(self) -> Iterator[Widget]:
        yield self._title
        yield self._filter
        yield self._state
        yield self._rows

    def on_mount(self) -> None:
        self._title.update(self._heading)
        self._tell_state("Reading the queue …")
        self._fill()
        if self._first:
            self._open(Place(self._first))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Samples are offered where there is nothing else."""
        return self._empty if action == "samples" else True

    @property
    def _heading(self) -> str:
        return "Samples" if self._samples else "Review"

    @property
    def _wanted(self) -> Wanted:
        return self._sitting.wanted or Wanted()

    def action_open(self) -> None:
        """Open the marked call."""
        self._rows.choose()

    def action_search(self) -> None:
        """Search everything."""
        from roleplay.tui.screens.search import SearchScreen

        self.app.push_screen(SearchScreen(self._sitting), lambda _: self._fill())

    def action_filter(self) -> None:
        """Ask which calls are wanted."""
        from roleplay.tui.screens.filters import FiltersScreen

        def chosen(wanted: Wanted | None) -> None:
            if wanted is not None:
                self._look_for(wanted)

        self.app.push_screen(FiltersScreen(self._sitting, self._wanted), chosen)

    def action_view(self) -> None:
        """Show those that wait, those that were reviewed, or all."""
        following = _VIEWS[(_VIEWS.index(self._wanted.reviewed) + 1) % len(_VIEWS)]
        self._look_for(self._wanted._replace(reviewed=following))

    def action_samples(self) -> None:
        """Open the sample transcripts."""
        self.run_worker(self._open_samples(), group="samples", exclusive=True)

    def action_rate(self) -> None:
        """Rate replies without seeing how they were scored."""
        from roleplay.tui.screens.blind import BlindScreen

        self.app.push_screen(BlindScreen(self._sitting, _BLINDLY, randbelow(1_000_000)), lambda _: self._fill())

    def action_reload(self) -> None:
        """Read the queue again."""
        self.say("Read again.")
        self._fill()

    def action_back(self) -> None:
        """Clear the filter, or go back."""
        if self._wanted != Wanted():
            self._look_for(Wanted())
        else:
            self.dismiss(None)

    def on_rows_moved(self, moved: Rows.Moved) -> None:
        """Fetch what follows before the end of what is loaded is reached."""
        at = self._pages.index(moved.key)
        if at >= 0 and (self._filling is None or not self._filling.is_running):
            if self._pages.more and at >= len(self._pages.waiting) - _NEAR:
                self._filling = self.run_worker(self._fetch(self._pages.down), group="fill", exclusive=True)
            elif self._pages.earlier and at < _NEAR:
                self._filling = self.run_worker(self._fetch(self._pages.up), group="fill", exclusive=True)

    def on_rows_chosen(self, chosen: Rows.Chosen) -> None:
        """Open the call that was chosen."""
        waiting = next((each for each in self._pages.waiting if each.id == chosen.key), None)
        if waiting:
            self._open(Place(waiting.id, waiting.place))

    def _open(self, place: Place) -> None:
        """Open a call, and come back to the one that was shown last."""
        self.app.push_screen(TranscriptScreen(self._sitting, place), lambda last: self._fill(last or ""))

    def _look_for(self, wanted: Wanted) -> None:
        self._sitting.wanted = wanted
        self._pages, self._keys = Pages(), []
        self._rows.show([])
        self._fill()

    def _fill(self, current: str = "") -> None:
        self._filling = self.run_worker(self._read(current), group="fill", exclusive=True)

    async def _read(self, current: str) -> None:
        """Read anew the pages that are shown, and then how many wait at all."""
        wanted, pages = self._wanted, self._pages
        try:
            await pages.renew(lambda most, after: self._page(wanted, most, after))
            self._empty = not pages.waiting and not await self._page(Wanted(reviewed=None), 1, None)
            self._show(current)
            counts = await self._sitting.read(lambda desk: desk.reviews.counts())
        except RoleplayError as error:
            self._tell_trouble(error)
            return
        self._tell_counts(counts)

    async def _fetch(self, turn: Callable[[Fetch], Awaitable[None]]) -> None:
        wanted = self._wanted
        try:
            await turn(lambda most, after: self._page(wanted, most, after))
        except RoleplayError as error:
            self.say(str(error), wrong=True)
            return
        self._show()

    async def _page(self, wanted: Wanted, most: int, after: tuple[int, int] | None) -> list[Waiting]:
        return await self._sitting.read(lambda desk: list(desk.reviews.queue(wanted, most, after)))

    def _show(self, current: str = "") -> None:
        """Show what is loaded; what is no longer there hands its mark to what stands in its place now."""
        before, keys = self._keys, [each.id for each in self._pages.waiting]
        marked = current or self._rows.current
        if keys and marked not in keys and self._rows.current in before:
            marked = keys[min(before.index(self._rows.current), len(keys) - 1)]
        self._keys = keys
        self._rows.show([_row(each) for each in self._pages.waiting], marked, steady=True)
        self._tell_filter()
        self._tell_state("" if keys else self._nothing())
        self.refresh_bindings()

    def _nothing(self) -> str:
        if self._empty:
            return _EMPTY
        if self._wanted == Wanted():
            return "Every call is reviewed. V shows those that were."
        return "No call is like that. Esc clears the filter."

    def _tell_counts(self, counts: dict[int, int]) -> None:
        told = Content.assemble(self._heading, (f"  {counts_in_words(counts)}", "not bold $text-muted"))
        self._title.update(Hanging([Item(told, cut=True)]))

    def _tell_filter(self) -> None:
        words = in_words(self._wanted)
        if words:
            self._filter.update(literal_line(f"{words}. Esc clears this.", "bold"))
        else:
            self._filter.update(Content.styled(_SAMPLES if self._samples else "The most urgent first.", "$text-muted"))

    def _tell_state(self, words: str) -> None:
        """Show `words` in the place of the rows; none: the rows."""
        self._state.update(literal(words))
        self._state.display, self._rows.display = bool(words), not words
        if not words and self.focused is None:
            self._rows.focus(scroll_visible=False)

    def _tell_trouble(self, error: RoleplayError) -> None:
        if self._pages.waiting:
            self.say(str(error), wrong=True)
        else:
            self._tell_state(f"The queue could not be read.\n\n{error}\n\nF5 tries again.")

    async def _open_samples(self) -> None:
        from roleplay.tui.sample_desk import sample_desk

        self.say("Opening the sample transcripts …")
        try:
            coach = await self._sitting.read(lambda desk: desk.person)
            sitting = Sitting(lambda: sample_desk(coach), self._sitting.tell_waiting)
            await sitting.read(lambda desk: desk.person)
        except RoleplayError as error:
            self.say(str(error), wrong=True)
            return
        self.app.push_screen(QueueScreen(sitting, samples=True), lambda _: sitting.close())


def _row(waiting: Waiting) -> Row:
    reason = why(waiting)
    if waiting.reviewed:
        told = Content.assemble(("✓ reviewed", "$text-success"), (f", {reason}" if reason else "", "$text-muted"))
    else:
        told = Content.styled(reason, _STYLES.get(waiting.urgency, "$text-muted"))
    known = [when(waiting.started), counted(waiting.turns, "reply", "replies")] + (["exam"] if waiting.exam else [])
    score = "" if waiting.low or waiting.score is None else f"score {waiting.score:.0f}"
    return Row(
        waiting.id,
        (
            Line(literal_line(waiting.title, "bold"), told),
            Line(
                literal_line(waiting.trainee) + Content.styled(f", {', '.join(known)}", "$text-muted"),
                Content.styled(score, "$text-muted"),
            ),
        ),
    )

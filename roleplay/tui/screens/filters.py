"""Which calls the queue is to show: of whom, with whom, from when to when, with what score."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Grid, Vertical
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static

from roleplay.errors import RoleplayError
from roleplay.review.dates import FORMS
from roleplay.review.wanting import check_known, score_in, wanted_from
from roleplay.store.reviews import Wanted
from roleplay.tui.frame import Modal
from roleplay.tui.literal import literal
from roleplay.tui.sitting import Sitting

_NAMES = {
    "trainee": ("Trainee", "anybody; → takes the name that is shown"),
    "persona": ("Persona", "any, by its id"),
    "since": ("Since", "2026-11-04, today, 7d, 2w"),
    "until": ("Until", "2026-11-04, today, yesterday"),
    "least": ("Lowest score", "0"),
    "most": ("Highest score", "100"),
}
_KEYS = "Enter shows them · Tab: to the next · Esc: back"


class FiltersScreen(Modal[Wanted]):
    """Dismisses with what is wanted, or None; begins with `wanted`."""

    CSS_PATH = "filters.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", tooltip="Back, the filter as it was"),
        Binding("down", "app.focus_next", "Next", show=False, tooltip="To another field"),
        Binding("up", "app.focus_previous", "Previous", show=False, tooltip="To another field"),
    ]

    def __init__(self, sitting: Sitting, wanted: Wanted) -> None:
        super().__init__()
        self._sitting, self._wanted = sitting, wanted
        given = {
            "trainee": wanted.trainee,
            "persona": wanted.persona,
            "since": _typed(wanted.since),
            "until": _typed(wanted.until, end=True),
            "least": _number(wanted.least),
            "most": _number(wanted.most),
        }
        self._fields = {
            name: Input(literal(given[name]).plain, placeholder=hint, compact=True)
            for name, (_, hint) in _NAMES.items()
        }
        self._note = Static(_KEYS, id="note", markup=False)

    def body(self) -> Iterator[Widget]:
        with Vertical(id="filters"):
            yield Static("Show only calls", classes="heading", markup=False)
            with Grid(id="fields"):
                for name, (title, _) in _NAMES.items():
                    yield Static(title, classes="name", markup=False)
                    yield self._fields[name]
            yield Static(f"Days: {FORMS}.", classes="quiet", markup=False)
            yield self._note

    def on_mount(self) -> None:
        self.set_focus(self._fields["trainee"])
        self.run_worker(self._suggest())

    def on_input_submitted(self) -> None:
        """Look for those, if all that was typed can be read."""
        self.run_worker(self._choose(), exclusive=True, group="choose")

    async def _suggest(self) -> None:
        try:
            trainees = await self._sitting.read(lambda desk: desk.reviews.trainees())
            personas = await self._sitting.read(lambda desk: desk.reviews.personas())
        except RoleplayError as error:
            self._wrong(error)
            return
        for name, known in (("trainee", trainees), ("persona", personas)):
            names = [literal(each).plain for each in known]
            self._fields[name].suggester = SuggestFromList(names, case_sensitive=False)

    async def _choose(self) -> None:
        typed = {name: field.value for name, field in self._fields.items()}
        try:
            wanted = wanted_from(
                trainee=typed["trainee"],
                persona=typed["persona"],
                since=typed["since"],
                until=typed["until"],
                least=score_in(typed["least"], "The lowest score"),
                most=score_in(typed["most"], "The highest score"),
                reviewed=self._wanted.reviewed,
                now=datetime.now().astimezone(),
            )
            if wanted.trainee or wanted.persona:
                await self._sitting.read(
                    lambda desk: check_known(wanted, desk.reviews.trainees(), desk.reviews.personas())
                )
        except RoleplayError as error:
            self._wrong(error)
            return
        self.dismiss(wanted)

    def _wrong(self, error: RoleplayError) -> None:
        self._note.update(literal(str(error), "bold $text-error"))


def _typed(moment: str, *, end: bool = False) -> str:
    """A moment as it can be typed: the day, where it is the beginning of one; with `end` the last day before it."""
    if not moment:
        return ""
    then = datetime.fromisoformat(moment).astimezone()
    if (then.hour, then.minute) != (0, 0):
        return then.isoformat(timespec="minutes")
    return f"{then - timedelta(days=1) if end else then:%Y-%m-%d}"


def _number(score: float | None) -> str:
    return "" if score is None else f"{score:g}"

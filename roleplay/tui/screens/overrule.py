"""Overruling a level of a reply: which one, what it is by the rubric's words, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from roleplay.conversation.reviewing import Override
from roleplay.conversation.turns import KeptReply
from roleplay.practice.noted import BY, Machine
from roleplay.review.desk import Desk
from roleplay.review.reading import LevelOf
from roleplay.text import quote
from roleplay.tui.case_telling import level
from roleplay.tui.hanging import Hanging, Item
from roleplay.tui.literal import literal_line
from roleplay.tui.screens.note import NoteScreen
from roleplay.tui.sitting import Sitting
from roleplay.tui.widgets.story import Paragraph, Story

_LIFT = "lift"
_FIRST, _SECOND = "Choose with a number, or ↑ ↓ and Enter · Esc: back", "A number, or ↑ ↓ and Enter · Esc: back"


class OverruleScreen(NoteScreen):
    """Overrules one of the `levels` of `reply`; `by` gave those that are not a coach's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose", show=False, tooltip="Take what is marked"),
        *(
            Binding(str(number), f"take('{number}')", show=False, tooltip="Take what has this number")
            for number in range(10)
        ),
    ]

    def __init__(
        self, sitting: Sitting, session: str, reply: KeptReply, levels: Sequence[LevelOf], by: Machine
    ) -> None:
        super().__init__(sitting, f"overrule {session} {reply.place}", "Why? A sentence for the trainee and for others")
        self._session, self._reply, self._by = session, reply, by
        self._levels = {str(number): each for number, each in enumerate(levels, 1)}
        self._of: LevelOf | None = None
        self._chosen = False
        self._asks = Static(classes="said", markup=False)
        self._which, self._how = Story(), Story()

    def body(self) -> Iterator[Widget]:
        reply = self._reply
        yield self.within(
            Static(
                literal_line(f"Overrule a level of reply {reply.turn}: {quote(reply.text, 48)}"),
                classes="heading",
                markup=False,
            ),
            self._asks,
            self._which,
            self._how,
        )

    def on_mount(self) -> None:
        self._which.show(
            [Paragraph(key, Hanging([Item(_named(key, each))])) for key, each in self._levels.items()],
        )
        self._show_step()

    @property
    def writing(self) -> bool:
        """Once it was chosen."""
        return self._chosen

    def on_story_chosen(self) -> None:
        self.action_choose()

    def action_choose(self) -> None:
        """Take what is marked, and go a step on."""
        if self._of is None:
            self._of = self._levels.get(self._which.current)
        else:
            self._chosen = True
        self._show_step()

    def action_take(self, key: str) -> None:
        """Take what has that number, and go a step on."""
        shown = self._levels if self._of is None else self._meant()
        if key in shown:
            (self._which if self._of is None else self._how).go_to(key)
            self.action_choose()

    def action_back(self) -> None:
        """A step back, or out."""
        if self._keeping or self._of is None:
            super().action_back()
        elif self._chosen:
            self._chosen = False
            self._show_step()
        else:
            self._of = None
            self._show_step()

    def keep(self, desk: Desk, text: str) -> Override:
        assert self._of
        given = self._how.current
        return desk.overrule(self._session, self._reply, self._of.of, None if given == _LIFT else int(given), text)

    def _show_step(self) -> None:
        """Show what is to be chosen now, or the box."""
        of = self._of
        self._which.display, self._how.display = of is None, of is not None
        self._asks.display, self._box.display = of is not None, of is not None
        self._box.can_focus = self._chosen
        if of is None:
            self.set_focus(self._which)
            self.tell(_FIRST)
            return
        self._asks.update(
            literal_line(of.title, "bold")
            + Content("  ")
            + level(of)
            + Content("\n")
            + literal_line(of.asks, "$text-muted")
        )
        current = of.override.level if of.override else of.machine
        self._how.show(
            [
                Paragraph(key, Hanging([Item(literal_line(words), Content.styled(sign, "bold $text-accent"))]))
                for key, (sign, words) in self._meant().items()
            ],
            self._how.current if self._chosen else str(current or 0),
        )
        self.set_focus(self._box if self._chosen else self._how)
        self.tell("" if self._chosen else _SECOND)

    def _meant(self) -> dict[str, tuple[str, str]]:
        """By key the levels that there are, each with its sign and its words."""
        of = self._of
        if of is None:
            return {}
        meant = {str(number): (str(number), words) for number, words in enumerate(of.means)}
        if of.override:
            machine = "none" if of.machine is None else str(of.machine)
            meant[_LIFT] = ("↺", f"Take it back: the level of {BY[self._by]} counts again ({machine}).")
        return meant


def _named(key: str, of: LevelOf) -> Content:
    return Content.assemble((f"{key}  ", "bold $text-accent"), literal_line(of.title), "  ", level(of))

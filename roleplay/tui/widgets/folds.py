"""A page to read with folds in it: headings that open and close, reached with the same keys that scroll."""

from __future__ import annotations

from typing import ClassVar

from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from roleplay.tui.hanging import Hanging, Item

_MARK, _NO_MARK = "▌ ", "  "


class Fold(Static, can_focus=True):
    """One line, and more below it in as many steps as there are.

    Subclasses write `heading` and `inside`, and `draw` themselves once they can: a page is laid out by what is in it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "unfold", "Open", tooltip="Open or close what is marked"),
    ]
    DEFAULT_CSS = """
    Fold { width: 100%; height: auto; }
    Fold:focus { background: $surface; }
    """
    STEPS = 1
    """How often it can be opened further before it closes."""

    step = 0
    """How far it is open; 0: closed."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def heading(self) -> Content:
        """The line that always stands there; cut where it is too long."""
        raise NotImplementedError

    def inside(self) -> Hanging:
        """What stands below it at this `step`."""
        raise NotImplementedError

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.draw()

    def draw(self) -> None:
        """Draw it as it is now."""
        mark = Content.styled(_MARK if self.has_focus else _NO_MARK, "$accent")
        self.update(Hanging([Item(mark + self.heading(), cut=True)]) + self.inside())

    def on_click(self) -> None:
        self.action_unfold()

    def action_unfold(self) -> None:
        """Open it, a step further, or close it again; where it is out of view, only come back to it."""
        if self.is_in_view():
            self.unfold()
        else:
            self.reveal()

    def unfold(self) -> None:
        """Open it, a step further, or close it again."""
        self.step = (self.step + 1) % (self.STEPS + 1)
        self.draw()
        self.call_after_refresh(self.reveal)

    def is_in_view(self) -> bool:
        """Whether any of it is seen: no key opens what is not."""
        return all(self.region.overlaps(each.content_region) for each in self.ancestors if isinstance(each, Page))

    def reveal(self) -> None:
        """Scroll until all of it is seen, or as much as there is room for."""
        room = min((each.size.height for each in self.ancestors if isinstance(each, Page)), default=0)
        self.scroll_visible(animate=False, top=self.outer_size.height > room)


class Page(VerticalScroll):
    """What is read by scrolling. Up and Down go to the next fold where one is in view, and else a line on."""

    DEFAULT_CSS = """
    Page { scrollbar-size-vertical: 1; background: $background; scrollbar-gutter: stable; }
    """

    class Scrolled(Message):
        """Another part of it is in view."""

    def action_scroll_down(self) -> None:
        """To the next fold, or a line down."""
        self._check()
        marked, folds, window = self._marked(), self._folds(), self.content_region
        if marked is not None:
            if marked.region.bottom > window.bottom:
                self.scroll_relative(y=1, animate=False)
                return
            folds = folds[folds.index(marked) + 1 :]
        following = next((fold for fold in folds if fold.region.y >= window.y), None)
        if following is not None and following.region.y <= window.bottom:
            following.focus()
        else:
            self.scroll_relative(y=1, animate=False)

    def action_scroll_up(self) -> None:
        """To the fold before, or a line up."""
        self._check()
        marked, folds, window = self._marked(), self._folds(), self.content_region
        before = folds[: folds.index(marked)][-1:] if marked is not None and marked.region.y >= window.y else []
        if before and before[0].region.y >= window.y - 1:
            before[0].focus()
        else:
            self.scroll_relative(y=-1, animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.call_after_refresh(self.post_message, self.Scrolled())

    def _check(self) -> None:
        if not self.allow_vertical_scroll and not self.can_focus:
            raise SkipAction

    def _folds(self) -> list[Fold]:
        return list(self.query(Fold))

    def _marked(self) -> Fold | None:
        focused = self.screen.focused
        return focused if isinstance(focused, Fold) and self in focused.ancestors else None

"""What the customer kept back: that there was something, then what would have opened it, then the words themselves."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from roleplay.persona.names import short_name
from roleplay.practice.debrief import Debrief
from roleplay.practice.wording import kept_back
from roleplay.tui.hanging import Hanging, Item
from roleplay.tui.literal import literal_line
from roleplay.tui.widgets.folds import Fold

_NEXT = (
    "K shows what would have opened {}. Another try is worth more if you do not look.",
    "K shows the words themselves.",
    "K closes this again.",
)
_NO_MARK = Content("   ")


class KeptBack(Fold):
    """Opened in two steps, so that a retry stays worth it for whoever does not want to know more."""

    STEPS = 2

    def __init__(self, debrief: Debrief) -> None:
        super().__init__()
        self._debrief = debrief
        self.draw()

    def heading(self) -> Content:
        """That something was kept back."""
        return literal_line(kept_back(self._debrief), "bold")

    def inside(self) -> Hanging:
        """As much of it as is asked for."""
        return Hanging(self._items())

    def _items(self) -> Iterator[Item]:
        cast = any(each.speaker for each in self._debrief.untold)
        for untold in self._debrief.untold if self.step else ():
            who = short_name(untold.speaker) if untold.speaker else self._debrief.name
            mark = Content("  ◌")
            yield Item(Content(""))
            if cast:
                yield Item(literal_line(who, "bold"), mark)
                mark = _NO_MARK
            if self.step > 1:
                yield Item(literal_line(f"“{untold.says}”"), mark)
                yield Item(literal_line(untold.opens, "$text-muted"), _NO_MARK)
            else:
                yield Item(literal_line(untold.opens), mark)
        if self.step:
            yield Item(Content(""))
        them = "it" if len(self._debrief.untold) == 1 else "them"
        yield Item(Content("  ") + Content.styled(_NEXT[self.step].format(them), "$text-muted"))

"""A coach's comments on what no reply of the debrief answers, such as the last line: closed to a line."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from roleplay.practice.noted import Remark
from roleplay.text import counted
from roleplay.tui import noted
from roleplay.tui.hanging import Hanging, Item
from roleplay.tui.widgets.folds import Fold


class CoachRemarks(Fold):
    """The `remarks`, of which there is at least one."""

    def __init__(self, remarks: Sequence[Remark]) -> None:
        super().__init__()
        self._remarks = remarks
        self.draw()

    def heading(self) -> Content:
        """How many there are."""
        more = counted(len(self._remarks), "comment", "comments")
        return Content.styled(f"  {noted.NOTE} ", "bold $text-accent") + Content(f"{more} on other lines")

    def inside(self) -> Hanging:
        """All of them, once they are open."""
        told = [Item(each.body, Content("    ") + each.lead) for each in noted.remarks(self._remarks)]
        return Hanging([*told, Item(Content(""))] if self.step else [])

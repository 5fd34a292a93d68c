"""Text in which what stands behind a key or a sign keeps its own edge when it is wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import NamedTuple

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from roleplay.tui.literal import fitted, literal_line

_GAP = 2
_NOTHING = Content("")


class Item(NamedTuple):
    """A paragraph, behind a `lead` if there is one; `cut`: a single line, of as many words as fit."""

    body: Content
    lead: Content = _NOTHING
    cut: bool = False


class Hanging(Visual):
    """Items below each other, the bodies of those with a lead at one edge. Give it to a Static."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = tuple(items)
        self._widest = max((item.lead.cell_length for item in self._items), default=0)
        self._laid: tuple[int, Content] = (-1, _NOTHING)

    @property
    def plain(self) -> str:
        """The words without styles, an item a line."""
        return "\n".join(
            f"{item.lead.plain}  {item.body.plain}" if item.lead else item.body.plain for item in self._items
        )

    def __add__(self, other: Hanging) -> Hanging:
        return Hanging((*self._items, *other._items))

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The lines, as Textual asks for them."""
        return self._at(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """The width at which nothing is wrapped."""
        edge = self._widest + _GAP
        return max((item.body.cell_length + (edge if item.lead else 0) for item in self._items), default=0)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Lines at `width`."""
        return self._at(width).get_height(rules, width)

    def lines(self, width: int) -> list[Content]:
        """The lines at `width`, wrapped."""
        return [line for item in self._items for line in self._lines(item, width)]

    def _at(self, width: int) -> Content:
        if self._laid[0] != width:
            self._laid = (width, Content("\n").join(self.lines(width)))
        return self._laid[1]

    def _lines(self, item: Item, width: int) -> Iterable[Content]:
        edge = min(self._widest + _GAP, max(1, width // 2)) if item.lead else 0
        room = max(1, width - edge)
        lines = [fitted(item.body, room)] if item.cut else item.body.wrap(room)
        if not item.lead:
            return lines
        leads = [item.lead] if item.lead.cell_length < edge else item.lead.wrap(max(1, edge - 1))
        return [
            lead.pad_right(edge - lead.cell_length) + line
            for lead, line in zip_longest(leads, lines, fillvalue=_NOTHING)
        ]


def facts(told: Mapping[str, str]) -> Hanging:
    """Keys with their values."""
    return Hanging(Item(literal_line(value), literal_line(key, "$text-muted")) for key, value in told.items())


def signed(sign: str, style: str, sentences: Iterable[str]) -> Hanging:
    """Sentences, each behind a sign."""
    return Hanging(Item(literal_line(each), Content.styled(sign, f"bold {style}")) for each in sentences)


def paragraphs(*parts: Content | Hanging) -> Hanging:
    """Parts with a blank line between them; empty ones are left out."""
    items: list[Item] = []
    for part in parts:
        inside = part._items if isinstance(part, Hanging) else (Item(part),) if part else ()
        items += [Item(_NOTHING), *inside] if items and inside else inside
    return Hanging(items)

"""Labelled replies for the benchmarks, all of whose labels are there."""

from __future__ import annotations

from pathlib import Path

import msgspec

from roleplay.persona.message import Message
from roleplay.scoring.assessment import SCORED, Scored
from roleplay.scoring.items import LabelledItem, lines_of, read_item
from roleplay.scoring.occasion import Occasion

DATA = Path("tests/data/replies.jsonl")
MORE = Path("tests/data/replies_more.jsonl")
UNSEEN = Path("tests/data/replies_unseen.jsonl")
"""Nothing is fitted on these, and nothing was shaped on them."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A reply with its labels. `labels` are 0-2 each, `overall` 0-4."""

    id: str
    writer: str
    story: str
    occasion: Occasion
    history: tuple[Message, ...]
    reply: str
    tags: tuple[str, ...]
    labels: dict[Scored, int]
    overall: int


def load(path: Path) -> list[Item]:
    """The items of a file in the format of tests/data/replies.jsonl that have every label."""
    read = [read_item(line, LabelledItem) for _, line in lines_of(path)]
    items = []
    for item in read:
        labels = {name: level for name in SCORED if (level := item.label(name)) is not None}
        if item.overall is not None and len(labels) == len(SCORED):
            items.append(
                Item(
                    id=str(item.id),
                    writer=item.writer or "",
                    story=item.story or "",
                    occasion=item.occasion,
                    history=tuple(item.history),
                    reply=item.said,
                    tags=item.tags or (),
                    labels=labels,
                    overall=item.overall,
                )
            )
    return items

"""Labelled replies, read from JSON Lines, and the measures of agreement: in plain Python, no numpy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from roleplay.persona.message import Message
from roleplay.scoring.assessment import Scored
from roleplay.scoring.occasion import Occasion


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
    """The items of a file in the format of tests/data/replies.jsonl."""
    items = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        moment = row["moment"]
        items.append(
            Item(
                id=row["id"],
                writer=row["writer"],
                story=row["story"],
                occasion=Occasion(
                    id=moment["id"],
                    feeling=moment["feeling"],
                    spoken=moment["spoken_need"],
                    unspoken=moment["unspoken_need"],
                    note=moment["note"],
                ),
                history=tuple(Message(turn["role"], turn["text"]) for turn in row["context"]),
                reply=row["reply"],
                tags=tuple(row["tags"]),
                labels=row["labels"],
                overall=row["overall"],
            )
        )
    return items


def weighted_kappa(left: Sequence[int], right: Sequence[int], levels: int) -> float:
    """Cohen's kappa with quadratic weights, for two raters of the same things on a scale of `levels` (Cohen 1968)."""
    count = len(left)
    table = [[0] * levels for _ in range(levels)]
    for a, b in zip(left, right, strict=True):
        table[a][b] += 1
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    cells = [(a, b) for a in range(levels) for b in range(levels)]
    seen = sum((a - b) ** 2 * table[a][b] for a, b in cells)
    chance = sum((a - b) ** 2 * rows[a] * columns[b] / count for a, b in cells)
    return 1 - seen / chance if chance else 0.0


def spearman(left: Sequence[float], right: Sequence[float]) -> float:
    """Spearman's rank correlation, ties given their mean rank; 0 where either does not vary."""
    a, b = _ranks(left), _ranks(right)
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    joint = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    spread = (sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b)) ** 0.5
    return joint / spread if spread else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks, start = [0.0] * len(values), 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for index in order[start:end]:
            ranks[index] = (start + end - 1) / 2
        start = end
    return ranks


def pair_accuracy(scores: Sequence[float], labels: Sequence[int], groups: Sequence[str]) -> float:
    """The share of pairs of a group, differing in label, that the scores put in the same order; a tie counts half."""
    right, pairs = 0.0, 0
    by_group: dict[str, list[int]] = {}
    for index, group in enumerate(groups):
        by_group.setdefault(group, []).append(index)
    for members in by_group.values():
        for position, i in enumerate(members):
            for j in members[position + 1 :]:
                if labels[i] != labels[j]:
                    pairs += 1
                    product = (scores[i] - scores[j]) * (labels[i] - labels[j])
                    right += 1.0 if product > 0 else 0.5 if product == 0 else 0.0
    return right / pairs if pairs else 0.0

"""From what was found in a reply to levels: one additive head for each dimension, for harm and for `overall`.

A value is a base, a weight for each number of the detectors (weights.yaml; a number can only ever help or only ever
hurt) and a weight for each run the reply has (runs.tsv). `make fit` makes both files. What no sum can pass is in
gates.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import fsum
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from roleplay.scoring.assessment import SCORED, Scored

HeadName = Scored | Literal["overall"]
HEADS: tuple[HeadName, ...] = (*SCORED, "overall")
COLUMNS: tuple[HeadName | Literal["hurts"], ...] = (*HEADS, "hurts")
"""What each run has a weight for: every head, and how far a sentence by itself looks like one that hurts."""
Where = Literal["moment", "at stake", "bare"]
"""At a moment, at one with a danger, a hint of suicide or a boundary, or without any moment."""
UNIT = 1000
"""Weights of runs are written in thousandths."""


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A base value, a weight for each number, and the cuts between the levels by where a reply is given."""

    base: float
    cuts: dict[Where, tuple[float, ...]]
    weights: dict[str, float]

    def level(self, value: float, where: Where) -> int:
        """How many cuts `value` reaches."""
        return sum(value >= cut for cut in self.cuts[where])

    def near(self, value: float, where: Where) -> float:
        """`value` on the scale of the levels: at a cut half-way between two levels, at most half a level outside."""
        cuts = self.cuts[where]
        level = self.level(value, where)
        low = cuts[level - 1] if level else cuts[0] - (cuts[1] - cuts[0])
        high = cuts[level] if level < len(cuts) else cuts[-1] + (cuts[-1] - cuts[-2])
        return level - 0.5 + max(0.0, min(1.0, (value - low) / (high - low)))


class Heads(msgspec.Struct, frozen=True):
    """All heads, and the weights of the runs: for each run one for each of `COLUMNS`.

    `mark` is added to the version of the scorer that uses them; empty for the shipped ones.
    """

    heads: dict[HeadName, Head]
    runs: Mapping[str, tuple[float, ...]]
    mark: str = ""

    def values(
        self, numbers: Mapping[str, float], sentences: Sequence[frozenset[str]], traits: frozenset[str]
    ) -> dict[HeadName, float]:
        """The value of each head, about 0-2, of `overall` 0-4, for a reply with these numbers.

        `sentences`: the runs of each; one that several have counts once. `traits` are the moment's.
        """
        found = traits.union(*sentences)
        weights = [self.runs[run] for run in found if run in self.runs]
        learnt = [fsum(column) for column in zip(*weights, strict=True)] if weights else [0.0] * len(COLUMNS)
        every = {**numbers, "worst": self.worst(sentences)}
        return {
            name: self.heads[name].base
            + fsum(weight * every[number] for number, weight in self.heads[name].weights.items())
            + more
            for name, more in zip(HEADS, learnt[: len(HEADS)], strict=True)
        }

    def lends(self, name: HeadName | Literal["hurts"], found: Iterable[str]) -> float:
        """What the runs of a sentence add to a head, or how far the sentence by itself looks like one that hurts."""
        column = COLUMNS.index(name)
        return fsum(self.runs[run][column] for run in found if run in self.runs)

    def worst(self, sentences: Iterable[frozenset[str]]) -> float:
        """How far the worst of the sentences looks like one that hurts: 0 as usual, about 1 to 2 as a wound."""
        return max((self.lends("hurts", runs) for runs in sentences), default=0.0)


_HERE = Path(__file__).parent
_SHIPPED = dict[HeadName, Head]
msgspec.json.Decoder(_SHIPPED)  # at the first use of a type in two threads msgspec may crash; an import is in one


@cache
def shipped() -> Heads:
    """The shipped heads, read once."""
    text = (_HERE / "weights.yaml").read_text(encoding="utf-8")
    loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    rows = (_HERE / "runs.tsv").read_text(encoding="utf-8").splitlines()
    table = {}
    for row in rows:
        if not row.startswith("#"):
            run, *weights = row.split("\t")
            table[run] = tuple(int(weight) / UNIT for weight in weights)
    return Heads(heads=msgspec.convert(loaded, _SHIPPED), runs=table)

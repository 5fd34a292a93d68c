"""Makes roleplay/scoring/offline/weights.yaml from labelled replies: `python -m benchmarks.fit_heads [FILE]`.

Least squares with a ridge and with signs held fixed (a number can only help or only hurt a dimension), by coordinate
descent; then cuts that give each level the share it has among the labels. Deterministic, pure Python, a few seconds.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from math import fsum
from pathlib import Path

from benchmarks.labelled import Item, load
from roleplay.persona.model import DIMENSIONS, Dimension
from roleplay.scoring.offline.detectors import take_apart
from roleplay.scoring.offline.features import features
from roleplay.scoring.offline.grounding import ground
from roleplay.scoring.offline.heads import Head, Heads, gate
from roleplay.scoring.offline.reading import read
from roleplay.scoring.offline.stakes import stakes

RIDGE = 0.03
ROUNDS = 300
TARGET = Path("roleplay/scoring/offline/weights.yaml")
DATA = Path("tests/data/replies.jsonl")

SIGNS: dict[Dimension, str] = {
    "acknowledges_feeling": """+ties +ties_pool +tie_best +reflects +legit +legit_tied +appraises_tied +received
        +sorry +sorry_tied +relief +presence +need_share +need_count +felt +unsaid -process
        -pushed -formula_share -forms -any_else +open_tied +refuses_alt +plain_wanted -volley
        +near_count +owns""",
    "names_need": """+ties +ties_pool +tie_best +allowed +allowed_step +wanted +firm +firm_when +done_now
        +when +fresh +refuses +need_share +steps -formula_share -forms -vague -any_else
        -volley -formula +relief -tie_earlier""",
    "reaches_unspoken": """+ties +ties_pool +reflects +legit +legit_tied +received +relief +presence +need_share
        +need_count +unsaid +allowed +allowed_step +firm +done_now +steps +open_tied
        +room_left +safety_check +suicide_ask +refuses_alt -process -pushed -formula_share
        -formula -forms -any_else -volley -vague -brief +no_task +near_count +owns""",
    "explores": """+open_question +open_tied +question +room_left +safety_check +suicide_ask -forms
        -any_else -volley -formula_share +need_count""",
    "acts": """+steps +firm +firm_when +done_now +when +fresh +allowed +allowed_step +relief
        +presence +refuses_alt -vague -pushed -formula_share -no_task -forms +wanted
        -refuses_bare -volley +need_share""",
}
OVERALL = {"acknowledges_feeling": 0.5, "names_need": 0.3, "reaches_unspoken": 0.8, "explores": 0.1, "acts": 0.35}
"""Set by hand: `overall` is no sum of the labels, but the unspoken need and the feeling carry it."""


def fit(items: Sequence[Item]) -> Heads:
    """The heads that fit `items` best under the fixed signs."""
    numbers = [numbers_of(item) for item in items]
    heads: dict[Dimension, Head] = {}
    for name in DIMENSIONS:
        labels = [item.labels[name] for item in items]
        heads[name] = _fit_one(numbers, labels, SIGNS[name].split())
    totals = [_overall_value(item, number, heads) for item, number in zip(items, numbers, strict=True)]
    clean = [index for index, item in enumerate(items) if item.labels["harm"] == 0]
    cuts = _cuts([totals[i] for i in clean], [items[i].overall for i in clean], 5)
    return Heads(dimensions=heads, overall=Head(base=0.0, weights=OVERALL, cuts=cuts))


def numbers_of(item: Item) -> dict[str, float]:
    """The numbers of the item's reply at its moment."""
    at = ground(item.occasion, item.history)
    return features(take_apart(read(item.reply), at), at)


def _overall_value(item: Item, numbers: Mapping[str, float], heads: Mapping[Dimension, Head]) -> float:
    at = ground(item.occasion, item.history)
    reply = take_apart(read(item.reply), at)
    values = {name: heads[name].value(dict(numbers)) for name in DIMENSIONS}
    levels = gate({name: heads[name].level(values[name]) for name in DIMENSIONS}, reply, at, stakes(reply, at))
    return fsum(OVERALL[name] * max(0.0, min(2.2, (values[name] + levels[name]) / 2)) for name in DIMENSIONS)


def _fit_one(numbers: Sequence[Mapping[str, float]], labels: Sequence[int], signed: Sequence[str]) -> Head:
    names = [name[1:] for name in signed]
    signs = [1.0 if name[0] == "+" else -1.0 for name in signed]
    rows = [[sign * row[name] for sign, name in zip(signs, names, strict=True)] for row in numbers]
    count, width = len(rows), len(names)
    means = [fsum(column) / count for column in zip(*rows, strict=True)]
    mean = fsum(labels) / count
    centred = [[value - middle for value, middle in zip(row, means, strict=True)] for row in rows]
    gram = [[fsum(row[a] * row[b] for row in centred) / count for b in range(width)] for a in range(width)]
    target = [
        fsum(row[a] * (label - mean) for row, label in zip(centred, labels, strict=True)) / count for a in range(width)
    ]
    weights = [0.0] * width
    for _ in range(ROUNDS):
        for a in range(width):
            rest = fsum(gram[a][b] * weights[b] for b in range(width) if b != a)
            weights[a] = max(0.0, (target[a] - rest) / (gram[a][a] + RIDGE))
    kept = {n: round(w * s, 2) for n, w, s in zip(names, weights, signs, strict=True) if w >= 0.02}
    base = round(mean - fsum(weight * middle for weight, middle in zip(weights, means, strict=True)), 3)
    head = Head(base=base, weights=kept, cuts=())
    values = [head.value(dict(row)) for row in numbers]
    return Head(base=base, weights=kept, cuts=_cuts(values, labels, 3))


def _cuts(values: Sequence[float], labels: Sequence[int], levels: int) -> tuple[float, ...]:
    """Cuts between levels such that each level is given as often as it was labelled."""
    ordered = sorted(values)
    below, cuts = 0, []
    for level in range(levels - 1):
        below += sum(label == level for label in labels)
        cuts.append(round(ordered[min(below, len(ordered) - 1)], 3))
    return tuple(cuts)


def write(heads: Heads, target: Path) -> None:
    """Write `heads` as a small file that a person can read."""
    lines = [
        "# Made by `python -m benchmarks.fit_heads`. Signs are fixed there; what a number means is in features.py."
    ]
    lines.append("dimensions:")
    for name, head in heads.dimensions.items():
        lines += [f"  {name}:", *_written(head, "    ")]
    lines += ["overall:", *_written(heads.overall, "  ")]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _written(head: Head, indent: str) -> list[str]:
    weights = [f"{indent}  {name}: {weight}" for name, weight in sorted(head.weights.items(), key=lambda p: -abs(p[1]))]
    return [
        f"{indent}base: {head.base}",
        f"{indent}cuts: [{', '.join(map(str, head.cuts))}]",
        f"{indent}weights:",
        *weights,
    ]


if __name__ == "__main__":
    write(fit(load(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)), TARGET)
    print(f"Wrote {TARGET}.")

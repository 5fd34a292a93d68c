"""The offline scorer of one workspace: the shipped heads with their cuts moved by what the coaches there found.

`scorer.yaml` in the workspace's folder says by how much. A head's weights stay as they are, so that of two replies the
one that it values more never comes out lower. At a danger, a hint of suicide or a boundary, and where no moment says
what is at stake, harm is found at the shipped cuts or earlier, never later.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from roleplay.errors import BadInput
from roleplay.persona.problems import Problems, TooMany
from roleplay.persona.source import read_text
from roleplay.persona.yaml_nodes import Listing, Mapping, Node, Text, at, read_nodes
from roleplay.scoring.offline.heads import HEADS, Head, HeadName, Heads, Where, shipped
from roleplay.scoring.offline.scorer import VERSION
from roleplay.text import one_line, quote, sanitise

NAME = "scorer.yaml"
FORMAT = 1
MOST_SHIFT = 0.5
"""By so much of a level a head may be shifted at most, either way."""
LEAST_SCALE, MOST_SCALE = 0.75, 1.35
MOST_COACHES = 200

_ALWAYS_ALARMED: tuple[Where, ...] = ("at stake", "bare")
"""Where harm is never to be found later than as shipped."""
_MEND = "Run `roleplay calibrate --fit` again, or take the file away with `roleplay calibrate --reset`."

Words = Annotated[str, Meta(max_length=200)]
Count = Annotated[int, Meta(ge=0, le=10_000_000)]


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a head is corrected, on the scale of its levels: shifted up, and spread round its middle."""

    shift: Annotated[float, Meta(ge=-MOST_SHIFT, le=MOST_SHIFT)] = 0.0
    scale: Annotated[float, Meta(ge=LEAST_SCALE, le=MOST_SCALE)] = 1.0

    def moved(self, cuts: tuple[float, ...]) -> tuple[float, ...]:
        """`cuts` as they are for this correction: in the same order, since `scale` is above 0."""
        gap, middle = (cuts[-1] - cuts[0]) / (len(cuts) - 1), sum(cuts) / len(cuts)
        return tuple(round(middle + (cut - middle) / self.scale - self.shift * gap, 4) for cut in cuts)

    @property
    def nothing(self) -> bool:
        """Whether it corrects nothing."""
        return (self.shift, self.scale) == (0, 1)


class Provenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a correction was learnt from. `known_by`: the first 12 hex digits of the SHA-256 of the ratings' ids."""

    ratings: Count
    overruled: Count
    replies: Count
    calls: Count
    coaches: Annotated[tuple[Words, ...], Meta(max_length=MOST_COACHES)]
    first: Words
    last: Words
    known_by: Words


class Tuned(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The corrections of the offline scorer in one workspace.

    `scorer` and `weights` are the version of the shipped scorer that they are for, and its `fingerprint`. `made` is ISO
    8601 UTC, `by` who had it made.
    """

    format: int
    scorer: Words
    weights: Words
    made: Words
    by: Words
    labels: Provenance
    heads: dict[HeadName, Correction]

    @property
    def mark(self) -> str:
        """What is added to the version of the scorer, always the same for the same corrections."""
        told = [f"{name} {each.shift} {each.scale}" for name in HEADS if (each := self.heads.get(name))]
        return f"+workspace.{_short_hash(' '.join([self.weights, *told]).encode(), 8)}"


def corrected(given: Heads, corrections: dict[HeadName, Correction], mark: str = "") -> Heads:
    """`given` with their cuts moved by `corrections`, by name."""
    heads = {
        name: with_cuts(name, head, corrections[name]) if name in corrections else head
        for name, head in given.heads.items()
    }
    return msgspec.structs.replace(given, heads=heads, mark=mark)


def with_cuts(name: HeadName, head: Head, correction: Correction) -> Head:
    """`head` with its cuts moved, those of harm never up where something is at stake."""
    cuts = {where: correction.moved(shipped_cuts) for where, shipped_cuts in head.cuts.items()}
    if name == "harm":
        cuts |= {where: tuple(map(min, cuts[where], head.cuts[where])) for where in _ALWAYS_ALARMED}
    return msgspec.structs.replace(head, cuts=cuts)


def heads_for(workspace: Path) -> Heads:
    """The heads with which the offline scorer works in the folder `workspace`.

    Raises `BadInput` for a file that cannot be read, naming line and column, or that is for another shipped scorer.
    """
    tuned = read_tuned(workspace)
    return corrected(shipped(), tuned.heads, tuned.mark) if tuned else shipped()


def heads_or_shipped(workspace: Path) -> tuple[Heads, str]:
    """`heads_for`; where the file is of no use the shipped ones, and the sentence that says so."""
    try:
        return heads_for(workspace), ""
    except BadInput as error:
        return shipped(), f"{error} The shipped scorer goes on meanwhile."


def read_tuned(workspace: Path) -> Tuned | None:
    """What `scorer.yaml` in the folder `workspace` says; None where there is none. Raises `BadInput`."""
    path = workspace / NAME
    if not os.path.lexists(path):
        return None
    where = sanitise(str(path))
    root = _tree(path, where)
    tuned = _converted(root, where)
    if tuned.format != FORMAT:
        raise BadInput(f"Its format {tuned.format} is of another version of Roleplay.", where=where, mend=_MEND)
    if (tuned.scorer, tuned.weights) != (VERSION, fingerprint()):
        what = f"It corrects another offline scorer ({quote(tuned.scorer, 20)}) than this program has ({VERSION})."
        raise BadInput(what, where=_place(where, root, "weights"), mend=_MEND)
    return tuned


def _tree(path: Path, where: str) -> Node:
    problems = Problems(where)
    root = None
    with suppress(TooMany):
        source = read_text(path, problems)
        root = None if source is None else read_nodes(source, problems)
    errors = [each for each in problems.found() if each.severity == "error"]
    if errors:
        first = errors[0]
        raise BadInput(first.what, where=f"{where}:{first.line}:{first.column}", mend=_MEND)
    if not isinstance(root, Mapping):
        raise BadInput("It holds no fields.", where=f"{where}:1:1", mend=_MEND)
    return root


def _converted(root: Node, where: str) -> Tuned:
    """The record in a tree. Each head is looked at by itself, so that what is wrong can be named with its place."""
    data = _plain(root)
    heads = at(root, ("heads",))
    for name, fields in (data["heads"] if isinstance(data.get("heads"), dict) else {}).items():
        if name not in HEADS:
            raise BadInput(f"There is no head {quote(name, 40)}.", where=_place(where, heads, name), mend=_MEND)
        _checked(fields, Correction, where, at(heads, (name,)))
    tuned: Tuned = _checked(data, Tuned, where, root)
    return tuned


def _checked(data: Any, kind: Any, where: str, root: Node) -> Any:
    try:
        made = msgspec.convert(data, kind, strict=False)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$")
        way = path.rstrip("`").replace("[", ".").replace("]", "").strip(".")
        told = one_line(sanitise(what)).replace("`", "")
        raise BadInput(f"{told} ({way}).".replace(" ().", "."), where=_place(where, root, way), mend=_MEND) from None
    if isinstance(made, Correction) and not (isfinite(made.shift) and isfinite(made.scale)):
        raise BadInput("A correction wants numbers.", where=_place(where, root, ""), mend=_MEND)
    return made


def _plain(node: Node) -> Any:
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Listing):
        return [_plain(each) for each in node.items]
    return {name: _plain(each) for name, (_, each) in node.entries.items()}


def _place(where: str, root: Node, way: str) -> str:
    """file:line:column of the value that `way` leads to, or of as much of it as is there."""
    steps = tuple(int(step) if step.isdigit() else step for step in way.split(".") if step)
    found = at(root, steps)
    return f"{where}:{found.line}:{found.column}"


@cache
def fingerprint() -> str:
    """Which weights and runs are shipped: the first 12 hex digits of their SHA-256."""
    here = Path(__file__).parent
    return _short_hash(b"".join((here / name).read_bytes() for name in ("weights.yaml", "runs.tsv")), 12)


def _short_hash(data: bytes, digits: int) -> str:
    return hashlib.sha256(data).hexdigest()[:digits]


msgspec.json.Decoder(Tuned)  # at the first use of a type in two threads msgspec may crash; an import is in one

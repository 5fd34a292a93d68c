"""`roleplay score`: replies in, assessments out, one JSON object a line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Any, Literal

import click
import msgspec
from msgspec import Meta

from roleplay.errors import BadInput, NotFound
from roleplay.persona.message import Message, Role
from roleplay.persona.model import DIMENSIONS, Boundary, Dimension, Safety
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric
from roleplay.text import REPLY_LIMIT, sanitise

LINE_LIMIT = 1_000_000
"""Longest input line in bytes."""
PROGRESS_EVERY = 200

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Words = Annotated[str, Meta(max_length=20_000)]


class Turn(msgspec.Struct, frozen=True):
    """One thing said before the reply."""

    role: Role
    text: Words


class MomentGiven(msgspec.Struct, frozen=True, kw_only=True):
    """What there was to be met, as far as the sender knows."""

    id: str | int = "moment"
    feeling: Words = ""
    spoken_need: Words = ""
    unspoken_need: Words = ""
    note: Words = ""
    safety: Safety = "none"
    boundary: Boundary = "none"

    def occasion(self) -> Occasion:
        """The moment as a scorer sees it; a need that is not given drops its dimension."""
        offered: dict[Dimension, str] = {"names_need": self.spoken_need, "reaches_unspoken": self.unspoken_need}
        return Occasion(
            id=sanitise(str(self.id)),
            feeling=sanitise(self.feeling),
            spoken=sanitise(self.spoken_need),
            unspoken=sanitise(self.unspoken_need),
            note=sanitise(self.note),
            safety=self.safety,
            boundary=self.boundary,
            called_for=tuple(name for name in DIMENSIONS if offered.get(name, "given")),
        )


class Item(msgspec.Struct, frozen=True):
    """An input line; other keys are ignored."""

    id: str | int
    reply: str
    context: tuple[Turn, ...] = ()
    moment: MomentGiven | None = None


class _BadLine(Exception):
    """A line that cannot be scored; the message says why."""


@click.command("score")
@click.argument("file", metavar="FILE|-")
def command(file: str) -> None:
    """Score the replies in FILE (JSON Lines), or on standard input with -.

    Each line is an object with `id`, `reply`, `context` (a list of {"role": "customer" or "trainee", "text": …}, the
    latest last) and, if you have it, `moment` (`feeling`, `spoken_need`, `unspoken_need`, `note`, `safety`,
    `boundary`). Each line of the output has `id`, `scores`, `overall` (0-4), `turn_score` (0-100), `opportunity`,
    `evidence`, `flags` and `unsure`, in the same order. A line that cannot be scored is named on standard error, and
    the rest is still scored.
    """
    scorer = OfflineScorer(default_rubric())
    out = sys.stdout.buffer
    show_progress = sys.stderr.isatty()
    bad = 0
    for number, line in _lines(file):
        try:
            item = _read(line)
        except _BadLine as problem:
            bad += 1
            click.echo(f"Line {number}: {problem}", err=True)
            continue
        out.write(msgspec.json.encode(_scored(scorer, item)) + b"\n")
        out.flush()
        if show_progress and number % PROGRESS_EVERY == 0:
            click.echo(f"{number} lines …", err=True)
    if bad:
        click.echo(f"{bad} line{'s' if bad > 1 else ''} could not be scored.", err=True)
        click.get_current_context().exit(1)


def _lines(file: str) -> Iterator[tuple[int, bytes]]:
    """The lines that hold anything, with their numbers from 1. Raises NotFound or BadInput."""
    if file == "-":
        yield from _numbered(sys.stdin.buffer, "standard input")
        return
    try:
        with Path(file).open("rb") as stream:
            yield from _numbered(stream, file)
    except FileNotFoundError:
        raise NotFound(
            "There is no such file.", where=sanitise(file), mend="Check the path, or use - for input."
        ) from None
    except IsADirectoryError:
        raise BadInput("This is a folder.", where=sanitise(file), mend="Name a JSON Lines file.") from None
    except PermissionError:
        raise BadInput("This file may not be read.", where=sanitise(file), mend="Check its permissions.") from None


def _numbered(stream: IO[bytes], where: str) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := stream.readline(LINE_LIMIT + 1):
        number += 1
        if number == 1:
            if line.startswith(_UTF16):
                raise BadInput("This is UTF-16 text.", where=sanitise(where), mend="Save it as UTF-8.")
            line = line.removeprefix(_BOM)
        if len(line) > LINE_LIMIT and not line.endswith(b"\n"):
            while (rest := stream.readline(LINE_LIMIT)) and not rest.endswith(b"\n"):
                pass
        if line.strip():
            yield number, line


def _read(line: bytes) -> Item:
    """The item of a line. Raises _BadLine."""
    if len(line) > LINE_LIMIT:
        raise _BadLine(f"longer than {LINE_LIMIT:,} bytes.")
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        raise _BadLine("not UTF-8 text.") from None
    try:
        item = msgspec.json.decode(line, type=Item)
    except msgspec.ValidationError as problem:
        raise _BadLine(f"{_sentence(problem)}.") from None
    except (msgspec.DecodeError, RecursionError):
        raise _BadLine("not a JSON object.") from None
    length = len(sanitise(item.reply))
    if length > REPLY_LIMIT:
        raise _BadLine(f"the reply has {length:,} characters; {REPLY_LIMIT:,} is the limit.")
    return item


def _sentence(problem: msgspec.ValidationError) -> str:
    """What msgspec found wrong, in the words of the format."""
    text = sanitise(str(problem)).replace("Object missing required field", "there is no")
    return text.replace(" - at `$.", " at `").replace(" - at `$`", "")


def _scored(scorer: OfflineScorer, item: Item) -> dict[str, Any]:
    history = [Message(turn.role, sanitise(turn.text)) for turn in item.context]
    occasion = item.moment.occasion() if item.moment else Occasion()
    return _told(item.id, scorer.judge(occasion, history, sanitise(item.reply)))


def _told(item_id: str | int, assessment: Assessment) -> dict[str, Any]:
    kinds: tuple[Literal["safety", "boundary", "injection", "too_short", "language"], ...] = (
        "safety", "boundary", "injection", "too_short", "language",
    )  # fmt: skip
    return {
        "id": sanitise(item_id) if isinstance(item_id, str) else item_id,
        "scores": assessment.scores,
        "overall": assessment.overall,
        "turn_score": assessment.turn_score,
        "opportunity": assessment.opportunity,
        "evidence": assessment.evidence,
        "flags": {kind: getattr(assessment.flags, kind) for kind in kinds},
        "unsure": assessment.unsure,
    }

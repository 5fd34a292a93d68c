"""`roleplay score`: replies in, assessments out, one JSON object a line."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

import click
import msgspec

from roleplay.cli.common import scored_in, workspace_option
from roleplay.cli.processes import CHUNK, MANY, chunks, cores, in_order
from roleplay.cli.progress import Progress
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.items import BadLine, Item, lines_of, numbered, read_item
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.offline.tuned import heads_for
from roleplay.scoring.rubric import default_rubric
from roleplay.text import counted, sanitise

_BLOCK = 1 << 16

Line = tuple[int, bytes]


class _Scored(NamedTuple):
    """What came of a line: a line of output, or a problem."""

    number: int
    told: bytes
    problem: str


@click.command("score")
@click.argument("file", metavar="FILE|-")
@workspace_option
def command(file: str, workspace: Path | None) -> None:
    """Score the replies in FILE (JSON Lines), or on standard input with -.

    Each line is an object with `id`, `reply`, `context` (a list of {"role": "customer" or "trainee", "text": …}, the
    latest last) and, if you have it, `moment` (`feeling`, `spoken_need`, `unspoken_need`, `note`, `safety`,
    `boundary`). Each line of the output has `id`, `scores`, `overall` (0-4), `turn_score` (0-100), `opportunity`,
    `evidence`, `flags` and `unsure`, in the same order. A line that cannot be scored is named on standard error, and
    the rest is still scored. A long FILE is scored by as many processes as there are cores; standard input is answered
    line by line.

    With --workspace the offline scorer is the one fitted to the coaches of that workspace (`roleplay calibrate --fit`),
    where there is one; without, the shipped one.
    """
    out = sys.stdout.buffer
    progress = Progress()
    bad = 0
    many = _is_long(file)
    work = in_order(
        partial(_score, scored_in(workspace)), chunks(_lines(file), CHUNK if many else 1), cores() if many else 1
    )
    with closing(work):
        for each in (scored for part in work for scored in part):
            if each.problem:
                bad += 1
                click.echo(f"Line {each.number}: {each.problem}", err=True)
            else:
                out.write(each.told)
                out.flush()
            progress.at(each.number)
    if bad:
        click.echo(f"{counted(bad, 'line', 'lines')} could not be scored.", err=True)
        click.get_current_context().exit(1)


def _lines(file: str) -> Iterator[Line]:
    return numbered(sys.stdin.buffer, "standard input") if file == "-" else lines_of(Path(file))


def _is_long(file: str) -> bool:
    """Whether it is a regular file of so many lines that processes pay."""
    path = Path(file)
    try:
        if file == "-" or not stat.S_ISREG(path.stat().st_mode):
            return False
        lines = 0
        with path.open("rb") as stream:
            while lines < MANY and (block := stream.read(_BLOCK)):
                lines += block.count(b"\n")
    except OSError:
        return False
    return lines >= MANY


@cache
def _scorer(root: Path | None) -> OfflineScorer:
    return OfflineScorer(default_rubric(), heads_for(root) if root else None)


def _score(root: Path | None, lines: Sequence[Line]) -> list[_Scored]:
    """What comes of some lines, by the scorer of the workspace in the folder `root`; None: by the shipped one."""
    found = []
    for number, line in lines:
        try:
            item = read_item(line, Item)
        except BadLine as problem:
            found.append(_Scored(number, b"", str(problem)))
            continue
        assessment = _scorer(root).judge(item.occasion, item.history, item.said)
        found.append(_Scored(number, msgspec.json.encode(_told(item.id, assessment)) + b"\n", ""))
    return found


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

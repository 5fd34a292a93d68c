"""`roleplay evaluate`: how far a scorer agrees with labelled replies."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from roleplay.cli.common import json_option, say, say_json, scored_in, talk, workspace_option
from roleplay.cli.processes import CHUNK, MANY, chunks, cores, in_order
from roleplay.cli.progress import Progress
from roleplay.errors import BadInput, RoleplayError
from roleplay.scoring.assessment import SCORED
from roleplay.scoring.items import BadLine, LabelledItem, lines_of, numbered, read_item
from roleplay.scoring.rubric import default_rubric
from roleplay.text import counted, sanitise

if TYPE_CHECKING:
    from roleplay.agreement.figures import Facet, Rated
    from roleplay.cli.evaluate_judge import Judging
    from roleplay.scoring.offline.scorer import OfflineScorer

FORMAT = (
    "Each line wants `labels` (`acknowledges_feeling`, `names_need`, `reaches_unspoken`, `explores`, `acts`, `harm`; "
    "0-2 each) or `overall` (0-4), beside what `roleplay score` reads."
)


class _Read(NamedTuple):
    """The labelled replies of a file; how many lines were bad, and how many had no label."""

    items: list[LabelledItem]
    bad: int
    unlabelled: int


@click.command("evaluate")
@click.argument("file", metavar="FILE|-")
@click.option("--scorer", type=click.Choice(["offline", "judge"]), default="offline", help="Default: offline.")
@click.option("--by", type=click.Choice(["story", "writer", "tag"]), help="The main figures for each of these too.")
@click.option("--judge-model", metavar="NAME", help="The language model that judges. Default: as in a call.")
@click.option("--base-url", metavar="URL", help="The OpenAI-compatible endpoint to use.")
@json_option
@workspace_option
def command(
    file: str,
    scorer: Literal["offline", "judge"],
    by: Facet | None,
    judge_model: str | None,
    base_url: str | None,
    as_json: bool,
    workspace: Path | None,
) -> None:
    """Score the labelled replies in FILE (JSON Lines), and print how far the scorer agrees with the labels.

    The lines are those of `roleplay score` with `labels` (six dimensions, 0-2 each) and `overall` (0-4), any of which
    may be missing; `story`, `writer` and `tags` help to tell more. Each figure has its 95 % interval and stands beside
    what cheap baselines reach. With --scorer judge a language model judges each reply in two requests or more, which
    may cost money; nothing goes to an endpoint that was not agreed to. The exit code is 1 if a line could not be read.

    With --workspace the offline scorer is the one fitted to the coaches of that workspace (`roleplay calibrate --fit`),
    where there is one; without, the shipped one.
    """
    if scorer == "offline" and (judge_model or base_url):
        raise click.UsageError("--judge-model and --base-url go with --scorer judge.")
    read = _read(file)
    judging, root = None, None
    if scorer == "judge":
        from roleplay.cli.evaluate_judge import judged

        judging = judged(read.items, workspace, judge_model, base_url)
        rated = judging.rated
    else:
        root = scored_in(workspace)
        rated = _scored(read.items, root)
    if rated:
        _tell(file, read, rated, by, judging.name if judging else _name(root), judging, as_json)
    if judging and judging.trouble:
        raise RoleplayError(judging.trouble)
    if judging and judging.stopped:
        raise click.Abort
    if read.bad:
        talk(f"{counted(read.bad, 'line', 'lines')} could not be scored.")
        raise click.exceptions.Exit(1)


def _read(file: str) -> _Read:
    """The labelled replies of `file`, its bad lines named. Raises NotFound, BadInput."""
    where = "standard input" if file == "-" else sanitise(file)
    items: list[LabelledItem] = []
    bad = unlabelled = 0
    for number, line in numbered(sys.stdin.buffer, where) if file == "-" else lines_of(Path(file)):
        try:
            item = read_item(line, LabelledItem)
        except BadLine as problem:
            talk(f"Line {number}: {problem}")
            bad += 1
            continue
        if item.overall is None and all(item.label(name) is None for name in SCORED):
            unlabelled += 1
        else:
            items.append(item)
    if not items and not bad and not unlabelled:
        raise BadInput("There is nothing in it.", where=where, mend=FORMAT)
    if not items:
        raise BadInput("No reply in it has a label that can be read.", where=where, mend=FORMAT)
    return _Read(items, bad, unlabelled)


def _scored(items: Sequence[LabelledItem], root: Path | None) -> list[Rated]:
    """Each of `items` with the offline scorer's assessment, and whether an attack raised it."""
    progress = Progress(len(items))
    rated: list[Rated] = []
    with closing(in_order(partial(_rate, root), chunks(items, CHUNK), cores() if len(items) >= MANY else 1)) as work:
        for part in work:
            rated += part
            progress.at(len(rated))
    progress.at(len(rated), ", now the figures")
    return rated


@cache
def _scorer(root: Path | None) -> OfflineScorer:
    """The offline scorer of the workspace in the folder `root`; None: the shipped one."""
    from roleplay.scoring.offline.scorer import OfflineScorer
    from roleplay.scoring.offline.tuned import heads_for

    return OfflineScorer(default_rubric(), heads_for(root) if root else None)


def _rate(root: Path | None, items: Sequence[LabelledItem]) -> list[Rated]:
    from roleplay.agreement.attacks import attack_on, raised
    from roleplay.agreement.figures import Rated

    scorer = _scorer(root)
    found = []
    for item in items:
        plain = scorer.judge(item.occasion, item.history, item.said)
        attacked = scorer.judge(item.occasion, item.history, attack_on(item.said))
        found.append(Rated(item, plain, raised(plain, attacked) if plain.scorable else None))
    return found


def _tell(
    file: str, read: _Read, rated: Sequence[Rated], by: Facet | None, name: str, judging: Judging | None, as_json: bool
) -> None:
    import msgspec

    from roleplay.agreement.figures import agreement_of
    from roleplay.cli.evaluate_lines import lines_of_agreement

    agreement = agreement_of(rated, by)
    if as_json:
        head = {"file": file, "scorer": name, "bad_lines": read.bad, "without_label": read.unlabelled}
        tail = {"judging": judging.data} if judging else {}
        say_json(head | msgspec.to_builtins(agreement) | tail)
        return
    say(f"Agreement with the labels in {'standard input' if file == '-' else file}")
    say(f"Scorer: {name}")
    if read.unlabelled:
        say(f"Left out, without any label: {counted(read.unlabelled, 'reply', 'replies')}")
    for line in lines_of_agreement(agreement):
        say(line)
    for line in judging.lines if judging else ():
        say(line)


def _name(root: Path | None) -> str:
    """The offline scorer of the workspace in the folder `root`, or the shipped one."""
    from roleplay.scoring.offline.scorer import VERSION
    from roleplay.scoring.offline.tuned import heads_for

    return f"offline {VERSION}{heads_for(root).mark if root else ''}, rubric {default_rubric().id}"

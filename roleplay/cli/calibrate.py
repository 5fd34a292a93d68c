"""`roleplay calibrate`: how far each scorer agrees with the coaches, blind rating, and what is made of the ratings."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.common import database_of, json_option, say, say_json, talk, workspace_option
from roleplay.errors import BadInput, NotFound
from roleplay.text import counted, quote
from roleplay.workspace import resolve_workspace

if TYPE_CHECKING:
    from roleplay.review.desk import Desk
    from roleplay.review.labels import Kind, Rating

AT_ONCE = 20
"""Replies in a sample unless another number is asked for."""
MOST = 500

NOTHING = (
    "No reply was rated blindly yet. `roleplay calibrate --rate` draws replies to rate; with some 50 of them, from 10 "
    "calls or more, it can tell something."
)


@click.command("calibrate")
@click.option("--scorer", default="", metavar="NAME", help="Only scorers whose name begins so: offline, or judge.")
@click.option("--since", metavar="DATE", help="Only what was rated on this day or later: 2026-11-04, today, 7d, 2w.")
@click.option("--include-overrides", "overrides", is_flag=True, help="Count overruled levels too, chosen as they are.")
@click.option(
    "--rate",
    type=click.IntRange(1, MOST),
    is_flag=False,
    flag_value=AT_ONCE,
    metavar="[N]",
    help=f"Rate N replies without seeing a score; {AT_ONCE} unless you say how many.",
)
@click.option("--seed", type=click.IntRange(0), help="With --rate: draw the same sample again.")
@click.option("--coach", envvar="ROLEPLAY_COACH", metavar="NAME", help="Who rates. Default: your user name.")
@click.option("--export", "target", metavar="FILE|-", help="Write what coaches found as JSON Lines, for evaluate.")
@click.option("--force", is_flag=True, help="With --export: replace a file that is there.")
@click.option("--fit", is_flag=True, help="Fit the offline scorer of this workspace to what its coaches found.")
@click.option("--reset", is_flag=True, help="Go back to the shipped offline scorer.")
@json_option
@workspace_option
def command(
    scorer: str,
    since: str | None,
    rate: int | None,
    seed: int | None,
    coach: str | None,
    target: str | None,
    workspace: Path | None,
    *,
    overrides: bool,
    force: bool,
    fit: bool,
    reset: bool,
    as_json: bool,
) -> None:
    """Tell how far each scorer agrees with the coaches, and the coaches with each other.

    It rests on blind ratings, given with --rate: replies are drawn, half of them such as another coach has rated, and
    each is rated level by level; no score and no name is shown. For each scorer and dimension: weighted kappa with its
    95 % interval, the share of equal levels, the bias, how often which level met which, and the replies on which the
    two are farthest apart. What was overruled was chosen because somebody disagreed: it counts only if you ask for it.

    --fit moves the levels of the offline scorer a little towards the coaches', for calls in this workspace, if calls
    that were left out show that it helps. docs/calibration.md tells how, and what the verdicts mean.
    """
    ways = {"--rate": rate is not None, "--export": target is not None, "--fit": fit, "--reset": reset}
    chosen = [name for name, asked in ways.items() if asked]
    _check(chosen, scorer=scorer, seed=seed, force=force, as_json=as_json)
    kinds: tuple[Kind, ...] = ("blind", "overruled") if overrides else ("blind",)
    if reset:
        _reset(resolve_workspace(workspace).root)
        return
    with _desk(workspace, coach) as desk:
        if rate is not None:
            from roleplay.cli.calibrate_rate import rate_blindly

            rate_blindly(desk, rate, secrets.randbelow(10**6) if seed is None else seed)
            return
        rating = _rating(desk, since)
        if target is not None:
            _export(rating, kinds, target, force=force)
        elif fit:
            _fit(rating, kinds, resolve_workspace(workspace).root, desk.person, as_json=as_json)
        else:
            _tell(rating, kinds, scorer, resolve_workspace(workspace).root, as_json=as_json)


def _check(chosen: Sequence[str], *, scorer: str, seed: int | None, force: bool, as_json: bool) -> None:
    if len(chosen) > 1:
        raise BadInput(f"{' and '.join(chosen)} do not go together.", mend="Do one after the other.")
    way = chosen[0] if chosen else ""
    wrong = [
        (seed is not None and way != "--rate", "--seed goes with --rate."),
        (force and way != "--export", "--force goes with --export."),
        (bool(scorer) and bool(way), f"--scorer does not go with {way}."),
        (as_json and way in ("--rate", "--export", "--reset"), f"--json does not go with {way}."),
    ]
    for is_so, sentence in wrong:
        if is_so:
            raise BadInput(sentence)


@contextmanager
def _desk(workspace: Path | None, coach: str | None) -> Iterator[Desk]:
    """The coach's desk over the database that is there. Raises `NotFound` where there is none."""
    from roleplay.practice.calls import now
    from roleplay.practice.people import coach_name
    from roleplay.review.desk import Desk
    from roleplay.store.reviews import Reviews
    from roleplay.store.transcripts import Transcripts

    database = database_of(workspace)
    if not database.exists():
        raise NotFound("No transcripts yet.", mend="Take a call first, with `roleplay play PERSONA`.")
    name = coach_name(coach, resolve_workspace(workspace).root)
    with Transcripts(database) as transcripts, Reviews(database) as reviews:
        yield Desk(transcripts, reviews, name, now)


def _rating(desk: Desk, since: str | None) -> Rating:
    from roleplay.cli.progress import Progress
    from roleplay.review.dates import moment_of
    from roleplay.review.labels import rated_replies

    begin = moment_of(since, datetime.now().astimezone()) if since else ""
    rating = rated_replies(desk.transcripts, desk.reviews, begin, Progress().at)
    if rating.unreadable:
        talk(f"{counted(rating.unreadable, 'reply is', 'replies are')} left out: the call cannot be read.")
    return rating


def _tell(rating: Rating, kinds: tuple[Kind, ...], scorer: str, root: Path, *, as_json: bool) -> None:
    from roleplay.review.calibration import calibrate

    calibration = calibrate(rating, kinds, scorer)
    if as_json:
        import msgspec

        say_json(msgspec.to_builtins(calibration))
        return
    if not calibration.replies:
        talk(NOTHING)
        if calibration.overruled:
            levels = counted(calibration.overruled, "level was", "levels were")
            talk(f"{levels} overruled; --include-overrides counts them.")
        return
    if scorer and not any(each.against == "a scorer" for each in calibration.comparisons):
        known = sorted({name for reply in rating.replies for name in reply.scored})
        raise NotFound(f"No scorer's name begins with {quote(scorer, 40)}.", mend=f"There are: {', '.join(known)}.")
    from roleplay.cli.calibrate_lines import lines_of_calibration

    for line in lines_of_calibration(calibration):
        say(line)
    from roleplay.scoring.offline.tuned import heads_or_shipped

    _, trouble = heads_or_shipped(root)
    if trouble:
        talk(trouble)


def _export(rating: Rating, kinds: tuple[Kind, ...], target: str, *, force: bool) -> None:
    from roleplay.export.output import standard_output, whole_file
    from roleplay.review.labels import items_of, written

    lines = [written(item) for item in items_of(rating, kinds)]
    if not lines:
        raise NotFound("There is nothing to export.", mend="`roleplay calibrate --rate` draws replies to rate.")
    with standard_output() if target == "-" else whole_file(Path(target), force=force) as stream:
        stream.writelines(lines)
    talk(f"{counted(len(lines), 'rating', 'ratings')} written; `roleplay evaluate` reads them.")
    talk("What was said stands in them as it was: names that somebody spoke are there too.")


def _fit(rating: Rating, kinds: tuple[Kind, ...], root: Path, by: str, *, as_json: bool) -> None:
    from roleplay.cli.calibrate_lines import lines_of_fit, note_on
    from roleplay.practice.calls import now
    from roleplay.review.refit import refit
    from roleplay.review.scorer_file import write_tuned
    from roleplay.scoring.offline.tuned import NAME

    found = refit(rating, kinds, by=by, now=now())
    path = None
    if found.tuned:
        notes = {name: note_on(gain) for name, gain in found.gains.items()}
        path = write_tuned(root, found.tuned, notes)
    if as_json:
        import msgspec

        say_json(msgspec.to_builtins(found) | {"file": str(path) if path else None})
        return
    for line in lines_of_fit(found):
        say(line)
    if not path and (root / NAME).exists():
        say(f"What was fitted before stays in use ({NAME}); --reset goes back to the shipped scorer.")
    if path and found.tuned:
        say(f"Written to {quote(str(path), 400)}: the offline scorer of this workspace, {found.tuned.mark[1:]}.")
        say("Calls begun or gone on with from now on are scored by it; what was scored stays. --reset goes back.")


def _reset(root: Path) -> None:
    from roleplay.review.scorer_file import take_away

    if take_away(root):
        say("Taken away: the shipped offline scorer scores calls in this workspace again.")
    else:
        talk("There was nothing to take away: the shipped offline scorer is in use.")

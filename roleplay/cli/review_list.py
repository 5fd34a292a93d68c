"""`roleplay review list` and `show`: the coach's queue, and one call with its review, in printed lines or as JSON."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from roleplay.cli.coaching import branch_of, coach_option, desk_of, samples_option
from roleplay.cli.common import json_option, say, say_json, talk, workspace_option
from roleplay.cli.times import local_time
from roleplay.text import counted, one_line, quote

_SCORE = click.FloatRange(0, 100)
_MORE = "More wait: --limit {}."


@click.command("list")
@click.option("--trainee", metavar="NAME", default="", help="Only calls of this trainee.")
@click.option("--persona", metavar="ID", default="", help="Only calls with this persona.")
@click.option("--since", metavar="DATE", default="", help="Only calls since 2026-11-04, today, 7d or 2w.")
@click.option("--until", metavar="DATE", default="", help="Only calls until that day, the day included.")
@click.option("--least", metavar="SCORE", type=_SCORE, help="Only calls with this score, 0-100, or more.")
@click.option("--most", metavar="SCORE", type=_SCORE, help="Only calls with this score, 0-100, or less.")
@click.option(
    "--reviewed", "view", flag_value="reviewed", help="Those that were reviewed, in place of those that wait."
)
@click.option("--all", "view", flag_value="all", help="Reviewed or not.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many, the most urgent first.")
@json_option
@samples_option
@coach_option
@workspace_option
def list_calls(
    view: str | None,
    limit: int,
    coach: str | None,
    workspace: Path | None,
    *,
    samples: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    """List the calls that wait for a review, the most urgent first.

    Each with why it waits: disputed, safety or boundary, a low score, unsure, not assessed, judge and scorer far apart.
    """
    from roleplay.review.waits import counts_in_words, why
    from roleplay.review.wanting import check_known, in_words, wanted_from
    from roleplay.store.listing import short_id

    reviewed = {None: False, "reviewed": True, "all": None}[view]
    with desk_of(workspace, coach, samples=samples) as desk:
        wanted = wanted_from(**asked, reviewed=reviewed, now=datetime.now().astimezone())
        if wanted.trainee or wanted.persona:
            check_known(wanted, desk.reviews.trainees(), desk.reviews.personas())
        found = desk.reviews.queue(wanted, limit + 1)
        calls, counts = found[:limit], desk.reviews.counts()
        with desk.reviews.snapshot() as connection:
            shorts = [short_id(connection, call.id) for call in calls] if connection else []
    if as_json:
        say_json(
            [
                call._asdict() | {"exam": bool(call.exam), "reviewed": bool(call.reviewed), "low": bool(call.low)}
                for call in calls
            ]
        )
        return
    for call, short in zip(calls, shorts, strict=True):
        parts = [f"{one_line(call.trainee)}, {quote(call.title)}", local_time(call.started)]
        parts.append(counted(call.turns, "reply", "replies"))
        parts += [] if call.low or call.score is None else [f"score {call.score:.0f}"]
        parts += ["reviewed"] if call.reviewed else []
        parts += [why(call)] if why(call) else []
        say(f"{short}  {', '.join(parts)}")
    told = in_words(wanted)
    if not calls:
        talk(f"Nothing found. Looked for: {told}." if told else counts_in_words(counts))
    elif len(found) > limit:
        talk(_MORE.format(2 * limit))


@click.command("show")
@click.argument("transcript", metavar="ID")
@click.option("--branch", "number", type=click.IntRange(0), metavar="TRY", help="Another try; 0: the first path.")
@json_option
@samples_option
@coach_option
@workspace_option
def show_call(
    transcript: str, number: int | None, coach: str | None, workspace: Path | None, *, samples: bool, as_json: bool
) -> None:
    """Show a whole call with its review: what was said, what counts of each reply, comments, disputes and answers.

    Where a coach overruled a level it reads as “acts 1 (was 0 by the offline scorer)”.
    """
    from roleplay.cli.review_lines import data_of, lines_of
    from roleplay.review.opening import opened

    with desk_of(workspace, coach, samples=samples) as desk:
        shown = opened(desk, transcript)
        if number is not None:
            shown = opened(desk, transcript, branch_of(shown.case.branches, number))
    if as_json:
        say_json(data_of(shown))
    else:
        for line in lines_of(shown):
            say(line)

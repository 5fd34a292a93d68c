"""`roleplay report`: how one trainee or many come on, in the terminal or as one HTML page."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.common import database_of, json_option, say, say_json, talk, workspace_option
from roleplay.errors import BadInput, NotFound
from roleplay.text import quote, sanitise

if TYPE_CHECKING:
    from roleplay.review.cohort import Cohort
    from roleplay.store.cohort import Among


@click.command("report")
@click.option(
    "--trainee", "trainees", metavar="NAME", multiple=True, help="Only calls of this trainee; may be repeated."
)
@click.option(
    "--persona", "personas", metavar="ID", multiple=True, help="Only calls with this persona; may be repeated."
)
@click.option("--since", metavar="DATE", help="Only calls begun on this day or later: 2026-11-04, today, 7d, 2w.")
@click.option("--until", metavar="DATE", help="Only calls begun on this day or before.")
@click.option("--html", "html", metavar="FILE", help="Write it as one HTML page, to be sent or printed; - for stdout.")
@click.option("--force", is_flag=True, help="With --html: replace a file that is no such report.")
@click.option("--anonymous", is_flag=True, help="Write Trainee 1, Trainee 2 for names.")
@json_option
@workspace_option
def command(
    trainees: Sequence[str],
    personas: Sequence[str],
    since: str | None,
    until: str | None,
    html: str | None,
    workspace: Path | None,
    *,
    force: bool,
    anonymous: bool,
    as_json: bool,
) -> None:
    """Tell how trainees come on: over time, by dimension and persona, and where they struggle most.

    Calls that have ended count, and of each turn the first reply, as a coach overruled it, else by a judge's verified
    verdict, else by the offline scorer. Every figure has its number of calls or replies (n) and, from 5 on, an interval
    that holds the true value in 95 of 100 such reports. docs/report.md tells what each means.

    --html writes one page that needs nothing else: no script, no network. A page that this command wrote before is
    replaced; any other file is left alone without --force.
    """
    from roleplay.review import cohort as cohorts
    from roleplay.store.database import reading

    if html is not None and as_json:
        raise BadInput("--html and --json do not go together.", mend="Give either.")
    if force and html is None:
        raise BadInput("--force is for --html.", mend="Add --html FILE.")
    if not all(name.strip() for name in (*trainees, *personas)):
        raise BadInput("A name is empty.", mend="Give --trainee and --persona with a name, or leave them out.")
    begun = _begun(since, until)
    with reading(database_of(workspace)) as connection:
        if connection is None:
            raise NotFound("No transcripts yet.", mend="Take a call first.")
        among = _among(connection, trainees, personas)._replace(**begun)
        cohort = cohorts.cohort_of(connection, among)
    if anonymous:
        cohort = cohorts.anonymous(cohort)
    if html is not None:
        _write(cohort, html, force=force)
    elif as_json:
        import msgspec

        say_json(msgspec.to_builtins(cohort))
    elif not cohort.all.calls:
        from roleplay.review.report_words import NO_CALL

        talk(NO_CALL)
    else:
        from roleplay.cli.report_lines import lines_of_cohort

        for line in lines_of_cohort(cohort):
            say(line)


def _begun(since: str | None, until: str | None) -> dict[str, str]:
    from roleplay.review.dates import moment_of

    now = datetime.now().astimezone()
    return {
        "since": moment_of(since, now) if since else "",
        "until": moment_of(until, now, end=True) if until else "",
    }


def _among(connection: sqlite3.Connection, trainees: Sequence[str], personas: Sequence[str]) -> Among:
    from roleplay.practice.people import trainee_name
    from roleplay.store.cohort import Among, played_by, played_with

    among = Among()
    if trainees:
        asked = [trainee_name(name) for name in trainees]
        among = among._replace(trainees=_kept("trainee", asked, played_by(connection), trainee_name))
    if personas:
        among = among._replace(personas=_kept("persona", personas, played_with(connection), sanitise))
    return among


def _kept(what: str, asked: Sequence[str], kept: Sequence[str], clean: Callable[[str], str]) -> list[str]:
    """The names as they are kept that were `asked` for, which are those that look so once they are `clean`.

    Raises `NotFound` for one that there is no call of: it was perhaps mistyped.
    """
    from roleplay.persona.problems import nearest

    known: dict[str, list[str]] = {}
    for name in kept:
        known.setdefault(clean(name), []).append(name)
    for name in asked:
        if name not in known:
            near = nearest(name, list(known))
            meant = f"Did you mean {quote(near, 40)}?" if near else "See `roleplay transcripts list`."
            raise NotFound(f"There is no call of a {what} {quote(name, 40)} here.", mend=meant)
    return [each for name in asked for each in known[name]]


def _write(cohort: Cohort, target: str, *, force: bool) -> None:
    from roleplay.export.cohort_page import cohort_page, is_cohort_page
    from roleplay.export.output import standard_output, whole_file
    from roleplay.practice.figure_words import many

    written = cohort_page(cohort).encode()
    if target == "-":
        with standard_output() as stream:
            stream.write(written)
        return
    path = Path(target)
    with whole_file(path, force=force or is_cohort_page(path)) as stream:
        stream.write(written)
    talk(f"Written to {quote(target, 400)}: {many(cohort.all.calls, 'call', 'calls')}.")

"""`roleplay transcripts export`: writes one call or a selection as Markdown, HTML, CSV or JSON Lines."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roleplay.cli.common import database_of, talk, workspace_option
from roleplay.cli.progress import Progress
from roleplay.errors import BadInput, NotFound, StoreError
from roleplay.text import counted, quote

if TYPE_CHECKING:
    from roleplay.export.exporting import Export, Format
    from roleplay.store.reviews import Wanted


@click.command("export")
@click.argument("transcripts", metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All calls.")
@click.option("--trainee", help="Only calls of this trainee.")
@click.option("--persona", help="Only calls with the persona of this id.")
@click.option("--since", metavar="DATE", help="Only calls begun on this day or later: 2026-11-04, today, 7d.")
@click.option("--until", metavar="DATE", help="Only calls begun on this day or before.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "html", "csv", "jsonl"]),
    help="Markdown, one HTML page, a table with a row a reply, or JSON Lines for `transcripts import`. "
    "Default: by the ending of --output, else md.",
)
@click.option("--output", metavar="FILE", help="Where to; a folder gets one file a call. Default: standard output.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option(
    "--anonymous",
    is_flag=True,
    help="Write Trainee 1, Coach 1 for names. Names that were said or typed in words stay.",
)
@click.option("--assignments", is_flag=True, help="With jsonl: also what was assigned to trainees.")
@click.option("--excel", is_flag=True, help="With csv: begin with the mark by which Excel knows UTF-8.")
@workspace_option
def export_calls(transcripts: Sequence[str], workspace: Path | None, **asked: Any) -> None:
    """Export calls: those named by ID, or all that the options select.

    Each with its assessments, their evidence, comments, and what a coach overruled with the automated level beside it.
    Markdown, HTML and CSV are for people: nothing in them can run, load or link. JSON Lines lose nothing: from them
    `roleplay transcripts import` makes the same calls in another workspace. A call that has not ended is written
    without its assessments, except as JSON Lines.

    JSON Lines of --all or --trainee also hold what was drilled, and tests; the other formats are about calls. What was
    answered again after the end of a call is practice: JSON Lines hold it, Markdown and HTML say how often it was.

    A file is there whole or not at all, and only you can read it.
    """
    from roleplay.export.exporting import Export
    from roleplay.store.database import reading

    form, target = _form(asked["form"], asked["output"]), asked["output"]
    _check(transcripts, form, asked)
    wanted = _wanted(asked)
    left: list[StoreError] = []
    progress = Progress(what="calls")
    with reading(database_of(workspace)) as connection:
        if connection is None:
            raise NotFound("No transcripts yet.", mend="Take a call first.")
        connection.execute("BEGIN")
        chosen = _chosen(connection, transcripts, wanted, form, assignments=asked["assignments"])
        export = Export(
            connection,
            form,
            left.append,
            anonymous=asked["anonymous"],
            excel=asked["excel"],
            tell=progress.at,
        )
        _write(connection, export, chosen, target, force=asked["force"])
    for error in left:
        talk(f"Left out: {error}")
    if left:
        raise click.exceptions.Exit(1)


def _form(named: Format | None, output: str | None) -> Format:
    """The format that was named, or else that of the file's ending."""
    if named:
        return named
    endings: dict[str, Format] = {".md": "md", ".html": "html", ".htm": "html", ".csv": "csv", ".jsonl": "jsonl"}
    return endings.get(Path(output or "").suffix.casefold(), "md")


def _check(transcripts: Sequence[str], form: Format, asked: dict[str, Any]) -> None:
    """Raises `BadInput` where it is not clear what is wanted."""
    filters = [name for name in ("trainee", "persona", "since", "until") if asked[name]]
    if not (transcripts or filters or asked["everything"]):
        raise BadInput("Nothing is named to export.", mend="Give ids, a filter such as --trainee, or --all.")
    if transcripts and (filters or asked["everything"]):
        raise BadInput("Ids and filters do not go together.", mend="Give either.")
    if asked["assignments"] and form != "jsonl":
        raise BadInput("Assignments can only be exported as JSON Lines.", mend="Add --format jsonl.")
    if asked["excel"] and form != "csv":
        raise BadInput("--excel is for CSV.", mend="Add --format csv.")


def _wanted(asked: dict[str, Any]) -> Wanted:
    from roleplay.review.dates import moment_of
    from roleplay.store.reviews import Wanted

    now = datetime.now().astimezone()
    return Wanted(
        trainee=asked["trainee"] or "",
        persona=asked["persona"] or "",
        since=moment_of(asked["since"], now) if asked["since"] else "",
        until=moment_of(asked["until"], now, end=True) if asked["until"] else "",
    )


def _chosen(
    connection: sqlite3.Connection, transcripts: Sequence[str], wanted: Wanted, form: Format, *, assignments: bool
) -> Iterable[tuple[str, str]]:
    """What was asked for; drills are of several personas, so they come only where none is named."""
    from roleplay.store.carried import chosen, named

    if transcripts:
        return [("call", ident) for ident in named(connection, transcripts)]
    return chosen(connection, wanted, assignments=assignments, drills=form == "jsonl" and not wanted.persona)


def _write(
    connection: sqlite3.Connection,
    export: Export,
    chosen: Iterable[tuple[str, str]],
    target: str | None,
    *,
    force: bool,
) -> None:
    from roleplay.export.output import standard_output, whole_file

    if target is None or target == "-":
        with standard_output() as stream:
            for piece in export.pieces(chosen):
                stream.write(piece)
        return
    path = Path(target)
    if path.is_dir():

        def persona_of(ident: str) -> str:
            row = connection.execute("SELECT persona FROM summaries WHERE session = ?", [ident]).fetchone()
            return str(row[0]) if row else ""

        done = export.into(path, chosen, persona_of, force=force)
        talk(f"{counted(done, 'file', 'files')} in {quote(target, 400)}.")
        return
    with whole_file(path, force=force) as stream:
        for piece in export.pieces(chosen):
            stream.write(piece)
    talk(f"Written to {quote(target, 400)}.")

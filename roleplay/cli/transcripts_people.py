"""`roleplay transcripts delete` and `anonymise`: what is kept of one person goes, or becomes nobody's."""

from __future__ import annotations

from pathlib import Path

import click

from roleplay.cli.common import Command, database_of, say, talk, workspace_option
from roleplay.errors import NotFound
from roleplay.text import counted, quote

_ELSEWHERE = "Exported files and backups are not touched: delete those yourself."


def _of_one_person(command: Command) -> Command:
    """Give `command` the options `--trainee` and `--yes`."""
    command = click.option("--yes", is_flag=True, help="Do it without asking.")(command)
    return click.option("--trainee", required=True, metavar="NAME", help="Whose calls.")(command)


@click.command("delete")
@_of_one_person
@workspace_option
def delete_person(trainee: str, yes: bool, workspace: Path | None) -> None:
    """Delete everything of one person, for good.

    Calls, drills, drafts, ratings, what coaches noted on them and what was assigned, also from the search index and
    from the free pages of the file. Nobody else may have the transcripts open meanwhile.
    """
    from roleplay.store.people import delete

    database = database_of(workspace)
    _agreed(database, trainee, yes, "This deletes {} for good")
    kept = delete(database, trainee, talk)
    say(f"Deleted of {quote(trainee)}: {_told(*kept)}. {_ELSEWHERE}")


@click.command("anonymise")
@_of_one_person
@click.option("--as", "called", metavar="NAME", default="", help="The new name. Default: one that is drawn.")
@workspace_option
def anonymise_person(trainee: str, called: str, yes: bool, workspace: Path | None) -> None:
    """Take the name and the words of one person out of their calls and drills, for good.

    What they wrote in calls and drills, what was noted on it or quotes it, and lines that a language model made up are
    removed, also from the search index and from the free pages of the file. Levels, scores, times and scripted lines
    stay for reports.
    """
    from roleplay.store.people import anonymise

    database = database_of(workspace)
    _agreed(database, trainee, yes, "This removes name and words from {} for good")
    kept, name = anonymise(database, trainee, called, talk)
    say(f"{quote(trainee)} is {quote(name)} now; words were removed from {_told(*kept)}. {_ELSEWHERE}")


def _agreed(database: Path, trainee: str, yes: bool, what: str) -> None:
    """Say how much it is, and ask. Raises `NotFound` where there is nothing, click.Abort for a no."""
    from roleplay.store.database import reading
    from roleplay.store.people import kept_of

    with reading(database) as connection:
        if connection is None:
            raise NotFound("No transcripts yet.", mend="Take a call first.")
        kept = kept_of(connection, trainee)
    if not yes:
        click.confirm(f"{what.format(_told(*kept))}. Go on?", abort=True, err=True)


def _told(calls: int, replies: int, notes: int, drills: int) -> str:
    parts = [
        counted(calls, "call", "calls"),
        counted(replies, "reply", "replies"),
        counted(notes, "note or assignment", "notes and assignments"),
    ]
    return ", ".join([*parts, *([counted(drills, "drill or test", "drills and tests")] if drills else [])])

"""`roleplay transcripts import`: takes calls and drills from files that another computer exported."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.common import database_of, json_option, say, say_json, talk, workspace_option
from roleplay.cli.progress import Progress
from roleplay.text import sanitise

if TYPE_CHECKING:
    from roleplay.export.importing import Taken

_TOLD = {"new": "new", "completed": "completed", "there": "already there", "refused": "refused"}


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@json_option
@workspace_option
def import_calls(files: Sequence[str], as_json: bool, workspace: Path | None) -> None:
    """Take calls and drills from files exported on another computer.

    FILE is JSON Lines written by `roleplay transcripts export --format jsonl`; - reads standard input. A call that is
    here already is not taken twice: it gets what is new of it, such as a coach's comments, or what was answered again
    after its end. What contradicts something that is here is refused and named. Importing the same file again changes
    nothing.

    Exits with 1 if anything was refused.
    """
    from roleplay.export.importing import Importer
    from roleplay.store.book import Book

    told: Counter[str] = Counter()
    refused: list[Taken] = []
    progress = Progress(what="calls")
    stopped = False
    with Book(database_of(workspace)) as book:
        try:
            for each in files:
                for taken in Importer(book).take(_lines(each), sanitise(each)):
                    told[taken.what] += 1
                    progress.at(told.total())
                    refused += [taken] if taken.what == "refused" else []
        except KeyboardInterrupt:
            stopped = True
    for call in refused:
        talk(f"Refused {call.name}: {call.why}")
    if as_json:
        reasons = [{"name": call.name, "why": call.why} for call in refused]
        say_json({what: told[what] for what in _TOLD} | {"reasons": reasons})
    else:
        say(f"{', '.join(f'{told[what]:,} {words}' for what, words in _TOLD.items())}.")
    if stopped:
        raise click.Abort
    if refused:
        raise click.exceptions.Exit(1)


def _lines(named: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a file, or of standard input, with their numbers. Raises `NotFound`, `BadInput`."""
    from roleplay.export.wire import LINE_LIMIT
    from roleplay.scoring.items import lines_of, numbered

    if named == "-":
        return numbered(sys.stdin.buffer, "standard input", LINE_LIMIT)
    return lines_of(Path(named), LINE_LIMIT)

"""`roleplay transcripts`: list, show, search, verify and judge saved calls."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from roleplay.cli.common import database_of, json_option, say, say_json, talk, workspace_option
from roleplay.cli.lazy import Entry, LazyGroup
from roleplay.cli.times import local_time
from roleplay.store.database import reading
from roleplay.store.listing import SessionSummary, newest_sessions, short_id
from roleplay.text import counted, one_line, sanitise
from roleplay.workspace import resolve_workspace

NOTHING = "No transcripts yet. Take a call with `roleplay play PERSONA`; it is saved as you speak."

_WIDEST = 24
_SIDES = {"trainee": "You", "customer": "Customer", "coach": "Coach", "dispute": "Dispute"}


COMMANDS = {
    "list": Entry("List saved calls, newest first.", "transcripts", "list_calls"),
    "show": Entry("Show a whole call, with its debrief once it has ended.", "transcripts", "show_call"),
    "compare": Entry("Compare two paths of a call that was answered again.", "transcripts_compare", "compare_tries"),
    "search": Entry("Search everything that was said and noted, newest first.", "transcripts", "search_calls"),
    "dispute": Entry("Object to how a reply of yours was assessed.", "dispute", "dispute_reply"),
    "judge": Entry(
        "Judge a reply of a call again, several times, and show the spread.", "transcripts_judge", "judge_call"
    ),
    "export": Entry("Write calls as Markdown, HTML, CSV or JSON Lines.", "transcripts_export", "export_calls"),
    "import": Entry("Take in calls from another computer, without duplicates.", "transcripts_import", "import_calls"),
    "delete": Entry("Delete everything of one person, for good.", "transcripts_people", "delete_person"),
    "anonymise": Entry(
        "Take the name and the words of one person out of their calls.", "transcripts_people", "anonymise_person"
    ),
    "backup": Entry("Copy all calls into a file, and check the copy.", "transcripts_backup", "back_up_calls"),
    "restore": Entry("Put a backup in the place of all calls.", "transcripts_backup", "restore_calls"),
    "verify": Entry("Check that all is as it was written.", "transcripts", "verify_calls"),
}
"""What can be done with saved calls, in the order in which it is listed."""


@click.group("transcripts", cls=LazyGroup, entries=COMMANDS)
def command() -> None:
    """List, show, search, carry, remove and verify saved calls.

    A call is named by its id, or by as much of its beginning as is unlike all others.
    """


@click.command("list")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many, newest first.")
@json_option
@workspace_option
def list_calls(limit: int, as_json: bool, workspace: Path | None) -> None:
    """List saved calls, newest first."""
    with reading(database_of(workspace)) as connection:
        calls = newest_sessions(connection, limit) if connection else []
        shorts = [short_id(connection, call.id) for call in calls] if connection else []
    if as_json:
        say_json([call._asdict() | {"exam": bool(call.exam)} for call in calls])
    elif calls:
        _say_table(
            ("id", "started", "trainee", "persona", "turns", "outcome", "score"),
            [_listed(call, short) for call, short in zip(calls, shorts, strict=True)],
        )
    else:
        talk(NOTHING)


@click.command("show")
@click.argument("transcript", metavar="ID")
@json_option
@workspace_option
def show_call(transcript: str, as_json: bool, workspace: Path | None) -> None:
    """Show a whole call, with its debrief once it has ended."""
    from roleplay.store.reviews import Reviews
    from roleplay.store.transcripts import Transcripts

    database = database_of(workspace)
    with Transcripts(database) as store, Reviews(database) as reviews:
        kept = store.load(transcript)
        score, reviewed = store.score(kept.session.id), reviews.of(kept.session.id)
        tries = [each for each in store.tries(kept.session.id) if each.practice]
    if as_json:
        from roleplay.cli.transcript_json import data_of

        say_json(data_of(kept, score, reviewed) | {"tries": [each._asdict() for each in tries]})
    else:
        from roleplay.cli.transcript_lines import lines_of
        from roleplay.practice.help_resources import help_resources

        resources = help_resources(resolve_workspace(workspace).root)
        for line in lines_of(kept, local_time(kept.session.started), resources, reviewed):
            say(line)
        if tries:
            from roleplay.cli.rewind_lines import tries_of

            say()
            for line in tries_of(tries):
                say(line)


@click.command("search")
@click.argument("words", nargs=-1)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option(
    "--sort",
    type=click.Choice(["newest", "relevance"]),
    default="newest",
    show_default=True,
    help="What comes first; relevance is among the newest 2,000 that were found.",
)
@json_option
@workspace_option
def search_calls(words: Sequence[str], limit: int, sort: str, as_json: bool, workspace: Path | None) -> None:
    """Search everything that was said and noted, newest first.

    All WORDS must occur, in whatever order and form; they stand in [brackets]. Signs such as * and " mean nothing.
    """
    from roleplay.store.search import search

    with reading(database_of(workspace)) as connection:
        by_relevance = sort == "relevance"
        hits = search(connection, " ".join(words), limit, by_relevance=by_relevance) if connection else []
        shorts = [short_id(connection, hit.session) for hit in hits] if connection else []
        nothing = NOTHING if connection is None else "Nothing found."
    if as_json:
        say_json([hit._asdict() for hit in hits])
        return
    for hit, short in zip(hits, shorts, strict=True):
        say(f"{short}  turn {hit.turn}  {_SIDES[hit.side]}: {one_line(hit.excerpt)}")
    if not hits:
        talk(nothing)


@click.command("verify")
@click.option("--rebuild", is_flag=True, help="First make the list and the search index anew from the rows.")
@json_option
@workspace_option
def verify_calls(rebuild: bool, as_json: bool, workspace: Path | None) -> None:
    """Check that all is as it was written.

    Reads every row and compares it with its checksum. Exits with 1 if anything is wrong, and names it.
    """
    from roleplay.store import integrity

    path = database_of(workspace)
    if not path.exists():
        if as_json:
            say_json({"fine": True, "intact": {}, "problems": []})
        else:
            talk(NOTHING)
        return
    if rebuild:
        integrity.rebuild(path)
    verdict = integrity.verify(path)
    if as_json:
        problems = [problem._asdict() for problem in verdict.problems]
        say_json({"fine": verdict.fine, "intact": verdict.intact, "problems": problems})
    else:
        for problem in verdict.problems:
            say(f"{problem.where}: {problem.what}")
        rows, calls = sum(verdict.intact.values()), verdict.intact["sessions"]
        wrong = len(verdict.problems)
        found = counted(wrong, "thing is wrong", "things are wrong") if wrong else "nothing is wrong"
        say(f"{rows} rows of {counted(calls, 'call', 'calls')} are as they were written; {found}.")
    if not verdict.fine:
        raise click.exceptions.Exit(1)


def _listed(call: SessionSummary, short: str) -> tuple[str, ...]:
    score = "" if call.score is None else f"{call.score:.0f}"
    trainee, persona = (_cut(one_line(sanitise(text))) for text in (call.trainee, call.persona))
    return (short, local_time(call.started), trainee, persona, str(call.turns), call.outcome or "interrupted", score)


def _say_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"

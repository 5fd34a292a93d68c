"""`roleplay review`: the coach's queue and one call at a time, on the screen or in printed lines."""

from __future__ import annotations

from pathlib import Path

import click

from roleplay.cli.coaching import coach_option, desk_of, samples_option
from roleplay.cli.common import workspace_option
from roleplay.cli.lazy import Entry, LazyGroup
from roleplay.cli.opening import calls_opener, no_screen
from roleplay.errors import BadInput

_OPEN = "open"
_COMMANDS = {
    "list": Entry("List the calls that wait, the most urgent first.", "review_list", "list_calls"),
    "show": Entry("Show a call with its review in printed lines.", "review_list", "show_call"),
    "comment": Entry("Comment on a reply, or on a line of the customer's.", "review_steps", "comment_on"),
    "overrule": Entry("Overrule a level of a reply, with a reason.", "review_steps", "overrule_level"),
    "answer": Entry("Answer a dispute: upheld or not.", "review_steps", "answer_dispute"),
    "mark": Entry("Mark a call as reviewed.", "review_steps", "mark_reviewed"),
}


class ReviewGroup(LazyGroup):
    """A group whose first word may be the id of a call in place of a command: it opens that call."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of that name, or the one that opens a call, unless a command was meant and mistyped."""
        if args and args[0] not in _COMMANDS:
            import difflib

            if not difflib.get_close_matches(args[0], _COMMANDS, n=1, cutoff=0.7):
                return _OPEN, open_call, args
        return super().resolve_command(ctx, args)


@click.group(
    "review", cls=ReviewGroup, entries=_COMMANDS, invoke_without_command=True, subcommand_metavar="[ID | COMMAND]"
)
@coach_option
@samples_option
@workspace_option
@click.pass_context
def command(context: click.Context, coach: str | None, workspace: Path | None, *, samples: bool) -> None:
    """Review calls as a coach: read, comment, overrule, answer disputes.

    Without anything else the queue opens: calls with a dispute first, then what touches on safety or a boundary, low
    scores, assessments that are unsure or failed, and those where judge and offline scorer are far apart. With the ID
    of a call, or as much of its beginning as is unlike all others, that call opens. F1 tells the keys.

    What you do counts from then on, with your name and the time, and everything can be taken back. The commands do the
    same in printed lines, for pipes and screen readers.
    """
    if context.invoked_subcommand is None:
        _open("", coach, workspace, samples=samples)


@click.command(_OPEN)
@click.argument("transcript", metavar="ID")
@coach_option
@samples_option
@workspace_option
def open_call(transcript: str, coach: str | None, workspace: Path | None, *, samples: bool) -> None:
    """Open a call of that ID."""
    _open(transcript, coach, workspace, samples=samples)


def _open(transcript: str, coach: str | None, workspace: Path | None, *, samples: bool) -> None:
    """Open the queue, and over it the call of that id, if one is named. Raises `NotFound` if there is none."""
    trouble = no_screen()
    if trouble:
        instead = f"`roleplay review show {transcript}`" if transcript else "`roleplay review list`"
        raise BadInput(f"{trouble}, so the review cannot be shown.", mend=f"{instead} prints lines.")
    if transcript:
        from roleplay.store.listing import find_session

        with desk_of(workspace, coach, samples=samples) as desk, desk.transcripts.snapshot() as connection:
            transcript = find_session(connection, transcript) if connection else transcript
    from roleplay.tui.choices import Review
    from roleplay.tui.start import run_app

    review = Review(transcript, samples=samples)
    raise click.exceptions.Exit(run_app(calls_opener(workspace, None), review=review, coach=coach or ""))

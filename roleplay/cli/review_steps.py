"""`roleplay review comment`, `overrule`, `answer` and `mark`: each keeps one thing, and says what."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.coaching import branch_of, coach_option, desk_of, reply_of, samples_option
from roleplay.cli.common import say, talk, workspace_option
from roleplay.errors import BadInput, NotFound
from roleplay.text import counted, quote

if TYPE_CHECKING:
    from roleplay.conversation.turns import KeptLine, Transcript
    from roleplay.review.reading import LevelOf

_TRY = click.option(
    "--try",
    "attempt",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Which try, where one was taken back.",
)


@click.command("comment")
@click.argument("transcript", metavar="ID")
@click.argument("turn", type=click.IntRange(1))
@click.argument("words", metavar="TEXT", nargs=-1, required=True)
@click.option("--line", "on_line", is_flag=True, help="On what the customer said there, in place of the reply.")
@_TRY
@click.option("--branch", "number", type=click.IntRange(0), metavar="TRY", help="On another try; 0: the first path.")
@samples_option
@coach_option
@workspace_option
def comment_on(
    transcript: str,
    turn: int,
    words: Sequence[str],
    attempt: int,
    number: int | None,
    coach: str | None,
    workspace: Path | None,
    *,
    on_line: bool,
    samples: bool,
) -> None:
    """Comment on the reply to a turn, or on the customer's line that opens it.

    TURN is the number before it in `roleplay review show`. The trainee reads it in the debrief. What was said after the
    end of the call, as practice, is reached with --branch.
    """
    text = " ".join(words)
    with desk_of(workspace, coach, samples=samples) as desk:
        case = desk.open(transcript)
        ident = case.transcript.session.id
        if number is not None:
            case = desk.open(ident, branch_of(case.branches, number))
        if on_line:
            line = _line_of(case.transcript, turn)
            desk.comment(ident, line.branch, line.turn, "customer", text, line.attempt)
            say(f"Saved: your comment on {quote(line.text, 60)}.")
        else:
            reply = reply_of(case.transcript, turn, attempt)
            desk.comment(ident, reply.branch, reply.turn, "trainee", text)
            say(f"Saved: your comment on {quote(reply.text, 60) if reply.text.strip() else 'a silence'}.")


@click.command("overrule")
@click.argument("transcript", metavar="ID")
@click.argument("turn", type=click.IntRange(1))
@click.argument("dimension")
@click.argument("level")
@click.option("--reason", metavar="TEXT", required=True, help="Why, in a sentence; the trainee reads it.")
@_TRY
@samples_option
@coach_option
@workspace_option
def overrule_level(
    transcript: str,
    turn: int,
    dimension: str,
    level: str,
    reason: str,
    attempt: int,
    coach: str | None,
    workspace: Path | None,
    *,
    samples: bool,
) -> None:
    """Let your level count in place of the automated one.

    DIMENSION is feeling, need, unspoken, explores, acts, harm (0 to 2 each) or overall (0 to 4). LEVEL is the number,
    or `lift` to let the automated level count again.
    """
    from roleplay.review.reading import levels_of

    with desk_of(workspace, coach, samples=samples) as desk:
        case = desk.open(transcript)
        reply = reply_of(case.transcript, turn, attempt)
        there = levels_of(case.transcript, reply, case.reviewed)
        of = _level_named(dimension, there)
        given = _level_given(level, of)
        desk.overrule(case.transcript.session.id, reply, of.of, given, reason)
        score = desk.transcripts.score(case.transcript.session.id)
    told = f"{of.title} {'counts as before' if given is None else f'counts as {given} of {of.highest}'}"
    before = "none" if of.machine is None else str(of.machine)
    was = f" (the automated level is {before})"
    say(f"Saved: {told}{was}." + ("" if score is None else f" The call's score is {score:.0f} now."))
    if given is not None:
        say(f"{given}: {of.means[given]}")


@click.command("answer")
@click.argument("which", metavar="ID")
@click.argument("words", metavar="TEXT", nargs=-1, required=True)
@click.option("--upheld/--kept", default=None, help="The trainee is right, or the assessment stays.")
@samples_option
@coach_option
@workspace_option
def answer_dispute(
    which: str,
    words: Sequence[str],
    coach: str | None,
    workspace: Path | None,
    *,
    upheld: bool | None,
    samples: bool,
) -> None:
    """Answer a dispute.

    ID is that of the call, if only one of its disputes waits, or else that of the dispute, as `roleplay review show`
    tells it after the call's: CALL/DISPUTE.
    """
    if upheld is None:
        raise BadInput("It is not said what the answer is.", mend="Add --upheld or --kept.")
    session, _, wanted = which.partition("/")
    with desk_of(workspace, coach, samples=samples) as desk:
        waiting = desk.open(session).reviewed.open_disputes
        found = [dispute for dispute in waiting if dispute.id.startswith(wanted)]
        if not found:
            raise NotFound(
                "No dispute of this call waits for an answer." if not wanted else "There is no such dispute."
            )
        if len(found) > 1:
            named = ", ".join(f"{session}/{dispute.id[:6]} (reply {dispute.turn})" for dispute in found)
            raise BadInput(f"{len(found)} disputes of this call wait: {named}.", mend="Name one of them.")
        desk.answer(found[0], " ".join(words), upheld=upheld)
    say(f"Saved: the dispute of reply {found[0].turn} is {'upheld' if upheld else 'not upheld'}.")
    if upheld:
        talk("To make it count, overrule the level as well.")


@click.command("mark")
@click.argument("transcript", metavar="ID")
@samples_option
@coach_option
@workspace_option
def mark_reviewed(transcript: str, coach: str | None, workspace: Path | None, *, samples: bool) -> None:
    """Mark a call as reviewed."""
    with desk_of(workspace, coach, samples=samples) as desk:
        case = desk.open(transcript)
        desk.mark_reviewed(case.transcript.session.id)
    say("Saved: the call is reviewed.")
    waiting = len(case.reviewed.open_disputes)
    if waiting:
        talk(f"{counted(waiting, 'dispute waits', 'disputes wait')} still; until then the call stays in the queue.")


def _line_of(transcript: Transcript, turn: int) -> KeptLine:
    """The last line of the customer's that opens `turn`. Raises `NotFound`."""
    lines = [line for line in transcript.lines if line.turn == turn and line.text]
    if not lines:
        raise NotFound(f"There is no line that opens turn {turn}.")
    return lines[-1]


def _level_named(dimension: str, there: Sequence[LevelOf]) -> LevelOf:
    """The level that is meant by its id or its short name. Raises `BadInput`."""
    from roleplay.review.reading import SHORT

    given = dimension.casefold()
    for each in there:
        if given in (each.of, SHORT[each.of]):
            return each
    names = ", ".join(SHORT[each.of] for each in there)
    if given in SHORT or given in SHORT.values():
        raise BadInput(f"This moment does not call for {quote(dimension, 40)}.", mend=f"Here there are: {names}.")
    raise BadInput(f"There is no dimension {quote(dimension, 40)}.", mend=f"Here there are: {names}.")


def _level_given(level: str, of: LevelOf) -> int | None:
    """The number; None to lift. Raises `BadInput`."""
    if level.casefold() == "lift":
        if of.override is None:
            raise BadInput("No coach's level counts there, so there is none to lift.")
        return None
    if level.isdecimal() and len(level) < 3 and int(level) <= of.highest:
        return int(level)
    raise BadInput(f"There is no level {quote(level, 20)} of {of.title}.", mend=f"Give 0 to {of.highest}, or lift.")

"""`roleplay transcripts dispute`: a trainee objects to how one of their replies was assessed, or takes that back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from roleplay.cli.coaching import reply_of
from roleplay.cli.common import database_of, say, workspace_option
from roleplay.cli.opening import trainee_option
from roleplay.errors import BadInput
from roleplay.text import quote


@click.command("dispute")
@click.argument("transcript", metavar="ID")
@click.argument("turn", metavar="TURN", type=click.IntRange(1))
@click.argument("words", metavar="TEXT", nargs=-1)
@click.option("--withdraw", is_flag=True, help="Take back what you disputed; possible until a coach has answered.")
@click.option(
    "--try",
    "attempt",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Which try, where you took a reply back.",
)
@trainee_option
@workspace_option
def dispute_reply(
    transcript: str,
    turn: int,
    words: Sequence[str],
    attempt: int,
    trainee: str | None,
    workspace: Path | None,
    *,
    withdraw: bool,
) -> None:
    """Dispute how one of your replies was assessed.

    TURN is the number of the reply in the debrief, and TEXT says in a sentence what was not heard. A coach finds the
    call first in the queue, and the answer stands in your debrief.
    """
    from roleplay.practice.calls import now
    from roleplay.practice.people import trainee_name
    from roleplay.review.desk import Desk
    from roleplay.review.trainee import dispute, take_back
    from roleplay.store.reviews import Reviews
    from roleplay.store.transcripts import Transcripts
    from roleplay.workspace import resolve_workspace

    if withdraw and words:
        raise BadInput("With --withdraw there is nothing to say.", mend="Leave out the text.")
    database = database_of(workspace)
    with Transcripts(database) as transcripts, Reviews(database) as reviews:
        kept = transcripts.load(transcript)
        reply = reply_of(kept, turn, attempt)
        desk = Desk(transcripts, reviews, trainee_name(trainee, resolve_workspace(workspace).root), now)
        if withdraw:
            say(f"Taken back: {quote(take_back(desk, kept, reply).text)}.")
        else:
            dispute(desk, kept, reply, " ".join(words))
            said = quote(reply.text, 60) if reply.text.strip() else "a silence"
            say(f"Saved: you dispute how reply {turn} was assessed ({said}). It waits for a coach.")

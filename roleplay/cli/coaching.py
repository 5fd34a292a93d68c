"""What the commands of a review share: whose desk they work at, and over which database."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.common import Command, database_of, from_group
from roleplay.errors import NotFound
from roleplay.text import counted

if TYPE_CHECKING:
    from roleplay.conversation.turns import KeptReply, Transcript
    from roleplay.review.desk import Desk


def coach_option(command: Command) -> Command:
    """Give `command` the option `--coach`, passed as `coach: str | None`."""
    return click.option(
        "--coach",
        envvar="ROLEPLAY_COACH",
        metavar="NAME",
        callback=from_group,
        help="Who reviews. Default: `coach` of roleplay.toml, else your user name.",
    )(command)


def coach_in_environment() -> str:
    """The coach that the environment names, for commands that can lead to a review; empty if it names none."""
    return os.environ.get("ROLEPLAY_COACH", "")


def samples_option(command: Command) -> Command:
    """Give `command` the option `--samples`, passed as `samples: bool`."""
    return click.option(
        "--samples",
        is_flag=True,
        callback=from_group,
        help="Work on the sample transcripts, which lie in a database of their own, in place of the workspace's calls.",
    )(command)


@contextmanager
def desk_of(workspace: Path | None, coach: str | None, *, samples: bool) -> Iterator[Desk]:
    """The desk of a coach over the workspace's calls, or over the sample transcripts. Raises RoleplayError."""
    from roleplay.practice.calls import now
    from roleplay.practice.people import coach_name
    from roleplay.review.desk import Desk
    from roleplay.store.reviews import Reviews
    from roleplay.store.transcripts import Transcripts
    from roleplay.workspace import resolve_workspace

    name = coach_name(coach, resolve_workspace(workspace).root)
    if samples:
        from roleplay.export.samples import open_samples

        database = open_samples()
    else:
        database = database_of(workspace)
    with closing(Desk(Transcripts(database), Reviews(database), name, now)) as desk:
        yield desk


def branch_of(branches: Sequence[int], number: int) -> int:
    """The branch of the try with that number, 0 being the first path. Raises `NotFound`."""
    if number not in branches:
        there = counted(len(branches) - 1, "try", "tries") if len(branches) > 1 else "none"
        raise NotFound(f"There is no try {number}: beside its first path this call has {there}.")
    return number


def reply_of(transcript: Transcript, turn: int, attempt: int) -> KeptReply:
    """The `attempt`-th reply to that turn, counted from 1. Raises `NotFound`."""
    from roleplay.conversation.said import tries_of

    tries = tries_of(transcript)
    if turn not in tries:
        raise NotFound(f"There is no reply {turn}: this call has {counted(len(tries), 'reply', 'replies')}.")
    if attempt > len(tries[turn]):
        raise NotFound(f"Reply {turn} was tried {counted(len(tries[turn]), 'time', 'times')}.", mend="Correct --try.")
    return tries[turn][attempt - 1]

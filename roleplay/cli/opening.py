"""How the commands that play calls open them: whose and where, and on what kind of terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.common import Command, from_group, talk

if TYPE_CHECKING:
    from roleplay.practice.calls import Calls


def trainee_option(command: Command) -> Command:
    """Give `command` the option `--trainee`, passed as `trainee: str | None`."""
    return click.option(
        "--trainee",
        envvar="ROLEPLAY_TRAINEE",
        callback=from_group,
        help="Who is playing. Default: your user name.",
    )(command)


def calls_opener(workspace: Path | None, trainee: str | None) -> Callable[[], Calls]:
    """What opens the calls of `trainee` in the workspace asked for, once there is time to load what that needs.

    The place is looked at now; a doubtful one is warned about on stderr. Raises `BadInput`, `UnsafePlace`.
    """
    from roleplay.workspace import check_place, resolve_workspace

    place = resolve_workspace(workspace)
    warning = check_place(place.transcripts)
    if warning:
        talk(warning)

    def open_calls() -> Calls:
        from platformdirs import user_cache_path

        from roleplay.practice.calls import Calls, now, trainee_name
        from roleplay.practice.shelf import Shelf
        from roleplay.store.transcripts import Transcripts

        shelf = Shelf(user_cache_path("roleplay") / "cards.json")
        return Calls(place.personas, Transcripts(place.database), trainee_name(trainee), now, shelf)

    return open_calls


def no_screen() -> str:
    """Why the full-screen app cannot be shown here, as a sentence; empty if it can."""
    streams = (sys.stdin, sys.stdout, sys.stderr)  # Textual draws on stderr
    if not all(stream is not None and stream.isatty() for stream in streams):
        return "There is no terminal"
    return "This terminal cannot draw (TERM=dumb)" if os.environ.get("TERM") == "dumb" else ""

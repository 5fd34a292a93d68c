"""What the commands share: the options `--workspace` and `--json`, and printing that cannot steer a terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from roleplay.text import sanitise
from roleplay.workspace import check_place, resolve_workspace

Command = TypeVar("Command", bound=Callable[..., Any])


def workspace_option(command: Command) -> Command:
    """Give `command` the option `--workspace`, passed as `workspace: Path | None`."""
    return click.option(
        "--workspace",
        type=click.Path(path_type=Path),
        help="The folder with personas/ and transcripts/ in it.",
    )(command)


def json_option(command: Command) -> Command:
    """Give `command` the option `--json`, passed as `as_json: bool`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")(command)


def database_of(workspace: Path | None) -> Path:
    """The path of the transcripts' database of the workspace asked for; a doubtful place is warned about on stderr.

    Raises `UnsafePlace`, `BadInput`.
    """
    database = resolve_workspace(workspace).database
    warning = check_place(database.parent)
    if warning:
        talk(warning)
    return database


def say(line: str = "") -> None:
    """Print a line of a result on stdout."""
    click.echo(sanitise(line))


def talk(line: str) -> None:
    """Print a line that is no part of the result, on stderr."""
    click.echo(sanitise(line), err=True)


def say_json(data: object) -> None:
    """Print `data` as JSON in pure ASCII: nothing is lost, and nothing in it can steer a terminal."""
    import json

    click.echo(json.dumps(data, indent=2).replace("\x7f", "\\u007f"))

"""What the commands share: the options `--workspace` and `--json`, and printing that cannot steer a terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from roleplay.text import sanitise

Command = TypeVar("Command", bound=Callable[..., Any])


def from_group(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """The value of an option that may also stand before the command: `roleplay --workspace PATH play PERSONA`."""
    source = context.get_parameter_source(option.name or "")
    if source is ParameterSource.COMMANDLINE or context.parent is None:
        return value
    return context.find_root().params.get(option.name, value)


def workspace_option(command: Command) -> Command:
    """Give `command` the option `--workspace`, passed as `workspace: Path | None`."""
    return click.option(
        "--workspace",
        type=click.Path(path_type=Path),
        callback=from_group,
        help="The folder with personas/ and transcripts/ in it.",
    )(command)


def json_option(command: Command) -> Command:
    """Give `command` the option `--json`, passed as `as_json: bool`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")(command)


def database_of(workspace: Path | None) -> Path:
    """The path of the transcripts' database of the workspace asked for; a doubtful place is warned about on stderr.

    Raises `UnsafePlace`, `BadInput`.
    """
    from roleplay.workspace import check_place, resolve_workspace

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

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
    name = option.name or ""
    above: click.Context | None = context
    while above is not None:
        if above.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            return value if above is context else above.params.get(name, value)
        above = above.parent
    return value if context.parent is None else context.find_root().params.get(name, value)


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


def scored_in(workspace: Path | None) -> Path | None:
    """The folder of the workspace named with --workspace, if an offline scorer was fitted there; None: the shipped one.

    One that is of no use is told of on stderr. Raises `BadInput`.
    """
    if workspace is None:
        return None
    from roleplay.scoring.offline.tuned import heads_or_shipped
    from roleplay.workspace import resolve_workspace

    root = resolve_workspace(workspace).root
    heads, trouble = heads_or_shipped(root)
    if trouble:
        talk(trouble)
    return root if heads.mark else None


def say(line: str = "") -> None:
    """Print a line of a result on stdout."""
    click.echo(sanitise(line))


def talk(line: str) -> None:
    """Print a line that is no part of the result, on stderr."""
    click.echo(sanitise(line), err=True)


def say_waiting() -> None:
    """Say why nothing happens while another program holds the transcripts."""
    talk("Waiting for another program that is writing to the transcripts …")


def printer(*, as_json: bool, terminal: bool) -> Callable[[str], None]:
    """How lines of a call or a drill are printed: broken between words at a terminal, and as talk beside JSON."""
    if as_json and not terminal:
        return lambda line: None
    import shutil
    import textwrap

    printed = talk if as_json else say
    if not terminal:
        return printed
    return lambda line: printed(
        textwrap.fill(line, shutil.get_terminal_size().columns, break_long_words=False, break_on_hyphens=False)
    )


def say_json(data: object) -> None:
    """Print `data` as JSON in pure ASCII: nothing is lost, and nothing in it can steer a terminal."""
    import json

    click.echo(json.dumps(data, indent=2).replace("\x7f", "\\u007f"))

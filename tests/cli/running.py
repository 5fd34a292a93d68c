"""Running a command in this process, as `roleplay` itself runs it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from roleplay.cli.main import roleplay
from roleplay.errors import RoleplayError


class Ran(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str


def run(workspace: Path, *arguments: str, **environment: str) -> Ran:
    """Run a command in `workspace`; an error that a person can mend is its sentence, as `main` prints it."""
    ran = CliRunner().invoke(roleplay, [*arguments, "--workspace", str(workspace)], env=environment)
    if isinstance(ran.exception, RoleplayError):
        return Ran(ran.exception.exit_code, ran.stdout, f"{ran.stderr}Error: {ran.exception}\n")
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return Ran(ran.exit_code, ran.stdout, ran.stderr)

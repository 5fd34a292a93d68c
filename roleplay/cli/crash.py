"""What a person sees when the program ends at a fault: one sentence, and an exit code."""

from __future__ import annotations

import contextlib
import errno
import sys

import click

from roleplay.faults import write_log


def report(error: Exception) -> int:
    """Tell of `error` on stderr and return the exit code; of a fault of the program, the details go to a log."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EIO, errno.EBADF):
        click.echo(f"Error: The output cannot be written: {error.strerror}.", err=True)
        return 1
    click.echo(f"Error: {write_log(error)}", err=True)
    return 70

"""What a person sees of a fault in the program itself: one sentence, and where the details are."""

from __future__ import annotations

import contextlib
import errno
import sys
import tempfile
import traceback

import click

from roleplay import __version__


def report(error: Exception) -> int:
    """Tell of `error` on stderr and return the exit code.

    The details go to a file of their own, readable by its owner only, without the values of variables.
    """
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EIO, errno.EBADF):
        click.echo(f"Error: The output cannot be written: {error.strerror}.", err=True)
        return 1
    details = "".join(traceback.format_exception(error))
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="roleplay-fault-", suffix=".log", encoding="utf-8", errors="replace", delete=False
        ) as file:
            file.write(f"roleplay {__version__}, Python {sys.version.split()[0]}\n{details}")
        where = f"Details: {file.name}"
    except OSError:
        where = "No details could be written."
    what = f"Roleplay stopped at a fault of its own ({type(error).__name__}). What was shown as saved is safe."
    click.echo(f"Error: {what} {where}", err=True)
    return 70

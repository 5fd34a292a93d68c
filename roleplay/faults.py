"""What is told of a fault in the program itself: one sentence, and a log of the details for who mends it."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback

from roleplay import __version__

_SECRET_NAMES = ("KEY", "TOKEN", "SECRET", "PASSWORD")
_SHORTEST_SECRET = 6


def write_log(error: BaseException) -> str:
    """Write the details of `error` to a file of their own, and return the sentence that tells of it.

    The file is readable by its owner only and holds no values of variables; a secret of the environment that an error
    quotes is redacted. Raises nothing: where no file can be written, the sentence says so.
    """
    details = _redacted("".join(traceback.format_exception(error)))
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="roleplay-fault-", suffix=".log", encoding="utf-8", errors="replace", delete=False
        ) as file:
            file.write(f"roleplay {__version__}, Python {sys.version.split()[0]}\n{details}")
        where = f"Details: {file.name}"
    except OSError:
        where = "No details could be written."
    return f"Roleplay stopped at a fault of its own ({type(error).__name__}). What was shown as saved is safe. {where}"


def _redacted(text: str) -> str:
    """`text` without the values of environment variables that are named like secrets, the longest first."""
    secrets = {
        value
        for name, value in os.environ.items()
        if name.upper().endswith(_SECRET_NAMES) and len(value) >= _SHORTEST_SECRET
    }
    for secret in sorted(secrets, key=len, reverse=True):
        # an error may quote it as Python writes it
        for written in {secret, repr(secret)[1:-1]}:
            text = text.replace(written, "[redacted]")
    return text

"""Where an export goes: a file that is there whole or not at all, a folder with one file a call, or standard output."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from roleplay.errors import BadInput, NotSaved, UnsafePlace
from roleplay.text import quote

_UNSAFE = re.compile(r"[^a-z0-9-]+")


@contextmanager
def whole_file(path: Path, *, force: bool = False) -> Iterator[IO[bytes]]:
    """A file to be written, which is at `path` only once all of it is on the disk. Only its owner can read it.

    Raises `BadInput` if there is something at `path` already, unless that may be replaced (`force`), and `NotSaved`.
    """
    check_free(path, force=force)
    with _translated(path):
        handle, beside = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
    try:
        with _translated(path), os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        check_free(path, force=force)
        with _translated(path):
            Path(beside).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(beside).unlink()
        raise


@contextmanager
def standard_output() -> Iterator[IO[bytes]]:
    """Standard output for bytes, all of which are on their way afterwards."""
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


def check_free(path: Path, *, force: bool) -> None:
    """Raise `BadInput` if something stands at `path` that must not be replaced."""
    there = path.exists() or path.is_symlink()
    if there and (not force or path.is_dir()):
        raise BadInput(
            f"{quote(str(path), 400)} is there already.", mend="Name another file, or give --force to replace it."
        )


def file_in(folder: Path, persona: str, session: str, ending: str) -> Path:
    """The file of one call in `folder`, by the ids of persona and call, whatever they hold. Raises `UnsafePlace`."""
    name = "-".join(filter(None, (_UNSAFE.sub("-", part.casefold()).strip("-")[:64] for part in (persona, session))))
    path = folder / f"{name or 'call'}.{ending}"
    if path.parent != folder:
        raise UnsafePlace(f"{quote(str(path))} would lie outside of the folder.")
    return path


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotSaved(
            f"{quote(str(path), 400)} cannot be written: {error.strerror or error}.", mend="Choose another place."
        ) from error

"""The persona files of a gallery: read again only where they have changed, and watched for changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roleplay.persona.loading import Reading
    from roleplay.practice.shelf import Stamps

Tell = Callable[[frozenset[Path]], object]
"""Is told which files have changed, come or gone; of nothing at all when it is not known what has."""

_LONGEST_FAREWELL = 0.5
"""Seconds that the end of the program waits for the watching to end."""


class Reader:
    """Reads persona files, each once as long as it stays as it is. May be called from any thread."""

    def __init__(self) -> None:
        self._read: dict[Path, tuple[tuple[int, ...], Reading]] = {}

    def __call__(self, path: Path) -> Reading:
        """What is read from `path`, as `read_persona` has it."""
        from roleplay.persona.loading import read_persona

        try:
            status = path.stat()
        except (OSError, ValueError):
            return read_persona(path)
        stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            known = self._read[path] = stamp, read_persona(path)
        return known[1]


class Watch:
    """Watches the persona files of `folders` in a thread of its own; where that is impossible nothing is told."""

    def __init__(self, folders: Sequence[Path], tell: Tell) -> None:
        self._folders, self._tell = folders, tell
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="roleplay-watch")
        self._thread.start()

    def stop(self) -> None:
        """Tell of nothing any more; the thread ends in a moment."""
        self._ended.set()

    def close(self) -> None:
        """Stop, and wait for the thread: while the program ends it could no longer be ended in peace."""
        self.stop()
        self._thread.join(_LONGEST_FAREWELL)

    def _run(self) -> None:
        try:
            from roleplay.persona.folders import persona_files
            from roleplay.persona.watching import changes

            found = changes(
                lambda: [path for folder in self._folders for path in persona_files(folder)],
                self._folders,
                self._ended,
            )
            self._told(frozenset())  # what changed before the watching began is not known
            for changed in found:
                self._told(changed)
        except (ImportError, OSError, RuntimeError):  # nothing here to watch with
            return

    def _told(self, changed: frozenset[Path]) -> None:
        if not self._ended.is_set():
            self._tell(changed)


def stamps_of(folders: Iterable[Path]) -> Stamps:
    """By what to tell that a file in `folders` was changed, added or taken away."""
    from roleplay.persona.folders import persona_files

    stamps = []
    for path in (path for folder in folders for path in persona_files(folder)):
        with suppress(OSError):
            stat = path.stat()
            stamps.append((path, stat.st_mtime_ns, stat.st_size))
    return tuple(stamps)

"""Tells which persona files have changed, come or gone, however an editor saves them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from roleplay.persona.folders import is_folder

TICK = 1.0
"""Seconds after which the files are looked at even if the system reported nothing: network drives report nothing."""

_GROUPED = 400
"""Most milliseconds for which the steps of one saving are gathered."""

Look = Callable[[], Iterable[Path]]
Signature = tuple[int, int, int]


def changes(
    look: Look, places: Collection[Path] = (), stop: threading.Event | None = None
) -> Iterator[frozenset[Path]]:
    """Yield, each time something has changed since now, the paths that are new, changed or gone; until `stop` is set.

    `look` gives the files of interest; it is asked again each time, so that new ones are seen. What is watched are the
    folders they lie in, those they lead to as links, and `places` (folders in which new ones may come): many editors
    save into a new file and rename it. Where the system cannot tell, the files are looked at each `TICK`.
    """
    return _changes(look, places, stop or threading.Event(), _signatures(look()))


def _changes(
    look: Look, places: Collection[Path], ended: threading.Event, before: dict[Path, Signature | None]
) -> Iterator[frozenset[Path]]:
    while not ended.is_set():
        folders = _folders(before, places)
        for _ in _wakings(folders, ended):
            after = _signatures(look())
            differ = frozenset(path for path in {*before, *after} if before.get(path) != after.get(path))
            before = after
            if differ:
                yield differ
            if _folders(before, places) != folders:
                break


def _wakings(folders: Iterable[Path], ended: threading.Event) -> Iterator[None]:
    """Yield when something in `folders` may have changed, and at each tick."""
    from watchfiles import watch

    try:
        for _ in watch(
            *folders,
            watch_filter=None,
            debounce=_GROUPED,
            rust_timeout=int(TICK * 1000),
            yield_on_timeout=True,
            recursive=False,
            stop_event=ended,
        ):
            yield
    except (OSError, RuntimeError):  # no more watches to be had, or a folder that went meanwhile
        while not ended.wait(TICK):
            yield


def _signatures(paths: Iterable[Path]) -> dict[Path, Signature | None]:
    """What each file is known by; None for one that is not there."""
    return {path: _signature(path) for path in paths}


def _signature(path: Path) -> Signature | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _folders(paths: Iterable[Path], places: Iterable[Path]) -> frozenset[Path]:
    """The folders in which a change to `paths`, or a new file in `places`, would be seen."""
    found = {_nearest_folder(place.absolute()) for place in places}
    for path in paths:
        found.add(_nearest_folder(path.absolute().parent))
        if _is_link(path):
            found.add(_nearest_folder(Path(os.path.realpath(path)).parent))
    return frozenset(found)


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except (OSError, ValueError):
        return False


def _nearest_folder(folder: Path) -> Path:
    return next(filter(is_folder, (folder, *folder.parents)), folder)

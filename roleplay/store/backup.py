"""A copy of the database that is known to be whole, and putting one back without losing what is there."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from roleplay.errors import BadInput, NotFound, NotSaved, StoreDamaged
from roleplay.store.database import be_alone, connect_to_read, open_read_only, translated
from roleplay.store.integrity import Verdict, verify
from roleplay.text import counted, quote, sanitise
from roleplay.workspace import check_place, make_durable, make_folder

_PAGES = 2_000
"""Pages copied between two looks at how far it is."""
_BESIDE = ("-wal", "-shm", "-journal")

Tell = Callable[[str], object]


def back_up(database: Path, file: Path, *, force: bool = False, tell: Tell = lambda _: None) -> Verdict:
    """Copy the database at `database` to `file`, also while calls are being played, and check every row of the copy.

    The file appears under its name only once it is whole. `tell` is called with how far it is. Raises `NotFound` if
    there is nothing to copy, `BadInput` if `file` exists and not `force`, `StoreDamaged` if the copy is not whole (it
    is kept under another name then), `StoreError`.
    """
    if not database.exists():
        raise NotFound("No transcripts yet.", mend="Take a call first.")
    _free(file, force)
    if file.exists() and file.samefile(database):
        raise BadInput("That is the database itself.", mend="Name another file.")
    part = file.with_name(f".{file.name}.part")
    try:
        _copy(database, part, tell)
        tell("Checking every row of the copy …")
        verdict = verify(part)
        if not verdict.fine:
            kept = file.with_name(f"{file.name}.damaged")
            part.replace(kept)
            raise StoreDamaged(
                f"What was copied is damaged: {verdict.problems[0].where} {verdict.problems[0].what}.",
                where=sanitise(str(kept)),
                mend="Run `roleplay transcripts verify` to see what can be read.",
            )
        with _refused(file):
            make_durable(part)
            part.replace(file)
            make_durable(file.parent)
    finally:
        for left in (part, *(part.with_name(part.name + end) for end in _BESIDE)):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return verdict


def restore(
    database: Path, file: Path, *, force: bool = False, tell: Tell = lambda _: None
) -> tuple[Verdict, Path | None]:
    """Put the backup at `file` in the place of the database, after every row of it was checked.

    What is there now is not lost: it is kept beside it, under the name that is returned. Raises `NotFound`,
    `StoreDamaged` if the backup is not whole, `BadInput` if calls or drills are there and not `force`, `StoreBusy`
    while another program has them open, `StoreError`.
    """
    if not file.is_file():
        raise NotFound(f"There is no file {quote(str(file), 300)}.", mend="Check the path.")
    if database.exists() and file.samefile(database):
        raise BadInput("That is the database itself.", mend="Name a backup.")
    tell("Checking every row of the backup …")
    verdict = verify(file)
    if not verdict.fine:
        first = verdict.problems[0]
        raise StoreDamaged(
            f"This backup is not whole: {first.where} {first.what}.",
            where=sanitise(str(file)),
            mend=f"See all of it: roleplay transcripts verify {quote(str(file), 300)}. Nothing was changed.",
        )
    check_place(database.parent)
    make_folder(database.parent)
    part = database.with_name(f".{database.name}.part")
    try:
        _copy(file, part, tell)
        connection = connect_to_read(part)  # brings a backup of an earlier version up to date
        if connection is not None:
            connection.close()
        make_durable(part)
        kept = _put_aside(database, force)
        with _refused(database):
            part.replace(database)
            make_durable(database.parent)
    finally:
        for left in (part, *(part.with_name(part.name + end) for end in _BESIDE)):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return verdict, kept


def _put_aside(database: Path, force: bool) -> Path | None:
    """Move the database that is there out of the way, whole, and return where it is now; None if there was none."""
    if not database.exists():
        return None
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        with suppress(StoreDamaged), translated(database, writing=True):  # that may be why it is restored
            be_alone(connection)
        here = _kept(connection)
    if here and not force:
        raise BadInput(
            f"There {'is' if here.startswith('1 ') else 'are'} {here} here already.",
            where=sanitise(str(database)),
            mend="--force puts the backup in their place, and keeps them beside it. To have both: "
            "`roleplay transcripts export` and `import`.",
        )
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    kept = database.with_name(f"{database.stem}-before-{stamp}{database.suffix}")
    with _refused(database):
        os.link(database, kept)  # so that there is a database under its name all the time
        for end in _BESIDE:
            beside = database.with_name(database.name + end)
            if beside.exists():
                beside.replace(kept.with_name(kept.name + end))
    return kept


def _kept(connection: sqlite3.Connection) -> str:
    """How many calls and drills there are, in words; empty for none, and where that cannot be read."""
    kinds = {"sessions": ("call", "calls"), "drills": ("drill", "drills"), "drill_tests": ("test", "tests")}
    parts = []
    for table, words in kinds.items():
        try:
            count = int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        except (sqlite3.Error, UnicodeDecodeError):
            continue
        parts += [counted(count, *words)] if count else []
    return ", ".join(parts)


def _copy(source: Path, target: Path, tell: Tell) -> None:
    def progress(_: int, left: int, of: int) -> None:
        tell(f"{100 * (of - left) // max(of, 1)} % copied …")

    target.unlink(missing_ok=True)
    with (
        translated(source),
        closing(open_read_only(source)) as read,
        _refused(target),
        translated(target, writing=True),
        closing(sqlite3.connect(target)) as written,
    ):
        read.backup(written, pages=_PAGES, progress=progress)
        written.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it


def _free(file: Path, force: bool) -> None:
    if file.is_dir():
        raise BadInput(f"{quote(str(file), 300)} is a folder.", mend="Name a file in it.")
    if not file.parent.is_dir():
        raise BadInput(f"There is no folder {quote(str(file.parent), 300)}.", mend="Create it, or name another.")
    if file.exists() and not force:
        raise BadInput(f"{quote(str(file), 300)} exists already.", mend="Name another file, or add --force.")


@contextmanager
def _refused(file: Path) -> Iterator[None]:
    """Tell what the disk refused as `NotSaved`."""
    try:
        yield
    except OSError as error:
        raise NotSaved(
            f"{quote(str(file), 300)} cannot be written: {error.strerror}.", mend="Name another place."
        ) from error

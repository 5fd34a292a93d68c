"""The sample calls that come with the program, for a coach to try a review on."""

from __future__ import annotations

from pathlib import Path

import roleplay
from roleplay.export.importing import Importer
from roleplay.export.wire import LINE_LIMIT
from roleplay.scoring.items import lines_of
from roleplay.store.book import Book


def samples_folder() -> Path:
    """The folder of the sample calls: in the package, or beside it in a checkout."""
    package = Path(roleplay.__file__).parent
    inside = package / "samples"
    return inside if inside.is_dir() else package.parent / "transcripts" / "samples"


def sample_files() -> list[Path]:
    """The files of the sample calls, by name."""
    return sorted(samples_folder().glob("*.jsonl"))


def open_samples() -> Path:
    """The database of the sample calls, apart from all others, in the user's data directory; made if need be.

    Raises as `add_samples`.
    """
    from platformdirs import user_data_path

    database = user_data_path("roleplay", appauthor=False) / "samples" / "roleplay.db"
    add_samples(database)
    return database


def add_samples(database: Path) -> None:
    """Put the sample calls into a database, which is created if need be. Raises `StoreError`.

    Those that are there stay as they are, also where another version of the program had them otherwise.
    """
    with Book(database) as book:
        for path in sample_files():
            for _ in Importer(book).take(lines_of(path, LINE_LIMIT), path.name):
                pass

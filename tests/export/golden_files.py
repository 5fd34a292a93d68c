"""The golden files of each format: `python -m tests.export.golden_files` writes them anew."""

from __future__ import annotations

import tempfile
from itertools import count
from pathlib import Path
from unittest.mock import patch

from roleplay.export.exporting import Export, Format
from roleplay.store.carried import chosen
from roleplay.store.database import reading
from roleplay.store.drills import Drills
from roleplay.store.reviews import Wanted
from roleplay.store.transcripts import Transcripts
from tests.review.desks import desk_at
from tests.store.kept_calls import (
    drill,
    drill_everything,
    keep_call,
    line,
    opening,
    practise,
    review_everything,
    session,
    try_again,
)

FOLDER = Path(__file__).parent / "golden"
FORMATS: tuple[Format, ...] = ("md", "html", "csv", "jsonl")


def fill(path: Path) -> None:
    """A call with everything that can be added to it, one that goes on, and one with a reply taken back; and drills.

    The first of them was answered again after its end.
    """
    with Transcripts(path) as store:
        keep_call(store, "reviewed", 2)
        store.begin(session("branched", trainee="kim"), opening("branched"))
        store.keep_line(line("branched", 1, "I am st", broken_off=True))
        store.keep_line(line("branched", 1, attempt=2))
        try_again(store, "branched", 1, 1)
        keep_call(store, "exam", 1, exam=True, ended=False)
    numbers = count(1)
    with patch("roleplay.review.desk._new_id", lambda: f"{next(numbers):016}"):
        review_everything(path, "reviewed")
        with desk_at(path, "Lee") as desk:
            first, second = desk.open("reviewed").transcript.replies
            desk.overrule("reviewed", second, "acts", 2, "The truck is ordered.\nThat is an act.")
            desk.overrule("reviewed", second, "overall", 4, "=All of it.")
            desk.comment("reviewed", 0, second.turn, "trainee", "*Well* done, <b>Sam</b>.")
            desk.dispute("reviewed", first, "Who is right?")
    drill_everything(path, call="reviewed")
    with Transcripts(path) as store, Drills(path) as drills:
        drills.keep(drill(id="of-a-test", test="test-sam"), session("reviewed").script)
        again = practise(store, "reviewed", 1, ends=True)
        practise(store, "reviewed", 2, 2)
    with patch("roleplay.review.desk._new_id", lambda: f"{next(numbers):016}"), desk_at(path, "Lee") as desk:
        desk.comment("reviewed", again, 1, "trainee", "Better.")


def exported(path: Path, form: Format, *, anonymous: bool = False, excel: bool = False) -> bytes:
    """All calls of the database at `path` in that format."""
    with reading(path) as connection:
        assert connection

        def never(error: Exception) -> None:
            raise error

        export = Export(connection, form, never, anonymous=anonymous, excel=excel)
        return b"".join(export.pieces(chosen(connection, Wanted(), drills=form == "jsonl")))


def golden(form: Format) -> Path:
    """The golden file of that format."""
    return FOLDER / f"calls.{form}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "roleplay.db"
        fill(database)
        for each in FORMATS:
            golden(each).write_bytes(exported(database, each))

"""The views answer the common questions in any tool that reads SQLite."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from roleplay.store.questions import VIEWS
from roleplay.store.rows import TABLES
from roleplay.store.transcripts import Transcripts
from tests.review.desks import desk_at
from tests.store.kept_calls import ANSWERS, SAYS, keep_call, keep_llm_turn

DATA = Path(__file__).parents[2] / "docs" / "data.md"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    path = tmp_path / "roleplay.db"
    with Transcripts(path) as store:
        keep_call(store, "one", 2)
        keep_call(store, "two", 1, trainee="pat")
        keep_call(store, "goes-on", 1, ended=False)
        keep_llm_turn(store, "goes-on", 2, attempt=2)
    with desk_at(path, "Kim") as coach, desk_at(path, "sam") as trainee:
        first, second = coach.open("one").transcript.replies
        coach.overrule("one", first, "acts", 2, "It is done.")
        coach.overrule("one", first, "acts", 0, "It is not.")
        coach.overrule("one", second, "overall", 4, "All there.")
        coach.overrule("one", second, "harm", 1, "A slip.")
        coach.overrule("one", second, "harm", None, "No slip.")
        coach.mark_reviewed("one")
        trainee.dispute("one", first, "It was done.")
        coach.answer(trainee.dispute("one", second, "Why?"), "Because.", upheld=False)
        coach.withdraw(trainee.dispute("one", second, "Never mind."))
    with closing(sqlite3.connect(path)) as connection:  # like any other tool
        connection.row_factory = sqlite3.Row
        yield connection


def rows(database: sqlite3.Connection, view: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in database.execute(f"SELECT * FROM {view}")]


def test_calls_by_trainee(database: sqlite3.Connection) -> None:
    columns = ("trainee", "calls", "ended", "personas", "reviewed")
    assert rows(database, "calls_by_trainee", *columns) == [("pat", 1, 1, 1, 0), ("sam", 2, 1, 1, 0)]


def test_replies_with_levels_are_those_that_count_of_ended_calls(database: sqlite3.Connection) -> None:
    columns = ("session", "turn", "customer", "reply", "scored_by", "acts", "overall")
    assert rows(database, "replies_with_levels", *columns) == [
        ("one", 1, SAYS, f"{ANSWERS} (1)", "coach", 0, 3),
        ("one", 2, f"{SAYS} (1)", f"{ANSWERS} (2)", "coach", 1, 4),
        ("two", 1, SAYS, f"{ANSWERS} (1)", "offline", 1, 3),
    ]


def test_missed_moments(database: sqlite3.Connection) -> None:
    columns = ("persona", "moment", "tries", "met", "partly", "missed", "trainees")
    (found,) = rows(database, "missed_moments", *columns)
    assert found[:3] == ("the-ramp", "opening", 3)
    assert sum(found[3:6]) == 3
    assert found[6] == 2


def test_open_disputes(database: sqlite3.Connection) -> None:
    columns = ("session", "turn", "trainee", "dispute", "reply")
    assert rows(database, "open_disputes", *columns) == [("one", 1, "sam", "It was done.", f"{ANSWERS} (1)")]


def test_levels_overruled_are_those_that_stand_beside_the_machines(database: sqlite3.Connection) -> None:
    columns = ("turn", "dimension", "level", "machine_level", "machine", "reason", "coach")
    assert rows(database, "levels_overruled", *columns) == [
        (1, "acts", 0, 1, "offline", "It is not.", "Kim"),
        (2, "overall", 4, 3, "offline", "All there.", "Kim"),
    ]


def test_every_table_view_and_column_is_described(database: sqlite3.Connection) -> None:
    described = DATA.read_text(encoding="utf-8")
    for table in (*TABLES, *VIEWS, "said", "summaries", "heard", "desk", "drafts", "drill_drafts"):
        section = re.search(rf"^### `{table}`\n(.*?)(?=^##|\Z)", described, re.MULTILINE | re.DOTALL)
        assert section, f"docs/data.md does not describe {table}"
        columns = [row["name"] for row in database.execute(f"PRAGMA table_info({table})")]
        missing = [name for name in columns if f"`{name}`" not in section[1] and name not in ("n", "checksum")]
        assert not missing, f"docs/data.md does not describe {missing} of {table}"

"""What every connection holds, and how a database becomes what this version expects."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.conversation.turns import SelfRating
from roleplay.errors import NotSaved, StoreBusy, StoreDamaged, StoreError
from roleplay.store import records
from roleplay.store.database import connect_to_read, connect_to_write, fresh_structure, reading, structure
from roleplay.store.integrity import verify
from roleplay.store.listing import Result, newest_sessions
from roleplay.store.migrations import STEPS
from roleplay.store.rows import TABLES, Row, checksum, insertion
from roleplay.store.search import search
from roleplay.store.transcripts import Transcripts
from tests.store import fresh
from tests.store.kept_calls import (
    ANSWERS,
    AT,
    drill_everything,
    ending,
    keep_call,
    keep_llm_turn,
    line,
    opening,
    reply,
    review_everything,
    session,
    tried_again,
    try_again,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "transcripts" / "roleplay.db"


def test_each_writing_connection_is_durable_and_keeps_its_references(path: Path) -> None:
    for _ in range(2):
        with closing(connect_to_write(path)) as connection:
            values = [
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
        assert values == ["wal", 2, 1, 10_000]


def test_a_reading_connection_cannot_write(path: Path) -> None:
    connect_to_write(path).close()
    with reading(path) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        assert connection
        connection.execute("DELETE FROM summaries")


def test_reading_creates_nothing(path: Path) -> None:
    assert connect_to_read(path) is None
    assert not path.parent.exists()


def test_reading_does_not_load_what_only_migrating_needs(path: Path) -> None:
    connect_to_write(path).close()
    code = (
        "import sys; from pathlib import Path; import roleplay.cli.transcripts; "
        "from roleplay.store.database import connect_to_read; connect_to_read(Path(sys.argv[1])).close(); "
        "print([name for name in ('sqlite_utils', 'msgspec', 'platformdirs', 'yaml') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("steps", range(1, len(STEPS)))
def test_an_older_database_is_brought_up_to_date(path: Path, steps: int) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        fresh.take(connection, steps)
        _add_calls_by_hand(connection)
    with reading(path) as reader:
        assert reader
        assert [(call.id, call.turns, call.outcome) for call in newest_sessions(reader, 5)] == [
            ("ended-call", 1, "good"),
            ("old-call", 1, None),
        ]
        assert [hit.turn for hit in search(reader, "frightening", 5)] == [1, 1]
    with closing(connect_to_write(path)) as connection:
        assert structure(connection) == fresh_structure()
    assert verify(path).fine
    with Transcripts(path) as store:
        keep_call(store, "new-call")
        assert store.load("new-call").replies
        assert store.results("sam") == {"the-ramp": Result(2, 70.5)}
        store.keep_draft("old-call", "Are you")
        try_again(store, "old-call", 1, 1)
        assert store.load("old-call").earlier == (reply("old-call", 1, ANSWERS),)
        assert (store.draft("old-call"), store.interrupted("sam")[0].turns) == ("", 1)
        for add in (lambda: try_again(store, "ended-call", 1, 1), lambda: store.keep_reply(reply("ended-call", 2))):
            with pytest.raises(StoreError, match="This call has ended"):
                add()
    assert verify(path).fine


def _add_calls_by_hand(connection: sqlite3.Connection) -> None:
    """One call that was cut short and one that has ended, as the first version wrote them."""
    script = records.script_row(session("old-call").script)
    rows: list[tuple[str, Row]] = [
        ("scripts", script),
        ("sessions", records.session_row(session("old-call"), str(script[0]))),
        ("openings", records.opening_row(opening("old-call"))),
        ("replies", records.reply_row(reply("old-call", 1, ANSWERS))),
        ("lines", records.line_row(line("old-call", 2))),
        ("sessions", records.session_row(session("ended-call"), str(script[0]))),
        ("openings", records.opening_row(opening("ended-call"))),
        ("replies", records.reply_row(reply("ended-call", 1, ANSWERS))),
        ("endings", records.ending_row(ending("ended-call"), 70.5)),
    ]
    for number, (table, values) in enumerate(rows, 1):
        connection.execute(insertion(table), (number, *values, checksum(table, (number, *values))))


def test_a_new_database_is_what_all_steps_make_of_an_empty_one(path: Path) -> None:
    """After a new step: `make structure`."""
    with closing(connect_to_write(path)) as made, closing(sqlite3.connect(":memory:", isolation_level=None)) as stepped:
        fresh.take(stepped)
        assert _written(made) == _written(stepped)
        assert structure(made) == structure(stepped)


def _written(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """All that is in a database, in order; versions of SQLite do not agree on white space and quotation marks."""
    found = connection.execute("SELECT name, ifnull(sql, '') FROM sqlite_master ORDER BY rowid").fetchall()
    return [(name, re.sub(r"[\s\"'`]", "", sql)) for name, sql in found]


def test_a_new_database_needs_no_step(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a new step: `make structure`."""
    monkeypatch.setitem(sys.modules, "sqlite_utils", None)
    with Transcripts(path) as store:
        keep_call(store, "first-call")
    assert verify(path).fine


def test_what_a_new_database_lacks_is_made_up_for_step_by_step(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh, "STEPS", STEPS[:-1])
    before = tmp_path / "fresh.sql"
    before.write_text(fresh.script(), encoding="utf-8")
    monkeypatch.setattr("roleplay.store.fresh.FILE", before)
    with closing(connect_to_write(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]
    assert names == [step.__name__ for step in STEPS]
    assert verify(path).fine


def test_the_steps_are_taken_once(path: Path) -> None:
    for _ in range(2):
        with closing(connect_to_write(path)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]
        assert names == [step.__name__ for step in STEPS]


def test_a_newer_database_is_left_alone(path: Path) -> None:
    with closing(connect_to_write(path)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('roleplay', 'holograms', '')"
        )
    for connect in (connect_to_read, connect_to_write):
        with pytest.raises(StoreError, match=r"newer version of this program.*Upgrade roleplay"):
            connect(path)


def test_another_programs_database_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    for connect in (connect_to_read, connect_to_write):
        with pytest.raises(StoreError, match="another program's database"):
            connect(path)


@pytest.mark.parametrize("content", [b"this is no database, whatever its name says" * 100, b"\0" * 9000])
def test_what_is_no_database_is_said_to_be_none(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    for connect in (connect_to_read, connect_to_write):
        with pytest.raises(StoreDamaged, match="is damaged, or is no database"):
            connect(path)


def test_an_empty_file_is_a_database_with_nothing_in_it(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    assert connect_to_read(path) is None
    with Transcripts(path) as store:
        keep_call(store, "first-call")


def test_a_folder_in_place_of_the_file_is_one_sentence(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be read"):
        connect_to_read(path)
    with pytest.raises(NotSaved, match="cannot be opened"):
        connect_to_write(path)


def test_names_with_signs_that_mean_something_in_a_uri_are_names(tmp_path: Path) -> None:
    path = tmp_path / "50% off? #1" / "roleplay.db"
    with Transcripts(path) as store:
        keep_call(store, "odd-place")
        assert store.load("odd-place").replies


def test_a_new_database_waits_for_another_that_is_making_it(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE x (y)")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusy):
            connect_to_write(path, busy_timeout=0.1)


def test_rows_that_were_kept_cannot_be_changed_even_by_hand(path: Path) -> None:
    with Transcripts(path) as store:
        keep_call(store, "some-call", ended=False)
        keep_llm_turn(store, "some-call", 4, attempt=2)
        store.begin_branch(tried_again("some-call", 1, 2))
        store.keep_ending(ending("some-call", 1), 62.5)
        store.keep_self_rating(SelfRating(session="some-call", rating=3, at=AT))
    review_everything(path, "some-call")
    drill_everything(path)
    with closing(sqlite3.connect(path)) as connection:
        for table in TABLES:
            with pytest.raises(sqlite3.IntegrityError, match="only added"):
                connection.execute(f"UPDATE {table} SET n = n + 100")

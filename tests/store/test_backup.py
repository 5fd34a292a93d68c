"""A backup is whole or there is none, and restoring one loses nothing of what was there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.errors import BadInput, NotFound, StoreBusy, StoreDamaged
from roleplay.store.backup import back_up, restore
from roleplay.store.drills import Drills
from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import drill, drill_everything, keep_call, review_everything, script


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "transcripts" / "roleplay.db"
    with Transcripts(path) as store:
        keep_call(store, "call-one")
    review_everything(path, "call-one")
    drill_everything(path, call="call-one")
    return path


def names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [str(row[0]) for row in connection.execute("SELECT id FROM sessions ORDER BY n")]


def alter(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER replies_are_only_added")
        connection.execute("UPDATE replies SET text = 'I said nothing of the kind.' WHERE turn = 1")


def test_a_backup_is_one_file_with_everything_in_it_also_while_calls_are_played(path: Path, tmp_path: Path) -> None:
    with Transcripts(path) as playing:
        verdict = back_up(path, tmp_path / "safe.db")
        keep_call(playing, "call-two")
    assert verdict.fine and verdict.intact == verify(tmp_path / "safe.db").intact
    assert [verdict.intact[table] for table in ("comments", "drills", "drill_tests", "rewinds")] == [1, 2, 1, 1]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["safe.db", "transcripts"]
    assert (names(tmp_path / "safe.db"), names(path)) == (["call-one"], ["call-one", "call-two"])


def test_what_was_altered_is_told_and_never_passes_for_a_backup(path: Path, tmp_path: Path) -> None:
    alter(path)
    with pytest.raises(StoreDamaged, match="What was copied is damaged"):
        back_up(path, tmp_path / "safe.db")
    assert not (tmp_path / "safe.db").exists()
    assert names(tmp_path / "safe.db.damaged") == ["call-one"]


def test_a_file_that_is_there_is_not_overwritten_unasked(path: Path, tmp_path: Path) -> None:
    (tmp_path / "safe.db").write_text("a letter")
    with pytest.raises(BadInput, match="exists already"):
        back_up(path, tmp_path / "safe.db")
    assert (tmp_path / "safe.db").read_text() == "a letter"
    back_up(path, tmp_path / "safe.db", force=True)
    assert names(tmp_path / "safe.db") == ["call-one"]
    with pytest.raises(BadInput, match="the database itself"):
        back_up(path, path, force=True)
    with pytest.raises(BadInput, match="There is no folder"):
        back_up(path, tmp_path / "nowhere" / "safe.db")


def test_a_restored_backup_is_what_it_was_and_what_was_there_is_beside_it(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "safe.db")
    with Transcripts(path) as store:
        keep_call(store, "call-two")
    with pytest.raises(BadInput, match="There are 2 calls, 2 drills, 1 test here already"):
        restore(path, tmp_path / "safe.db")
    _, kept = restore(path, tmp_path / "safe.db", force=True)
    assert kept is not None and kept.parent == path.parent
    assert (names(path), names(kept)) == (["call-one"], ["call-one", "call-two"])
    assert verify(path).fine and verify(kept).fine
    with Transcripts(path) as store:
        keep_call(store, "call-three")
    assert names(path) == ["call-one", "call-three"]


def test_a_backup_goes_to_a_new_computer(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "safe.db")
    there = tmp_path / "other" / "transcripts" / "roleplay.db"
    _, kept = restore(there, tmp_path / "safe.db")
    assert kept is None and names(there) == ["call-one"]


def test_drills_alone_are_not_replaced_unasked_and_a_backup_brings_them_back(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "safe.db")
    there = tmp_path / "other" / "transcripts" / "roleplay.db"
    with Drills(there) as drills:
        drills.keep(drill("kim"), script())
    with pytest.raises(BadInput, match="There is 1 drill here already"):
        restore(there, tmp_path / "safe.db")
    restore(there, tmp_path / "safe.db", force=True)
    with Drills(path) as one, Drills(there) as two, Transcripts(path) as here, Transcripts(there) as restored:
        assert two.of("sam") == one.of("sam") != []
        assert restored.load("call-one", 1) == here.load("call-one", 1)
        assert restored.tries("call-one") == here.tries("call-one")


def test_a_damaged_database_can_be_replaced_and_is_kept(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "safe.db")
    path.write_bytes(b"\0" * 4096 + path.read_bytes()[4096:])
    _, kept = restore(path, tmp_path / "safe.db", force=True)
    assert kept is not None and kept.exists() and names(path) == ["call-one"]


def test_a_backup_that_is_not_whole_changes_nothing(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "safe.db")
    alter(tmp_path / "safe.db")
    before = names(path)
    with pytest.raises(StoreDamaged, match="This backup is not whole"):
        restore(path, tmp_path / "safe.db", force=True)
    (tmp_path / "letter").write_text("Dear diary, " * 500)
    with pytest.raises(StoreDamaged):
        restore(path, tmp_path / "letter", force=True)
    with pytest.raises(NotFound):
        restore(path, tmp_path / "nowhere.db")
    assert names(path) == before


def test_nothing_is_replaced_under_somebody_who_has_it_open(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "safe.db")
    with Transcripts(path) as store:
        store.load("call-one")
        with pytest.raises(StoreBusy, match="Another window"):
            restore(path, tmp_path / "safe.db", force=True)
    assert not [each for each in path.parent.iterdir() if "before" in each.name or "part" in each.name]
    assert names(path) == ["call-one"]

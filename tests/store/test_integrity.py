"""Every altered row is named, every intact one is told to be so, and a damaged file never ends in a traceback."""

from __future__ import annotations

import random
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.errors import StoreDamaged, StoreError
from roleplay.store.database import fresh_structure, reading
from roleplay.store.drills import Drills
from roleplay.store.integrity import rebuild, verify
from roleplay.store.rows import TABLES, selection
from roleplay.store.search import search
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import (
    drill,
    drill_everything,
    keep_call,
    keep_llm_turn,
    line,
    practise,
    reply,
    review_everything,
    script,
    try_again,
)

Rows = dict[str, dict[int, set[str]] | None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "roleplay.db"
    with Transcripts(path) as store:
        for number in range(20):
            keep_call(store, f"call-{number:04}", 6, ended=number % 3 > 0)
        try_again(store, "call-0000", 1, 4)
        try_again(store, "call-0000", 2, 4, parent=1)
        try_again(store, "call-0003", 1, 6)
        store.keep_draft("call-0003", "Are you behind")
        keep_llm_turn(store, "call-0006", 7, attempt=2)
    review_everything(path, "call-0001")
    drill_everything(path, call="call-0001")
    return path


def by_hand(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def found(path: Path) -> list[str]:
    return [f"{problem.where}: {problem.what}" for problem in verify(path).problems]


def test_what_is_as_it_was_written_is_fine(path: Path) -> None:
    verdict = verify(path)
    assert verdict.fine
    assert verdict.intact == {
        "scripts": 1,
        "sessions": 20,
        "openings": 24,
        "branches": 4,
        "replies": 123,
        "lines": 144,
        "voices": 1,
        "verdicts": 1,
        "endings": 13,
        "self_ratings": 13,
        "comments": 1,
        "overrides": 2,
        "disputes": 1,
        "answers": 1,
        "marks": 1,
        "blind_ratings": 1,
        "assignments": 1,
        "withdrawals": 1,
        "drill_tests": 1,
        "drills": 2,
        "test_ratings": 1,
        "rewinds": 1,
    }


def test_an_altered_row_is_named_and_the_others_are_intact(path: Path) -> None:
    by_hand(path, "DROP TRIGGER lines_are_only_added", "UPDATE lines SET text = text || '!' WHERE n = 4")
    verdict = verify(path)
    (row,) = (problem for problem in verdict.problems if problem.table == "lines")
    assert (row.row, row.where, row.what) == (
        4,
        "lines row 4 (transcript call-0000, turn 1)",
        "does not match its checksum",
    )
    assert verdict.intact["lines"] == 143


def test_a_lost_reply_is_missed(path: Path) -> None:
    by_hand(path, "DELETE FROM replies WHERE session = 'call-0001' AND turn = 3")
    assert "transcript call-0001, branch 0: lacks a reply" in found(path)


def test_a_lost_verdict_is_missed_where_a_later_one_is_there(path: Path) -> None:
    again = "INSERT INTO verdicts SELECT n + 9000, session, branch, turn, 2, verdict, NULL, score, at, checksum"
    by_hand(path, f"{again} FROM verdicts", "DELETE FROM verdicts WHERE attempt = 1")
    assert "transcript call-0006, turn 6: lacks a verdict" in found(path)


@pytest.mark.parametrize(
    ("lost", "lacking"),
    [("branch = 0 AND turn = 3", [0, 1, 2]), ("branch = 0 AND turn = 6", []), ("branch = 1", []), ("branch = 2", [])],
)
def test_a_lost_reply_is_missed_on_each_branch_that_has_its_turn(path: Path, lost: str, lacking: list[int]) -> None:
    by_hand(path, f"DELETE FROM replies WHERE session = 'call-0000' AND {lost}")
    rebuild(path)
    assert found(path) == [f"transcript call-0000, branch {branch}: lacks a reply" for branch in lacking]


def test_a_reply_lost_where_a_branch_was_left_is_missed(path: Path) -> None:
    by_hand(path, "DELETE FROM replies WHERE session = 'call-0003' AND turn >= 5")
    rebuild(path)
    assert found(path) == ["transcript call-0003, branch 1: lacks a reply"]


def test_a_branch_whose_origin_was_lost_is_named(path: Path) -> None:
    by_hand(path, "DELETE FROM branches WHERE session = 'call-0000' AND branch = 1")
    assert found(path) == [
        f"transcript call-0000, branch {branch}: comes from no branch that can be read" for branch in (1, 2)
    ]


def test_a_branch_that_was_hung_on_another_is_named(path: Path) -> None:
    by_hand(path, "DROP TRIGGER branches_are_only_added", "UPDATE branches SET parent = 0 WHERE session = 'call-0000'")
    assert "branches row 333 (transcript call-0000): does not match its checksum" in found(path)


def test_what_was_added_after_the_end_is_named(path: Path) -> None:
    names = ["replies_come_before_the_ending", "lines_come_before_the_ending"]
    triggers = [fresh_structure()[name][1] for name in names]
    by_hand(path, *(f"DROP TRIGGER {name}" for name in names))
    with Transcripts(path) as store:
        store.keep_reply(reply("call-0001", 7))
        store.keep_line(line("call-0001", 8))
    by_hand(path, *triggers)
    assert found(path) == [
        f"{row} (transcript call-0001, turn {turn}): was added after the call had ended"
        for row, turn in (("replies row 359", 7), ("lines row 360", 8))
    ]


def test_what_was_added_after_the_end_is_named_and_practice_is_not(path: Path) -> None:
    with Transcripts(path) as store:
        first = practise(store, "call-0001", 2, 2)
        practise(store, "call-0001", 3, 1, ends=True)
        store.keep_reply(reply("call-0001", 4, branch=first))
    assert verify(path).fine
    name = "replies_come_before_the_ending"
    by_hand(path, f"DROP TRIGGER {name}")
    with Transcripts(path) as store:
        store.keep_reply(reply("call-0001", 7))
        store.keep_reply(reply("call-0001", 4, branch=3))
    by_hand(path, fresh_structure()[name][1])
    assert [problem.split(" (")[1] for problem in found(path)] == [
        f"transcript call-0001, turn {turn}): was added after the call had ended" for turn in (7, 4)
    ]


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        ("DELETE FROM replies WHERE branch = 2 AND turn = 3", "", "lacks a reply"),
        ("DELETE FROM branches WHERE session = 'call-0001'", "", "comes from no branch that can be read"),
        (
            "DELETE FROM openings WHERE branch = 2 AND session = 'call-0001'",
            "",
            "a branch of practice that is not there",
        ),
        ("UPDATE rewinds SET branch = 0 WHERE branch = 2", "0", "the call had ended that it is practice"),
        ("UPDATE endings SET score = 99 WHERE branch = 2", "", "practice, and has a score all the same"),
    ],
)
def test_practice_that_was_altered_is_named(path: Path, change: str, where: str, what: str) -> None:
    with Transcripts(path) as store:
        assert practise(store, "call-0001", 2, 3, ends=True) == 2
    by_hand(path, *(f"DROP TRIGGER {table}_are_only_added" for table in ("rewinds", "endings")), change)
    assert any(p.startswith(f"transcript call-0001, branch {where or 2}: ") and p.endswith(what) for p in found(path))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("DELETE FROM scripts", "belong to nothing that can be read in scripts"),
        ("DELETE FROM drill_tests", "belong to nothing that can be read in drill_tests"),
        ("DELETE FROM drill_tests", "belongs to no test that asks for its moment"),
        ("UPDATE drill_tests SET items = '{}'", "has items that is no list of moments"),
        ("UPDATE drill_tests SET items = 'x'", "has items that is no list of moments"),
        ("UPDATE drill_tests SET items = '[7]'", "has items that is no list of moments"),
        ("UPDATE drills SET history = '[]'", "has history that is no list of what was said before"),
        ("UPDATE drills SET moment = 'leaving'", "belongs to no test that asks for its moment"),
    ],
)
def test_drills_that_were_altered_are_named(path: Path, change: str, what: str) -> None:
    with Drills(path) as drills:
        drills.keep(drill(id="of-a-test", test="test-sam"), script())
    by_hand(path, *(f"DROP TRIGGER {table}_are_only_added" for table in ("drills", "drill_tests")), change)
    assert any(problem.endswith(what) for problem in found(path))


def test_rows_that_belong_to_nothing_are_named(path: Path) -> None:
    by_hand(path, "DELETE FROM sessions WHERE id = 'call-0001'")
    problems = found(path)
    assert any(problem.startswith("openings rows 18, 357: belong to nothing") for problem in problems)
    assert any(problem.startswith("self_ratings row 33: belong to nothing") for problem in problems)


def test_a_list_that_says_something_else_is_noticed_and_can_be_rebuilt(path: Path) -> None:
    by_hand(path, "UPDATE summaries SET score = 99 WHERE session = 'call-0001'", "DELETE FROM summaries WHERE n = 2")
    assert sorted(problem.split(":")[0] for problem in found(path)) == [
        "list entry of transcript call-0000",
        "list entry of transcript call-0001",
    ]
    rebuild(path)
    assert verify(path).fine


def test_a_search_index_that_lost_words_is_noticed_and_can_be_rebuilt(path: Path) -> None:
    by_hand(path, "INSERT INTO said_fts (said_fts) VALUES ('delete-all')")
    assert [problem.split(":")[0] for problem in found(path)] == ["search index"]
    rebuild(path)
    assert verify(path).fine
    with reading(path) as connection:
        assert connection
        assert len(search(connection, "frightening", 200)) == 120
        assert [(hit.branch, hit.turn) for hit in search(connection, "once more", 200)] == [(1, 6), (2, 4), (1, 4)]


def test_a_trigger_that_does_something_else_is_noticed(path: Path) -> None:
    by_hand(path, "DROP TRIGGER replies_counted", "CREATE TRIGGER spy AFTER INSERT ON lines BEGIN SELECT 1; END")
    assert found(path) == [
        "replies_counted: is not as the program made it",
        "spy: is not as the program made it",
    ]


def test_a_view_or_an_index_of_somebody_elses_does_no_harm(path: Path) -> None:
    by_hand(path, "CREATE VIEW mine AS SELECT text FROM replies", "CREATE INDEX mine_too ON replies (moment)")
    assert verify(path).fine


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "roleplay.db").write_text("Dear diary, " * 500)
    with pytest.raises(StoreDamaged, match="is damaged, or is no database"):
        verify(tmp_path / "roleplay.db")


def test_half_a_file_gives_what_is_left_of_it(path: Path) -> None:
    with Transcripts(path) as store:
        for number in range(20, 40):
            keep_call(store, f"call-{number:04}", 6)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    verdict = verify(path)
    assert not verdict.fine
    assert 0 < verdict.intact["replies"] < 240
    assert any("cannot be read" in problem.what for problem in verdict.problems)


@pytest.mark.parametrize("damage", ["zeros", "noise"])
def test_a_lost_page_costs_only_its_own_rows(path: Path, damage: str) -> None:
    content = bytearray(path.read_bytes())
    pages = [place for place in range(0, len(content), 4096) if content[place] == 0x0D]
    page = next(place for place in pages if b"frightening" in content[place : place + 4096])
    content[page : page + 4096] = bytes(4096) if damage == "zeros" else random.Random(1).randbytes(4096)
    path.write_bytes(content)
    verdict = verify(path)
    assert not verdict.fine
    assert sum(verdict.intact.values()) > 250


@pytest.mark.parametrize("flips", [40, pytest.param(1000, marks=pytest.mark.soak)])
def test_every_single_bit_that_changes_a_row_is_noticed(path: Path, tmp_path: Path, flips: int) -> None:
    whole, content = rows_as_read(path), path.read_bytes()
    chance = random.Random(flips)
    copy = tmp_path / "flipped.db"
    for _ in range(flips):
        bit = chance.randrange(len(content) * 8)
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        for leftover in tmp_path.glob("flipped.db*"):
            leftover.unlink()
        copy.write_bytes(flipped)
        try:
            verdict = verify(copy)
        except StoreError:
            assert rows_as_read(copy) != whole, bit
            continue
        flagged = {(problem.table, problem.row) for problem in verdict.problems}
        for table, rows in rows_as_read(copy).items():
            before = whole[table]
            assert before is not None
            if rows is None:
                assert (table, None) in flagged, bit
                continue
            altered = {n for n, contents in rows.items() if contents - before.get(n, set())}
            assert {n for name, n in flagged if name == table and n is not None} == altered, bit
            assert verdict.intact[table] == len({n for n in rows if rows[n] & before.get(n, set())}), bit
            assert rows.keys() >= before.keys() or not verdict.fine, bit


def rows_as_read(path: Path) -> Rows:
    """What SQLite gives for each row of each table, None for a table that it cannot read."""
    found: Rows = {}
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = lambda raw: ("text", raw)
        connection.execute("PRAGMA writable_schema = ON")
        for table in TABLES:
            rows: dict[int, set[str]] = defaultdict(set)
            try:
                for row in connection.execute(f"SELECT rowid, {selection(table)} FROM {table} NOT INDEXED"):
                    rows[row[0]].add(repr(row))
                found[table] = rows
            except (sqlite3.Error, MemoryError, OverflowError, UnicodeDecodeError):
                found[table] = None
    return found

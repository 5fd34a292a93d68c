"""A call that has ended is answered again on branches of practice: nothing of it changes, nothing of them counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from sqlite_utils import Database

from benchmarks.rewinding import CALL as LONG
from benchmarks.rewinding import answer_again, keep_long_call, rows_of
from roleplay.conversation.again import rewound
from roleplay.conversation.judging import Verdict
from roleplay.conversation.turns import KeptVerdict
from roleplay.errors import BadInput, NotFound, StoreDamaged, StoreError
from roleplay.store.integrity import rebuild, verify
from roleplay.store.migrations import drafts
from roleplay.store.rows import TABLES
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import AT, ending, keep_call, line, reply, state, tried_again

CALL = "call-one"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roleplay.db"


@pytest.fixture
def store(path: Path) -> Iterator[Transcripts]:
    with Transcripts(path, busy_timeout=0.3) as store:
        keep_call(store, CALL, 4)
        yield store


def rewind(store: Transcripts, turn: int, branch: int | None = None) -> int:
    """Begin to answer again from `turn` of a branch; returns the new one."""
    shorter, opening = rewound(store.load(CALL, branch), turn, AT)
    store.begin_branch(opening)
    return shorter.branch


def say(store: Transcripts, branch: int, turn: int) -> None:
    store.keep_reply(reply(CALL, turn, f"Again ({branch}, {turn})", branch=branch))
    store.keep_line(line(CALL, turn + 1, f"Heard again ({branch}, {turn})", branch=branch))


def rows(path: Path, where: str = "") -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        tables = [*TABLES, "summaries", "heard", "desk"]
        return {table: connection.execute(f"SELECT * FROM {table} {where}").fetchall() for table in tables}


def test_a_branch_of_practice_has_what_came_before_it_and_its_own_end(store: Transcripts) -> None:
    branch = rewind(store, 3)
    for turn in (3, 4, 5, 6):
        say(store, branch, turn)
    store.keep_ending(ending(CALL, branch), None)
    practice = store.load(CALL, branch)
    assert [(each.branch, each.turn) for each in practice.replies] == [(0, 1), (0, 2), *((1, n) for n in (3, 4, 5, 6))]
    assert (practice.practice, practice.ending, practice.self_rating) == (True, ending(CALL, 1), None)
    assert practice.earlier == ()
    assert [each.turn for each in practice.lines] == [1, 2, 3, 4, 5, 6, 7]


def test_the_first_complete_path_stays_the_result_and_no_row_of_it_changes(store: Transcripts, path: Path) -> None:
    before, first = rows(path), store.load(CALL)
    for turn in (1, 3):
        branch = rewind(store, turn)
        for later in range(turn, turn + 5):
            say(store, branch, later)
        store.keep_ending(ending(CALL, branch), None)
    after = rows(path)
    for table, kept in before.items():
        assert after[table][: len(kept)] == kept
    for made in ("summaries", "heard", "desk"):
        assert after[made] == before[made]
    again = store.load(CALL)
    assert (again.replies, again.lines, again.ending, again.earlier) == (first.replies, first.lines, first.ending, ())
    assert again.newest == 2
    assert store.score(CALL) == 62.5


def test_what_is_made_from_the_rows_is_made_anew_without_practice(store: Transcripts, path: Path) -> None:
    branch = rewind(store, 2)
    for turn in range(2, 9):
        say(store, branch, turn)
    made = {table: rows(path)[table] for table in ("summaries", "heard", "desk")}
    assert verify(path).problems == []
    rebuild(path)
    assert {table: rows(path)[table] for table in made} == made


def test_branches_of_practice_stand_beside_each_other(store: Transcripts) -> None:
    one, two = rewind(store, 2), rewind(store, 3)
    say(store, two, 3)
    say(store, one, 2)
    say(store, one, 3)
    three = rewind(store, 3, one)
    say(store, three, 3)
    say(store, one, 4)
    assert [(each.branch, each.turn) for each in store.load(CALL, three).replies] == [(0, 1), (1, 2), (3, 3)]
    told = [(each.branch, each.parent, each.shared, each.own, each.practice) for each in store.tries(CALL)]
    assert told == [(0, None, 0, 4, 0), (1, 0, 1, 3, 1), (2, 0, 2, 1, 1), (3, 1, 2, 1, 1)]
    assert [each.outcome for each in store.tries(CALL)] == ["good", None, None, None]


def test_a_branch_of_practice_takes_nothing_more_after_its_own_end(store: Transcripts) -> None:
    branch = rewind(store, 2)
    say(store, branch, 2)
    store.keep_ending(ending(CALL, branch), None)
    for keep in (
        lambda: store.keep_reply(reply(CALL, 3, branch=branch)),
        lambda: store.keep_line(line(CALL, 9, branch=branch)),
        lambda: store.keep_ending(ending(CALL, branch), None),
        lambda: store.keep_reply(reply(CALL, 5)),
    ):
        with pytest.raises(StoreError, match="This call has ended"):
            keep()


def test_a_call_that_goes_on_cannot_be_rewound(store: Transcripts, path: Path) -> None:
    keep_call(store, "goes-on", 2, ended=False)
    with pytest.raises(BadInput, match="has not ended"):
        rewound(store.load("goes-on"), 1, AT)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="not ended"):
        connection.execute("INSERT INTO rewinds VALUES (999, 'goes-on', 1, '', '')")


def test_a_branch_that_was_meant_to_count_is_refused_after_the_end(store: Transcripts) -> None:
    with pytest.raises(StoreError, match="This call has ended"):
        store.begin_branch(tried_again(CALL, 1, 2))


@pytest.mark.parametrize("turn", [0, 5, -1])
def test_a_turn_that_was_not_replied_to_cannot_be_answered_again(store: Transcripts, turn: int) -> None:
    with pytest.raises(BadInput, match=rf"no turn {turn} .*turns 1 to 4"):
        rewound(store.load(CALL), turn, AT)


def test_a_verdict_on_practice_changes_no_list(store: Transcripts, path: Path) -> None:
    branch = rewind(store, 2)
    say(store, branch, 2)
    before = rows(path)
    verdict = Verdict(standing="failed", model="some-model", raw="{}")
    store.keep_verdict(
        KeptVerdict(session=CALL, branch=branch, turn=2, attempt=1, verdict=verdict, state=None, at=AT), None
    )
    assert {table: rows(path)[table] for table in ("summaries", "heard", "desk")} == {
        table: before[table] for table in ("summaries", "heard", "desk")
    }
    assert [each.turn for each in store.load(CALL, branch).verdicts] == [2]
    assert store.load(CALL).verdicts == ()


def test_a_verdict_moves_the_customer_of_its_try_whatever_was_said_in_others_and_not_once_that_went_on(
    store: Transcripts,
) -> None:
    def verdict_on(branch: int, turn: int, attempt: int = 1) -> None:
        verdict = Verdict(standing="failed", model="some-model", raw="{}")
        kept = KeptVerdict(
            session=CALL, branch=branch, turn=turn, attempt=attempt, verdict=verdict, state=state(turn), at=AT
        )
        store.keep_verdict(kept, None)

    one, two = rewind(store, 2), rewind(store, 3)
    say(store, one, 2)
    say(store, two, 3)
    verdict_on(one, 2)
    say(store, one, 3)
    with pytest.raises(StoreError):
        verdict_on(one, 2, attempt=2)
    verdict_on(two, 3)
    assert [each.turn for each in store.load(CALL, one).verdicts] == [2]


def test_a_call_is_opened_without_reading_what_practice_was_begun_with(store: Transcripts, path: Path) -> None:
    one, two = rewind(store, 2), rewind(store, 3)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER openings_are_only_added")
        connection.execute("UPDATE openings SET at = 'then' WHERE branch = ?", [one])
    assert (store.load(CALL).newest, store.load(CALL, two).newest) == (2, 2)
    with pytest.raises(StoreDamaged, match="openings row"):
        store.load(CALL, one)
    with pytest.raises(NotFound, match="no branch 7"):
        store.load(CALL, 7)


def test_each_try_has_a_draft_of_its_own(store: Transcripts) -> None:
    one, two = rewind(store, 2), rewind(store, 3)
    for branch, text in ((one, "in one"), (two, "in two")):
        store.keep_draft(CALL, text, branch)
    say(store, two, 3)
    assert [(store.draft(CALL, each.branch), each.typed) for each in store.tries(CALL)] == [
        ("", 0),
        ("in one", 6),
        ("", 0),
    ]
    assert [each.id for each in store.tried("sam", 3)] == [CALL]
    assert store.tried("ann", 3) == [] and store.interrupted("sam") == []


def test_a_draft_of_before_stays_with_its_call(path: Path) -> None:
    with Transcripts(path) as store:
        keep_call(store, CALL, 2, ended=False)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE drafts")
        drafts(Database(connection))
        connection.execute("INSERT INTO drafts VALUES (?, 'half a th', '')", [CALL])
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'drafts_of_tries'")
    with Transcripts(path) as store:
        assert store.draft(CALL) == "half a th"


@pytest.mark.parametrize(("turns", "tries"), [(12, 4), pytest.param(200, 50, marks=pytest.mark.soak)])
def test_no_row_of_a_long_call_changes_however_often_it_is_answered_again(
    store: Transcripts, path: Path, turns: int, tries: int
) -> None:
    keep_long_call(store, turns)
    before, made, first = rows_of(path), rows(path), store.load(LONG)
    answer_again(store, turns, tries)
    after = rows_of(path)
    assert {table: after[table][: len(kept)] for table, kept in before.items()} == before
    assert {table: rows(path)[table] for table in ("summaries", "heard", "desk")} == {
        table: made[table] for table in ("summaries", "heard", "desk")
    }
    assert store.load(LONG) == msgspec.structs.replace(first, newest=tries)
    assert len(store.tries(LONG)) == 1 + tries and verify(path).fine

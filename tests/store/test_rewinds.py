"""A call that has ended is answered again on branches of practice: nothing of it changes, nothing of them counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.conversation.again import rewound
from roleplay.conversation.judging import Verdict
from roleplay.conversation.turns import KeptVerdict
from roleplay.errors import BadInput, StoreError
from roleplay.store.integrity import rebuild, verify
from roleplay.store.rows import TABLES
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import AT, ending, keep_call, line, reply, tried_again

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

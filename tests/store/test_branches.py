"""Answering again: a transcript is a tree, and is read along one of its branches."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roleplay.conversation.turns import SelfRating
from roleplay.errors import NotFound, StoreDamaged, StoreError
from roleplay.store.branches import Branch, path_to
from roleplay.store.database import fresh_structure, reading
from roleplay.store.integrity import rebuild, verify
from roleplay.store.listing import newest_sessions
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import AT, ending, keep_call, line, opening, reply, session, tried_again, try_again

CALL = "call-one"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roleplay.db"


@pytest.fixture
def store(path: Path) -> Iterator[Transcripts]:
    with Transcripts(path, busy_timeout=0.3) as store:
        keep_call(store, CALL, 3, ended=False)
        yield store


@contextmanager
def as_earlier_versions(path: Path) -> Iterator[None]:
    """Let a call be gone on with on another branch after its end, as earlier versions did."""
    names = [f"{table}_come_before_the_ending" for table in ("openings", "replies", "lines", "endings")]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for name in names:
            connection.execute(f"DROP TRIGGER {name}")
        yield
        for name in names:
            connection.execute(fresh_structure()[name][1])


def told(store: Transcripts) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[tuple[int, int]]]:
    """Branch and turn of the replies, of the lines, and of the earlier replies, as a transcript has them."""
    kept = store.load(CALL)
    replies, lines, earlier = (
        [(each.branch, each.turn) for each in rows] for rows in (kept.replies, kept.lines, kept.earlier)
    )
    return replies, lines, earlier


def test_a_branch_has_what_came_before_it_and_the_line_that_is_answered_again(store: Transcripts) -> None:
    store.begin_branch(tried_again(CALL, 1, 3))
    assert told(store) == ([(0, 1), (0, 2)], [(0, 1), (0, 2), (0, 3)], [(0, 3)])
    store.keep_reply(reply(CALL, 3, branch=1))
    store.keep_line(line(CALL, 4, branch=1))
    assert told(store) == ([(0, 1), (0, 2), (1, 3)], [(0, 1), (0, 2), (0, 3), (1, 4)], [(0, 3)])
    assert store.load(CALL).branch == 1


def test_the_opening_is_that_of_the_first_branch(store: Transcripts) -> None:
    try_again(store, CALL, 1, 2)
    assert store.load(CALL).opening == opening(CALL)


def test_a_branch_of_a_branch_that_was_left_earlier_than_it_began(store: Transcripts) -> None:
    try_again(store, CALL, 1, 3)
    try_again(store, CALL, 2, 2, parent=1)
    assert told(store) == ([(0, 1), (2, 2)], [(0, 1), (0, 2), (2, 3)], [(0, 2), (0, 3), (1, 3)])


def test_a_turn_that_is_tried_a_third_time_keeps_what_was_tried_before(store: Transcripts) -> None:
    try_again(store, CALL, 1, 3)
    try_again(store, CALL, 2, 3, parent=1)
    kept = store.load(CALL)
    assert [(each.branch, each.text) for each in kept.replies[2:]] == [(2, "Once more. (2, 3)")]
    assert [each.branch for each in kept.earlier] == [0, 1]


def test_the_very_first_reply_can_be_given_again(store: Transcripts) -> None:
    try_again(store, CALL, 1, 1)
    assert told(store) == ([(1, 1)], [(0, 1), (1, 2)], [(0, 1), (0, 2), (0, 3)])


def test_a_line_that_was_cut_short_comes_with_the_whole_one(store: Transcripts) -> None:
    store.begin_branch(tried_again(CALL, 1, 3))
    store.keep_reply(reply(CALL, 3, branch=1))
    store.keep_line(line(CALL, 4, "Half a", branch=1, broken_off=True))
    store.keep_line(line(CALL, 4, "Half a line, whole.", branch=1, attempt=2))
    assert [each.text for each in store.load(CALL).lines[3:]] == ["Half a", "Half a line, whole."]


def test_an_ending_settles_which_branch_counts(store: Transcripts, path: Path) -> None:
    try_again(store, CALL, 1, 3)
    store.keep_ending(ending(CALL, 1), 71.5)
    store.keep_self_rating(SelfRating(session=CALL, rating=2, at=AT))
    with as_earlier_versions(path):
        try_again(store, CALL, 2, 2)
        store.keep_ending(ending(CALL, 2), 90.0)
    kept = store.load(CALL)
    assert (kept.branch, kept.ending, kept.self_rating) == (
        1,
        ending(CALL, 1),
        SelfRating(session=CALL, rating=2, at=AT),
    )
    assert (store.score(CALL), verify(store.path).problems) == (71.5, [])


@pytest.mark.parametrize("ended", [0, 1])
def test_once_the_call_has_ended_on_a_branch_none_takes_anything_more(store: Transcripts, ended: int) -> None:
    try_again(store, CALL, 1, 3)
    store.keep_ending(ending(CALL, ended), 50.0)
    kept = store.load(CALL)
    adding: list[Callable[[], None]] = [lambda: store.begin_branch(tried_again(CALL, 2, 2, parent=1))]
    for branch in (0, 1):
        adding += [
            lambda branch=branch: store.keep_reply(reply(CALL, 4, branch=branch)),
            lambda branch=branch: store.keep_line(line(CALL, 4, attempt=2, branch=branch)),
            lambda branch=branch: store.keep_ending(ending(CALL, branch), 60.0),
        ]
    for add in adding:
        with pytest.raises(StoreError, match="This call has ended"):
            add()
    assert store.load(CALL) == kept
    store.keep_self_rating(SelfRating(session=CALL, rating=2, at=AT))
    assert verify(store.path).fine


def test_the_list_counts_each_turn_once_and_the_first_ending(store: Transcripts, path: Path) -> None:
    try_again(store, CALL, 1, 3)
    try_again(store, CALL, 2, 2, parent=1)
    assert [(each.turns, each.outcome) for each in store.interrupted("sam")] == [(3, None)]
    store.keep_reply(reply(CALL, 3, branch=2))
    store.keep_reply(reply(CALL, 4, branch=2))
    store.keep_ending(ending(CALL, 2), 40.0)
    with as_earlier_versions(path):
        store.begin_branch(tried_again(CALL, 3, 1))
        store.keep_ending(ending(CALL, 3), 95.0)
    for _ in range(2):
        with reading(path) as connection:
            assert connection
            (call,) = newest_sessions(connection, 5)
        assert (call.turns, call.outcome, call.score) == (4, "good", 40.0)
        rebuild(path)
    assert store.interrupted("sam") == []
    assert verify(path).fine


def test_a_branch_is_kept_whole_or_not_at_all(store: Transcripts) -> None:
    with pytest.raises(NotFound, match="no saved call"):
        store.begin_branch(tried_again(CALL, 5, 2, parent=4))
    with pytest.raises(NotFound, match="no saved call"):
        store.keep_reply(reply(CALL, 2, branch=5))
    assert store.load(CALL).branch == 0


def test_two_windows_cannot_begin_the_same_branch(store: Transcripts) -> None:
    store.begin_branch(tried_again(CALL, 1, 3))
    with pytest.raises(StoreError, match="being played in another window"):
        store.begin_branch(tried_again(CALL, 1, 2))
    assert len(store.load(CALL).replies) == 2


def test_a_branch_waits_for_a_lock_and_then_tells(store: Transcripts, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="Another program is writing"):
            store.begin_branch(tried_again(CALL, 1, 3))
        other.execute("ROLLBACK")
    store.begin_branch(tried_again(CALL, 1, 3))
    assert store.load(CALL).branch == 1


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE branches SET parent = 2", "branches row .*checksum"),
        ("UPDATE openings SET state = '{}' WHERE branch = 1", "openings row .*checksum"),
        ("UPDATE replies SET text = 'x' WHERE branch = 0 AND turn = 3", "replies row .*checksum"),
        ("DELETE FROM branches", "Rows are missing"),
        ("DELETE FROM replies WHERE branch = 0 AND turn = 2", "Rows are missing"),
        ("DELETE FROM replies WHERE branch = 0 AND turn >= 2", "Rows are missing"),
    ],
)
def test_what_was_altered_or_lost_is_seen(store: Transcripts, path: Path, change: str, named: str) -> None:
    store.begin_branch(tried_again(CALL, 1, 3))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for table in ("branches", "openings", "replies"):
            connection.execute(f"DROP TRIGGER {table}_are_only_added")
        connection.execute(change)
    with pytest.raises(StoreDamaged, match=named):
        store.load(CALL)


def test_branches_that_lead_round_in_circles_lead_nowhere() -> None:
    assert path_to(2, {0: Branch(None, 0), 1: Branch(2, 1), 2: Branch(1, 1)}) is None
    assert path_to(1, {0: Branch(None, 0), 1: Branch(1, 1)}) is None


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.integers(0, 9), min_size=1, max_size=25), number=st.integers(0, 10**9))
def test_whatever_is_tried_again_reads_as_it_was_played(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], number: int
) -> None:
    with Transcripts(tmp_path_factory.mktemp("tree") / "roleplay.db") as store:
        store.begin(session(CALL), opening(CALL))
        branch, played, turns, every = 0, [], set[int](), []
        for step, choice in enumerate(steps):
            if choice < 4 and played:
                turn = 1 + choice % len(played)
                store.begin_branch(tried_again(CALL, branch + 1, turn, parent=branch))
                branch, played = branch + 1, played[: turn - 1]
            else:
                said = reply(CALL, len(played) + 1, f"step {step}", branch=branch)
                store.keep_reply(said)
                played, every, turns = [*played, said], [*every, said], turns | {said.turn}
        kept = store.load(CALL)
        assert list(kept.replies) == played
        assert list(kept.earlier) == [each for each in every if each not in played]
        assert store.interrupted("sam")[0].turns == len(turns)
    assert verify(store.path).problems == []


def test_a_window_that_was_left_behind_cannot_reply_on_a_branch_that_was_left(store: Transcripts, path: Path) -> None:
    with Transcripts(path) as other:
        try_again(other, CALL, 1, 3)
    with pytest.raises(StoreError, match="played in another window"):
        store.keep_reply(reply(CALL, 4))
    assert [(each.branch, each.turn) for each in store.load(CALL).replies] == [(0, 1), (0, 2), (1, 3)]

"""What is typed and not sent."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from roleplay.errors import BadInput, NotFound, StoreBusy, StoreError
from roleplay.store.integrity import rebuild, verify
from roleplay.store.transcripts import DRAFT_LIMIT, Transcripts
from tests.store.kept_calls import ANSWERS, ending, keep_call, reply

CALL = "call-one"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Transcripts]:
    with Transcripts(tmp_path / "roleplay.db", busy_timeout=0.3) as store:
        keep_call(store, CALL, 1, ended=False)
        yield store


def test_the_last_one_is_there_when_the_call_is_opened_again(store: Transcripts) -> None:
    store.keep_draft(CALL, "It sounds")
    store.keep_draft(CALL, "It sounds frightening")
    store.close()
    with Transcripts(store.path) as again:
        assert again.draft(CALL) == "It sounds frightening"
    assert verify(store.path).fine


def test_without_one_there_is_nothing(store: Transcripts, tmp_path: Path) -> None:
    assert store.draft(CALL) == ""
    assert Transcripts(tmp_path / "none" / "roleplay.db").draft(CALL) == ""
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("text", ["a\n\n  b\t", "\x1b[31m nul \0", "👩‍👩‍👧 e\u0301 \u202e", "'; DROP TABLE drafts; --"])
def test_it_comes_back_letter_for_letter(store: Transcripts, text: str) -> None:
    store.keep_draft(CALL, text)
    assert store.draft(CALL) == text


def test_it_may_be_longer_than_a_reply_and_is_cut_at_its_own_limit(store: Transcripts) -> None:
    store.keep_draft(CALL, "x" * DRAFT_LIMIT + "beyond")
    assert store.draft(CALL) == "x" * 100_000


def test_a_reply_that_is_kept_clears_it_and_one_that_is_refused_does_not(store: Transcripts) -> None:
    store.keep_draft(CALL, ANSWERS)
    with pytest.raises(StoreError):
        store.keep_reply(reply(CALL, 1, ANSWERS))
    assert store.draft(CALL) == ANSWERS
    store.keep_reply(reply(CALL, 2, ANSWERS))
    assert store.draft(CALL) == ""


def test_the_ending_and_an_empty_one_clear_it(store: Transcripts) -> None:
    store.keep_draft(CALL, "Are")
    store.keep_draft(CALL, "")
    assert store.draft(CALL) == ""
    store.keep_draft(CALL, "Are")
    store.keep_ending(ending(CALL), None)
    assert store.draft(CALL) == ""


def test_each_call_has_its_own(store: Transcripts) -> None:
    keep_call(store, "call-two", 1, ended=False)
    store.keep_draft(CALL, "one")
    store.keep_draft("call-two", "two")
    store.keep_reply(reply("call-two", 2))
    assert (store.draft(CALL), store.draft("call-two")) == ("one", "")


def test_of_a_call_that_is_not_there_nothing_is_kept(store: Transcripts) -> None:
    with pytest.raises(NotFound, match="no saved call"):
        store.keep_draft("call-two", "x")


def test_half_a_character_is_refused_in_one_sentence(store: Transcripts) -> None:
    store.keep_draft(CALL, "before")
    with pytest.raises(BadInput, match="cannot be saved"):
        store.keep_draft(CALL, "\ud800")
    assert store.draft(CALL) == "before"


def test_a_lock_that_is_held_leaves_the_one_before(store: Transcripts) -> None:
    store.keep_draft(CALL, "before")
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            store.keep_draft(CALL, "after")
        assert store.draft(CALL) == "before"
        other.execute("ROLLBACK")


def test_rebuilding_leaves_it_and_searching_does_not_find_it(store: Transcripts) -> None:
    store.keep_draft(CALL, "a word nobody said: zephyr")
    rebuild(store.path)
    assert store.draft(CALL).endswith("zephyr")
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("SELECT 1 FROM said_fts WHERE said_fts MATCH 'zephyr'").fetchall() == []


def test_the_time_of_keeping_is_beside_it(store: Transcripts) -> None:
    store.keep_draft(CALL, "x")
    with closing(sqlite3.connect(store.path)) as connection:
        (at,) = connection.execute("SELECT at FROM drafts").fetchone()
    assert abs((datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()) < 60

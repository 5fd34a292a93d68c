"""Drills are kept as they were given, and what a trainee practised is told of calls and drills together."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from roleplay.conversation.drilling import DrillDraft, DrillItem
from roleplay.errors import StoreDamaged
from roleplay.persona.message import Message
from roleplay.store.drills import Drills
from roleplay.store.transcripts import DRAFT_LIMIT, Transcripts
from tests.store.kept_calls import (
    ANSWERS,
    SAYS,
    drill,
    drill_everything,
    ending,
    keep_call,
    line,
    opening,
    reply,
    script,
    session,
    try_again,
)

ITEM = DrillItem("the-ramp", "opening")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roleplay.db"


@pytest.fixture
def drills(path: Path) -> Iterator[Drills]:
    with Drills(path) as drills:
        yield drills


def test_nothing_was_practised_before_there_is_a_file(drills: Drills) -> None:
    assert (drills.of("sam"), drills.tests("sam"), drills.test_ratings("sam")) == ([], [], [])
    assert (drills.practised("sam"), drills.draft("sam"), drills.script("drill-sam-1")) == ([], None, None)


def test_a_drill_comes_back_as_it_was_kept_with_the_script_it_was_taken_from(drills: Drills) -> None:
    drills.keep(drill(), script())
    drills.keep(drill("kim"), script())
    assert drills.of("sam") == [drill()]
    assert drills.script("drill-sam-1") == script()


def test_a_test_and_its_rating_come_back_as_they_were_kept(drills: Drills, path: Path) -> None:
    with Transcripts(path) as calls:
        keep_call(calls, "some-call")
    drill_everything(path)
    assert [(test.items, test.at[:4]) for test in drills.tests("sam")] == [((ITEM,), "2026")]
    assert [(rating.test, rating.rating) for rating in drills.test_ratings("sam")] == [("test-sam", 3)]


def test_a_draft_is_kept_until_its_drill_is(drills: Drills) -> None:
    drills.keep_draft("sam", DrillDraft(item=ITEM, test="", text="Are you beh"))
    drills.keep_draft("sam", DrillDraft(item=ITEM, test="", text="x" * (DRAFT_LIMIT + 1)))
    assert drills.draft("sam") == DrillDraft(item=ITEM, test="", text="x" * DRAFT_LIMIT)
    drills.keep_draft("sam", DrillDraft(item=ITEM, test="t", text="In a test"))
    drills.keep(drill("kim"), script())
    assert drills.draft("sam")
    drills.keep(drill(), script())
    assert drills.draft("sam") is None
    assert drills.draft("sam", "t") == DrillDraft(item=ITEM, test="t", text="In a test")


def test_an_altered_drill_is_refused(drills: Drills, path: Path) -> None:
    drills.keep(drill(), script())
    drills.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER drills_are_only_added")
        connection.execute("UPDATE drills SET aided = 1")
    with pytest.raises(StoreDamaged, match="drills row"):
        drills.of("sam")


def test_what_was_practised_is_told_of_calls_and_drills_in_the_order_of_time(drills: Drills, path: Path) -> None:
    with Transcripts(path) as calls:
        keep_call(calls, "ended", 2)
        keep_call(calls, "goes-on", 2, ended=False)
        keep_call(calls, "of-kim", 2, trainee="kim")
    early, late = "2026-11-03T09:00:00Z", "2026-11-05T09:00:00Z"
    drills.keep(drill(at=late, aided=1, test="a-test"), script())
    drills.keep(drill(attempt=2, at=late), script())
    drills.keep(drill(attempt=1, id="early", at=early, sitting="first", moment="bench"), script())
    told = [(each.source, each.within, each.turn, each.moment, each.aided) for each in drills.practised("sam")]
    assert told == [
        ("drill", "first", 0, "bench", 0),
        ("call", "ended", 1, "opening", 0),
        ("call", "ended", 2, "opening", 0),
        ("test", "a-test", 0, "opening", 1),
    ]
    first = drills.practised("sam")[0]
    assert (first.persona, first.title, first.short, first.opportunity) == ("the-ramp", "The ramp", False, "met")
    assert (first.levels, first.harm, first.overall, first.turn_score) == ((1, 1, 1, 1, 1), 0, 3, 62.5)


def test_a_reply_that_was_given_again_counts_by_its_first_try(drills: Drills, path: Path) -> None:
    with Transcripts(path) as calls:
        keep_call(calls, "ended", 2, ended=False)
        try_again(calls, "ended", 1, 2)
        calls.keep_ending(ending("ended", 1), 62.5)
    assert [each.turn for each in drills.practised("sam")] == [1, 2]


def test_the_five_minute_form_is_told_as_the_same_persona(drills: Drills) -> None:
    short = msgspec.structs.replace(script(), short=True)
    assert short.listed == ("the-ramp:short", "The ramp (five minutes)")
    drills.keep(drill(history=(Message("customer", SAYS),), text=ANSWERS), short)
    (told,) = drills.practised("sam")
    assert told.persona == "the-ramp"


def test_a_moment_of_a_five_minute_call_is_the_moment_of_the_whole_one(drills: Drills, path: Path) -> None:
    head = session("short")
    with Transcripts(path) as calls:
        calls.begin(
            msgspec.structs.replace(head, script=msgspec.structs.replace(head.script, short=True)), opening("short")
        )
        calls.keep_line(line("short", 1))
        calls.keep_reply(reply("short", 1))
        calls.keep_ending(ending("short"), 62.5)
    drills.keep(drill(), script())
    told = drills.practised("sam")
    assert {(each.persona, each.moment) for each in told} == {("the-ramp", "opening")}
    assert [each.short for each in told if each.source == "call"] == [True]

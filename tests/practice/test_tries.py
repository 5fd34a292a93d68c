"""Tries of a call: found again with what was typed in them, never mixed up, and never among the calls that wait."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.conversation.judging import Verdict
from roleplay.conversation.turns import Transcript
from roleplay.errors import NotFound
from roleplay.practice import tries
from roleplay.practice.calls import Calls
from roleplay.practice.debrief import debrief_of
from roleplay.practice.heard import gestures_left
from roleplay.store.rows import TABLES
from tests.practice.tried import BETTER, COLD, REPLIES, calls_of, ended_call, tried


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    with closing(calls_of(tmp_path)) as calls:
        yield calls


async def test_each_try_is_told_with_where_it_leaves_and_how_far_it_came(calls: Calls) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    await tried(calls, ident, 2, [BETTER, "I am staying with you."])
    await tried(calls, ident, 1, [COLD] * 12)
    await tried(calls, ident, 3, [], branch=1)
    calls.keep_draft(ident, "I am st", 3)
    begun = calls.tries(ident)
    assert [tries.in_words(each, begun) for each in begun] == [
        "Try 1, from turn 2, 2 replies, waits.",
        f"Try 2, from turn 1, {begun[1].own} replies, ended badly.",
        "Try 3, from turn 3 of try 1, nothing said yet, waits, with what you typed.",
    ]
    waits = tries.waiting(begun), tries.waiting(begun, 1), tries.waiting(begun, 2)
    assert [each and each.branch for each in waits] == [3, 1, None]


async def test_a_try_that_was_left_before_a_word_is_gone_on_with(calls: Calls) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    once, again = await calls.rewind(ident, 2), await calls.rewind(ident, 2)
    assert (once.transcript.branch, again.transcript.branch) == (1, 1)
    await again.reply(BETTER)
    assert (await calls.rewind(ident, 2)).transcript.branch == 2
    assert (await calls.rewind(ident, 2, 1)).transcript.branch == 3


async def test_what_is_typed_in_one_try_is_not_found_in_another(calls: Calls) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    one, two = await calls.rewind(ident, 1), await calls.rewind(ident, 2)
    for branch, typed in ((1, "in one"), (2, "in two")):
        calls.keep_draft(ident, typed, branch)
    await two.reply(BETTER)
    assert [calls.draft(ident, branch) for branch in (0, 1, 2)] == ["", "in one", ""]
    await one.reply(BETTER)
    assert calls.draft(ident, 1) == ""


async def test_a_call_that_was_answered_again_is_listed_as_that_and_not_as_cut_short(calls: Calls) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    again = await calls.rewind(ident, 1)
    assert calls.gallery().tried == ()
    await again.reply(COLD)
    gallery = calls.gallery()
    assert ([each.id for each in gallery.tried], gallery.interrupted) == ([ident], ())
    for _ in range(12):
        if not again.ended:
            await again.reply(COLD)
    assert calls.gallery().tried == ()


async def test_practice_is_coached_after_an_exam_too(calls: Calls) -> None:
    ident = (await ended_call(calls, exam=True)).transcript.session.id
    again = await calls.rewind(ident, 1)
    assert (calls.load(ident).coached, again.transcript.coached) == (False, True)
    gesture = gestures_left(again)[0]
    await again.reply("Here.", gesture.id)
    assert again.state.gestures or gesture in gestures_left(again)


class Judges:
    """A judge that finds fault with everything, and remembers what it was asked about."""

    name = "stub"

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def judge(self, occasion: object, history: object, reply: str, offline: object, *, used: object) -> Verdict:
        self.asked.append(reply)
        return Verdict(standing="failed", model="stub", raw="{}")


async def test_a_judge_reads_what_is_said_in_a_try_and_nothing_of_the_first_path(calls: Calls, tmp_path: Path) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    before = made(tmp_path)
    judge = Judges()
    again = await calls.rewind(ident, 3)
    again.go_on_with(again._saying.actor, judge)  # type: ignore[arg-type]
    await again.speak()
    await again.reply(BETTER)
    await again.fill_gaps(lambda done, all_of_them: None)
    assert set(judge.asked) == {BETTER}
    told = calls.load(ident, 1)
    assert {each.place for each in told.verdicts} == {(1, 3)} and calls.load(ident).verdicts == ()
    assert made(tmp_path) == before


def made(workspace: Path) -> dict[str, list[tuple[object, ...]]]:
    """What is computed from the rows for lists."""
    with closing(sqlite3.connect(workspace / "transcripts" / "roleplay.db")) as connection:
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in ("summaries", "heard", "desk")}


async def test_rows_of_the_first_path_are_the_same_bytes_after_many_tries(calls: Calls, tmp_path: Path) -> None:
    first = (await ended_call(calls)).transcript
    ident, before, debrief = first.session.id, rows(tmp_path), debrief_of(calls.load(first.session.id))
    for turn in (1, 2, 3, 1):
        await tried(calls, ident, turn, [BETTER, *REPLIES, COLD][: turn + 1])
    after = rows(tmp_path)
    assert {name: found[: len(before[name])] for name, found in after.items()} == before
    assert debrief_of(calls.load(ident)) == debrief


def rows(workspace: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(workspace / "transcripts" / "roleplay.db")) as connection:
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY n").fetchall() for name in TABLES}


async def test_the_replies_that_missed_are_offered_first(calls: Calls) -> None:
    first: Transcript = (await ended_call(calls)).transcript
    offered = [(each.turn, each.assessment.opportunity) for each in tries.missed_first(debrief_of(first).replies)]
    assert offered == [(1, "missed"), (3, "missed"), (2, "met")]
    assert tries.first_missed(first) == 1


async def test_a_try_that_there_is_not_is_named_with_those_that_there_are(calls: Calls) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    with pytest.raises(NotFound, match="not answered again"):
        tries.path_of(calls.store.tries(ident), 1)
    await calls.rewind(ident, 1)
    every = calls.store.tries(ident)
    assert [tries.path_of(every, branch) for branch in (None, 0, 1)] == [None, None, 1]
    with pytest.raises(NotFound, match=r"no try 7 of this call\. It has try 1\."):
        tries.path_of(every, 7)

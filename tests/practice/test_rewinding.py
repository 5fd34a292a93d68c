"""A call that has ended is answered again from any turn: the customer is the same, and the first path stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.conversation.session import Session
from roleplay.conversation.turns import SelfRating
from roleplay.errors import BadInput
from roleplay.practice.calls import Calls, now
from roleplay.practice.debrief import debrief_of
from roleplay.store.transcripts import Transcripts

REPLIES = (
    "Give me your membership number.",
    "That sounds loud and frightening. Are you safe where you are?",
    "I am raising your car to a roadway hazard now, so the next free truck is yours.",
)
BETTER = "With traffic on both sides of you that must be frightening. Are you in the car, and are you hurt?"


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    (tmp_path / "personas").mkdir()
    with closing(calls_of(tmp_path)) as calls:
        yield calls


def calls_of(workspace: Path) -> Calls:
    return Calls(workspace / "personas", Transcripts(workspace / "transcripts" / "roleplay.db"), "sam", now)


async def ended(calls: Calls, *, exam: bool = False) -> Session:
    session = await calls.begin(calls.persona("stranded-driver"), exam=exam, seed="7")
    await session.speak()
    for text in REPLIES:
        await session.reply(text)
    await session.leave()
    return session


async def test_the_same_reply_gets_the_same_customer(calls: Calls) -> None:
    first = (await ended(calls)).transcript
    again = await calls.rewind(first.session.id, 2)
    assert again.transcript.replies == first.replies[:1]
    for text in REPLIES[1:]:
        await again.reply(text)
    told = again.transcript
    assert [each.text for each in told.lines] == [each.text for each in first.lines]
    assert [each.state for each in told.replies] == [each.state for each in first.replies]
    assert (told.practice, told.branch, told.ending) == (True, 1, None)


async def test_another_reply_gets_another_customer_and_the_first_path_stays(calls: Calls) -> None:
    first = (await ended(calls)).transcript
    before = debrief_of(calls.load(first.session.id))
    again = await calls.rewind(first.session.id, 1)
    await again.reply(BETTER)
    assert again.transcript.state.trust > first.replies[0].state.trust
    kept = calls.load(first.session.id)
    assert (debrief_of(kept), kept.replies, kept.lines) == (before, first.replies, first.lines)


async def test_practice_goes_on_where_it_was_with_its_draft(calls: Calls, tmp_path: Path) -> None:
    first = (await ended(calls)).transcript.session.id
    again = await calls.rewind(first, 2)
    await again.reply(BETTER)
    calls.keep_draft(first, "I am st")
    with closing(calls_of(tmp_path)) as others:
        resumed = await others.resume(first, again.transcript.branch)
        assert (resumed.transcript, others.draft(first)) == (again.transcript, "I am st")
        await resumed.reply("I am staying on the line with you until the truck is there.")
        assert resumed.transcript.state.turn == 3


async def test_what_was_taken_back_in_the_call_or_rated_after_it_is_no_part_of_its_practice(calls: Calls) -> None:
    session = await calls.begin(calls.persona("stranded-driver"), exam=False, seed="7")
    await session.speak()
    await session.reply("Calm down.")
    await session.try_again()
    await session.reply(BETTER)
    await session.leave()
    calls.store.keep_self_rating(SelfRating(session=session.transcript.session.id, rating=3, at=now()))
    first = calls.load(session.transcript.session.id)
    assert first.self_rating and [each.text for each in first.earlier] == ["Calm down."]
    again = await calls.rewind(first.session.id, 1)
    await again.reply(REPLIES[1])
    assert (again.transcript.earlier, again.transcript.self_rating) == ((), None)
    assert calls.load(first.session.id, again.transcript.branch) == again.transcript


async def test_practice_can_be_taken_back_and_rewound_itself(calls: Calls) -> None:
    first = (await ended(calls, exam=True)).transcript.session.id
    again = await calls.rewind(first, 2)
    await again.reply("Calm down.")
    assert again.can_try_again
    await again.try_again()
    await again.reply(BETTER)
    other = await calls.rewind(first, 2, again.transcript.branch)
    assert (again.transcript.branch, other.transcript.branch, other.transcript.newest) == (2, 3, 3)
    assert other.transcript.replies == again.transcript.replies[:1]


async def test_practice_ends_by_itself_and_the_score_in_the_list_is_the_first(calls: Calls) -> None:
    first = (await ended(calls)).transcript
    score = calls.store.score(first.session.id)
    again = await calls.rewind(first.session.id, 3)
    for _ in range(12):
        if not again.ended:
            await again.reply("Shut up, you stupid liar.")
    assert again.ended
    assert calls.store.score(first.session.id) == score
    with pytest.raises(BadInput, match="has ended"):
        await calls.resume(first.session.id, again.transcript.branch)


async def test_only_a_call_that_has_ended_is_answered_again_from_any_turn(calls: Calls) -> None:
    session = await calls.begin(calls.persona("stranded-driver"), exam=False, seed="7")
    await session.speak()
    await session.reply(BETTER)
    with pytest.raises(BadInput, match="has not ended"):
        await calls.rewind(session.transcript.session.id, 1)

"""A moment that was replied to anywhere, if only as practice, is not one that was never seen."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from roleplay.conversation.drilling import DrillItem
from roleplay.practice.drills.common import practice_of
from tests.practice.tried import BETTER, MISSES, PERSONA, calls_of, ended_call, tried


async def test_what_was_come_to_in_a_try_or_in_a_call_that_goes_on_is_seen_and_counts_nowhere(tmp_path: Path) -> None:
    with closing(calls_of(tmp_path)) as calls:
        ident = (await ended_call(calls, [MISSES])).transcript.session.id
        again = await tried(calls, ident, 1, [BETTER, "I stay on the line. Is anybody with you?", BETTER])
        begun = await calls.begin(calls.persona("friend-request"), exam=False, seed="1", short=True)
        await begun.speak()
        await begun.reply(BETTER)
        with closing(practice_of(calls)) as practice:
            known = practice.known()
        replied = {DrillItem(PERSONA, each.moment) for each in again.transcript.replies}
        assert len(replied) > 1 and replied | {DrillItem("friend-request", "opening")} <= known.seen
        assert [each.moment for each in known.practised] == ["opening"]

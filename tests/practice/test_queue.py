"""A queue in the debrief: what came of each, whose needs these were, and nothing of those who never came."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.conversation.session import Session
from roleplay.practice import wording
from roleplay.practice.calls import Calls, now
from roleplay.practice.course import course_of
from roleplay.practice.debrief import debrief_of
from roleplay.store.transcripts import Transcripts
from tests.persona.stories import QUEUE

LOTTIE_FIRST = "0"


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "counter.yaml").write_text(QUEUE)
    with closing(Calls(tmp_path / "personas", Transcripts(tmp_path / "roleplay.db"), "sam", now)) as calls:
        yield calls


async def begun(calls: Calls) -> Session:
    session = await calls.begin(calls.persona("counter"), exam=False, seed=LOTTIE_FIRST)
    await session.speak()
    return session


async def test_the_seed_of_the_call_draws_the_queue(calls: Calls) -> None:
    session = await begun(calls)
    assert session.transcript.session.script.queue == ("lottie", "tom")


async def test_needs_and_what_was_kept_back_are_told_of_those_who_came(calls: Calls) -> None:
    session = await begun(calls)
    await session.leave()
    debrief = debrief_of(session.transcript)
    assert debrief.needs_unmet == (
        "Lottie: Two copies of the form.",
        "Lottie: Not to be hurried at the end of it.",
    )
    assert [each.disclosure for each in debrief.untold] == ["lottie-house"]
    assert wording.kept_back(debrief) == "Lottie kept 1 thing back."


async def test_each_has_a_stretch_in_the_course_and_a_line_in_the_epilogue(calls: Calls) -> None:
    session = await begun(calls)
    for _ in range(2):
        await session.reply("Goodbye then, bye.")
    debrief = debrief_of(session.transcript)
    assert [stretch.name for stretch in course_of(debrief)] == ["Lottie", "Tom"]
    assert [told.partition(":")[0] for told in debrief.epilogue.split("\n\n")] == ["Lottie Marsh", "Tom Reyes"]
    assert (debrief.name, debrief.ending, debrief.visit) == ("Window Four", "none-seen", "")


async def test_before_the_call_nobody_is_named(calls: Calls) -> None:
    (card,) = [card for card in calls.gallery().cards if card.id == "counter"]
    assert (card.name, card.extent) == ("Window Four", "a queue of 2, 2 drawn")
    assert calls.upcoming(calls.persona("counter")).persona.trainee.brief == ""

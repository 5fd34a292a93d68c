"""Five-minute calls, as the trainee has them: found again, gone on with, with results of their own, and no visits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.conversation.session import Session
from roleplay.practice.calls import Calls, now
from roleplay.practice.debrief import debrief_of
from roleplay.practice.visits import another_comes, heading_of
from roleplay.store.transcripts import Transcripts
from tests.persona.stories import QUEUE, VISITS


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "emil.yaml").write_text(VISITS)
    (tmp_path / "personas" / "counter.yaml").write_text(QUEUE)
    store = Transcripts(tmp_path / "transcripts" / "roleplay.db")
    with closing(Calls(tmp_path / "personas", store, "sam", now)) as calls:
        yield calls


async def begun(calls: Calls, *, short: bool, who: str = "emil") -> Session:
    session = await calls.begin(calls.persona(who), exam=False, seed="1", short=short)
    await session.speak()
    return session


def ident(session: Session) -> str:
    return session.transcript.session.id


async def test_one_that_was_cut_short_goes_on_as_it_was_and_is_found_by_either_name(calls: Calls) -> None:
    whole, short = await begun(calls, short=False), await begun(calls, short=True)
    assert {each.id for each in calls.interrupted_with("emil")} == {ident(whole), ident(short)}
    (found,) = calls.interrupted_with("emil", short=True)
    assert (found.id, found.persona, found.title) == (
        ident(short),
        "emil:short",
        "The same card every week (five minutes)",
    )
    resumed, beside = await calls.resume(found.id), await begun(calls, short=True)
    for session in (resumed, beside):
        await session.reply("Do you have your son near?")
    assert resumed.transcript.session.script.short and resumed.state == beside.state


async def test_its_result_stands_beside_that_of_whole_calls(calls: Calls) -> None:
    short = await begun(calls, short=True)
    await short.reply("Do you have your son near?")
    await short.leave()
    (card,) = [each for each in calls.gallery().cards if each.id == "emil"]
    assert (card.calls, card.best, card.short_calls) == (0, None, 1) and card.short_best is not None


async def test_it_is_no_visit_and_says_nothing_of_one(calls: Calls) -> None:
    short = await begun(calls, short=True)
    await short.reply("Do you have your son near?")
    await short.leave()
    assert heading_of(calls.upcoming(calls.persona("emil")).visiting) == "Visit 1"
    assert not another_comes(short.transcript) and debrief_of(short.transcript).visit == ""
    whole = await begun(calls, short=False)
    await whole.leave()
    due = calls.upcoming(calls.persona("emil"), short=True)
    assert due.persona.moments[0].says == "Again the ten one." and due.short


async def test_of_a_queue_one_comes(calls: Calls) -> None:
    short = await begun(calls, short=True, who="counter")
    assert len(short.transcript.session.script.queue) == 1
    await short.leave()
    assert [each.id for each in calls.gallery().cards if each.short_calls] == ["counter"]

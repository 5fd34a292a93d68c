"""A customer who comes back, as the trainee has it: what is due, what is remembered, what the debrief says of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.conversation.session import Session
from roleplay.conversation.turns import Transcript
from roleplay.errors import StoreBusy, StoreForeign
from roleplay.persona.visits import Remembered, Visiting
from roleplay.practice.calls import Calls, now
from roleplay.practice.debrief import Debrief, debrief_of
from roleplay.practice.visits import another_comes, heading_of, remembered_in
from roleplay.store.rows import checksum
from roleplay.store.transcripts import Transcripts
from tests.persona.stories import VISITS


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "emil.yaml").write_text(VISITS)
    with closing(calls_of(tmp_path)) as calls:
        yield calls


def calls_of(workspace: Path, trainee: str = "sam") -> Calls:
    return Calls(workspace / "personas", Transcripts(workspace / "transcripts" / "roleplay.db"), trainee, now)


async def begun(calls: Calls, *, exam: bool = False) -> Session:
    session = await calls.begin(calls.persona("emil"), exam=exam, seed="1")
    await session.speak()
    return session


async def visited(calls: Calls, *replies: str, exam: bool = False) -> Debrief:
    """The debrief of the next visit, given `replies` and left after them."""
    session = await begun(calls, exam=exam)
    for reply in replies:
        if not session.ended:
            await session.reply(reply)
    await session.leave()
    return debrief_of(session.transcript)


def due(calls: Calls) -> str:
    """Which visit comes next."""
    return heading_of(calls.upcoming(calls.persona("emil")).visiting)


async def test_each_visit_is_due_after_the_ones_before_it_and_then_the_story_begins_again(calls: Calls) -> None:
    headings = []
    for replies in (["Do you have your son near?"], [], [], []):
        headings.append(due(calls))
        await visited(calls, *replies)
    assert headings == ["Visit 1", "Visit 2: The second Thursday", "Visit 3: The third Thursday", "Visit 1"]


async def test_only_calls_that_ended_count_of_the_same_trainee_and_an_exam_counts_too(
    calls: Calls, tmp_path: Path
) -> None:
    interrupted = await begun(calls)
    assert due(calls) == "Visit 1"
    with closing(calls_of(tmp_path, "kim")) as others:
        await visited(others)
        assert due(others).startswith("Visit 2") and due(calls) == "Visit 1"
    await visited(calls, exam=True)
    assert due(calls).startswith("Visit 2")
    resumed = await calls.resume(interrupted.transcript.session.id)
    assert heading_of(resumed.transcript.session.script.visiting) == "Visit 1", "as it was begun"


async def test_visits_are_made_in_the_order_in_which_they_ended(calls: Calls) -> None:
    waiting = await begun(calls)
    await visited(calls, "Do you have your son near?")
    resumed = await calls.resume(waiting.transcript.session.id)
    await resumed.leave()
    assert list(remembered_in(calls.upcoming(calls.persona("emil")).visiting)) == [
        "Visit 1. It ended badly. You were told nothing."
    ]


async def test_the_briefing_tells_what_the_trainee_remembers(calls: Calls) -> None:
    await visited(calls, "Do you have your son near?")
    await visited(calls)
    first, second = remembered_in(calls.upcoming(calls.persona("emil")).visiting)
    assert first == "Visit 1. It ended badly. You were told: “You look like my Petr.”"
    assert second == "Visit 2: The second Thursday. It ended badly. You were told nothing."


def test_what_was_told_is_remembered_whole_however_long_it_is() -> None:
    told = "You look like my Petr, " + "as he was at the gate, " * 20 + "before the train."
    first = Remembered(number=1, title="", outcome="good", told=(told,))
    assert list(remembered_in(Visiting(number=2, remembered=(first,)))) == [
        f"Visit 1. It ended well. You were told: “{told}”"
    ]


async def test_the_gallery_says_which_visit_comes_next_once_there_was_one(calls: Calls) -> None:
    (card,) = [card for card in calls.gallery().cards if card.id == "emil"]
    assert (card.extent, card.visit) == ("a story of 3 visits", "")
    await visited(calls)
    (card,) = [card for card in calls.gallery().cards if card.id == "emil"]
    assert card.visit == "Visit 2: The second Thursday"


async def test_the_debrief_says_which_visit_it_was_and_whether_another_comes(calls: Calls) -> None:
    first = await visited(calls, "Do you have your son near?")
    assert first.visit == "Visit 1. Emil will come again."
    await visited(calls)
    third = await visited(calls)
    assert third.visit == "Visit 3: The third Thursday. No other visit follows: next time the story begins anew."


async def test_the_debrief_of_a_visit_is_about_that_visit(calls: Calls) -> None:
    await visited(calls, "Do you have your son near?")
    second = await visited(calls)
    assert second.told == () and {each.disclosure for each in second.untold} == {"letter", "minutes"}
    assert second.needs_unmet == ("To be near somebody who looks like his son.",)


async def test_whether_another_comes_is_known_from_the_transcript_alone(calls: Calls, tmp_path: Path) -> None:
    session = await begun(calls)
    await session.leave()
    (tmp_path / "personas" / "emil.yaml").unlink()
    assert another_comes(calls.load(session.transcript.session.id))


async def test_a_damaged_visit_is_not_remembered_and_stops_nobody(calls: Calls, tmp_path: Path) -> None:
    await visited(calls)
    with closing(sqlite3.connect(tmp_path / "transcripts" / "roleplay.db", isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema = 1")
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE lines SET text = 'Somebody else.'")
    assert due(calls) == "Visit 1"


async def test_a_visit_of_another_version_is_not_remembered_and_stops_nobody(calls: Calls, tmp_path: Path) -> None:
    session = await begun(calls)
    await session.leave()
    with closing(sqlite3.connect(tmp_path / "transcripts" / "roleplay.db", isolation_level=None)) as database:
        row = database.execute("SELECT n, id, persona, title, script FROM scripts").fetchone()
        row = (*row[:4], row[4].replace('"backstory"', '"hologram"'))
        database.execute("DROP TRIGGER scripts_are_only_added")
        database.execute("UPDATE scripts SET script = ?, checksum = ?", [row[4], checksum("scripts", row)])
    with pytest.raises(StoreForeign):
        calls.load(session.transcript.session.id)
    assert due(calls) == "Visit 1"
    assert "emil" in [card.id for card in calls.gallery().cards]
    assert (await begun(calls)).direction.line == "The ten one, please."


class BusyWhenLoading(Transcripts):
    """Transcripts that can be listed, while another program keeps each of them from being read."""

    def load(self, session: str, branch: int | None = None) -> Transcript:
        raise StoreBusy("Another program is writing.")


async def test_while_visits_cannot_be_read_the_gallery_only_leaves_out_which_comes_next(
    calls: Calls, tmp_path: Path
) -> None:
    await visited(calls)
    store = BusyWhenLoading(tmp_path / "transcripts" / "roleplay.db")
    with closing(Calls(tmp_path / "personas", store, "sam", now)) as busy:
        (card,) = [card for card in busy.gallery().cards if card.id == "emil"]
        assert (card.calls, card.visit) == (1, "")
        with pytest.raises(StoreBusy):
            await begun(busy)

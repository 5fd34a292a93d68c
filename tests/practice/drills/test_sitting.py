"""A sitting: a moment, a reply that is kept, at once what was heard, and when it comes back."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.drilling import DrillItem
from roleplay.conversation.scripts import script_for
from roleplay.conversation.session import Session
from roleplay.conversation.turns import SessionRecord
from roleplay.errors import BadInput, NotFound, StoreError
from roleplay.persona.loading import parse_persona
from roleplay.practice.calls import Calls
from roleplay.practice.drills.sitting import sitting_of, waiting
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.store.transcripts import Transcripts
from tests.practice.drills.room import ALONE, MEETS, MISSES, OPENING, RAMP, TYPING, Room, drilled, living_in, taken


def call(room: Room, *replies: str) -> str:
    """A call with the ramp that was left after these replies; its id."""

    async def played() -> None:
        persona = parse_persona(RAMP.encode(), "the-ramp.yaml").persona
        assert persona
        script = script_for(persona)
        now = room.time.isoformat()
        record = SessionRecord(
            id="a-call", script=script, seed="7", exam=False, actor="scripted", trainee="sam", started=now
        )
        session = await Session.begin(
            record, store=room.store, scorer=OfflineScorer(script.rubric), actor=ScriptedActor(), clock=lambda: now
        )
        await session.speak()
        for reply in replies:
            await session.reply(reply)
        await session.leave()

    asyncio.run(played())
    return "a-call"


def test_a_reply_is_kept_before_anything_is_told_of_it_with_the_moment_as_it_was_shown(room: Room) -> None:
    sitting = room.sitting(item=OPENING)
    task = taken(sitting)
    result = sitting.answer(task, f"  {MEETS}\x1b[31m\n")
    (kept,) = room.practice().drills.of("sam")
    assert kept.text == f"{MEETS}␛[31m" == result.reply.reply
    assert kept.assessment.opportunity == "met"
    assert (kept.persona, kept.moment, kept.attempt, kept.aided, kept.test) == ("the-ramp", "opening", 1, 0, "")
    assert kept.history == task.shown.history and kept.assessment.scorer.name == "offline"
    assert result.verdict == "Met" and result.marks and result.reply.overall_means
    assert result.reply.assessment.suggestion is None  # nothing better is shown beside what met the moment
    assert [each.moment for each in room.practised()] == ["opening"]


def test_a_missed_moment_is_told_with_what_was_there_a_worked_reply_and_when_it_comes_back(room: Room) -> None:
    result = drilled(room, TYPING, MISSES)
    assert result.verdict == "Missed" and result.comes_back == "It comes back tomorrow."
    assert any("alone" in there.text for there in result.reply.there)
    assert (
        result.reply.assessment.suggestion
        and result.reply.assessment.suggestion.why == "It takes up what bothered her."
    )


def test_what_was_missed_comes_back_first_on_the_next_day_and_says_why(room: Room) -> None:
    drilled(room, OPENING, MEETS)
    drilled(room, TYPING, MISSES)
    assert waiting(room.practice().drills, "sam", room.time.isoformat()) == 0
    room.wait(hours=20)
    assert waiting(room.practice().drills, "sam", room.time.isoformat()) == 1
    assert waiting(room.practice().drills, "sam", room.time.isoformat(), {"emil"}) == 0
    task = taken(room.sitting())
    assert (task.item, task.because) == (TYPING, "missed")
    assert task.why == "You missed this on 2 November; it comes back today."


def test_hints_are_a_question_then_a_worked_reply_that_is_not_shown_again(room: Room) -> None:
    sitting = room.sitting(item=TYPING)
    task = taken(sitting)
    first, second, third = (sitting.hint(task) for _ in range(3))
    assert first.question.endswith("?") and first.worked is None and first.more
    assert second == third and second.worked and not second.more
    result = sitting.answer(task, MISSES)
    assert result.aided == 2 and room.practice().drills.of("sam")[0].aided == 2
    shown = result.reply.assessment.suggestion
    assert shown and shown.text != second.worked.reply


def test_the_only_worked_reply_is_not_shown_after_it_was_a_hint(room: Room) -> None:
    sitting = room.sitting(item=OPENING)
    task = taken(sitting)
    sitting.hint(task)
    sitting.hint(task)
    assert sitting.answer(task, MISSES).reply.assessment.suggestion is None


def test_where_no_worked_reply_was_written_the_second_hint_says_so(room: Room) -> None:
    sitting = room.sitting(item=ALONE)
    task = taken(sitting)
    sitting.hint(task)
    assert "No worked reply" in sitting.hint(task).question


def test_a_moment_met_with_a_hint_comes_back_sooner_than_one_met_without(room: Room) -> None:
    sitting = room.sitting("kim", item=OPENING)
    task = taken(sitting)
    sitting.hint(task)
    aided, alone = sitting.answer(task, MEETS).day, drilled(room, OPENING, MEETS).day
    assert aided and alone and aided < alone


def test_answering_again_is_practice_that_does_not_count(room: Room) -> None:
    sitting = room.sitting(item=TYPING)
    task = taken(sitting)
    with pytest.raises(BadInput, match="no reply yet"):
        sitting.again(task)
    sitting.answer(task, MISSES)
    again = sitting.again(task)
    assert again.attempt == 2 and not again.counts and again.shown == task.shown
    result = sitting.answer(again, MEETS)
    assert "the first one counts" in result.comes_back and "tomorrow" in result.comes_back
    assert sitting.again(task).attempt == 3
    assert len(room.practised()) == 1 and sitting.summary().replies == 1


def test_answering_again_does_not_move_which_dimension_is_the_weakest(room: Room) -> None:
    def next_step(*again: str) -> str:
        sitting = room.sitting(f"sam-{len(again)}", item=OPENING, persona="the-ramp")
        task = taken(sitting)
        sitting.answer(task, MEETS)
        for reply in again:
            sitting.answer(sitting.again(task), reply)
        return sitting.summary().next_step

    assert next_step(*[MISSES] * 3) == next_step()


def test_a_task_is_replied_to_once_and_what_is_too_long_is_not_kept(room: Room) -> None:
    sitting = room.sitting()
    task = taken(sitting)
    with pytest.raises(BadInput, match="4,001"):
        sitting.answer(task, "x" * 4001)
    sitting.answer(task, "")
    with pytest.raises(BadInput, match="already"):
        sitting.answer(task, MISSES)
    assert [each.text for each in room.practice().drills.of("sam")] == [""]


def test_a_reply_that_could_not_be_kept_may_be_sent_again(room: Room) -> None:
    sitting = room.sitting(item=TYPING)
    task = taken(sitting)
    database = room.folder / "transcripts" / "roleplay.db"
    sitting.keep_draft(task, "Please h")
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        room.practice()
        other.execute("CREATE TRIGGER stop BEFORE INSERT ON drills BEGIN SELECT RAISE(ABORT, 'full'); END")
        with pytest.raises(StoreError):
            sitting.answer(task, MISSES)
        other.execute("DROP TRIGGER stop")
    assert sitting.answer(task, MISSES).task == task
    assert len(room.practice().drills.of("sam")) == 1 and sitting.summary().replies == 1


def test_what_was_typed_and_not_sent_is_there_when_one_comes_back(room: Room) -> None:
    sitting = room.sitting(item=ALONE)
    sitting.keep_draft(taken(sitting), "Does he kn")
    room.wait(minutes=3)
    task = taken(room.sitting())
    assert (task.item, task.draft, task.because) == (ALONE, "Does he kn", "draft")


def test_what_was_typed_to_answer_again_is_gone_on_with_as_another_try(room: Room) -> None:
    sitting = room.sitting(item=TYPING)
    task = taken(sitting)
    sitting.answer(task, MISSES)
    sitting.keep_draft(sitting.again(task), "I am here")
    later = room.sitting()
    task = taken(later)
    assert (task.item, task.attempt, task.draft) == (TYPING, 2, "I am here")
    later.answer(task, MEETS)
    assert len(room.practised()) == 1


def test_a_draft_of_another_moment_outlives_a_reply_to_this_one(room: Room) -> None:
    sitting = room.sitting(item=ALONE)
    sitting.keep_draft(taken(sitting), "Does he kn")
    other = room.sitting(item=TYPING)
    other.answer(taken(other), MISSES)
    assert (taken(other).item, taken(room.sitting()).draft) == (ALONE, "Does he kn")


def test_a_moment_missed_in_a_call_is_drilled_in_the_words_of_that_call(room: Room) -> None:
    call(room, MISSES, MISSES)
    room.wait(days=1)
    task = taken(room.sitting())
    assert task.because == "missed" and task.why.startswith("You missed this in a call on 2 November")
    assert task.shown.of_call.startswith("2026-11-02") and task.shown.history[-1].role == "customer"
    before = room.store.load("a-call")
    (turn,) = (each.turn for each in before.replies if each.moment == task.item.moment)
    assert task.shown.line == next(line.text for line in before.lines if line.turn == turn)
    with closing(sqlite3.connect(room.folder / "transcripts" / "roleplay.db", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER lines_are_only_added")
        connection.execute("UPDATE lines SET text = 'altered'")
    assert taken(room.sitting()).shown.of_call == ""  # where the call was damaged it is told as the persona has it


def test_a_moment_passed_over_stays_as_it_was_and_comes_no_more_in_this_sitting(room: Room) -> None:
    sitting = room.sitting()
    seen = []
    while task := sitting.next():
        seen.append(task.item)
    assert len(seen) == len(set(seen)) == 6 and room.practised() == []


def test_after_five_minutes_it_is_enough_and_one_may_go_on(room: Room) -> None:
    sitting = room.sitting(minutes=5)
    assert (sitting.minutes, sitting.enough) == (0, False)
    taken(sitting)
    room.wait(minutes=4.9)
    assert not sitting.enough
    room.wait(minutes=0.2)
    assert sitting.enough and sitting.next()


def test_the_summary_tells_what_was_heard_what_comes_back_and_one_next_step(room: Room) -> None:
    sitting = room.sitting(item=OPENING, persona="the-ramp")
    assert sitting.summary().next_step == "Take a call next, with a customer you do not know yet."
    sitting.answer(taken(sitting), MEETS)
    sitting.answer(taken(sitting), MISSES)
    room.wait(minutes=2)
    so_far = sitting.summary()
    assert (so_far.replies, so_far.met, so_far.missed, so_far.minutes) == (2, 1, 1, 2.0)
    assert (so_far.tomorrow, so_far.told) == (1, "1 moment comes back tomorrow.")
    assert so_far.next_step.startswith("In your next call, watch one thing: ")


@pytest.mark.parametrize(
    ("zone", "before_midnight", "day"),
    [
        ("Pacific/Auckland", "2026-11-02T10:50:00+00:00", "2 November"),  # the same day in UTC
        ("America/Los_Angeles", "2026-11-03T07:50:00+00:00", "2 November"),
        ("Europe/Berlin", "2026-10-24T21:50:00+00:00", "24 October"),  # before the day of 25 hours
        ("Europe/Berlin", "2026-10-25T22:50:00+00:00", "25 October"),  # that day
    ],
)
def test_what_comes_back_tomorrow_waits_from_midnight_on_where_the_computer_is(
    room: Room, zone: str, before_midnight: str, day: str
) -> None:
    with living_in(zone):
        room.time = datetime.fromisoformat(before_midnight)
        assert drilled(room, TYPING, MISSES).comes_back == "It comes back tomorrow."
        room.wait(minutes=9)
        assert waiting(room.practice().drills, "sam", room.time.isoformat()) == 0
        assert taken(room.sitting()).because == "new"
        room.wait(minutes=2)
        assert waiting(room.practice().drills, "sam", room.time.isoformat()) == 1
        task = taken(room.sitting())
        assert (task.item, task.why) == (TYPING, f"You missed this on {day}; it comes back today.")


def test_a_persona_that_is_not_there_is_refused(room: Room) -> None:
    with pytest.raises(NotFound):
        room.sitting(persona="nobody")


def test_a_sitting_of_calls_drills_the_workspace_and_what_is_shipped(tmp_path: Path) -> None:
    with closing(
        Calls(tmp_path / "personas", Transcripts(tmp_path / "db"), "sam", lambda: "2026-11-02T09:00:00+00:00")
    ) as calls:
        sitting = sitting_of(calls, item=DrillItem("stranded-driver", "typing"))
        with closing(sitting):
            assert taken(sitting).shown.title == "Stuck where the ramp splits off"

"""The unaided test: moments never seen, nothing told until the end, and it goes on where it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.conversation.drilling import DrillItem, DrillTest
from roleplay.errors import BadInput
from roleplay.practice.drills.pool import Pool
from roleplay.practice.drills.unaided import Unaided
from tests.practice.drills.room import ALONE, LEFT, MEETS, MISSES, OPENING, TYPING, Room, drilled, taken


def answered(test: Unaided, *replies: str) -> None:
    for reply in replies:
        task = test.next()
        assert task
        test.answer(task, reply)


def finished(room: Room, reply: str, rating: int | None) -> Unaided:
    test = room.test()
    answered(test, *[reply] * test.size)
    test.rate(rating)
    return test


def test_a_test_is_six_moments_never_seen_each_with_one_reply(room: Room) -> None:
    drilled(room, OPENING, MEETS)
    test = room.test()
    assert test.size == 6
    seen: list[DrillItem] = []
    while task := test.next():
        assert (task.number, task.test, task.because, task.why) == (len(seen) + 1, task.sitting, "test", "")
        seen.append(task.item)
        test.answer(task, MISSES)
        with pytest.raises(BadInput, match="already"):
            test.answer(task, MISSES)
    assert len(set(seen)) == 6 and OPENING not in seen
    kept = [each for each in room.practice().drills.of("sam") if each.test]
    assert [(each.aided, each.attempt, each.test) for each in kept] == [(0, 1, kept[0].test)] * 6


def test_an_interrupted_test_goes_on_where_it_was_with_what_was_typed(room: Room) -> None:
    test = room.test()
    answered(test, MISSES, MISSES)
    task = test.next()
    assert task
    test.keep_draft(task, "That sou")
    room.wait(days=3)
    sitting = room.sitting()
    drilled = sitting.next()
    assert drilled
    sitting.keep_draft(drilled, "I am st")
    sitting.answer(drilled, MISSES)
    again = Unaided(room.practice())
    assert again.prepare() == (
        "This test was begun on 2 November and goes on: 2 of 6 moments have a reply. No hints; all is told after."
    )
    first = again.next()
    assert first and (first.item, first.number, first.draft) == (task.item, 3, "That sou")
    answered(again, *[MISSES] * 4)
    assert len(room.practice().drills.tests("sam")) == 1


def test_a_test_that_was_only_prepared_was_not_begun(room: Room) -> None:
    first = room.test()
    assert room.practice().drills.tests("sam") == []
    with pytest.raises(BadInput, match="not over"):
        first.result()


def test_a_test_whose_rating_was_interrupted_is_rated_before_its_result_is_shown(room: Room) -> None:
    test = room.test()
    answered(test, *[MISSES] * 6)
    again = Unaided(room.practice())
    assert "every moment has its reply" in again.prepare() and again.next() is None and not again.rated
    again.rate(2)
    again.rate(4)  # told once
    assert again.rated and again.result().rating == 2
    assert [each.rating for each in room.practice().drills.test_ratings("sam")] == [2]
    assert room.test().result is not None and room.practice().drills.tests("sam")[0].id == again.result().test


def test_the_result_stands_beside_the_test_before_and_the_drills_of_two_weeks(room: Room) -> None:
    finished(room, MISSES, None)
    room.wait(days=20)
    drilled(room, OPENING, MEETS)
    room.wait(days=1)
    result = finished(room, MEETS, 3).result()
    assert result.score is not None and result.before is not None and result.score > result.before
    assert result.drills == 1 and result.drilled and result.drilled > 80
    assert [each.reply.reply for each in result.replies] == [MEETS] * len(result.replies)
    assert {each.dimension for each in result.dimensions} <= {
        *("acknowledges_feeling", "names_need", "reaches_unspoken", "explores", "acts")
    }
    told = " ".join(result.told)
    assert "The test before, on 2 November: " in told and "without a hint: " in told
    assert "You rated yourself 3 of 4, which is 75 of 100" in told and "little alone" in told


def test_a_drill_after_a_hint_does_not_stand_beside_a_test(room: Room) -> None:
    sitting = room.sitting(item=OPENING)
    task = taken(sitting)
    sitting.hint(task)
    sitting.answer(task, MEETS)
    drilled(room, TYPING, MISSES)
    result = finished(room, MISSES, None).result()
    assert result.drills == 1 and result.drilled is not None and result.drilled < 50


def test_what_is_in_a_test_that_goes_on_does_not_come_as_new_in_a_drill(room: Room) -> None:
    items = (OPENING, TYPING)
    room.practice().drills.begin_test(DrillTest(id="t", trainee="sam", items=items, at=room.time.isoformat()))
    drilled = [task.item for task in iter(room.sitting(persona="the-ramp").next, None)]
    assert drilled == [LEFT, ALONE]


def test_what_a_test_missed_comes_back_in_drills_and_in_no_other_test(room: Room) -> None:
    first = finished(room, MISSES, None).result()
    items = {each.task.item for each in first.replies}
    assert not items & {each.task.item for each in finished(room, MISSES, None).result().replies}
    room.wait(days=1)
    task = taken(room.sitting())
    assert task.because == "missed"


def test_with_fewer_moments_left_it_takes_those_and_with_none_it_says_how_to_get_more(room: Room) -> None:
    sizes = []
    while size := (test := Unaided(room.practice())).prepare() and test.size:
        sizes.append(size)
        answered(test, *[MISSES] * size)
        test.rate(None)
    assert sum(sizes) == len(room.pool.moments) and sizes[:-1] == [6] * (len(sizes) - 1) and sizes[-1] < 6
    assert "roleplay personas new" in Unaided(room.practice()).prepare()


def test_a_test_of_a_persona_that_is_gone_goes_on_without_it_and_tells_what_was_replied(
    room: Room, personas: Path
) -> None:
    test = room.test()
    first = test.next()
    assert first
    test.answer(first, MISSES)
    (personas / f"{first.item.persona}.yaml").unlink()
    room.pool = Pool([personas])
    again = Unaided(room.practice())
    again.prepare()
    while task := again.next():
        assert task.item.persona != first.item.persona
        again.answer(task, MISSES)
    again.rate(None)
    assert first.item in {each.task.item for each in again.result().replies}

"""Two windows on one test: each moment has one reply, each test one beginning and one rating."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.errors import StoreError
from roleplay.practice.drills.pool import Pool
from roleplay.practice.drills.unaided import Unaided
from roleplay.practice.next_step import next_step
from roleplay.practice.progress_reading import read_progress
from roleplay.store.database import reading
from tests.practice.drills.room import MISSES, Room

MEETS_ALL = (
    "Stay in the car with your belt on, are you belted in? I am sending the truck and the patrol now, and I stay on "
    "the line."
)


def progress(room: Room) -> tuple[object, str]:
    with reading(room.folder / "transcripts" / "roleplay.db") as connection:
        told = read_progress(connection, "sam", room.time)
    return told.taken, next_step(told, list).kind


def to_its_end(test: Unaided, reply: str) -> None:
    while task := test.next():
        test.answer(task, reply)


def test_one_test_in_two_windows_has_one_reply_to_each_moment_and_one_rating(room: Room) -> None:
    one = room.test()
    first = one.next()
    assert first
    one.answer(first, MISSES)
    other = room.test()
    waits = other.next()
    assert waits
    to_its_end(one, MISSES)
    with pytest.raises(StoreError, match="another window"):
        other.answer(waits, MEETS_ALL)
    one.rate(1)
    with pytest.raises(StoreError, match="another window"):
        other.rate(4)
    assert len(room.practice().drills.of("sam")) == 6
    (taken,), _ = progress(room)  # type: ignore[misc]
    assert (taken.answered, taken.rating) == (6, 1)


def test_a_test_is_begun_in_one_window_only(room: Room) -> None:
    one, other = room.test(), room.test()
    assert one.next()
    with pytest.raises(StoreError, match="another window"):
        other.next()
    assert len(room.practice().drills.tests("sam")) == 1


def test_a_test_that_is_over_does_not_wait_though_a_persona_of_it_is_gone(room: Room, personas: Path) -> None:
    test = room.test()
    first = test.next()
    assert first and test._test
    test.answer(first, MEETS_ALL)
    gone = next(item.persona for item in test._test.items if item.persona not in (first.item.persona, "the-ramp"))
    (personas / f"{gone}.yaml").unlink()
    room.pool = Pool([personas])
    again = room.test()
    to_its_end(again, MEETS_ALL)
    assert progress(room)[1] == "test"  # its rating waits
    again.rate(2)
    assert progress(room)[1] != "test"

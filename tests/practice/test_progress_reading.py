"""What progress is made of is read from a real database, whoever else is in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from roleplay.practice.drills.pool import Pool
from roleplay.practice.progress import Progress
from roleplay.practice.progress_reading import read_progress
from roleplay.store.database import reading
from tests.practice.month import keep_month
from tests.store.kept_calls import SAYS

NOW = datetime(2026, 11, 22, 13, tzinfo=UTC)


def read(path: Path, trainee: str = "sam") -> Progress:
    with reading(path) as connection:
        return read_progress(connection, trainee, NOW)


def test_without_a_database_there_is_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "roleplay.db").nothing


def test_a_month_is_read_with_its_calls_drills_tests_ratings_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "roleplay.db"
    keep_month(path)
    told = read(path)
    assert (told.calls, told.drills, told.tests, told.aided) == (28, 92, 12, 23)
    assert [(test.answered, test.rating, test.asked) for test in told.taken] == [(6, 2, True), (6, 3, True)]
    assert {(each.persona, each.calls) for each in told.personas} == {("the-ramp", 3), ("the-bench", 4)}
    assert (told.self_rating.gap.n, told.self_rating.skipped) == (7, 2)
    assert told.scores.trend.says == "rising"
    assert told.dimensions["acts"].title == "acts"
    late = next(each for each in told.missed if each.place == ("the-ramp", "late"))
    assert late.line == "What am I to do about late, then?"
    assert late.comes_back >= "2026-11-22"
    assert told.due >= 1
    assert read(path, "kim").nothing


def test_the_line_of_an_opening_is_that_with_which_the_call_began(tmp_path: Path) -> None:
    from roleplay.store.own import lines_of
    from roleplay.store.transcripts import Transcripts
    from tests.store.kept_calls import keep_call

    path = tmp_path / "roleplay.db"
    with Transcripts(path) as store:
        keep_call(store, "some-call")
    with reading(path) as connection:
        assert connection is not None
        found = lines_of(connection, [("the-ramp", "opening"), ("the-ramp", "gone"), ("nobody", "opening")])
    assert found == {("the-ramp", "opening"): SAYS}


def test_what_is_in_no_persona_any_more_is_not_due_and_does_not_come_back(tmp_path: Path) -> None:
    path = tmp_path / "roleplay.db"
    keep_month(path)
    with reading(path) as connection:
        told = read_progress(connection, "sam", NOW, pool=lambda: Pool([]))
    assert (told.due, read(path).due >= 1) == (0, True)
    assert [each.comes_back for each in told.missed] == [""] * len(told.missed)

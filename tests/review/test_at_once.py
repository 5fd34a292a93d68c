"""Two coaches and two trainees work on the same calls in four processes: nobody sees an error, and nothing is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import keep_call

PEOPLE = (("trainee", "ana"), ("trainee", "ben"), ("coach", "Kim"), ("coach", "Lou"))


@pytest.mark.parametrize("seconds", [2, pytest.param(60, marks=pytest.mark.soak)])
def test_four_people_at_once_lose_nothing(seconds: int, tmp_path: Path) -> None:
    database = tmp_path / "roleplay.db"
    with Transcripts(database) as store:
        keep_call(store, "the-first", trainee="ana")
    command = [sys.executable, "-m", "tests.review.at_once"]
    at_work = [
        subprocess.Popen([*command, *who, str(database), str(seconds)], stdout=subprocess.PIPE, text=True)
        for who in PEOPLE
    ]
    told: list[tuple[str, str]] = []
    for process in at_work:
        said, _ = process.communicate(timeout=seconds + 60)
        assert process.returncode == 0
        told += [(what, ident) for what, ident in (line.split() for line in said.splitlines())]
    assert {what for what, _ in told} == {"sessions", "disputes", "comments", "overrides", "answers", "marks"}
    with closing(sqlite3.connect(database)) as connection:
        for table in {what for what, _ in told}:
            there = {row[0] for row in connection.execute(f"SELECT id FROM {table}")}
            assert {ident for what, ident in told if what == table} <= there
    assert verify(database).fine

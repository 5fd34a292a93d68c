"""What each format looks like, and what stays out of it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from roleplay.export.exporting import Format
from tests.export.golden_files import FORMATS, exported, fill, golden
from tests.store.kept_calls import AT


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("golden") / "roleplay.db"
    fill(path)
    return path


@pytest.mark.parametrize("form", FORMATS)
def test_a_golden_file_is_what_is_written_today(path: Path, form: Format) -> None:
    assert exported(path, form) == golden(form).read_bytes(), "look at them: python -m tests.export.golden_files"


@pytest.mark.parametrize("form", ["md", "html", "csv"])
def test_of_a_call_that_goes_on_no_assessment_is_told(path: Path, form: Format) -> None:
    told = exported(path, form).decode()
    assert told.count("It promises an act.") == 2  # the two replies of the call that has ended
    assert "Interrupted" in told or "interrupted" in told


@pytest.mark.parametrize("form", FORMATS)
def test_an_anonymous_export_names_nobody(path: Path, form: Format) -> None:
    told = exported(path, form, anonymous=True).decode()
    assert "Trainee 1" in told
    assert "Coach 2" in told
    assert not {name for name in ("sam", "kim", "Kim", "Lee") if f" {name}" in told or f'"{name}' in told}


def test_the_automated_level_stays_beside_the_coachs(path: Path) -> None:
    (row,) = [row for row in csv.DictReader(io.StringIO(exported(path, "csv").decode())) if row["coach_acts"]]
    assert (row["acts"], row["coach_acts"], row["scored_by"], row["coach"]) == ("1", "2", "offline", "Lee")
    assert (
        "acts: 2 of 2, by Lee, 2026-11-05 09:00 UTC; was 1 of 2 by the offline scorer." in exported(path, "md").decode()
    )
    assert "<del>1 of 2 by the offline scorer</del> <strong>2 of 2</strong>" in exported(path, "html").decode()


def test_a_table_for_excel_begins_with_its_mark_and_is_otherwise_the_same(path: Path) -> None:
    assert exported(path, "csv", excel=True) == b"\xef\xbb\xbf" + exported(path, "csv")


def test_the_lines_of_a_table_end_as_the_standard_says(path: Path) -> None:
    assert exported(path, "csv").count(b"\r\n") == 5  # the head, and four replies


def test_json_lines_tell_rows_in_the_order_in_which_they_were_written(path: Path) -> None:
    call = json.loads(exported(path, "jsonl").splitlines()[2])
    assert call["call"] | {"script": ""} == {
        "id": "reviewed",
        "script": "",
        "seed": "7",
        "exam": False,
        "actor": "scripted",
        "trainee": "sam",
        "started": AT,
    }
    assert [row["table"] for row in call["rows"][:6]] == ["openings", "lines", "replies", "lines", "replies", "lines"]

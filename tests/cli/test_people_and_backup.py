"""`roleplay transcripts delete`, `anonymise`, `backup` and `restore`, as a person runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from roleplay.cli.main import roleplay
from roleplay.errors import RoleplayError
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import keep_call, review_everything


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "transcripts" / "roleplay.db"
    with Transcripts(path) as store:
        keep_call(store, "aaaa-1111", trainee="ana")
        keep_call(store, "bbbb-2222", trainee="ben")
    review_everything(path, "aaaa-1111")
    return tmp_path


def run(place: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(roleplay, ["transcripts", *arguments, "--workspace", str(place)], input=typed)


def calls(place: Path) -> list[str]:
    return run(place, "list").stdout.split("\n")[1:-1]


def test_nothing_is_deleted_before_somebody_agreed(place: Path) -> None:
    for typed in ("n\n", "\n", ""):
        ran = run(place, "delete", "--trainee", "ana", typed=typed)
        assert ran.exit_code == 1
        assert "This deletes 1 call, 3 replies, 6 notes and assignments for good. Go on? [y/N]" in ran.stderr
        assert len(calls(place)) == 2
    ran = run(place, "delete", "--trainee", "ana", typed="y\n")
    assert ran.exit_code == 0
    assert ran.stdout.startswith("Deleted of “ana”: 1 call, 3 replies, 6 notes and assignments. Exported files")
    assert [" ben " in each for each in calls(place)] == [True]


def test_a_name_goes_and_the_call_stays(place: Path) -> None:
    ran = run(place, "anonymise", "--trainee", "ana", "--as", "Trainee 1", "--yes")
    assert (ran.exit_code, ran.stdout.split(";")[0]) == (0, "“ana” is “Trainee 1” now")
    assert sorted("Trainee 1" in each for each in calls(place)) == [False, True]
    shown = run(place, "show", "aaaa").stdout
    assert "(removed)" in shown and "Good." not in shown


def test_somebody_who_is_not_there_is_one_sentence(place: Path) -> None:
    for command in ("delete", "anonymise"):
        ran = run(place, command, "--trainee", "anna")
        assert isinstance(ran.exception, RoleplayError)
        assert str(ran.exception) == "Nothing is kept of a trainee “anna”. Did you mean “ana”?"


def test_a_backup_can_be_restored_here_and_elsewhere(place: Path, tmp_path: Path) -> None:
    ran = run(place, "backup", str(tmp_path / "safe.db"))
    assert (ran.exit_code, ran.stdout.split(" are in ")[0]) == (0, "32 rows of 2 calls")
    run(place, "delete", "--trainee", "ana", "--yes")
    refused = run(place, "restore", str(tmp_path / "safe.db"))
    assert "There is 1 call here already" in str(refused.exception)
    ran = run(place, "restore", str(tmp_path / "safe.db"), "--force")
    assert ran.exit_code == 0 and "What was here before is in" in ran.stdout
    assert len(calls(place)) == 2
    ran = run(tmp_path / "elsewhere", "restore", str(tmp_path / "safe.db"))
    assert ran.exit_code == 0
    assert len(calls(tmp_path / "elsewhere")) == 2


def test_a_backup_does_not_overwrite_unasked(place: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    ran = run(place, "backup", str(tmp_path / "letter.txt"))
    assert "exists already" in str(ran.exception)
    assert (tmp_path / "letter.txt").read_text() == "Dear"

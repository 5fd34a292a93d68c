"""`roleplay transcripts export`, run as a person runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from roleplay.store.transcripts import Transcripts
from tests.cli.running import run
from tests.export.golden_files import exported, fill, golden
from tests.store.kept_calls import keep_call


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("place")
    fill(place / "transcripts" / "roleplay.db")
    return place


def test_one_call_is_written_to_standard_output_as_markdown(place: Path) -> None:
    ran = run(place, "transcripts", "export", "revi")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == golden("md").read_text().split("\n---\n")[0]


@pytest.mark.parametrize("name", ["calls.md", "calls.html", "calls.csv", "calls.jsonl"])
def test_the_format_is_that_of_the_files_ending(place: Path, tmp_path: Path, name: str) -> None:
    ran = run(place, "transcripts", "export", "--all", "--output", str(tmp_path / name))
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / name).read_bytes() == exported(place / "transcripts" / "roleplay.db", name.split(".")[1])  # type: ignore[arg-type]
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_a_selection_is_by_trainee_persona_and_date(place: Path) -> None:
    def calls(*options: str) -> list[str]:
        ran = run(place, "transcripts", "export", "--format", "jsonl", *options)
        return [line["call"]["id"] for line in map(json.loads, ran.out.splitlines()) if "call" in line]

    assert calls("--trainee", "kim") == ["branched"]
    assert calls("--persona", "the-ramp") == ["reviewed", "branched", "exam"]
    assert calls("--since", "2026-11-05") == calls("--until", "2026-11-03") == []
    assert calls("--since", "2026-11-04", "--until", "2026-11-04", "--trainee", "sam") == ["reviewed", "exam"]
    assert calls("exam", "revi") == ["reviewed", "exam"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Nothing is named to export. Give ids, a filter such as --trainee, or --all."),
        (["revi", "--all"], "Ids and filters do not go together."),
        (["nobody"], "There is no transcript “nobody”."),
        (["../../etc"], "is no id of a transcript"),
        (["--since", "soon"], "“soon” is no date."),
        (["--all", "--assignments"], "Assignments can only be exported as JSON Lines."),
        (["--all", "--excel"], "--excel is for CSV."),
        (["--all", "--output", "no/such/folder/x.md"], "cannot be written: No such file or directory."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(place: Path, options: list[str], said: str) -> None:
    ran = run(place, "transcripts", "export", *options)
    assert ran.code != 0
    assert ran.out == ""
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_file_that_is_there_is_not_replaced_without_force(place: Path, tmp_path: Path) -> None:
    target = tmp_path / "calls.md"
    target.write_text("mine")
    ran = run(place, "transcripts", "export", "--all", "--output", str(target))
    assert (ran.code, target.read_text()) == (2, "mine")
    assert "is there already. Name another file, or give --force to replace it." in ran.err
    assert run(place, "transcripts", "export", "--all", "--output", str(target), "--force").code == 0
    assert target.read_text().startswith("# The ramp")


def test_into_a_folder_goes_one_file_a_call(place: Path, tmp_path: Path) -> None:
    ran = run(place, "transcripts", "export", "--all", "--format", "html", "--output", str(tmp_path))
    names = ["the-ramp-branched.html", "the-ramp-exam.html", "the-ramp-reviewed.html"]
    assert (ran.code, sorted(each.name for each in tmp_path.iterdir())) == (0, names)
    assert ran.err.startswith("3 files in ")
    (tmp_path / names[0]).unlink()
    again = run(place, "transcripts", "export", "--all", "--format", "html", "--output", str(tmp_path))
    assert again.code == 2
    assert not (tmp_path / names[0]).exists()  # one must not be replaced, so nothing is written


def test_before_the_first_call_there_is_nothing_to_export(tmp_path: Path) -> None:
    ran = run(tmp_path / "new", "transcripts", "export", "--all")
    assert (ran.code, ran.out, ran.err) == (1, "", "Error: No transcripts yet. Take a call first.\n")
    assert not (tmp_path / "new").exists()


def test_a_call_that_was_altered_is_left_out_and_named(tmp_path: Path) -> None:
    database = tmp_path / "transcripts" / "roleplay.db"
    fill(database)
    with Transcripts(database) as store, store.transaction() as connection:
        connection.execute("DROP TRIGGER lines_are_only_added")
        connection.execute("UPDATE lines SET text = 'Never said.' WHERE session = 'exam'")
    for form in ("md", "jsonl"):
        ran = run(tmp_path, "transcripts", "export", "--all", "--format", form)
        assert ran.code == 1
        assert "Left out: lines row" in ran.err and "does not match its checksum" in ran.err
        assert "reviewed" in ran.out and "branched" in ran.out and "Never said." not in ran.out


def test_an_export_that_is_stopped_leaves_no_file(tmp_path: Path) -> None:
    database = tmp_path / "transcripts" / "roleplay.db"
    with Transcripts(database) as store:
        for number in range(40):
            keep_call(store, f"call-{number}", 2)
    out = tmp_path / "out"
    out.mkdir()
    code = (
        "import roleplay.export.jsonl as j, time\n"
        "made = j.wire.call_line\n"
        "j.wire.call_line = lambda call: (print(flush=True), time.sleep(.05), made(call))[2]\n"
        "from roleplay.cli.main import main; main()"
    )
    command = [sys.executable, "-c", code, "transcripts", "export", "--all", "--workspace", str(tmp_path)]
    for stop, left in ((signal.SIGINT, []), (signal.SIGKILL, [".part"])):
        target = out / f"{stop.name}.jsonl"
        process = subprocess.Popen(
            [*command, "--output", str(target)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ}
        )
        assert process.stdout
        process.stdout.readline()
        process.send_signal(stop)
        _, told = process.communicate(timeout=60)
        assert process.returncode in (130, -9)
        assert told.strip() in (b"Stopped.", b"")
        assert not target.exists()
        assert [each.suffix for each in out.iterdir()] == left


def test_a_reader_who_goes_away_is_no_traceback(place: Path) -> None:
    code = "from roleplay.cli.main import main; main()"
    command = [
        sys.executable,
        "-c",
        code,
        "transcripts",
        "export",
        "--all",
        "--format",
        "html",
        "--workspace",
        str(place),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout and process.stderr
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(60)

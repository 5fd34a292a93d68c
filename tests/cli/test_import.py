"""`roleplay transcripts import`, run as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.export.exchanges import exported
from tests.export.golden_files import fill


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of three calls, three drills, a test and an assignment."""
    folder = tmp_path_factory.mktemp("file")
    fill(folder / "roleplay.db")
    file = folder / "calls.jsonl"
    file.write_bytes(exported(folder / "roleplay.db"))
    return file


def test_importing_tells_what_became_of_each_call(file: Path, tmp_path: Path) -> None:
    first, second = (run(tmp_path, "transcripts", "import", str(file)) for _ in range(2))
    assert (first.code, first.out, first.err) == (0, "8 new, 0 completed, 0 already there, 0 refused.\n", "")
    assert (second.code, second.out, second.err) == (0, "0 new, 0 completed, 8 already there, 0 refused.\n", "")
    listed = json.loads(run(tmp_path, "transcripts", "list", "--json").out)
    assert [each["id"] for each in listed] == ["exam", "branched", "reviewed"]


def test_several_files_and_standard_input_can_be_read(file: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "roleplay", "transcripts", "import", "-", str(file), "--workspace", str(tmp_path)]
    ran = subprocess.run(command, input=file.read_bytes(), capture_output=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout == b"8 new, 0 completed, 8 already there, 0 refused.\n"


def test_what_is_refused_is_named_and_the_exit_code_says_so(file: Path, tmp_path: Path) -> None:
    run(tmp_path, "transcripts", "import", str(file))
    other = tmp_path / "other.jsonl"
    other.write_bytes(file.read_bytes().replace(b'"trainee":"kim"', b'"trainee":"eve"'))
    ran = run(tmp_path, "transcripts", "import", str(other))
    assert (ran.code, ran.out) == (1, "0 new, 0 completed, 7 already there, 1 refused.\n")
    assert ran.err == (
        "Refused line 4, transcript branched: It is another call than the one of the same id that is kept here.\n"
    )
    told = json.loads(run(tmp_path, "transcripts", "import", str(other), "--json").out)
    assert told["refused"] == 1
    assert told["reasons"][0]["name"] == "line 4, transcript branched"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no such file."),
        (b"", "This file is empty."),
        (b"id,text\n1,hello\n", "This is no export of transcripts."),
        (
            b'{"format":"roleplay-transcripts","version":3}\n',
            "version 3 of the format, and this program reads 1 to 2",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_makes_no_workspace(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "x.jsonl"
    if content is not None:
        file.write_bytes(content)
    ran = run(tmp_path / "new", "transcripts", "import", str(file))
    assert ran.code != 0
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "new").exists()


def test_a_hostile_file_cannot_steer_the_terminal(file: Path, tmp_path: Path) -> None:
    evil = json.dumps("\x1b]52;c;ZXZpbA==\x07\u202e\x9b31m").encode()
    hostile = tmp_path / "\x1b[31mred.jsonl"
    header, *_ = file.read_bytes().splitlines()
    lines = [
        b'{"call":{"id":' + evil + b'},"rows":[]}',
        b'{"call":{"id":"x","' + evil[1:-1] + b'":1},"rows":[]}',
        b"\x1b[31m",
    ]
    hostile.write_bytes(b"\n".join([header, *lines]))
    for options in ([], ["--json"]):
        ran = run(tmp_path, "transcripts", "import", str(hostile), *options)
        assert ran.code == 1
        assert {each for each in ran.out + ran.err if each != "\n" and not each.isprintable()} == set()

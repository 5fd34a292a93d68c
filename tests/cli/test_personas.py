"""`roleplay personas`, as somebody at a prompt meets it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from roleplay.cli.main import main
from roleplay.persona.schema import persona_schema
from tests.persona.samples import SHORT


class Result(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `roleplay personas …`."""

    def run(*arguments: str | Path) -> Result:
        monkeypatch.setattr(sys, "argv", ["roleplay", "personas", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Result(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "personas").mkdir()
    (tmp_path / "transcripts").mkdir()
    (tmp_path / "personas" / "dana.yaml").write_text(SHORT + "content: [danger]\ndifficulty: 2\n")
    return tmp_path


def test_list_shows_the_workspace_and_the_shipped_personas(run: Run, workspace: Path) -> None:
    result = run("list", "--workspace", workspace)
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines == sorted(lines) and len(lines) >= 2
    assert ["dana", "Stuck on the off-ramp (difficulty 2/5; contains: danger)"] in [
        re.split(" +", line, maxsplit=1) for line in lines
    ]


def test_list_names_a_broken_file_among_the_others(run: Run, workspace: Path) -> None:
    (workspace / "personas" / "broken.yaml").write_text(SHORT.replace("title:", "titel:").replace("name:", "nam:"))
    result = run("list", "--workspace", workspace)
    assert result.code == 0 and "dana " in result.out
    (line,) = [line for line in result.out.splitlines() if line.startswith("broken ")]
    assert "cannot be played: " in line and "broken.yaml:2:1: " in line and "(and 1 more)" in line


def test_list_as_json_is_for_programs(run: Run, workspace: Path) -> None:
    (workspace / "personas" / "broken.yaml").write_text("a: [")
    entries = {entry["id"]: entry for entry in json.loads(run("list", "--json", "--workspace", workspace).out)}
    assert entries["dana"]["playable"] and entries["dana"]["content"] == ["danger"]
    assert not entries["broken"]["playable"] and entries["broken"]["problems"][0]["line"] == 1


def test_list_says_what_cannot_be_played_yet_and_why(run: Run, workspace: Path) -> None:
    told = SHORT + "visits: [{id: again, opening: Hello.}]\n"
    (workspace / "personas" / "long.yaml").write_text(told)
    lines = run("list", "--workspace", workspace).out.splitlines()
    (line,) = [line for line in lines if line.startswith("long ")]
    assert line.endswith("cannot be played yet: its story is told in visits (Stuck on the off-ramp)")
    entries = {entry["id"]: entry for entry in json.loads(run("list", "--json", "--workspace", workspace).out)}
    assert (entries["long"]["playable"], entries["long"]["reason"]) == (False, "its story is told in visits")
    assert "reason" not in entries["dana"]
    checked = run("check", workspace / "personas" / "long.yaml")
    assert checked.code == 0 and "warning: A persona with “visits” cannot be played yet." in checked.out


def test_check_tells_all_problems_of_all_files_at_once(run: Run, workspace: Path) -> None:
    folder = workspace / "personas"
    (folder / "one.yaml").write_text(SHORT.replace("title:", "titel:"))
    (folder / "two.yaml").write_text(SHORT.replace("kind: spoken", "kind: x").replace("format: 1", "difficulty: 9"))
    result = run("check", "--workspace", workspace)
    assert result.code == 1
    assert [line.split(": ")[0] for line in result.out.splitlines()] == [
        f"{folder}/one.yaml:3:1",
        f"{folder}/two.yaml:1:13",
        f"{folder}/two.yaml:10:15",
    ]
    assert "The field “titel” is not known. Did you mean title?" in result.out
    assert "3 errors, 0 warnings." in result.err


def test_check_is_silent_on_stdout_when_all_is_well(run: Run, workspace: Path) -> None:
    result = run("check", workspace / "personas" / "dana.yaml")
    assert result == Result(0, "", "1 persona checked: 0 errors, 0 warnings.\n")


def test_warnings_are_told_but_do_not_fail(run: Run, workspace: Path) -> None:
    (workspace / "personas" / "dana.yaml").write_text(SHORT + "id: other\n")
    result = run("check", workspace / "personas")
    assert result.code == 0 and ":15:5: warning: The id “other”" in result.out
    assert "0 errors, 1 warning." in result.err


def test_check_takes_files_folders_and_ids_and_goes_on_after_one_that_is_not_there(run: Run, workspace: Path) -> None:
    folder = workspace / "personas"
    result = run("check", "dena", folder, "dana", folder / "none.yaml", "--workspace", workspace)
    assert result.code == 1
    assert "1 persona checked: 0 errors" in result.err, "dana is named twice and checked once"
    assert "There is no persona “dena”. Did you mean dana?" in result.err
    assert "There is no persona file at" in result.err


def test_check_as_json(run: Run, workspace: Path) -> None:
    path = workspace / "personas" / "dana.yaml"
    path.write_text(SHORT.replace("title:", "titel:"))
    result = run("check", "--json", path)
    (entry,) = json.loads(result.out)
    assert result.code == 1 and not entry["playable"]
    assert entry["problems"] == [
        {
            "file": str(path),
            "line": 3,
            "column": 1,
            "what": "The field “titel” is not known.",
            "mend": "Did you mean title?",
            "severity": "error",
        }
    ]


def test_check_of_the_shipped_personas_finds_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    result = run("check")
    assert (result.code, result.out) == (0, "")


def test_paths_are_shown_as_one_would_type_them(run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace)
    (workspace / "personas" / "dana.yaml").write_text("a: [")
    assert "\npersonas/dana.yaml:1:" in "\n" + run("check").out


def test_schema_prints_the_schema(run: Run) -> None:
    assert run("schema") == Result(0, persona_schema(), "")


def test_schema_needs_no_workspace(run: Run, workspace: Path) -> None:
    assert run("schema", "--workspace", workspace).code == 2


@pytest.mark.parametrize("command", [[], ["list"], ["check"], ["schema"]])
def test_help_calls_the_file_a_persona(run: Run, command: list[str]) -> None:
    assert "ersona" in (text := run(*command, "--help").out) and "customers" not in text


def test_nothing_in_a_file_or_its_name_reaches_the_terminal_raw(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "evil\x1b]0;x\x07.yaml"
    path.write_bytes(SHORT.encode() + b'"\\e]52;c;eA==\\a": x\ntests: "\x1b[2J"\nsummary: "\\x9b31m"\n')
    for arguments in (["check", path], ["check", "--json", path], ["check", "no\x1b[2J"]):
        result = run(*arguments)
        assert result.code == 1
        assert not set(result.out + result.err) & set("\x1b\x07\x9b\x7f"), arguments


def test_help_is_quick() -> None:
    ask = [sys.executable, "-c", "import sys; sys.argv = ['roleplay', 'personas', '--help']\n" + _MAIN_WITH_MODULES]
    began = time.process_time()
    done = subprocess.run(ask, capture_output=True, text=True, check=True)
    assert time.process_time() - began < 1
    text, _, modules = done.stdout.partition("MODULES ")
    assert {"list", "check", "schema"} <= set(text.split())
    assert not {"yaml", "msgspec", "sqlite3", "textual"} & set(modules.split())


_MAIN_WITH_MODULES = """
from roleplay.cli.main import main
try:
    main()
except SystemExit:
    print("MODULES", *sys.modules)
"""

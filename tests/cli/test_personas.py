"""`roleplay personas`, as somebody at a prompt meets it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from roleplay.persona.schema import persona_schema
from tests.cli.prompt import Result, Run
from tests.cli.prompt import run as run
from tests.cli.prompt import workspace as workspace
from tests.persona.samples import SHORT


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


def test_list_says_how_much_there_is_of_a_story(run: Run, workspace: Path) -> None:
    told = SHORT + "visits: [{id: again, opening: Hello.}]\n"
    (workspace / "personas" / "long.yaml").write_text(told)
    lines = run("list", "--workspace", workspace).out.splitlines()
    (line,) = [line for line in lines if line.startswith("long ")]
    assert line.endswith("Stuck on the off-ramp (difficulty 3/5; a story of 2 visits)")
    entries = {entry["id"]: entry for entry in json.loads(run("list", "--json", "--workspace", workspace).out)}
    assert (entries["long"]["playable"], entries["long"]["visits"]) == (True, 2) and "visits" not in entries["dana"]


def test_schema_prints_the_schema(run: Run) -> None:
    assert run("schema") == Result(0, persona_schema(), "")


def test_schema_needs_no_workspace(run: Run, workspace: Path) -> None:
    assert run("schema", "--workspace", workspace).code == 2


@pytest.mark.parametrize("command", [[], ["list"], ["check"], ["new"], ["schema"]])
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
    assert {"list", "check", "new", "schema"} <= set(text.split())
    assert not {"yaml", "msgspec", "sqlite3", "textual", "watchfiles"} & set(modules.split())


_MAIN_WITH_MODULES = """
from roleplay.cli.main import main
try:
    main()
except SystemExit:
    print("MODULES", *sys.modules)
"""

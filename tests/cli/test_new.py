"""`roleplay personas new`, as somebody who writes their first persona meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.persona.schema import persona_schema
from roleplay.persona.template import SCHEMA_FILE
from tests.cli.prompt import Run
from tests.cli.prompt import run as run
from tests.cli.prompt import workspace as workspace


@pytest.mark.parametrize("option", [(), ("--full",)])
def test_a_new_persona_is_in_the_list_and_checks_without_a_word(
    run: Run, workspace: Path, option: tuple[str, ...]
) -> None:
    done = run("new", "ann", *option, "--workspace", workspace)
    path = workspace / "personas" / "ann.yaml"
    assert (done.code, done.out) == (0, f"{path}\n")
    assert (workspace / "personas" / SCHEMA_FILE).read_text(encoding="utf-8") == persona_schema()
    assert f"roleplay --workspace {workspace} play ann\n" in done.err
    assert run("check", path) == (0, "", "1 persona checked: 0 errors, 0 warnings.\n")
    assert "ann " in run("list", "--workspace", workspace).out


def test_a_workspace_without_a_folder_of_personas_gets_one(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run("new", "ann", "--workspace", home).code == 0
    assert (home / "personas" / "ann.yaml").is_file()


def test_in_a_folder_of_ones_own_the_commands_name_the_path(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("new", "ann", "--in", "my stories")
    assert done.out == "my stories/ann.yaml\n" and "roleplay play 'my stories/ann.yaml'\n" in done.err
    assert "roleplay play 'my stories/ann.yaml'\n" in (tmp_path / "my stories" / "ann.yaml").read_text(encoding="utf-8")


def test_nothing_is_overwritten(run: Run, workspace: Path) -> None:
    before = (workspace / "personas" / "dana.yaml").read_text()
    done = run("new", "dana", "--workspace", workspace)
    assert done.code == 2 and "is there already; nothing was written" in done.err
    assert (workspace / "personas" / "dana.yaml").read_text() == before


def test_one_that_takes_the_place_of_a_shipped_persona_is_said_to(run: Run, workspace: Path) -> None:
    done = run("new", "stranded-driver", "--workspace", workspace)
    assert done.code == 0 and "yours is played in its place" in done.err
    assert "yours is played" not in run("new", "ann", "--workspace", workspace).err


@pytest.mark.parametrize("name", ["Stranded Driver", "../ann", "/etc/ann", "..", "a/b", "ann.yaml", "", "an\x1b[2Jn"])
def test_a_name_that_is_no_id_writes_nothing_anywhere(run: Run, workspace: Path, name: str) -> None:
    before = sorted(workspace.rglob("*"))
    done = run("new", name, "--workspace", workspace)
    assert done.code == 2 and "cannot be an id" in done.err and "\x1b" not in done.err
    assert sorted(workspace.rglob("*")) == before


def test_a_folder_that_cannot_be_is_said_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "inside", Path("/proc/none")):
        done = run("new", "ann", "--in", folder)
        assert done.code == 1 and done.err.startswith("Error: ") and done.err.endswith("Name another: --in FOLDER\n")
    assert (tmp_path / "file").read_text() == "x"


def test_a_schema_that_cannot_be_written_is_told_and_the_persona_is_there_all_the_same(
    run: Run, workspace: Path
) -> None:
    (workspace / "personas" / SCHEMA_FILE).mkdir()
    done = run("new", "ann", "--workspace", workspace)
    path = workspace / "personas" / "ann.yaml"
    assert (done.code, done.out) == (0, f"{path}\n")
    first, *others = done.err.splitlines()
    assert first == (
        f"“{workspace / 'personas' / SCHEMA_FILE}” cannot be written: Is a directory. "
        "The persona is written and plays, but no editor will complete and explain its fields."
    )
    assert [line.split(":")[0] for line in others] == ["It plays as it is", "While you write"]
    assert run("check", path).code == 0


def test_a_schema_of_somebody_else_is_left_alone_and_said_to_be(run: Run, workspace: Path) -> None:
    (workspace / "personas" / SCHEMA_FILE).write_text("{}")
    assert "another file named persona.schema.json" in run("new", "ann", "--workspace", workspace).err
    assert (workspace / "personas" / SCHEMA_FILE).read_text() == "{}"

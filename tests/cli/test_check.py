"""`roleplay personas check`: what is wrong with files, once or at each saving, as somebody at a prompt meets it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest

from tests.cli.prompt import Result, Run
from tests.cli.prompt import run as run
from tests.cli.prompt import workspace as workspace
from tests.persona.samples import SHORT

PATIENCE = 20.0
BARE = SHORT + "moments: [{id: o, spoken: tow, unspoken: safe}]\n"


def test_check_tells_all_problems_of_all_files_at_once(run: Run, workspace: Path) -> None:
    folder = workspace / "personas"
    (folder / "one.yaml").write_text(SHORT.replace("title:", "titel:"))
    (folder / "two.yaml").write_text(SHORT.replace("kind: spoken", "kind: x").replace("format: 1", "difficulty: 9"))
    result = run("check", "--workspace", workspace)
    assert result.code == 1
    mine = [line for line in result.out.splitlines() if line.startswith(str(folder))]
    assert [line.split(": ")[0] for line in mine] == [
        f"{folder}/one.yaml:3:1",
        f"{folder}/two.yaml:1:13",
        f"{folder}/two.yaml:10:15",
    ]
    assert "The field “titel” is not known. Did you mean title?" in result.out
    assert "3 errors, 0 warnings" in run("check", folder).err


def test_check_is_silent_on_stdout_when_all_is_well(run: Run, workspace: Path) -> None:
    result = run("check", workspace / "personas" / "dana.yaml")
    assert result == Result(0, "", "1 persona checked: 0 errors, 0 warnings.\n")


def test_warnings_are_told_but_do_not_fail(run: Run, workspace: Path) -> None:
    (workspace / "personas" / "dana.yaml").write_text(SHORT + "id: other\n")
    result = run("check", workspace / "personas")
    assert result.code == 0 and ":15:5: warning: The id “other”" in result.out
    assert "0 errors, 1 warning." in result.err


def test_hints_are_counted_apart_and_only_where_there_are_some(run: Run, workspace: Path) -> None:
    (workspace / "personas" / "dana.yaml").write_text(BARE)
    result = run("check", workspace / "personas")
    assert result.code == 0 and result.err == "1 persona checked: 0 errors, 0 warnings, 2 hints.\n"
    assert [line.split(": ")[1] for line in result.out.splitlines()] == ["hint", "hint"]
    (entry,) = json.loads(run("check", "--json", workspace / "personas").out)
    assert entry["playable"] and [problem["severity"] for problem in entry["problems"]] == ["hint", "hint"]


def test_hints_on_what_came_with_the_program_are_told_only_where_it_is_named(
    run: Run, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "ann.yaml").write_text(BARE + "id: other\n")
    (workspace / "personas" / "dana.yaml").write_text(BARE)
    monkeypatch.setattr("roleplay.persona.folders.shipped_folder", lambda: shipped)
    everything = run("check", "--workspace", workspace)
    assert everything.err == "2 personas checked: 0 errors, 1 warning, 2 hints.\n"
    assert [line for line in everything.out.splitlines() if "hint:" in line and "ann.yaml" in line] == []
    by_id = {entry["path"]: entry for entry in json.loads(run("check", "--json", "--workspace", workspace).out)}
    assert [each["severity"] for each in by_id[str(shipped / "ann.yaml")]["problems"]] == ["warning"]
    assert run("check", shipped, "--workspace", workspace).err.endswith("0 errors, 1 warning, 2 hints.\n")
    assert run("check", "--workspace", tmp_path / "none").err.endswith("0 errors, 1 warning.\n")


@pytest.mark.parametrize("command", ["check", "rehearse"])
def test_a_word_that_is_a_folder_here_and_a_persona_is_the_folder_and_that_is_said(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(workspace)
    Path("dana").mkdir()
    Path("dana", "ann.yaml").write_text(SHORT)
    options = ("--seeds", "1") if command == "rehearse" else ()
    said = "“dana” is a folder here, and its files are taken; the persona of that id is personas/dana.yaml."
    assert said in run(command, "dana", *options).err
    assert said not in run(command, "dana/ann.yaml", *options).err
    assert said not in run(command, "personas", *options).err


def test_where_nothing_was_found_nothing_is_counted(run: Run, workspace: Path) -> None:
    result = run("check", "nobody", "--workspace", workspace)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("Error: There is no persona “nobody”.") and "checked" not in result.err


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


def test_check_of_the_shipped_personas_finds_no_error_and_no_warning(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    result = run("check")
    assert (result.code, [line for line in result.out.splitlines() if ": hint: " not in line]) == (0, [])


def test_paths_are_shown_as_one_would_type_them(run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace)
    (workspace / "personas" / "dana.yaml").write_text("a: [")
    assert "\npersonas/dana.yaml:1:" in "\n" + run("check").out


class Watching:
    """A `check --watch` that is running, and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process, self._lines = process, Queue[str]()
        assert process.stdout and process.stderr
        self._reader = Thread(target=lambda: [self._lines.put(line.rstrip("\n")) for line in process.stdout or ()])
        self._reader.start()
        self.began = process.stderr.readline()

    def says(self) -> str:
        """The next line, without the time of day."""
        line = self._lines.get(timeout=PATIENCE)
        return re.sub(r"^\d\d:\d\d:\d\d ", "", line)

    def ends(self) -> tuple[int, str, list[str]]:
        """Exit code, what more was said on standard error, and on standard output, after Ctrl+C."""
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self._process.stderr
        return code, self._process.stderr.read(), list(self._lines.queue)


@pytest.fixture
def watching(workspace: Path) -> Iterator[Watching]:
    asked = [sys.executable, "-m", "roleplay", "personas", "check", "personas", "--watch"]
    with subprocess.Popen(
        asked, cwd=workspace, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield Watching(process)
        process.kill()


def test_watch_checks_again_what_was_saved_and_ctrl_c_ends_it(watching: Watching, workspace: Path) -> None:
    folder = workspace / "personas"
    assert watching.began == "1 persona checked: 0 errors, 0 warnings. Waiting for files to be saved; Ctrl+C ends.\n"
    (folder / "dana.yaml").write_text(SHORT.replace("title:", "titel:"))
    assert watching.says() == "personas/dana.yaml: 1 error, 0 warnings"
    assert watching.says().startswith("  personas/dana.yaml:3:1: The field “titel” is not known.")
    (folder / "ann.yaml").write_text(SHORT)
    assert watching.says() == "personas/ann.yaml: ok"
    assert watching.says() == "  still in 1 other file: 1 error, 0 warnings"
    (folder / "new").write_text(SHORT)
    (folder / "new").replace(folder / "dana.yaml")
    assert watching.says() == "personas/dana.yaml: ok"
    (folder / "ann.yaml").unlink()
    assert watching.says() == "personas/ann.yaml: is gone"
    assert watching.ends() == (0, "", [])


def test_watch_shows_nothing_raw(watching: Watching, workspace: Path) -> None:
    (workspace / "personas" / "a\x1b[2Jb.yaml").write_bytes(b"\x1b]52;c;eA==\x07: x\n")
    said = [watching.says() for _ in range(2)]
    assert "\x1b" not in "".join(said) and "␛" in said[0] and "control character" in said[1]


def test_watch_wants_something_to_watch_and_is_no_single_check(run: Run, workspace: Path) -> None:
    assert run("check", "--watch", "nobody", "--workspace", workspace).code == 1
    assert "--json is for one check, --watch for many" in run("check", "--watch", "--json").err

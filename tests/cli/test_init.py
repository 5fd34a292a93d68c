"""`roleplay init`, as somebody who starts with a team meets it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from roleplay.cli.main import COMMANDS, roleplay
from roleplay.errors import RoleplayError
from roleplay.llm.config import read_config
from roleplay.llm.settings import Deadlines, EndpointSettings, Price
from roleplay.llm.settings_file import FIELDS, read_settings_file
from roleplay.practice import new_workspace
from roleplay.workspace import VARIABLE, Workspace
from tests.cli.running import Ran
from tests.cli.running import run as run_in

FILES = [
    *("personas/my-customer.yaml", "personas/persona.schema.json", "transcripts/.gitignore"),
    *("roleplay.toml", "README.md", ".gitignore"),
]


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)


def typed(*words: str, stdin: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What `roleplay` says as a program of its own."""
    command = [sys.executable, "-m", "roleplay", *words]
    environment = os.environ | {"ROLEPLAY_LOOK": "none", "NO_COLOR": "1"}
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, timeout=60, cwd=cwd, env=environment, check=False
    )


def init(folder: Path, *options: str) -> Ran:
    return run_in(folder, "init", *options)


def there(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_everything_in_a_new_workspace_works(tmp_path: Path) -> None:
    made = typed("init", "our team")
    assert made.returncode == 0
    assert made.stdout == "".join(
        [f"“{tmp_path / 'our team'}” is a workspace now.\n", *(f"  made  {name}\n" for name in FILES)]
    )
    change, *following = [line.strip() for line in made.stderr.removeprefix("Next:\n").splitlines()]
    assert change == "cd 'our team'"
    assert following == ["roleplay play my-customer", "roleplay personas check my-customer --watch"]
    team = tmp_path / "our team"
    played = typed(
        "play", "my-customer", "--seed", "7", stdin="I will see to it today. What do you give up?\n", cwd=team
    )
    assert played.returncode == 0 and "Customer: Good morning." in played.stdout and "Score:" in played.stdout
    checked = typed("personas", "check", "my-customer", cwd=team)
    assert (checked.returncode, checked.stderr) == (0, "1 persona checked: 0 errors, 0 warnings.\n")
    assert typed("doctor", cwd=team).returncode == 0
    assert (team / "transcripts" / "roleplay.db").is_file()


def test_a_second_time_changes_nothing_and_says_so(tmp_path: Path) -> None:
    init(tmp_path)
    before = there(tmp_path)
    ran = init(tmp_path)
    assert (ran.code, ran.out) == (
        0,
        f"“{tmp_path}” is a workspace already, and nothing was missing: nothing was changed.\n",
    )
    assert there(tmp_path) == before


def test_what_is_there_stays_and_what_is_missing_is_added(tmp_path: Path) -> None:
    (tmp_path / "personas").mkdir()
    mine = {
        "README.md": "Ours.",
        "personas/ann.yaml": "name: Ann",
        "roleplay.toml": 'trainee = "Sam"',
        ".gitignore": "x",
    }
    for name, text in mine.items():
        (tmp_path / name).write_text(text)
    ran = init(tmp_path)
    assert ran.code == 0
    assert [line.split()[:2] for line in ran.out.splitlines()[1:]] == [
        ["made", "personas/persona.schema.json"],
        ["made", "transcripts/.gitignore"],
        *(["kept", f"{name},"] for name in ("roleplay.toml", "README.md", ".gitignore")),
    ]
    assert {name: (tmp_path / name).read_text() for name in mine} == mine
    assert "Your .gitignore is as it was" in ran.err


def test_a_persona_can_be_named_and_need_not_be(tmp_path: Path) -> None:
    ran = init(tmp_path / "named", "--name", "stranded-driver")
    assert "yours is played in its place" in ran.err
    assert "roleplay play stranded-driver" in (tmp_path / "named" / "README.md").read_text()
    assert init(tmp_path / "bare", "--bare").code == 0
    assert sorted(there(tmp_path / "bare")) == sorted(set(FILES) - {"README.md", "personas/my-customer.yaml"})
    refused = init(tmp_path / "no", "--name", "Ann Miller")
    assert (refused.code, "Try: ann-miller" in refused.err) == (2, True)
    assert not (tmp_path / "no").exists()


def test_json_tells_a_program_the_same(tmp_path: Path) -> None:
    told = json.loads(init(tmp_path / "team", "--json").out)
    assert (told["workspace"], told["made"], told["kept"]) == (str(tmp_path / "team"), FILES, [])
    assert (told["persona"], told["next"][0], told["warning"]) == ("my-customer", "cd team", "")


def test_a_place_that_cannot_be_is_one_sentence_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "transcripts").write_text("x")
    for folder, said in (
        ("file", "is a file where a folder should be. Name another folder."),
        ("file/inside", "is a file where a folder should be. Name another folder."),
        ("half", "transcripts” is a file where a folder should be. Name another folder."),
        ("/proc/none", "cannot be created: No such file or directory. Name another folder: roleplay init FOLDER"),
        ("~nobody-at-all/x", "begins with the home folder of nobody here."),
    ):
        refused = CliRunner().invoke(roleplay, ["init", folder])
        assert isinstance(refused.exception, RoleplayError) and said in str(refused.exception)
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["file", "half", "transcripts"]
    monkeypatch.setattr("roleplay.workspace._file_system", lambda *_: "nfs4")
    refused_ = init(tmp_path / "share")
    assert refused_.code != 0 and "is on a network file system (nfs4)" in refused_.err
    assert not (tmp_path / "share").exists()


def test_a_synced_folder_and_another_workspace_in_the_environment_are_warned_of(tmp_path: Path) -> None:
    ran = run_in(tmp_path / "Dropbox" / "team", "init", **{VARIABLE: str(tmp_path)})
    assert ran.code == 0
    assert "looks like a synced folder (“Dropbox”)" in ran.err and f"{VARIABLE} names another workspace" in ran.err


def test_two_folders_or_a_mistyped_option_are_told_plainly(tmp_path: Path) -> None:
    assert "Two folders are named. Give FOLDER or --workspace." in init(tmp_path, "elsewhere").err
    assert "--name" in init(tmp_path, "--nmae", "x").err
    assert not there(tmp_path)


def test_a_kill_while_it_writes_leaves_no_half_file(tmp_path: Path) -> None:
    code = (
        "import os, signal, roleplay.practice.new_workspace as made\n"
        "os.link = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from roleplay.cli.main import main; main()"
    )
    killed = subprocess.run([sys.executable, "-c", code, "init", "team"], timeout=60, check=False, capture_output=True)
    assert killed.returncode == -9
    assert init(tmp_path / "team").code == 0
    assert set(FILES) <= set(there(tmp_path / "team"))
    assert (tmp_path / "team" / "roleplay.toml").read_text() == new_workspace._template("roleplay.toml")


def test_version_control_takes_the_customers_and_never_calls_or_keys(tmp_path: Path) -> None:
    init(tmp_path)
    for name in ("transcripts/roleplay.db", "transcripts/roleplay.db-wal", "transcripts/calls.jsonl", ".env", "my.key"):
        (tmp_path / name).write_text("x")
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True, timeout=30)
    seen = subprocess.run(
        [*git, "ls-files", "--others", "--exclude-standard"], check=True, timeout=30, capture_output=True, text=True
    )
    assert sorted(seen.stdout.split()) == sorted(FILES)


def uncommented(text: str) -> str:
    """The settings file with every setting in force."""
    return re.sub(r"(?m)^# ((?:\w+ = |\[)\S.*)$", r"\1", text)


def test_the_settings_as_written_change_nothing_and_each_setting_is_in_them_with_a_line_on_it(tmp_path: Path) -> None:
    init(tmp_path)
    assert read_settings_file(tmp_path) == {}
    assert read_config(tmp_path, environment={}) == read_config(tmp_path / "personas", environment={})
    text = (tmp_path / "roleplay.toml").read_text()
    for name in FIELDS:
        setting = name.rpartition(".")[2]
        assert re.search(rf"(?m)^\n?# [A-Z].*[.\"]$\n(?:# \[\w+\]\n)?# {setting} = ", text), name
    (tmp_path / "roleplay.toml").write_text(uncommented(text))
    assert read_settings_file(tmp_path).keys() == FIELDS.keys()


def test_the_settings_show_the_defaults_that_hold(tmp_path: Path) -> None:
    init(tmp_path)
    shown = tomllib.loads(uncommented((tmp_path / "roleplay.toml").read_text()))
    assert shown["deadlines"] == asdict(Deadlines())
    endpoint = EndpointSettings(base_url="", model="")
    assert (shown["context"], shown["call_limit"]) == (endpoint.context, endpoint.call_limit)
    assert shown["price"]["currency"] == Price(0, 0, 0).currency
    assert read_config(tmp_path, environment={}).call_limit == shown["call_limit"]


def test_every_command_the_page_names_exists(tmp_path: Path) -> None:
    init(tmp_path)
    page = (tmp_path / "README.md").read_text()
    named = set(re.findall(r"`roleplay (\w+)", page))
    assert named <= COMMANDS.keys() and {"drill", "progress", "review", "personas", "transcripts"} <= named
    assert len(page.splitlines()) < 60 and "personas/my-customer.yaml" in page


def test_the_templates_are_part_of_the_package() -> None:
    folder = Path(new_workspace.__file__).parent.parent / "workspace_template"
    assert {each.name for each in folder.iterdir()} == {
        *("README.md", "roleplay.toml", "gitignore.txt", "transcripts-gitignore.txt"),
    }
    assert Workspace.at(Path("x")).transcripts.name in (folder / "gitignore.txt").read_text()

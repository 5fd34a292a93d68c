"""`roleplay transcripts`, run as a person runs it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from roleplay.cli import lines
from roleplay.practice.debrief import debrief_of
from roleplay.store.rows import checksum
from roleplay.store.transcripts import Transcripts
from roleplay.text import sanitise
from tests import program
from tests.store.kept_calls import ANSWERS, GESTURE, SAYS, SECRET, ending, keep_call, line, opening, reply, session

EVIL = "\x1b]52;c;ZXZpbA==\x07\x9b31m\u202e"
HOSTILE = [["list"], ["show", "evil-1"], ["show", "evil-2"], ["search", "evilword"], ["verify"]]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        keep_call(store, "aaaa-1111", 2)
        keep_call(store, "bbbb-2222", 1, ended=False, trainee="kim")
    return tmp_path


def run(place: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {"TZ": "Europe/Berlin", **environment}
    ran = program.run("transcripts", *arguments, "--workspace", str(place), **settings)
    return subprocess.CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def test_list_tells_the_newest_first(place: Path) -> None:
    ran = run(place, "list")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "id      started           trainee  persona   turns  outcome      score",
        "bbbb-2  2026-11-04 14:03  kim      the-ramp  1      interrupted",
        "aaaa-1  2026-11-04 14:03  sam      the-ramp  2      good         62",
    ]
    assert "aaaa" not in run(place, "list", "--limit", "1").stdout


def test_list_as_json(place: Path) -> None:
    calls = json.loads(run(place, "list", "--json").stdout)
    assert [call["id"] for call in calls] == ["bbbb-2222", "aaaa-1111"]
    assert calls[1] == {
        "id": "aaaa-1111",
        "persona": "the-ramp",
        "title": "The ramp",
        "trainee": "sam",
        "turns": 2,
        "exam": False,
        "started": "2026-11-04T13:03:00Z",
        "outcome": "good",
        "ended_by": "ending",
        "score": 62.5,
    }


@pytest.mark.parametrize("arguments", [["list"], ["verify"], ["search", "word"]])
def test_before_the_first_call_there_is_no_error_and_nothing_is_created(tmp_path: Path, arguments: list[str]) -> None:
    ran = run(tmp_path / "new", *arguments)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert ran.stderr.startswith("No transcripts yet.")
    assert json.loads(run(tmp_path / "new", *arguments, "--json").stdout) in (
        [],
        {"fine": True, "intact": {}, "problems": []},
    )
    assert not (tmp_path / "new").exists()


def test_show_tells_what_was_said_and_then_the_debrief(place: Path) -> None:
    ran = run(place, "show", "aaaa")
    with Transcripts(place / "transcripts" / "roleplay.db") as store:
        debrief = [sanitise(line) for line in lines.debrief(debrief_of(store.load("aaaa-1111")), None, "")]
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "The ramp (Dana), call aaaa-1111",
        "Started 2026-11-04 14:03, trainee sam, practice, customer: scripted",
        "",
        f"Customer: {SAYS}",
        f"You: {ANSWERS} (1)",
        f"Customer: {SAYS} (1)",
        f"You: {ANSWERS} (2)",
        f"Customer: {SAYS} (2)",
        "",
        *debrief,
    ]
    assert any("It promises an act." in line for line in debrief)
    assert "You rated yourself 3 of 4." in ran.stdout


def test_show_tells_of_an_interrupted_call_what_was_said(place: Path) -> None:
    assert run(place, "show", "bbbb").stdout.splitlines()[3:] == [
        f"Customer: {SAYS}",
        f"You: {ANSWERS} (1)",
        f"Customer: {SAYS} (1)",
        "",
        "Interrupted: this call has not ended. Its debrief comes at the end.",
    ]


def test_an_interrupted_exam_shows_what_was_said_and_nothing_of_what_was_heard(place: Path) -> None:
    with Transcripts(place / "transcripts" / "roleplay.db") as store:
        keep_call(store, "eeee-5555", 2, ended=False, exam=True)
    assert run(place, "show", "eeee").stdout.splitlines() == [
        "The ramp (Dana), call eeee-5555",
        "Started 2026-11-04 14:03, trainee sam, exam, customer: scripted",
        "",
        f"Customer: {SAYS}",
        f"You: {ANSWERS} (1)",
        f"Customer: {SAYS} (1)",
        f"You: {ANSWERS} (2)",
        f"Customer: {SAYS} (2)",
        "",
        "Interrupted: this exam has not ended, so nothing but what was said is shown before its end.",
    ]
    with Transcripts(place / "transcripts" / "roleplay.db") as store:
        store.keep_ending(ending("eeee-5555"), 50)
    assert "Debrief." in run(place, "show", "eeee").stdout


def test_show_tells_silence_gestures_and_what_was_cut_off_each_on_one_line(tmp_path: Path) -> None:
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        store.begin(session("cccc-3333"), opening("cccc-3333"))
        store.keep_line(line("cccc-3333", 1))
        store.keep_reply(msgspec.structs.replace(reply("cccc-3333", 1, ""), gesture="gesture-1"))
        store.keep_line(line("cccc-3333", 2, "And then he", broken_off=True))
        store.keep_line(line("cccc-3333", 2, "And then he left.", attempt=2))
        store.keep_reply(reply("cccc-3333", 2, "I see.\nCustomer: Thank you!"))
    shown = run(tmp_path, "show", "cccc").stdout
    assert f"\nYou: (silence) (with a gesture: {GESTURE})\n" in shown
    assert "\nCustomer: And then he (cut off)\nCustomer: And then he left.\n" in shown
    assert "\nYou: I see. Customer: Thank you!\n" in shown


def test_show_as_json_is_the_whole_record_with_the_debrief(place: Path) -> None:
    kept = json.loads(run(place, "show", "aaaa-1111", "--json").stdout)
    assert kept["session"]["script"]["persona"]["title"] == "The ramp"
    assert [each["turn"] for each in kept["replies"]] == [1, 2]
    assert kept["replies"][0]["assessment"]["evidence"][0]["quote"] == "It sounds frightenin"
    assert kept["score"] == 62.5
    assert kept["debrief"]["outcome"] == "good"
    assert [each["turn"] for each in kept["debrief"]["replies"]] == [1, 2]


@pytest.mark.parametrize("exam", [False, True])
def test_show_as_json_of_a_call_that_has_not_ended_gives_nothing_away(tmp_path: Path, exam: bool) -> None:
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        keep_call(store, "eeee-5555", 1, ended=False, exam=exam)
    told = run(tmp_path, "show", "eeee", "--json").stdout
    kept = json.loads(told)
    assert kept["session"]["persona"] == {"id": "the-ramp", "title": "The ramp"}
    assert [each["text"] for each in kept["lines"]] == [SAYS, f"{SAYS} (1)"]
    assert kept["replies"][0]["text"] == f"{ANSWERS} (1)"
    assert ("assessment" in kept["replies"][0]) is not exam
    assert SECRET not in told
    hidden = ["script", "direction", "state", "trust", "moment"] + (["evidence", "scores"] if exam else [])
    assert [key for key in hidden if f'"{key}":' in told] == []
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        store.keep_ending(ending("eeee-5555"), 50)
    assert SECRET in run(tmp_path, "show", "eeee", "--json").stdout


def test_a_script_that_cannot_be_read_is_one_sentence(place: Path) -> None:
    with closing(sqlite3.connect(place / "transcripts" / "roleplay.db", isolation_level=None)) as connection:
        row = connection.execute("SELECT n, id, persona, title, script FROM scripts").fetchone()
        row = (*row[:4], row[4].replace('"backstory"', '"\\u001b]52;c;ZXZpbA=="'))
        connection.execute("DROP TRIGGER scripts_are_only_added")
        connection.execute("UPDATE scripts SET script = ?, checksum = ?", [row[4], checksum("scripts", row)])
    ran = run(place, "show", "aaaa")
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert "saved by another version of Roleplay" in ran.stderr
    assert "\x1b" not in ran.stderr
    assert "frightening" in run(place, "search", "frightening").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["transcripts", "list"],
        ["transcripts", "show", "aaaa"],
        ["transcripts", "search", "x"],
        ["transcripts", "verify"],
        ["transcripts", "list", "--workspace", "here"],
        ["play", "stranded-driver", "--plain"],
        ["personas", "list"],
        ["personas", "rehearse", "stranded-driver"],
    ],
)
def test_a_current_folder_that_was_deleted_is_one_sentence(tmp_path: Path, arguments: list[str]) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    code = "import os, sys; os.rmdir(os.getcwd()); from roleplay.cli.main import main; main()"
    environment = {name: value for name, value in os.environ.items() if name != "ROLEPLAY_WORKSPACE"}
    ran = subprocess.run(
        [sys.executable, "-P", "-c", code, *arguments],  # -P: like the installed command, not importing from here
        cwd=gone,
        env=environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("Error: The current folder cannot be found: ")
    assert ran.stderr.count("\n") == 1


def test_search_marks_what_it_found(place: Path) -> None:
    ran = run(place, "search", "frightening", "(1)", "--limit", "1")
    assert ran.stdout == (
        "bbbb-2  turn 1  You: It sounds [frightening] to stand there with two feet of room. "
        "Are you behind the rail now? ([1])\n"
    )
    assert json.loads(run(place, "search", "frightening", "--json").stdout)[0]["side"] == "trainee"
    nothing = run(place, "search", "zebra")
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (0, "", "Nothing found.\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["show", "zzzz"], 1, "There is no transcript “zzzz”."),
        (["show", "../../etc"], 2, "is no id of a transcript"),
        (["search"], 2, "no word to search for"),
        (["search", "*"], 2, "no word to search for"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(place: Path, arguments: list[str], code: int, said: str) -> None:
    ran = run(place, *arguments)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_verify_names_what_is_wrong_and_exits_with_1(place: Path) -> None:
    fine = run(place, "verify")
    assert (fine.returncode, fine.stdout) == (0, "15 rows of 2 calls are as they were written; nothing is wrong.\n")
    assert json.loads(run(place, "verify", "--json").stdout)["fine"] is True
    database = place / "transcripts" / "roleplay.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        trigger = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'replies_are_only_added'").fetchone()[
            0
        ]
        connection.execute("DROP TRIGGER replies_are_only_added")
        connection.execute("UPDATE replies SET gesture = 'other' WHERE n = 5")
        connection.execute(trigger)
    wrong = run(place, "verify")
    assert wrong.returncode == 1
    assert wrong.stdout.splitlines() == [
        "replies row 5 (transcript aaaa-1111, turn 1): does not match its checksum",
        "14 rows of 2 calls are as they were written; 1 thing is wrong.",
    ]
    told = json.loads(run(place, "verify", "--json").stdout)
    assert told["problems"][0] | {"what": ""} == {
        "table": "replies",
        "row": 5,
        "what": "",
        "where": "replies row 5 (transcript aaaa-1111, turn 1)",
    }
    assert "replies row 5" in run(place, "show", "aaaa").stderr


def test_verify_can_rebuild_the_list(place: Path) -> None:
    database = place / "transcripts" / "roleplay.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("DELETE FROM summaries")
    assert run(place, "verify").returncode == 1
    assert run(place, "verify", "--rebuild").returncode == 0
    assert "aaaa-1" in run(place, "list").stdout


@pytest.mark.parametrize("arguments", HOSTILE)
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_hostile_database_cannot_steer_the_terminal(tmp_path: Path, arguments: list[str], options: list[str]) -> None:
    text = f"evilword {EVIL}\x7f"
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        for name in ("evil-1111", "evil-2222", "evil-3333"):
            store.begin(session(name, trainee=EVIL, started=EVIL, title=EVIL), opening(name))
            store.keep_reply(msgspec.structs.replace(reply(name, 1, text), gesture=EVIL))
            store.keep_line(line(name, 2, text))
        store.keep_ending(msgspec.structs.replace(ending("evil-2222"), epilogue=text, ending=EVIL), 50)
    with closing(sqlite3.connect(tmp_path / "transcripts" / "roleplay.db", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER lines_are_only_added")
        connection.execute("UPDATE lines SET checksum = ? WHERE session = 'evil-3333'", [EVIL])
        connection.execute(f'CREATE TRIGGER "{EVIL}" AFTER INSERT ON lines BEGIN SELECT 1; END')
    ran = run(tmp_path, *arguments, *options)
    assert ran.stdout
    live = {letter for letter in ran.stdout + ran.stderr if letter != "\n" and not letter.isprintable()}
    assert live == set()
    if options:
        json.loads(ran.stdout)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    (tmp_path / "transcripts" / "roleplay.db").write_text("nothing of the kind " * 300)
    for arguments in (["list"], ["show", "aaaa"], ["search", "x"], ["verify"], ["verify", "--rebuild"]):
        ran = run(tmp_path, *arguments)
        assert ran.returncode == 1
        assert "is damaged, or is no database" in ran.stderr
        assert "Traceback" not in ran.stderr


def test_a_synced_folder_is_warned_about_on_stderr(tmp_path: Path) -> None:
    ran = run(tmp_path / "Dropbox", "list")
    assert ran.returncode == 0
    assert ran.stderr.startswith("Warning: ")


@pytest.mark.parametrize("command", ["list", "show", "search", "verify"])
def test_each_command_tells_what_it_is_for(tmp_path: Path, command: str) -> None:
    ran = run(tmp_path, command, "--help")
    assert ran.returncode == 0
    assert "--workspace" in ran.stdout
    assert "--json" in ran.stdout

"""`roleplay assign`, and where it is seen."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from tests.cli.running import run
from tests.cli.test_hostile_output import LIVE
from tests.store.kept_calls import keep_call
from tests.tui.shell import BROKEN, persona_file, tiny


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        keep_call(store, "call-one", trainee="Sam")
    persona_file(tmp_path, "till", tiny("Refused at the till"))
    return tmp_path


def ids(place: Path) -> list[str]:
    return [each["id"] for each in json.loads(run(place, "assign", "--list", "--json").out)]


def test_what_is_assigned_is_listed_with_who_when_and_why(place: Path) -> None:
    ran = run(place, "assign", "Sam", "till", "--note", "Before\nFriday.", "--coach", "Kim")
    assert ran == (
        0,
        "Assigned: till to Sam. The gallery shows it first until it was played to an end.\n",
        "",
    )
    run(place, "assign", "Sam", "stranded-driver", ROLEPLAY_COACH="Ana")
    first, second = run(place, "assign", "--list").out.splitlines()
    assert re.fullmatch(r"[0-9a-f]{6}  till for Sam, by Kim \(\d{4}-\d\d-\d\d \d\d:\d\d\): Before Friday\.", first)
    assert re.fullmatch(r"[0-9a-f]{6}  stranded-driver for Sam, by Ana \(\S+ \S+\)", second)
    assert run(place, "assign", "--list", "--trainee", "Sam").out.count("\n") == 2
    nothing = run(place, "assign", "--list", "--trainee", "Pat")
    assert (nothing.code, nothing.out) == (0, "") and nothing.err.startswith("Nothing is assigned to “Pat”.")
    assert verify(place / "transcripts" / "roleplay.db").fine


def test_as_json_it_is_the_whole_record(place: Path) -> None:
    run(place, "assign", "Sam", "till", "--note", "Please.", "--coach", "Kim")
    (assigned,) = json.loads(run(place, "assign", "--list", "--json").out)
    shown = {key: assigned[key] for key in ("trainee", "persona", "note", "coach")}
    assert shown == {"trainee": "Sam", "persona": "till", "note": "Please.", "coach": "Kim"}


def test_somebody_who_never_played_is_warned_of_with_the_nearest_name(place: Path) -> None:
    ran = run(place, "assign", "Samm", "till")
    assert ran.code == 0 and ran.out.startswith("Assigned: till to Samm.")
    assert ran.err == "Warning: nobody has played as “Samm” here yet. Did you mean “Sam”?\n"


def test_a_persona_can_be_assigned_before_anybody_has_played(tmp_path: Path) -> None:
    ran = run(tmp_path, "assign", "Sam", "stranded-driver")
    assert ran.code == 0 and ran.err == "Warning: nobody has played as “Sam” here yet.\n"
    assert len(ids(tmp_path)) == 1


def test_it_can_be_taken_back_by_the_beginning_of_its_id(place: Path) -> None:
    run(place, "assign", "Sam", "till")
    (ident,) = ids(place)
    assert run(place, "assign", "--withdraw", ident[:6]).out == "Taken back: till for Sam.\n"
    assert ids(place) == []
    again = run(place, "assign", "--withdraw", ident[:6])
    assert again.code == 1 and "No assignment that waits begins with" in again.err


def test_it_waits_until_it_was_played_to_an_end(place: Path) -> None:
    persona_file(place, "the-ramp", tiny("The ramp"))
    run(place, "assign", "Sam", "the-ramp")
    with Transcripts(place / "transcripts" / "roleplay.db") as store:
        keep_call(store, "call-two", trainee="Pat")
        keep_call(store, "call-three", trainee="Sam", ended=False)
        assert len(ids(place)) == 1
        keep_call(store, "call-four", trainee="Sam")
    assert ids(place) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "Give TRAINEE and PERSONA, or --list"),
        (["Sam"], 2, "Give TRAINEE and PERSONA, or --list"),
        (["Sam", "till", "--list"], 2, "Give TRAINEE and PERSONA, or --list"),
        (["Sam", "till", "--json"], 2, "Give TRAINEE and PERSONA, or --list"),
        (["Sam", "tilt"], 1, "There is no persona “tilt”. Did you mean till?"),
        (["Sam", "broken"], 1, "broken.yaml:1:1: "),
        ([" \t", "till"], 2, "A trainee needs a name."),
        (["Sam", "till", "--note", "x" * 4_001], 2, "A note has at most 4,000 characters"),
        (["--withdraw", "abc"], 1, "No assignment that waits begins with “abc”."),
        (["--withdraw", ""], 1, "No assignment that waits begins with “”."),
    ],
)
def test_what_cannot_be_done_says_so_and_keeps_nothing(place: Path, arguments: list[str], code: int, said: str) -> None:
    persona_file(place, "broken", "name: X\n")
    ran = run(place, "assign", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err, ran.err
    assert ids(place) == []


def test_what_waits_already_is_not_assigned_twice(place: Path) -> None:
    run(place, "assign", "Sam", "till", "--coach", "Kim")
    (ident,) = ids(place)
    ran = run(place, "assign", "Sam", "till", "--coach", "Ana")
    assert ran.code == 2 and "till is assigned to “Sam” already, by “Kim”" in ran.err
    assert f"--withdraw {ident[:6]}" in ran.err and ids(place) == [ident]


def test_the_list_of_personas_marks_what_is_assigned_to_the_trainee(place: Path) -> None:
    run(place, "assign", "Sam", "till", "--note", "Slowly.", "--coach", "Kim")
    run(place, "assign", "Pat", "stranded-driver")
    told = run(place, "personas", "list", "--trainee", "Sam").out
    assert "Refused at the till (difficulty 3/5) [assigned by Kim: Slowly.]\n" in told
    assert told.count("assigned by") == 1
    listed = {
        each["id"]: each["assigned"]
        for each in json.loads(run(place, "personas", "list", "--json", ROLEPLAY_TRAINEE="Sam").out)
    }
    assert [each["note"] for each in listed["till"]] == ["Slowly."] and listed["stranded-driver"] == []


def test_the_list_of_personas_is_there_though_the_database_is_not(place: Path) -> None:
    (place / "transcripts" / "roleplay.db").write_text("nothing of the kind " * 300)
    ran = run(place, "personas", "list")
    assert ran.code == 0 and "Refused at the till" in ran.out
    assert ran.err.startswith("Whether any is assigned to you is not known: ")
    assert not (place / "other").exists() and run(place / "other", "personas", "list").code == 0
    assert not (place / "other").exists()


def test_hostile_names_and_notes_steer_nothing(place: Path) -> None:
    evil = "\x1b]52;c;ZXZpbA==\x07[red]\u202eabc\x9b31m\nassigned by Kim"
    made = run(place, "assign", evil, "till", "--note", evil, "--coach", evil)
    assert made.code == 0
    shown = [made, run(place, "assign", "--list"), run(place, "assign", evil, "till")]
    shown.append(run(place, "personas", "list", "--trainee", evil))
    for ran in shown:
        assert not LIVE.search(ran.out + ran.err)
    assert shown[1].out.count("\n") == 1 and "␛]52" in shown[1].out
    assert "[assigned by ␛]52" in shown[3].out


def test_a_broken_persona_in_the_folder_is_no_hindrance(place: Path) -> None:
    persona_file(place, "aa-broken", BROKEN)
    assert run(place, "assign", "Sam", "till").code == 0

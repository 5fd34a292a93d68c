"""`roleplay personas rehearse`, as an author meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.actors.staging import plays_along
from tests.cli.llm_calls import cut_after_a_sentence
from tests.cli.prompt import Result, Run
from tests.cli.prompt import run as run
from tests.llm.stub import Stub, nobody
from tests.persona.samples import SHORT

GOOD = """\
tests:
  - name: Taking charge opens her up.
    replies:
      - "Are you out of the traffic, belt on? A tow truck is on its way to you, and I'm staying on the line with you."
      - "You're not alone in this danger, I'm right here. What scares you most right now?"
      - "I'm with you until the tow truck stands beside your car. Are you scared out there?"
    expect: {met: [tow]}
  - name: Paperwork opens nothing.
    replies: ["Membership number?", "Please hold.", "Anything else?"]
    expect: {not_disclosed: [safe]}
"""
"""Tests that go with the shortest persona."""


@pytest.fixture
def rehearse(run: Run) -> Run:
    return lambda *arguments: run("rehearse", *arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "dana.yaml").write_text(SHORT + GOOD)
    return tmp_path / "personas"


def told(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.out)
    return found


def test_a_shipped_persona_is_shown_with_everybody_who_called_and_its_verdict(rehearse: Run) -> None:
    result = rehearse("stranded-driver", "--seeds", "2")
    lines = result.out.splitlines()
    assert (result.code, result.err) == (0, "")
    assert lines[:2] == ["Stuck where the ramp splits off (stranded-driver)", "2 calls of each trainee"]
    table = [line.split()[0] for line in lines[4:] if line[:1].isalpha()]
    assert table[:2] == ["skilled", "partly-skilled"]
    assert {"polite", "cold", "rude", "stuffer", "injector", "silent"} <= set(table)
    assert "  daughter       skilled" in result.out
    assert "from a frozen bank of replies, written for this persona" in result.out.replace("\n    ", " ")
    assert lines[-2:] == ["Its own tests: 7 of 7 pass.", "Verdict: ready."]


def test_everything_fits_eighty_columns(rehearse: Run, folder: Path) -> None:
    for arguments in (["stranded-driver", "--seeds", "1", "--why"], [folder, "--seeds", "2", "--why", "stuffer"]):
        assert max(map(len, rehearse(*arguments).out.splitlines())) <= 80


def test_a_persona_of_one_s_own_is_rehearsed_with_its_tests_and_who_suits_anybody(rehearse: Run, folder: Path) -> None:
    (entry,) = told(rehearse(folder / "dana.yaml", "--seeds", "3", "--json"))["personas"]
    words = {each["trainee"]: each["words"] for each in entry["trainees"]}
    assert words["skilled"] == words["partly-skilled"] == "tests"
    assert words["polite"] == words["rude"] == "generic"
    assert (words["stuffer"], words["silent"]) == ("persona", "none")
    assert [each["passed"] for each in entry["tests"]] == [True, True]


def test_several_files_folders_and_ids_in_one_run_each_once(rehearse: Run, folder: Path) -> None:
    (folder / "broken.yaml").write_text(SHORT.replace("title:", "titel:"))
    result = rehearse("dana", folder, folder / "dana.yaml", "dena", "--seeds", "1", "--workspace", folder.parent)
    assert result.code == 1
    assert result.out.count("(dana)") == 1
    folded = " ".join(result.out.split())
    assert "It cannot be played: " in folded and "broken.yaml:3:1: The field “titel” is not known." in folded
    assert result.out.splitlines()[-1].startswith("2 personas: ")
    assert "There is no persona “dena”. Did you mean dana?" in result.err


def test_json_has_stable_names(rehearse: Run, folder: Path) -> None:
    data = told(rehearse(folder, "--seeds", "1", "--json", "--why"))
    assert data.keys() == {"seeds", "personas"} and data["seeds"] == 1
    (entry,) = data["personas"]
    assert entry.keys() == {
        *("id", "path", "title", "short", "verdict", "reasons", "trainees", "tests", "problems", "why"),
    }
    assert entry["trainees"][0].keys() == {
        *("trainee", "words", "calls", "told", "disclosed", "met", "score", "turns", "endings", "repeats", "dead_ends"),
        *("repeated", "stuck", "wordless", "voiced", "usage"),
    }
    assert entry["why"].keys() == {"trainee", "seed", "visit", "steps", "last_words", "ending", "epilogue"}
    assert entry["why"]["steps"][0].keys() >= {"line", "reply", "heard", "assessment", "before", "after", "untold"}
    assert all(reason.keys() == {"ground", "text"} for reason in entry["reasons"])


def test_a_persona_that_only_plays_is_no_failure_and_one_that_is_broken_is(rehearse: Run, folder: Path) -> None:
    (folder / "dana.yaml").write_text(SHORT)
    plays = rehearse(folder, "--seeds", "1", "--json")
    assert (plays.code, told(plays)["personas"][0]["verdict"]) == (0, "plays")
    failing = GOOD.replace("{not_disclosed: [safe]}", "{opportunity: met}")
    (folder / "dana.yaml").write_text(SHORT + failing)
    broken = rehearse(folder, "--seeds", "1")
    assert broken.code == 1
    assert (
        "Verdict: not yet. To be mended:\n- The test “Paperwork opens nothing.” fails: the last reply was" in broken.out
    )


def test_why_traces_the_skilled_or_who_is_named_and_a_path_after_it_is_a_path(rehearse: Run, folder: Path) -> None:
    assert "\nA call of skilled (seed 0), turn by turn\n" in rehearse(folder, "--seeds", "1", "--why").out
    assert "\nA call of polite (seed 0), turn by turn\n" in rehearse("--why", "polite", folder, "--seeds", "1").out
    as_path = rehearse("--why", folder, "--seeds", "1")
    assert "\nA call of skilled (seed 0), turn by turn\n" in as_path.out and "(dana)" in as_path.out


def test_an_id_after_why_that_looks_like_a_trainee_is_a_path_if_there_is_such_a_persona(
    rehearse: Run, folder: Path
) -> None:
    workspace = ("--seeds", "1", "--workspace", folder.parent)
    assert "Did you mean polite?" in rehearse("--why", "polites", *workspace).err
    (folder / "polites.yaml").write_text(SHORT)
    result = rehearse("--why", "polites", *workspace)
    assert (result.code, result.err) == (0, "") and "(polites)" in result.out
    assert "\nNobody “skilled” is simulated" in result.out


def test_why_says_what_was_heard_what_moved_and_why_the_rest_was_not_told(rehearse: Run, folder: Path) -> None:
    out = rehearse(folder, "--seeds", "1", "--why", "cold").out
    trace = out[out.index("A call of cold") :]
    assert "Turn 1, at opening" in trace
    for label in ("Customer:", "Trainee:", "Assessed:", "Moved:", "Not told:", "Not ended:", "Ended:"):
        assert f"  {label} " in trace
    assert "safe (takes 4.5): trust is only" in trace or "safe: topic not touched" in trace


def test_why_says_what_was_heard_only_where_that_tells_something(rehearse: Run, folder: Path) -> None:
    heard = [
        line.partition("Heard:")[2].strip()
        for trainee in ("skilled", "polite", "cold", "silent")
        for line in rehearse(folder, "--seeds", "1", "--why", trainee).out.splitlines()
        if "  Heard: " in line
    ]
    assert "silence" in heard and any(each.startswith("touches ") for each in heard)
    assert not any(each.startswith("words") for each in heard)


def test_a_trainee_that_is_not_simulated_is_said_to_be_none(rehearse: Run, folder: Path) -> None:
    (folder / "dana.yaml").write_text(SHORT)
    assert "Nobody “skilled” is simulated for this persona." in rehearse(folder, "--seeds", "1", "--why").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Missing argument 'PATH...'"),
        (("dana", "--seeds", "0"), "0 is not in the range"),
        (("dana", "--model", "m"), "--model and --base-url go with --actor llm."),
        (("--why", "skiled", "dana"), "There is no trainee “skiled”. Did you mean skilled?"),
        (("--why",), "Missing argument 'PATH...'"),
    ],
)
def test_wrong_input_is_told_in_a_sentence(rehearse: Run, arguments: tuple[str, ...], says: str) -> None:
    result = rehearse(*arguments)
    assert result.code in (1, 2) and says in result.err and "Traceback" not in result.err


def test_nothing_in_a_file_reaches_the_terminal_raw(rehearse: Run, folder: Path) -> None:
    evil = SHORT.replace("I need a tow.", r"I need a tow\e]52;c;eA==\a.").replace("Dana Whitfield", r'"Da\e[2Jna"')
    (folder / "dana.yaml").write_text(evil.replace("title: Stuck", r"title: Stuck \u202e"))
    for arguments in ([folder, "--why", "silent"], [folder, "--json", "--why", "silent"]):
        result = rehearse(*arguments, "--seeds", "1")
        assert not set(result.out + result.err) & set("\x1b\x07\x9b\x7f\u202e")


def processes(place: Path, cores: int) -> dict[str, Any]:
    """What is told with so many processor cores."""
    usable = sorted(os.sched_getaffinity(0))[:cores]
    done = subprocess.run(
        [sys.executable, "-m", "roleplay", "personas", "rehearse", str(place), "--seeds", "5", "--json"],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        preexec_fn=lambda: os.sched_setaffinity(0, usable),
    )
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="cores are chosen by affinity")
def test_the_figures_do_not_depend_on_the_number_of_processes(folder: Path) -> None:
    assert processes(folder, 1) == processes(folder, 2)


def test_at_a_terminal_one_bar_shows_how_far_it_is_and_ctrl_c_leaves_at_once(folder: Path) -> None:
    arguments = ["-m", "roleplay", "personas", "rehearse", str(folder), "--seeds", "1000"]
    child = pexpect.spawn(sys.executable, arguments, encoding="utf-8", timeout=60)
    child.expect(r"Rehearsing  \[")
    child.expect(r"\d+%")
    child.sendintr()
    child.expect("Stopped.")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130 and "Traceback" not in (child.before or "")


# with a language model


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub(plays_along) as stub:
        yield stub


def llm(stub_address: str) -> tuple[str, ...]:
    return ("--actor", "llm", "--base-url", stub_address, "--model", "stub")


def test_a_language_model_plays_and_its_lines_are_counted(rehearse: Run, folder: Path, stub: Stub) -> None:
    result = rehearse(folder, *llm(stub.address), "--yes")
    assert "stub at 127.0.0.1:" in result.err and "plays the customer in 9 calls: about ≈" in result.err
    assert "1 call of each trainee" in result.out
    data = told(rehearse(folder, *llm(stub.address), "--yes", "--json"))
    assert (data["llm"]["played"], data["llm"]["of"]) == (9, 9)
    lines = data["llm"]["lines"]
    assert lines["llm"] > 9 and (lines["replaced"], lines["broken_off"]) == (0, 0)
    assert data["llm"]["usage"]["requests"] * 2 == len(stub.requests)
    assert f"Lines by stub: {lines['llm']} its own, {lines['mended']} mended, 0 replaced," in result.out


def test_the_trainees_say_the_same_to_the_script_and_to_an_obedient_model(
    rehearse: Run, folder: Path, stub: Stub
) -> None:
    scripted = told(rehearse(folder, "--seeds", "1", "--json"))["personas"][0]
    played = told(rehearse(folder, *llm(stub.address), "--yes", "--json"))["personas"][0]
    assert [each["turns"] for each in played["trainees"]] == [each["turns"] for each in scripted["trainees"]]
    assert [each["told"] for each in played["trainees"]] == [each["told"] for each in scripted["trainees"]]


def test_lines_that_will_not_do_are_counted_as_replaced(rehearse: Run, folder: Path, stub: Stub) -> None:
    stub.answer = "As an AI language model I cannot play a customer."
    lines = told(rehearse(folder, *llm(stub.address), "--yes", "--json"))["llm"]["lines"]
    assert lines["replaced"] > 0 == lines["llm"]


def test_without_a_yes_and_nobody_to_ask_nothing_is_sent(rehearse: Run, folder: Path, stub: Stub) -> None:
    result = rehearse(folder, *llm(stub.address))
    assert (result.code, result.out, stub.requests) == (2, "", [])
    assert result.err.splitlines()[-1] == (
        "Error: Nobody can be asked whether that is all right. Agree to it with --yes."
    )


def test_a_line_that_breaks_off_is_counted_and_said_again(rehearse: Run, folder: Path, stub: Stub) -> None:
    stub.script = [cut_after_a_sentence]
    lines = told(rehearse(folder, *llm(stub.address), "--yes", "--json"))["llm"]["lines"]
    assert lines["broken_off"] == 1 and lines["llm"] > 9


def test_at_a_terminal_it_is_asked_first_and_a_no_sends_nothing(folder: Path, stub: Stub) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "roleplay", "personas", "rehearse", str(folder), *llm(stub.address)],
        encoding="utf-8",
        timeout=60,
    )
    child.expect("plays the customer in 9 calls")
    child.expect(r"Play them\? \[y/N\]: ")
    child.sendline("n")
    child.expect("Nothing was sent.")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, stub.requests) == (2, [])


def test_a_server_that_is_gone_ends_it_with_one_sentence(rehearse: Run, folder: Path) -> None:
    result = rehearse(folder, *llm(nobody()), "--yes")
    assert result.code == 1 and result.err.splitlines()[-1].startswith("Error: ")
    assert "of 9 calls were played" in result.out


def test_no_language_model_is_asked_that_was_not_agreed_to(rehearse: Run, folder: Path) -> None:
    result = rehearse(folder, "--actor", "llm", "--yes", "--workspace", folder.parent)
    assert (result.code, result.out) == (2, "") and result.err.startswith("Error: ")

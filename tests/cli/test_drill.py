"""`roleplay drill` in plain mode: a line is a reply, and what was heard comes at once."""

from __future__ import annotations

import json
from pathlib import Path

import pexpect
import pytest

from roleplay.conversation.drilling import KeptDrill
from roleplay.store.drills import Drills
from tests.journeys.playing import environment
from tests.practice.drills.room import MISSES, RAMP
from tests.program import PROGRAM, Ran, run
from tests.tui.hostile import LIVE, payloads

RAMP_ONLY = ("--persona", "the-ramp")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "the-ramp.yaml").write_text(RAMP)
    return tmp_path


def drill(place: Path, given: str, *options: str) -> Ran:
    words = ["drill", "--workspace", str(place), "--trainee", "Sam", *options]
    return run(*words, given=given.encode())


def kept(place: Path) -> list[KeptDrill]:
    with Drills(place / "transcripts" / "roleplay.db") as drills:
        return list(drills.of("Sam"))


def test_a_sitting_through_a_pipe(place: Path) -> None:
    given = f"/hint\n/hint\n{MISSES}\n/again\n /stop is what I would say\n/nonsense\n/brief\n{MISSES}\n"
    told = drill(place, given, *RAMP_ONLY)
    out, talk = told.stdout.decode(), told.stderr.decode()
    assert told.returncode == 0
    first, again, second = kept(place)
    assert [each.text for each in (first, again, second)] == [MISSES, "/stop is what I would say", MISSES]
    assert (first.aided, first.attempt, again.attempt, again.moment) == (2, 1, 2, first.moment)
    for line in (
        "Drill 1. New",
        "You are: Roadside assistance representative.",
        "Customer: I am on the ramp",
        "Hint: ",
        "A worked reply: ",
        f"You: {MISSES}",
        "Heard: Missed.",
        "It comes back tomorrow.",
        "Drill 1, once more. The first reply is what counts.",
        "This was another try; the first one counts",
        "2 moments in 1 minute: 2 missed.",
        "2 moments come back tomorrow.",
    ):
        assert line in out, line
    assert "There is no command /nonsense here" in talk and "/stop   end the sitting" in talk
    assert out.index("Heard: ") > out.index(f"You: {MISSES}") > out.index("Customer: ")


def test_stop_next_and_the_end_of_input_end_nothing_half(place: Path) -> None:
    assert "No moment was replied to." in drill(place, "", *RAMP_ONLY).stdout.decode()
    passed = drill(place, "/next\n/again\n/stop\nnever sent\n", *RAMP_ONLY)
    assert "Drill 2. New" in passed.stdout.decode() and "There is no moment yet" in passed.stderr.decode()
    assert kept(place) == []


def test_each_drill_is_one_json_object_in_ascii(place: Path) -> None:
    told = drill(place, f"{MISSES}\n\x1b]0;owned\x07é\n", "--json", *RAMP_ONLY)
    one, two = map(json.loads, told.stdout.decode("ascii").splitlines())
    assert (one["persona"], one["attempt"], one["because"], one["verdict"]) == ("the-ramp", 1, "new", "Missed")
    assert one["history"][-1]["role"] == "customer" and one["comes_back"] > "2026"
    assert two["reply"] == "␛]0;owned␇é" and one["assessment"]["scores"]["harm"] is not None


def test_a_moment_that_was_asked_for_comes_first_though_it_is_not_due(place: Path) -> None:
    drill(place, f"{MISSES}\n", *RAMP_ONLY)
    (missed,) = kept(place)
    told = drill(place, f"{MISSES}\n", *RAMP_ONLY, "--moment", missed.moment)
    assert "Drill 1. You asked for this one." in told.stdout.decode()
    assert [each.moment for each in kept(place)] == [missed.moment] * 2


def test_what_is_due_is_listed_and_nothing_begun(place: Path) -> None:
    assert "Nothing comes back yet" in drill(place, "", "--due").stderr.decode()
    drill(place, f"{MISSES}\n", *RAMP_ONLY)
    told = drill(place, "", "--due").stdout.decode()
    assert told.startswith("tomorrow: The ramp, missed 1 of 1 time: “") and told.count("\n") == 1
    (listed,) = json.loads(drill(place, "", "--due", "--json", "--dimension", "acts").stdout)
    assert (listed["persona"], listed["due"], listed["missed"]) == ("the-ramp", False, 1)
    assert json.loads(drill(place, "", "--due", "--json", "--persona", "stranded-driver").stdout) == []


def test_a_test_tells_nothing_before_its_end_and_goes_on_where_it_was(place: Path) -> None:
    first = drill(place, f"{MISSES}\n/hint\n/again\n{MISSES}\n/stop\n", "--test")
    out = first.stdout.decode()
    assert "Moment 1 of 6." in out and "Moment 3 of 6." in out and "Heard" not in out and "Drill" not in out
    assert "There is no command /hint here" in first.stderr.decode()
    assert "Go on with it: roleplay drill --test" in first.stderr.decode()
    rest = drill(place, f"{MISSES}\n" * 4, "--test").stdout.decode()
    assert "goes on: 2 of 6 moments have a reply" in rest and "Moment 3 of 6." in rest
    assert "Score: " in rest and rest.count("You said: ") == 6
    assert [each.test for each in kept(place)] == [kept(place)[0].test] * 6
    again = drill(place, "", "--test", "--json")
    assert again.stdout == b"" and again.returncode == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--persona", "nobody"], "There is no persona “nobody” with moments to drill. Did you mean"),
        (["--dimension", "charm"], "is not one of"),
        (["--minutes", "0"], "--minutes"),
        (["--test", "--dimension", "acts"], "A test is always the same"),
        (["--minutes", "nan"], "--minutes: nan is no number"),
        (["--moment", "kerb"], "Give --persona, and leave out --due."),
        (["--persona", "the-ramp", "--moment", "x"], "the-ramp has no moment “x” to drill. There are: "),
        (["--due", "--minutes", "3"], "A list takes no minutes."),
        (["--due", "--persona", "\x1b[31m"], "There is no persona “␛[31m”"),
    ],
)
def test_a_wrong_option_gets_one_sentence(place: Path, options: list[str], says: str) -> None:
    told = drill(place, "", *options)
    error = told.stderr.decode()
    assert told.returncode in (1, 2) and told.stdout == b""
    assert says.removesuffix(" Did you mean") in error and "Traceback" not in error and "\x1b" not in error


@pytest.mark.parametrize(
    ("given", "says"),
    [(b"caf\xe9\n", "standard input, line 1: Byte 4"), (b"x" * 4001 + b"\n", "line 1: This reply has 4,001")],
)
def test_a_reply_that_cannot_be_read_is_named_by_line_and_not_kept(place: Path, given: bytes, says: str) -> None:
    told = run("drill", "--workspace", str(place), "--trainee", "Sam", *RAMP_ONLY, given=given)
    assert told.returncode == 2 and says in told.stderr.decode() and kept(place) == []


def test_hostile_replies_to_a_hostile_persona_print_no_live_bytes(place: Path) -> None:
    evil = RAMP.replace("The ramp", "'[@click=app.quit]文[/]'").replace(
        "It rains.", "$name [red] ﷺ a\u0300\u0300 It rains."
    )
    (place / "personas" / "evil.yaml").write_text(evil, "utf-8")
    hostile = "".join(f" {' '.join(text.split())}\n/again\n" for text in payloads(200, "drills"))
    told = drill(place, hostile, "--persona", "evil")
    shown = (told.stdout + told.stderr).decode()
    assert told.returncode == 0 and "Traceback" not in shown and "$name [red] " in shown
    assert len(kept(place)) == 200 and not LIVE.search(shown.replace("\n", ""))


def test_at_a_terminal_it_asks_what_comes_next_and_ctrl_c_says_what_was_kept(place: Path) -> None:
    words = [*PROGRAM, "drill", "--plain", "--workspace", str(place), "--trainee", "Sam", *RAMP_ONLY]
    terminal = pexpect.spawn(words[0], words[1:], env=environment(TERM="xterm"), encoding="utf-8", timeout=20)
    terminal.expect("You: ")
    terminal.sendline("hint")
    terminal.expect("/hint is a command")
    terminal.expect("You: ")
    terminal.sendline(MISSES)
    terminal.expect("Enter for the next, /again, /stop: ")
    terminal.sendline("")
    terminal.expect("Drill 2")
    terminal.expect("You: ")
    terminal.sendintr()
    terminal.expect("Stopped. 1 reply is saved.")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 130 and len(kept(place)) == 1

"""`roleplay play` with wrong input, at a terminal, and on a full disk: one clear sentence, nothing lost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from roleplay.store.transcripts import Transcripts
from tests.journeys.playing import command, environment, play, replies_of, saved_as

PROGRAM = [sys.executable, "-m", "roleplay"]


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*PROGRAM, *arguments], input=given, capture_output=True, env=environment(), timeout=60)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["play", "stranded-drivr"], "Did you mean stranded-driver?"),
        (["play", "../../nowhere.yaml"], "There is no persona file at"),
        (["play", "\x1b]52;c;x\x07"], "There is no persona"),
        (["play", "stranded-driver", "--seed", "-1"], "--seed"),
        (["play"], "Missing argument 'PERSONA'"),
        (["fly"], "No such command 'fly'"),
        (["transcripts", "show", "../x"], "No transcripts yet"),
    ],
)
def test_a_wrong_command_gets_one_sentence_and_an_exit_code(arguments: list[str], says: str, tmp_path: Path) -> None:
    told = run(*arguments, *(["--workspace", str(tmp_path)] if len(arguments) > 1 else []))
    error = told.stderr.decode()
    assert told.returncode in (1, 2) and told.stdout == b""
    assert says in error and "Traceback" not in error and "\x1b" not in error


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"hello\ncaf\xe9\n", "standard input, line 2: Byte 4 of this line is not UTF-8"),
        ("hello\n".encode("utf-16"), "The input is UTF-16."),
        (b"x" * 4001 + b"\n", "standard input, line 1: This reply has 4,001 characters"),
        (b"x" * 400_000, "standard input, line 1: This line has more than"),
    ],
)
def test_replies_that_cannot_be_read_are_named_by_line(given: bytes, says: str, tmp_path: Path) -> None:
    played = play(tmp_path, given)
    assert played.returncode == 2 and says in played.stderr.decode()
    assert b"Debrief" not in played.stdout


def test_what_was_sent_before_a_bad_line_is_kept_and_goes_on(tmp_path: Path) -> None:
    first, second = replies_of("skilled")[:2]
    played = play(tmp_path, f"{first}\n".encode() + b"caf\xe9\n")
    resumed = play(tmp_path, f"{second}\n".encode(), "--resume")
    assert saved_as(resumed) == saved_as(played)
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        assert [reply.text for reply in store.load(saved_as(played)).replies] == [first, second]


def test_a_reply_of_exactly_the_limit_is_taken(tmp_path: Path) -> None:
    assert play(tmp_path, ("Are you safe? " * 300)[:4000].encode() + b"\n").returncode == 0


def test_a_broken_persona_is_told_with_its_lines_and_begins_no_call(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: Pat\ntitel: x\nneeds: []\n")
    played = play(tmp_path, b"", persona=str(broken))
    assert played.returncode == 1 and f"{broken}:2:1" in played.stderr.decode()
    assert not (tmp_path / "transcripts").exists()


@pytest.mark.parametrize("shape", ["scenes: [{id: one}]", "visits: [{id: one, opening: Hi.}]"])
def test_a_persona_that_cannot_be_played_yet_says_so(shape: str, tmp_path: Path) -> None:
    persona = tmp_path / "later.yaml"
    persona.write_text(
        "name: Pat\ntitle: x\ntrainee: {role: clerk}\ncustomer: {opening: Hi., backstory: b}\n"
        f"needs: {{key: {{kind: spoken, need: A key.}}}}\n{shape}\n"
    )
    played = play(tmp_path, b"", persona=str(persona))
    assert played.returncode == 1 and "cannot be played yet" in played.stderr.decode()


def test_a_plain_locale_does_not_break_a_call(tmp_path: Path) -> None:
    played = play(tmp_path, b"Are you hurt?\n", "--exam", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert played.returncode == 0 and b"Traceback" not in played.stderr


def test_a_full_disk_is_said_and_what_was_saved_stays(tmp_path: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40_000, size + 40_000))

    size = database_size_after_one_call(tmp_path)
    given = "".join(f"{reply * 6}\n" for reply in replies_of("skilled")).encode()
    played = subprocess.run(
        [*command(), "--workspace", str(tmp_path)],
        input=given,
        capture_output=True,
        env=environment(),
        preexec_fn=little_room,
    )
    assert played.returncode == 1
    assert "Nothing of this was saved, because the disk refused" in played.stderr.decode()
    shown = [line[5:] for line in played.stdout.decode().splitlines() if line.startswith("You: ")]
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        kept = [reply.text for reply in store.load(saved_as(played)).replies]
    assert kept == shown
    assert play(tmp_path, b"I am with you.\n", "--resume").returncode == 0


def database_size_after_one_call(workspace: Path) -> int:
    assert play(workspace, b"Are you hurt?\n").returncode == 0
    return (workspace / "transcripts" / "roleplay.db").stat().st_size


@pytest.fixture
def terminal(tmp_path: Path) -> object:
    def start(*options: str) -> pexpect.spawn[str]:
        arguments = [*command()[1:], "--workspace", str(tmp_path), *options]
        return pexpect.spawn(
            sys.executable, arguments, env=environment(TERM="dumb"), encoding="utf-8", timeout=20, dimensions=(24, 80)
        )

    return start


def test_a_call_at_a_terminal_is_paused_offered_and_finished(terminal: object, tmp_path: Path) -> None:
    assert callable(terminal)
    call = terminal("--seed", "7")
    call.expect("You: ")
    call.sendline("/help")
    call.expect("/leave")
    call.expect("You: ")
    call.sendline(replies_of("skilled")[0])
    call.expect("Heard: ")
    call.expect("You: ")
    call.sendintr()
    call.expect("everything sent is saved.*--resume")
    call.expect(pexpect.EOF)
    call.close()
    assert call.exitstatus == 130

    again = terminal()
    again.expect(r"was cut short after 1 reply. Go on with it\? \[Y/n\] ")
    again.sendline("")
    again.expect("The call so far:")
    again.expect("You: .*You: ")
    again.sendeof()
    again.expect("0 to 4, or Enter to skip: ")
    assert "Score" not in again.before
    again.sendline("9")
    again.expect("A number from 0 to 4")
    again.sendline("3")
    again.expect("You rated yourself 3 of 4")
    again.expect(pexpect.EOF)
    again.close()
    assert again.exitstatus == 0


def test_a_reply_above_the_limit_can_be_shortened_at_a_terminal(terminal: object) -> None:
    assert callable(terminal)
    call = terminal("--exam")
    call.expect("You: ")
    os.write(call.child_fd, b"word " * 700 + b"\n")
    call.expect("Customer: ")
    call.expect("You: ")
    call.sendline("/pause")
    call.expect("Saved. Go on with it")
    call.expect(pexpect.EOF)

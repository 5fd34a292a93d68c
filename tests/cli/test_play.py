"""`roleplay play` with wrong input, at a terminal, and on a full disk: one clear sentence, nothing lost."""

from __future__ import annotations

import json
import os
import resource
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from roleplay.store.transcripts import Transcripts
from tests.journeys.playing import command, environment, play, play_afresh, replies_of, saved_as
from tests.program import run


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["play", "stranded-drivr"], "Did you mean stranded-driver?"),
        (["play", "../../nowhere.yaml"], "There is no persona file at"),
        (["play", "\x1b]52;c;x\x07"], "There is no persona"),
        (["play", "stranded-driver", "--seed", "-1"], "--seed"),
        (["play"], "Missing argument 'PERSONA'"),
        (["plya"], "Did you mean play?"),
        (["fly"], "No such command “fly”."),
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


def test_what_was_typed_in_the_app_and_not_sent_is_told_when_the_call_goes_on(tmp_path: Path) -> None:
    played = play(tmp_path, b"caf\xe9\n")
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        store.keep_draft(saved_as(played), "Are you\nbehind \x1b[31m")
        resumed = play(tmp_path, b"Are you behind the rail?\n", "--resume")
        assert "You had typed, and not sent: Are you behind ␛[31m" in resumed.stderr.decode()
        assert store.draft(saved_as(played)) == ""


def test_a_reply_of_exactly_the_limit_is_kept_whole(tmp_path: Path) -> None:
    given = ("Are you safe? " * 300)[:4000]
    played = play(tmp_path, given.encode() + b"\n")
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        assert [reply.text for reply in store.load(saved_as(played)).replies] == [given.strip()]


def test_a_broken_persona_is_told_with_its_lines_and_begins_no_call(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: Pat\ntitel: x\nneeds: []\n")
    played = play(tmp_path, b"", persona=str(broken))
    assert played.returncode == 1 and f"{broken}:2:1" in played.stderr.decode()
    assert not (tmp_path / "transcripts").exists()


def test_a_plain_locale_does_not_break_a_call(tmp_path: Path) -> None:
    played = play_afresh(tmp_path, b"Are you hurt?\n", "--exam", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
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


def take(call: pexpect.spawn[str]) -> None:
    call.expect("Press Enter to take the call. ")
    call.sendline("")
    call.expect("You: ")


def test_ctrl_c_at_the_own_rating_skips_it_and_tells_the_debrief(terminal: object) -> None:
    assert callable(terminal)
    call = terminal("--seed", "7")
    take(call)
    call.sendline("quit")
    call.expect("To leave the call, type /leave")
    call.expect("You: ")
    call.sendline("/leave")
    call.expect("0 to 4, or Enter to skip: ")
    call.sendintr()
    call.expect("Debrief.")
    call.expect("Press Enter for the score. ")
    call.sendline("")
    call.expect("Type y to read it, or Enter: ")
    call.sendline("")
    call.expect(pexpect.EOF)
    call.close()
    assert call.exitstatus == 0


def test_json_at_a_terminal_keeps_stdout_for_the_result(tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    words = [sys.executable, *command()[1:], "--workspace", str(tmp_path), "--json"]
    call = pexpect.spawn(
        "/bin/sh", ["-c", f"{shlex.join(words)} > {result}"], env=environment(TERM="dumb"), encoding="utf-8", timeout=20
    )
    take(call)
    call.sendline("/leave")
    call.expect("0 to 4, or Enter to skip: ")
    call.sendline("2")
    call.expect("Press Enter for the score. ")
    call.sendline("")
    call.expect("Type y to read it, or Enter: ")
    call.sendline("")
    call.expect(pexpect.EOF)
    assert json.loads(result.read_text())["debrief"]["self_rating"] == 2


def test_a_call_by_path_goes_on_by_the_line_that_was_offered(terminal: object, tmp_path: Path) -> None:
    persona = tmp_path / "mine.yaml"
    persona.write_text(
        "id: other-name\nname: Pat\ntitle: x\ntrainee: {role: clerk}\ncustomer: {opening: Hi., backstory: b}\n"
        "needs: {key: {kind: spoken, need: A key.}}\n"
    )
    words = [*command(str(persona))[1:], "--workspace", str(tmp_path)]
    call = pexpect.spawn(sys.executable, words, env=environment(TERM="dumb"), encoding="utf-8", timeout=20)
    take(call)
    call.sendline("/pause")
    call.expect("Go on with it: roleplay (.*)\r\n")
    offered = shlex.split(call.match.group(1))
    call.expect(pexpect.EOF)
    resumed = run(*offered, given=b"Which key?\n")
    assert resumed.returncode == 0 and b"You: Which key?" in resumed.stdout


def test_a_lock_that_is_held_is_said_and_waited_for(tmp_path: Path) -> None:
    database_size_after_one_call(tmp_path)
    holder = sqlite3.connect(tmp_path / "transcripts" / "roleplay.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    waiting = subprocess.Popen(
        [*command(), "--workspace", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert waiting.stderr
    assert any(b"Waiting for another program" in line for line in waiting.stderr)
    holder.execute("ROLLBACK")
    holder.close()
    shown, _ = waiting.communicate(b"Are you hurt?\n", timeout=30)
    assert waiting.returncode == 0 and b"You: Are you hurt?" in shown


def test_pause_at_a_terminal_tells_how_to_go_on_and_is_no_fault(terminal: object) -> None:
    assert callable(terminal)
    call = terminal("--seed", "7")
    take(call)
    call.sendline("Are you hurt?")
    call.expect("Heard: ")
    call.expect("You: ")
    call.sendline("/pause")
    call.expect("Saved. Go on with it: .*--resume")
    call.expect(pexpect.EOF)
    call.close()
    assert call.exitstatus == 0 and "Error" not in call.before


def test_a_call_at_a_terminal_is_paused_offered_and_finished(terminal: object, tmp_path: Path) -> None:
    assert callable(terminal)
    call = terminal("--seed", "7")
    take(call)
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
    again.expect("Press Enter to take the call. ")
    again.sendline("")
    again.expect("The call so far:")
    again.expect("You: .*You: ")
    again.sendeof()
    again.expect("0 to 4, or Enter to skip: ")
    assert "Score" not in again.before
    again.sendline("9")
    again.expect("A number from 0 to 4")
    again.sendline("3")
    again.expect("Press Enter for the score. ")
    again.sendline("")
    again.expect("You rated yourself 3 of 4")
    again.expect("Press Enter for the next reply")
    again.sendline("")
    again.expect("Reply 1, to")
    again.expect("Type y to read it, or Enter: ")
    again.sendline("y")
    again.expect("Kept back: My daughter")
    again.expect(pexpect.EOF)
    again.close()
    assert again.exitstatus == 0


def test_a_reply_above_the_limit_can_be_shortened_at_a_terminal(terminal: object) -> None:
    assert callable(terminal)
    call = terminal("--exam")
    take(call)
    os.write(call.child_fd, b"word " * 700 + b"\n")
    call.expect("Customer: ")
    call.expect("You: ")
    call.sendline("/pause")
    call.expect("Saved. Go on with it")
    call.expect(pexpect.EOF)

"""`roleplay` by itself, and what may stand before a command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from roleplay.store.transcripts import Transcripts
from tests.program import PROGRAM, environment, run, run_afresh


def at_a_terminal(*arguments: str, **changes: str) -> pexpect.spawn[bytes]:
    settings = environment(**{"TERM": "xterm-256color", **changes})
    return pexpect.spawn(PROGRAM[0], [*PROGRAM[1:], *arguments], env=settings, timeout=20, dimensions=(30, 100))


def trainees(workspace: Path) -> list[str]:
    listed = run("transcripts", "list", "--json", "--workspace", str(workspace))
    return [call["trainee"] for call in json.loads(listed.stdout)]


def test_without_a_terminal_it_shows_the_help_and_what_to_do_instead() -> None:
    told = run_afresh()
    assert (told.returncode, told.stdout) == (2, b"")
    assert b"Usage: " in told.stderr and b"transcripts" in told.stderr
    assert told.stderr.decode().splitlines()[-1].startswith("There is no terminal: `roleplay play PERSONA` plays in")


def test_a_terminal_that_cannot_draw_is_told_so(tmp_path: Path) -> None:
    app = at_a_terminal("--workspace", str(tmp_path), TERM="dumb")
    app.expect_exact("This terminal cannot draw (TERM=dumb)")
    app.expect(pexpect.EOF)
    app.close()
    assert app.exitstatus == 2


def test_at_a_terminal_that_cannot_draw_a_call_is_played_in_lines(tmp_path: Path) -> None:
    call = at_a_terminal("play", "stranded-driver", "--workspace", str(tmp_path), TERM="dumb")
    call.expect_exact("Press Enter to take the call.")
    call.close(force=True)


def test_at_a_terminal_the_app_opens_and_quits(tmp_path: Path) -> None:
    app = at_a_terminal("--workspace", str(tmp_path))
    app.expect_exact(b"\x1b[?1049h")
    app.expect_exact("Stuck where the ramp splits off")
    app.sendcontrol("q")
    app.expect_exact(b"\x1b[?1049l")
    app.expect(pexpect.EOF)
    app.close()
    assert app.exitstatus == 0


def test_play_opens_the_app_on_the_briefing_of_that_persona(tmp_path: Path) -> None:
    app = at_a_terminal("play", "stranded-driver", "--workspace", str(tmp_path))
    app.expect_exact(b"\x1b[?1049h")
    app.expect_exact("Roadside assistance representative")
    app.sendcontrol("q")
    app.expect(pexpect.EOF)
    app.close()
    assert app.exitstatus == 0


def test_a_place_that_cannot_be_is_one_sentence_and_opens_no_app(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    app = at_a_terminal("--workspace", str(tmp_path / "file"))
    told = app.read().decode()
    app.close()
    assert "is a file where a folder should be" in told and "\x1b[?1049h" not in told
    assert app.exitstatus == 2


@pytest.mark.parametrize(
    ("before", "after", "variable", "trainee"),
    [
        (["--trainee", "Ann"], [], "", "Ann"),
        (["--trainee", "Ann"], ["--trainee", "Bea"], "", "Bea"),
        (["--trainee", "Ann"], [], "Kim", "Ann"),
        ([], [], "Kim", "Kim"),
        ([], ["--trainee", "Bea"], "Kim", "Bea"),
    ],
)
def test_who_plays_may_be_said_before_the_command(
    before: list[str], after: list[str], variable: str, trainee: str, tmp_path: Path
) -> None:
    changes = {"ROLEPLAY_TRAINEE": variable} if variable else {}
    run("--workspace", str(tmp_path), *before, "play", "stranded-driver", *after, **changes)
    assert trainees(tmp_path) == [trainee]


def test_the_workspace_after_the_command_wins_over_the_one_before(tmp_path: Path) -> None:
    one, other = str(tmp_path / "one"), str(tmp_path / "other")
    run("--workspace", one, "play", "stranded-driver", "--workspace", other, "--trainee", "Sam")
    assert trainees(Path(other)) == ["Sam"] and not Path(one).exists()
    assert b"Sam" in run("--workspace", other, "transcripts", "list").stdout


def test_the_line_that_goes_on_with_a_call_names_what_stood_before_the_command(tmp_path: Path) -> None:
    call = at_a_terminal("--workspace", str(tmp_path), "--trainee", "Ann", "play", "stranded-driver", "--plain")
    call.expect_exact("Press Enter to take the call.")
    call.sendline(b"")
    call.expect_exact("You: ")
    call.sendline(b"/pause")
    call.expect_exact(f"roleplay play stranded-driver --resume --plain --workspace {tmp_path} --trainee Ann")
    call.expect(pexpect.EOF)
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        assert len(store.interrupted("Ann")) == 1


def test_help_loads_nothing_of_what_commands_need() -> None:
    code = (
        "import sys; from roleplay.cli.main import roleplay; roleplay(['--help'], standalone_mode=False); "
        "heavy = ('msgspec', 'yaml', 'sqlite3', 'textual', 'asyncio', 'roleplay.workspace', 'roleplay.cli.play'); "
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert ran.stderr.strip() == "[]"

"""After a call about danger or suicide, plain mode tells that first, and where to find help."""

from __future__ import annotations

import sys
from pathlib import Path

import pexpect
import pytest

from roleplay.practice.help_resources import NEUTRAL
from tests.journeys.playing import command, environment, play, rehearsed, replies_of, saved_as, typed
from tests.program import run

OWN = "Crisis line: ask at the desk.\n\nRoom 4, \x1b[31mat any time.\n"
FATHER = "grieving-father"


def shown(workspace: Path, ident: str) -> list[str]:
    ran = run("transcripts", "show", ident, "--workspace", str(workspace))
    assert ran.returncode == 0
    return ran.stdout.decode().splitlines()


def told_first(lines: list[str]) -> list[str]:
    """What stands between the heading of the debrief and how the call ended."""
    debrief = lines[lines.index("Debrief.") + 1 :]
    return debrief[: next(place for place, line in enumerate(debrief) if line.startswith("This call ended"))]


def replies_up_to_danger() -> tuple[str, ...]:
    """What a simulated trainee says to the father until he tells that he is not safe."""
    transcript = rehearsed(FATHER, "skilled", 7).transcript
    persona = transcript.session.script.persona
    moments = [persona.beat(reply.state.moment).safety for reply in transcript.replies]
    return replies_of("skilled", persona=FATHER)[: moments.index("suicide") + 1]


def test_a_call_about_suicide_that_is_left_early_says_who_was_not_safe_and_where_help_is(tmp_path: Path) -> None:
    (tmp_path / "help-resources.txt").write_text(OWN)
    played = play(tmp_path, typed(replies_up_to_danger()), persona=FATHER)
    lines = played.stdout.decode().splitlines()
    first, *helps = told_first(lines)
    assert first.startswith("Safety first.") and first.endswith("Orrin was not safe yet when you hung up.")
    assert helps == ["Crisis line: ask at the desk.", "Room 4, ␛[31mat any time."]
    assert told_first(shown(tmp_path, saved_as(played))) == [first, *helps]
    assert all(lines.count(line) == 1 for line in (first, *helps))


def test_a_call_about_suicide_says_where_help_is_even_if_it_is_left_at_once(tmp_path: Path) -> None:
    lines = play(tmp_path, b"", "--exam", persona=FATHER).stdout.decode().splitlines()
    assert told_first(lines) == ["Safety first.", *neutral()]


def neutral() -> list[str]:
    return [
        *(line for line in NEUTRAL.splitlines() if line),
        "The numbers of your place belong here: put them into help-resources.txt in the workspace's folder.",
    ]


@pytest.mark.parametrize(("persona", "helps"), [("stranded-driver", True), ("heartbroken-mover", False)])
def test_help_is_told_where_somebody_was_in_danger_and_only_there(persona: str, helps: bool, tmp_path: Path) -> None:
    lines = play(tmp_path, b"What is your customer number?\n", persona=persona).stdout.decode().splitlines()
    assert (told_first(lines)[1:] == neutral()) == helps and bool(told_first(lines)) == helps


def test_at_a_terminal_it_comes_before_the_score_is_offered(tmp_path: Path) -> None:
    (tmp_path / "help-resources.txt").write_text(OWN)
    words = [*command()[1:], "--workspace", str(tmp_path)]
    call = pexpect.spawn(sys.executable, words, env=environment(TERM="dumb"), encoding="utf-8", timeout=20)
    call.expect("Press Enter to take the call. ")
    call.sendline("")
    call.expect("You: ")
    call.sendline("/leave")
    call.expect("Enter to skip: ")
    call.sendline("")
    call.expect("Safety first. Dana was not safe yet when you hung up.\\s+Crisis line: ask at the desk.\\s+Room 4")
    call.expect("Press Enter for the score. ")
    call.sendline("")
    call.sendeof()
    call.close()

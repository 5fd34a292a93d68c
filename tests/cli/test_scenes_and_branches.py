"""A story in scenes and a reply taken back, in plain lines, in JSON and among the transcripts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from roleplay.store.transcripts import Transcripts
from tests.journeys.playing import command, environment, play, saved_as
from tests.program import run

STORY = """\
name: Pat Moss
title: Two doors
trainee: {role: Dispatcher}
customer: {opening: I am locked out., backstory: Pat lives on Hill Street.}
needs: {door: {kind: spoken, need: To get in.}}
scenes:
  - id: call
    title: The call
    narration: It is late.
    moments: [{id: first, feeling: afraid, spoken: door}]
    next: turn >= 1
  - id: office
    title: The office
    narration: You ring the office.
    cast: [{name: Ann Bell}]
    opening: "Office, Ann."
    moments: [{id: what, spoken: door}, {id: who, says: "For whom is it?", spoken: door}]
"""


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "two-doors.yaml"
    path.write_text(STORY)
    return str(path)


def shown(played: subprocess.CompletedProcess[bytes]) -> list[str]:
    """The lines that were printed before the debrief, but for the briefing and what was heard."""
    lines = played.stdout.decode().partition("Debrief.")[0].splitlines()
    return [line for line in lines[2:] if not line.startswith("Heard: ")]


def transcript(workspace: Path, ident: str, *options: str) -> str:
    ran = run("transcripts", "show", ident, "--workspace", str(workspace), *options)
    assert ran.returncode == 0
    return ran.stdout.decode()


def test_a_scene_is_told_and_its_speaker_named(story: str, tmp_path: Path) -> None:
    played = play(tmp_path, b"I hear you.\nA key, please.\n", "--seed", "1", persona=story)
    lines = shown(played)
    assert lines[:4] == ["Scene: The call", "It is late.", "Customer: I am locked out.", "You: I hear you."]
    assert lines[4].startswith("Customer: ")
    assert lines[5:9] == ["Scene: The office", "You ring the office.", "Ann: Office, Ann.", "You: A key, please."]
    assert lines[9].startswith("Ann: ")
    printed = transcript(tmp_path, saved_as(played)).partition("Debrief.")[0].splitlines()
    assert [line for line in printed[3:] if line] == lines


def test_a_story_that_was_cut_short_is_told_again_with_its_scenes(story: str, tmp_path: Path) -> None:
    paused = play(tmp_path, b"I hear you.\n/pause\n", persona=story)
    resumed = play(tmp_path, b"A key, please.\n", "--resume", persona=story)
    assert saved_as(resumed) == saved_as(paused)
    assert shown(resumed)[0] == "The call so far:" and shown(resumed)[1:10] == [*shown(paused), "You: A key, please."]


def test_a_reply_that_missed_is_taken_back_and_given_again(story: str, tmp_path: Path) -> None:
    played = play(tmp_path, b"That is your own fault.\n/again\nI hear you.\n", persona=story)
    lines = shown(played)
    taken = lines.index("Your reply is taken back; the first one is what counts. Answer this again:")
    assert lines[taken + 1 : taken + 3] == ["Customer: I am locked out.", "You: I hear you."]
    printed = transcript(tmp_path, saved_as(played))
    assert "You (try 1, taken back): That is your own fault." in printed and "You (try 2): I hear you." in printed
    assert "Reply 1, try 2 (the first one counts), to" in printed
    kept = json.loads(transcript(tmp_path, saved_as(played), "--json"))
    assert [reply["text"] for reply in kept["earlier"]] == ["That is your own fault."]


def test_taking_back_goes_on_after_a_pause(story: str, tmp_path: Path) -> None:
    paused = play(tmp_path, b"That is your own fault.\n/again\n/pause\n", persona=story)
    resumed = play(tmp_path, b"I hear you.\n", "--resume", persona=story)
    assert shown(resumed)[:6] == [
        "The call so far:",
        "Scene: The call",
        "It is late.",
        "Customer: I am locked out.",
        "Your reply is taken back; the first one is what counts. Answer this again:",
        "You: I hear you.",
    ]
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        kept = store.load(saved_as(paused))
        assert [(reply.branch, reply.text) for reply in kept.replies] == [(1, "I hear you.")]


def test_what_cannot_be_taken_back_is_said_and_the_call_goes_on(story: str, tmp_path: Path) -> None:
    played = play(tmp_path, b"/again\nI hear you.\n", persona=story)
    assert "There is no reply yet to take back. Nothing was taken back." in played.stderr.decode()
    assert played.returncode == 0 and "You: I hear you." in shown(played)


def test_in_an_exam_there_is_no_such_command(story: str, tmp_path: Path) -> None:
    played = play(tmp_path, b"That is your own fault.\n/again\n/help\n", "--exam", persona=story)
    told = played.stderr.decode()
    assert "There is no command /again." in told and "take back a reply" not in told
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        assert store.load(saved_as(played)).branch == 0


def test_json_tells_who_speaks_and_what_was_taken_back(story: str, tmp_path: Path) -> None:
    given = b"That is your own fault.\n/again\nI hear you.\nA key, please.\n"
    played = json.loads(play(tmp_path, given, "--json", "--seed", "1", persona=story).stdout)
    told = [(each["role"], each["turn"], each.get("speaker") or each.get("attempt")) for each in played["messages"]]
    assert told == [
        ("narration", 1, None),
        ("customer", 1, "Pat Moss"),
        ("trainee", 1, 1),
        ("trainee", 1, 2),
        ("customer", 2, "Pat Moss"),
        ("narration", 2, None),
        ("customer", 2, "Ann Bell"),
        ("trainee", 2, 1),
        ("customer", 3, "Ann Bell"),
    ]


def test_an_interrupted_exam_told_in_scenes_shows_nothing_but_what_was_said(story: str, tmp_path: Path) -> None:
    paused = play(tmp_path, b"I hear you.\n/pause\n", "--exam", persona=story)
    kept = json.loads(transcript(tmp_path, saved_as(paused), "--json"))
    assert [(line["speaker"], line["scene"] and line["scene"]["title"]) for line in kept["lines"]] == [
        ("Pat Moss", "The call"),
        ("Pat Moss", None),
        ("Ann Bell", "The office"),
    ]
    assert set(kept["replies"][0]) == {"session", "branch", "turn", "text", "gesture", "at"}
    assert kept["earlier"] == []


def test_at_a_terminal_it_is_offered_once(story: str, tmp_path: Path) -> None:
    words = [*command(story)[1:], "--workspace", str(tmp_path)]
    call = pexpect.spawn(sys.executable, words, env=environment(TERM="dumb"), encoding="utf-8", timeout=20)
    call.expect("Press Enter to take the call. ")
    call.sendline("")
    call.expect("You: ")
    call.sendline("That is your own fault.")
    call.expect("To take that reply back and answer again, type /again.")
    call.expect("You: ")
    call.sendline("/again")
    call.expect("Answer this again:\\s+Customer: I am locked out.")
    call.expect("You: ")
    call.sendline("You should have thought of that.")
    call.expect("Office, Ann.(.*)You: ")
    assert "/again" not in call.match.group(1)
    call.sendline("/pause")
    call.expect(pexpect.EOF)

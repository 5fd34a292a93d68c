"""A story in visits and a queue, played in plain lines to the end, in JSON, and among personas and transcripts."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.playing import play, saved_as
from tests.persona.stories import QUEUE, VISITS
from tests.program import run

ASKS = b"Do you have your son near?\nI see.\n"
GOODBYES = b"Goodbye then, bye.\n" * 2


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "emil.yaml").write_text(VISITS)
    (tmp_path / "personas" / "counter.yaml").write_text(QUEUE)
    return tmp_path


def printed(played: subprocess.CompletedProcess[bytes]) -> list[str]:
    return played.stdout.decode().splitlines()


def listed(workspace: Path, *options: str) -> str:
    ran = run("personas", "list", "--workspace", str(workspace), *options)
    assert ran.returncode == 0
    return ran.stdout.decode()


def shown(workspace: Path, ident: str, *options: str) -> str:
    ran = run("transcripts", "show", ident, "--workspace", str(workspace), *options)
    assert ran.returncode == 0
    return ran.stdout.decode()


def test_a_whole_story_is_played_visit_by_visit(workspace: Path) -> None:
    first = printed(play(workspace, ASKS, persona="emil"))
    assert first[1:5] == [
        "Visit 1.",
        "You are: Clerk.",
        "What you know: He comes on Thursdays.",
        "On your screen: Buys: A prepaid card.",
    ]
    assert "Visit 1. Emil will come again." in first
    second = printed(play(workspace, b"bye\n", persona="emil"))
    assert second[1:6] == [
        "Visit 2: The second Thursday.",
        "You are: Clerk.",
        "What you know: He is back.",
        "You remember: Visit 1. It ended badly. You were told: “You look like my Petr.”",
        "On your screen: Buys: A prepaid card; Last time: Ten minutes at the counter.",
    ]
    assert "Customer: Again the ten one." in second
    third = printed(play(workspace, b"bye\n", persona="emil"))
    assert "Visit 3: The third Thursday." in third and "Customer: Petr has answered." in third
    assert any(line.endswith("No other visit follows: next time the story begins anew.") for line in third)
    assert "Visit 1." in printed(play(workspace, b"", persona="emil"))


def test_an_interrupted_visit_is_resumed_as_it_was_begun(workspace: Path) -> None:
    play(workspace, ASKS, persona="emil")
    paused = play(workspace, b"Good to see you.\n/pause\n", persona="emil")
    play(workspace, b"", "--new", persona="emil")
    resumed = printed(play(workspace, b"bye\n", "--resume", persona="emil"))
    assert resumed[1] == "Visit 2: The second Thursday." and "Customer: Again the ten one." in resumed
    assert saved_as(paused)


def test_as_json_a_call_says_which_visit_it_is_and_what_is_remembered(workspace: Path) -> None:
    first: dict[str, Any] = json.loads(play(workspace, ASKS, "--json", persona="emil").stdout)
    assert first["visit"] == {"id": "", "number": 1, "title": "", "remembered": []}
    second = json.loads(play(workspace, b"bye\n", "--json", persona="emil").stdout)
    assert second["visit"]["title"] == "The second Thursday" and second["queue"] == []
    assert second["visit"]["remembered"] == [
        {"number": 1, "title": "", "outcome": "bad", "told": ["You look like my Petr."]}
    ]
    assert second["debrief"]["visit"].startswith("Visit 2: The second Thursday. ")


def test_a_queue_is_played_to_the_end_of_the_line(workspace: Path) -> None:
    lines = printed(play(workspace, GOODBYES, "--seed", "0", "--exam", persona="counter"))
    assert lines[:4] == [
        "Everyone in line. At the counter.",
        "You are: Clerk.",
        "You may: make a copy.",
        "Yours to give: pass a tissue (/gesture tissue)",
    ]
    assert lines[4:8] == [
        "Next: A woman with a wet coat",
        "She puts a folder on the counter.",
        "Lottie: I need two copies.",
        "You: Goodbye then, bye.",
    ]
    assert lines[9:11] == ["Next: Tom Reyes", "Tom: Is this where you pay fines?"]
    end = lines.index("Debrief.")
    assert [line.partition(":")[0] for line in lines[end + 2 : end + 4]] == ["Lottie Marsh", "Tom Reyes"]


def test_the_same_seed_draws_the_same_queue_and_the_same_call(workspace: Path) -> None:
    first, again, other = (
        json.loads(play(workspace, GOODBYES, "--json", "--seed", seed, persona="counter").stdout) for seed in "001"
    )
    for played in (first, again, other):
        del played["meta"]
    assert first == again and first["queue"] == ["lottie", "tom"] and other["queue"] == ["tom", "lottie"]


def test_a_queue_cut_short_goes_on_with_whoever_was_there(workspace: Path) -> None:
    play(workspace, b"Goodbye then, bye.\n/pause\n", "--seed", "0", persona="counter")
    lines = printed(play(workspace, b"Goodbye then, bye.\n", "--resume", persona="counter"))
    assert lines[4] == "The call so far:" and lines[5] == "Next: A woman with a wet coat"
    assert "Next: Tom Reyes" in lines and "Lottie Marsh" in "".join(lines)


def test_both_are_listed_with_how_much_there_is_of_them(workspace: Path) -> None:
    told = listed(workspace)
    assert "The same card every week (difficulty 3/5; a story of 3 visits)" in told
    assert "Everyone in line (difficulty 3/5; a queue of 2, 2 drawn)" in told
    entries = {entry["id"]: entry for entry in json.loads(listed(workspace, "--json"))}
    assert (entries["emil"]["playable"], entries["emil"]["visits"]) == (True, 3)
    assert (entries["counter"]["queue"], entries["counter"]["drawn"]) == (2, 2)


def test_a_saved_call_shows_its_visit_and_who_came(workspace: Path) -> None:
    visit = shown(workspace, saved_as(play(workspace, ASKS, persona="emil")))
    assert visit.splitlines()[1] == "Visit 1."
    queue = saved_as(play(workspace, GOODBYES, "--seed", "0", persona="counter"))
    assert "Next: A woman with a wet coat\n" in shown(workspace, queue)
    assert json.loads(shown(workspace, queue, "--json"))["session"]["script"]["queue"] == ["lottie", "tom"]


def test_who_is_still_to_come_is_not_told_of_a_call_that_has_not_ended(workspace: Path) -> None:
    paused = play(workspace, b"/pause\n", "--seed", "0", persona="counter")
    assert "Tom" not in shown(workspace, saved_as(paused), "--json")

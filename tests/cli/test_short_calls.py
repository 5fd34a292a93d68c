"""Five-minute calls from the command line: listed under a name of their own, carried, rehearsed and previewed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from roleplay.store.transcripts import Transcripts
from tests.cli.running import run
from tests.journeys.playing import play
from tests.persona.samples import RICH

LISTED = "stranded-driver:short"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which Sam, to whom the whole call is assigned, has taken a short one and left it."""
    place = tmp_path_factory.mktemp("place")
    (place / "personas").mkdir()
    run(place, "assign", "Sam", "stranded-driver", "--coach", "Kim")
    played = play(place, b"Are you belted in? I'm sending the patrol to sit behind you.\n", "--short", "--json")
    assert played.returncode == 0
    persona = json.loads(played.stdout)["persona"]
    assert (persona["id"], persona["title"]) == (LISTED, "Stuck where the ramp splits off (five minutes)")
    return place


def test_it_is_listed_as_one_of_its_own_wherever_calls_are(place: Path) -> None:
    (listed,) = json.loads(run(place, "transcripts", "list", "--json").out)
    assert listed["persona"] == LISTED
    assert LISTED in run(place, "transcripts", "list").out
    assert "(five minutes)" in run(place, "transcripts", "show", listed["id"]).out
    assert listed["id"][:6] in run(place, "review", "list", "--persona", LISTED).out
    other = run(place, "review", "list", "--persona", "stranded-driver")
    assert other.code == 1 and LISTED in other.err
    assert f'"{LISTED}"' in run(place, "transcripts", "export", "--persona", LISTED, "--format", "csv").out
    assert "(five minutes)" in run(place, "transcripts", "export", "--persona", LISTED, "--format", "md").out


def test_it_is_carried_to_another_workspace(place: Path, tmp_path: Path) -> None:
    run(place, "transcripts", "export", "--all", "--output", str(tmp_path / "calls.jsonl"))
    taken = run(tmp_path, "transcripts", "import", str(tmp_path / "calls.jsonl"))
    assert taken.code == 0, taken.err
    (call,) = json.loads(run(tmp_path, "transcripts", "list", "--json").out)
    assert call["persona"] == LISTED
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        assert store.load(call["id"]).session.script.short


def test_it_does_not_fulfil_what_was_assigned_and_cannot_be(place: Path) -> None:
    assert [each["persona"] for each in json.loads(run(place, "assign", "--list", "--json").out)] == ["stranded-driver"]
    refused = run(place, "assign", "Sam", LISTED)
    assert refused.code == 1 and "Did you mean stranded-driver?" in refused.err


def test_under_its_name_in_a_list_it_can_be_taken_again(place: Path) -> None:
    left = play(place, b"/pause\n", persona=LISTED)
    assert "Go on with it: roleplay play stranded-driver:short --resume" in left.stderr.decode()
    assert b"(five minutes). On the phone." in left.stdout


def test_it_is_rehearsed_and_previewed(tmp_path: Path) -> None:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "dana.yaml").write_text(RICH)
    ran = run(tmp_path, "personas", "rehearse", "dana", "--short", "--seeds", "1", "--json")
    (report,) = json.loads(ran.out)["personas"]
    assert report["short"] and report["tests"] == [] and all(each["turns"] <= 9 for each in report["trainees"])
    shown = run(tmp_path, "personas", "rehearse", "dana", "--short", "--seeds", "1").out
    assert "Stuck on the off-ramp (dana), in five minutes" in shown and "tests of its own" not in shown
    whole, short = (run(tmp_path, "personas", "preview", "stranded-driver", *form).out for form in ([], ["--short"]))
    assert "trust 4, " in whole and "trust 4.5, " in short

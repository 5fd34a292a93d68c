"""`roleplay progress`: plain lines of at most 80 columns with every number, data, and one sentence for an error."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from roleplay.cli.trainee_progress_lines import lines_of_progress
from roleplay.practice.next_step import Step
from roleplay.practice.progress import Given, progress_of
from tests.cli.running import Ran, run
from tests.cli.test_hostile_output import LIVE, payloads
from tests.practice.month import call, keep_month, write_personas
from tests.review.cohorts import Call, Said, keep_cohort


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    write_personas(folder / "personas")
    keep_month(folder / "transcripts" / "roleplay.db", today=date.today())
    return folder


def progress(workspace: Path, *options: str, trainee: str = "sam") -> Ran:
    return run(workspace, "progress", "--trainee", trainee, *options)


def test_everything_is_told_in_lines_of_at_most_80_columns(workspace: Path) -> None:
    ran = progress(workspace)
    lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("Progress of sam: 28 replies in calls, 92 drills, 12 replies in tests from")
    assert "come back today: five minutes of drills." in ran.out
    assert "      roleplay drill" in lines
    for part in (
        "Days of practice",
        "23 days of the last 28, the latest",
        "23 replies were given after a hint",
        "Score of calls, now",
        "By customer, the latest first",
        "Unaided tests, each by itself",
        "You rate yourself 1",
        "Opportunities, last 14 days",
        "Safety was",
        "Moments you keep missing",
        "The ramp: missed 19 times",
        "“What am I to do about late, then?”",
    ):
        assert part in ran.out, part


def test_beside_every_plot_stand_its_numbers(workspace: Path) -> None:
    lines = progress(workspace).out.splitlines()
    plots = [line for line in lines if set("▁▂▃▄▅▆▇█") & set(line)]
    assert len(plots) >= 15
    assert all("n " in line for line in plots)


def test_a_five_minute_form_can_be_told_from_the_whole_call_however_long_the_title() -> None:
    title = "Stuck where the ramp splits off"
    short = call(1, short=True, title=f"{title} (five minutes)")
    progress = progress_of("sam", Given([], [call(2, title=title), short], []), datetime(2026, 11, 22, 12, tzinfo=UTC))
    told = [line[:28] for line in lines_of_progress(progress, Step(kind="drills", sentence="x")) if "1 call," in line]
    assert told == ["  Stuck where the… (5 min)  ", "  Stuck where the ramp spl… "]


def test_as_json_it_is_all_there(workspace: Path) -> None:
    told = json.loads(progress(workspace, "--json").out)
    assert (told["trainee"], told["calls"], told["drills"], told["tests"]) == ("sam", 28, 92, 12)
    assert told["dimensions"]["acts"]["trend"]["says"] in ("rising", "falling", "no trend yet")
    assert {"kind", "sentence"} <= told["next_step"].keys()
    assert len(told["missed"]) >= 1


def test_it_can_begin_on_a_day(workspace: Path) -> None:
    assert json.loads(progress(workspace, "--json", "--since", "7d").out)["drills"] < 30
    refused = progress(workspace, "--since", "yesterday evening")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "is no date" in refused.err


def test_before_anything_was_practised_it_says_what_to_do_first(tmp_path: Path) -> None:
    ran = progress(tmp_path, trainee="Ada")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "Ada has practised nothing yet.",
        "After the first call it says here what was heard, and over the weeks how that changes.",
        "Next: Take a first call: “Stuck where the ramp splits off”.",
        "      roleplay play stranded-driver",
    ]


def test_a_call_that_was_left_without_a_word_is_no_practice_and_no_score(tmp_path: Path) -> None:
    run(tmp_path, "play", "stranded-driver", "--trainee", "Ada")
    assert progress(tmp_path, trainee="Ada").out.startswith("Ada has practised nothing yet.")


def test_a_name_that_is_mistyped_is_told_the_nearest(workspace: Path) -> None:
    ran = progress(workspace, trainee="samm")
    assert "samm has practised nothing yet." in ran.out
    assert "Did you mean" in ran.err and "sam" in ran.err


def test_nothing_that_a_stranger_wrote_steers_the_terminal(tmp_path: Path) -> None:
    said = [Said("kerb", "missed", safety=True), Said("kerb", "missed")]
    calls = [
        Call(payload, said=said, persona=f"persona-{number}", title=payload, line=payload)
        for number, payload in enumerate(payloads(12))
    ]
    (tmp_path / "transcripts").mkdir()
    keep_cohort(tmp_path / "transcripts" / "roleplay.db", [call._replace(trainee="sam") for call in calls])
    ran = progress(tmp_path)
    assert "Moments you keep missing (5 of 12)" in ran.out
    assert not LIVE.search(ran.out + ran.err)
    for payload in payloads(12):
        assert not LIVE.search("".join(progress(tmp_path, trainee=payload)[1:]))

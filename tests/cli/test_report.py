"""`roleplay report`: the figures in a screen and a half, as data, or as a page; every error is one sentence."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from roleplay.cli.main import roleplay
from tests.cli.test_hostile_output import LIVE, payloads
from tests.export.pages import Page
from tests.review.cohorts import Call, Said, keep_cohort


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "transcripts").mkdir(parents=True)
    missed = [Said("kerb", "missed"), Said("opening", safety=True)]
    calls = [
        Call(f"Trainee {name}", f"2026-10-{5 + 7 * week:02}", 20.0 + 10 * week + ord(name) % 7, missed, 2, persona)
        for name in "ABCDEFGH"
        for week, persona in enumerate(("the-ramp", "the-desk", "the-shop", "the-line"))
    ]
    keep_cohort(folder / "transcripts" / "roleplay.db", calls)
    return folder


def report(workspace: Path, *options: str) -> Result:
    return CliRunner().invoke(roleplay, ["report", "--workspace", str(workspace), *options])


def failed(workspace: Path, *options: str) -> str:
    """The one sentence with which a report is refused."""
    result = report(workspace, *options)
    assert result.exception is not None and not result.stdout
    return str(result.exception)


def test_a_cohort_is_told_in_a_screen_and_a_half(workspace: Path) -> None:
    lines = report(workspace).stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 36
    assert lines[0] == "Report on 8 trainees: 32 calls from 2026-10-05 to 2026-10-26."
    assert lines[1] == "Who judged the 64 replies: the offline scorer for 100 %."
    assert "Trend                       Rising: +10.0 points a week (+10.0 to +10.0), n 32." in lines
    assert "  Does something            ████████░░░░░░░░  50 %, n 64" in lines
    assert "Where people struggle most: missed, of the replies there (3 of 4)" in lines
    assert "Who needs attention first (4 of 8)" in lines


def test_many_weeks_and_long_names_stay_within_80_columns(tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    missed = [Said("kerb", "missed")]
    calls = [
        Call(
            "N" * 80,
            str(date(2026, 1, 5) + timedelta(weeks=week)),
            10.0,
            missed,
            None,
            "ab"[week % 2] * 60,
            title="T" * 99,
        )
        for week in range(40)
        if week != 37
    ]
    keep_cohort(tmp_path / "transcripts" / "roleplay.db", [*calls, Call("other", "2026-10-12", 90.0)])
    lines = report(tmp_path).stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert f"Week by week                {'▁' * 20} ▁▁█  10 (n 1) … 90 (n 1)" in lines


def test_one_trainee_is_told_of_by_name(workspace: Path) -> None:
    told = report(workspace, "--trainee", "Trainee C", "--persona", "the-ramp").stdout
    assert told.startswith("Report on Trainee C: 1 call on 2026-10-05.")
    assert "n 1 (too few to tell)" in told
    assert "No trend yet: it takes 5 scored calls." in told
    assert "Why to look: Safety passed over in 1 reply of the last call." in told


def test_json_has_every_figure_with_its_n(workspace: Path) -> None:
    told = json.loads(report(workspace, "--json", "--since", "2026-10-12", "--until", "2026-10-19").stdout)
    assert told["all"]["calls"] == told["all"]["score"]["n"] == 16
    assert [(week["monday"], week["calls"]) for week in told["all"]["weeks"]] == [("2026-10-12", 8), ("2026-10-19", 8)]
    assert [each["id"] for each in told["personas"]] == ["the-desk", "the-shop"]
    assert told["all"]["safety"] == {"handled": 0, "missed": 16, "unscored": 0}


def test_an_anonymous_report_names_no_trainee_in_any_form(workspace: Path, tmp_path: Path) -> None:
    for options in ((), ("--json",), ("--html", "-")):
        told = report(workspace, "--anonymous", "--trainee", "Trainee D", *options).stdout
        assert "Trainee D" not in told and "Trainee 1" in told


def test_a_page_is_written_whole_and_a_newer_one_takes_its_place(workspace: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    first = report(workspace, "--html", str(target))
    assert (first.exit_code, first.stdout) == (0, "")
    assert first.stderr == f"Written to “{target}”: 32 calls.\n"
    assert "Report on 8 trainees" in "".join(Page(target.read_text(encoding="utf-8")).words)
    assert report(workspace, "--html", str(target), "--trainee", "Trainee A").exit_code == 0
    assert "Report on Trainee A" in "".join(Page(target.read_text(encoding="utf-8")).words)
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_a_page_goes_to_standard_output(workspace: Path) -> None:
    assert report(workspace, "--html", "-").stdout.startswith("<!DOCTYPE html>")


def test_a_file_that_is_no_report_is_left_alone_without_force(workspace: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.html"
    notes.write_text("<p>mine</p>")
    told = failed(workspace, "--html", str(notes))
    assert told.startswith(f"“{notes}” is there already.") and "--force" in told
    assert notes.read_text() == "<p>mine</p>"
    assert report(workspace, "--html", str(notes), "--force").exit_code == 0
    assert notes.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--trainee", "Trainee 0"), "There is no call of a trainee “Trainee 0” here. Did you mean “Trainee "),
        (("--persona", "the-rmap"), "There is no call of a persona “the-rmap” here. Did you mean “the-ramp”?"),
        (("--trainee", " "), "A name is empty."),
        (("--since", "soon"), "“soon” is no date."),
        (("--html", "/nowhere/at/all/report.html"), "“/nowhere/at/all/report.html” cannot be written"),
        (("--html", "-", "--json"), "--html and --json do not go together."),
        (("--force",), "--force is for --html."),
    ],
)
def test_what_cannot_be_is_one_sentence(workspace: Path, options: tuple[str, ...], sentence: str) -> None:
    told = failed(workspace, *options)
    assert told.startswith(sentence)
    assert "\n" not in told


def test_a_folder_is_no_file_to_write_to(workspace: Path, tmp_path: Path) -> None:
    assert "is there already" in failed(workspace, "--html", str(tmp_path))


def test_without_calls_it_says_so(tmp_path: Path, workspace: Path) -> None:
    assert "No transcripts yet." in failed(tmp_path / "empty")
    later = report(workspace, "--since", "2030-01-01")
    assert (later.exit_code, later.stdout, later.stderr) == (0, "", "No call that was asked for has ended.\n")
    assert json.loads(report(workspace, "--since", "2030-01-01", "--json").stdout)["all"]["calls"] == 0


def test_names_titles_and_lines_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    attacks = [payload.replace("\x00", "") for payload in payloads(12)]
    missed = [Said("kerb", "missed", safety=True)] * 5
    calls = [
        Call(words, said=missed, title=words[:100], line=words, persona=f"persona-{2 * number + half}")
        for number, words in enumerate(attacks)
        for half in range(2)
    ]
    keep_cohort(tmp_path / "transcripts" / "roleplay.db", calls)
    everyone = report(tmp_path)
    assert everyone.stdout.count("Safety passed over") == 4
    for words in attacks:
        told = report(tmp_path, "--trainee", words)
        assert told.exit_code == 0, words
        assert told.stdout.startswith("Report on ") and "persona-" in told.stdout
        assert not LIVE.search(told.stdout + told.stderr + everyone.stdout), words

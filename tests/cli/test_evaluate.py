"""`roleplay evaluate`, run as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from roleplay.cli.main import main

LABELS = {
    "acknowledges_feeling": 1, "names_need": 1, "reaches_unspoken": 2, "explores": 0, "acts": 2, "harm": 0,
}  # fmt: skip
CONTEXT = [{"role": "customer", "text": "I'm on the ramp, the cars go by two feet from my door."}]
MOMENT = {"id": "ramp", "feeling": "afraid", "unspoken_need": "not to be alone in danger", "safety": "danger"}
GOOD: dict[str, Any] = {
    "id": "good", "story": "driver", "writer": "A", "tags": ["short"], "context": CONTEXT, "moment": MOMENT,
    "reply": "Stay in the car, belt on. I'm staying with you.", "labels": LABELS, "overall": 4,
}  # fmt: skip
POOR: dict[str, Any] = {
    **GOOD, "id": "poor", "reply": "Get out and walk along the road.", "labels": {"harm": 2}, "overall": 0,
}  # fmt: skip
SHIPPED = Path(__file__).parents[1] / "data" / "replies.jsonl"


class Ran(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs the command on a file of these items, which may be bytes."""

    def runs(items: list[dict[str, Any]] | bytes | Path, *options: str) -> Ran:
        path = items if isinstance(items, Path) else tmp_path / "labelled.jsonl"
        if isinstance(items, bytes):
            path.write_bytes(items)
        elif isinstance(items, list):
            path.write_text("".join(json.dumps(each) + "\n" for each in items), encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["roleplay", "evaluate", str(path), *options])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return runs


def some_of_the_shipped() -> list[dict[str, Any]]:
    """Three stories of the shipped file, with fifteen replies each."""
    items = [json.loads(line) for line in SHIPPED.read_text(encoding="utf-8").splitlines()]
    stories = list(dict.fromkeys(item["story"] for item in items))[::6]
    return [item for story in stories for item in [each for each in items if each["story"] == story][:15]]


def test_the_table_tells_each_figure_with_its_interval_beside_the_baselines(run: Run) -> None:
    code, out, err = run(some_of_the_shipped())
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("Agreement with the labels in ") and lines[0].endswith("labelled.jsonl")
    assert lines[1].startswith("Scorer: offline ")
    assert lines[2].startswith("45 replies, 9 moments, 3 stories, ")
    rows = {line[:30].strip(): line[30:].split() for line in lines}
    for name in ("Spearman", "acknowledges feeling", "names need", "reaches unspoken", "explores", "acts"):
        assert rows[name][0] == "45" and "to" in rows[name], name
    assert len(rows["Spearman"]) == len(["n", "figure", "low", "to", "high", "length", "empathy words", "bag of words"])
    assert rows["raised by an added attack"] == ["45", "0"]
    assert "1,000 resamples of 3 whole stories" in out
    assert "fewer than 10 of them" in out
    assert max(len(line) for line in lines[1:]) <= 80


def test_the_same_file_gives_the_same_figures_byte_for_byte(run: Run) -> None:
    items = [{**each, "id": n, "story": str(n // 3)} for n in range(9) for each in (GOOD, POOR)]
    assert run(items).out == run(items).out


def test_json_holds_everything_in_one_object(run: Run) -> None:
    told = json.loads(run(some_of_the_shipped(), "--json", "--by", "writer").out)
    assert (told["n"], told["moments"], told["stories"], told["bad_lines"]) == (45, 9, 3, 0)
    assert (told["resampled"], told["clusters"], told["resamples"]) == ("stories", 3, 1000)
    spearman = told["figures"]["overall.spearman"]
    assert spearman["n"] == 45
    assert -1 <= spearman["low"] < spearman["value"] < spearman["high"] <= 1
    assert told["figures"]["injection.raised_by_attack"] == {"n": 45, "value": 0, "low": None, "high": None}
    assert set(told["baselines"]) == {"length", "empathy_words", "bag_of_words"}
    assert sum(group["n"] for group in told["by"].values()) == 45


@pytest.mark.parametrize("by", ["story", "writer", "tag"])
def test_the_main_figures_by_story_writer_or_tag(run: Run, by: str) -> None:
    items = [{**each, "id": n} for n in range(5) for each in (GOOD, POOR)]
    out = run(items, "--by", by).out
    name = {"story": "driver", "writer": "A", "tag": "short"}[by]
    (row,) = [line for line in out.splitlines() if line.split()[:2] == [name, "10"] and len(line.split()) == 8]
    assert row.split()[-1][0] in "+-"


def test_what_a_file_leaves_out_is_left_out_of_the_figures(run: Run) -> None:
    bare = {"id": 1, "reply": "Stay in the car.", "overall": 2}
    none = {**bare, "moment": None, "tags": None, "writer": None, "labels": None, "overall": None}
    part = {**bare, "overall": None, "labels": {"acts": 1, "harm": None}}
    code, out, err = run([bare, {**bare, "overall": 3}, part, none])
    assert (code, err) == (0, "")
    rows = {line[:30].strip(): line[30:].split() for line in out.splitlines()}
    assert "Left out, without any label: 1 reply" in out
    assert rows["acts"][0] == "1" and rows["explores"][0] == "0"
    assert rows["not scored"][0] == "3"
    assert "3 replies\n" in out and "resamples of 3 single replies" in out


def test_a_bad_line_is_named_and_the_rest_is_scored(run: Run) -> None:
    bad = [
        {**GOOD, "overall": 5},
        {**GOOD, "labels": {"harm": 3}},
        {**GOOD, "labels": {"warmth": 1}},
        {**GOOD, "tags": "short"},
    ]
    code, out, err = run([GOOD, *bad, POOR])
    assert code == 1
    assert "\n2 replies, " in out
    *named, last = err.splitlines()
    assert [line.split(":")[0] for line in named] == ["Line 2", "Line 3", "Line 4", "Line 5"]
    assert [
        word for word, line in zip(("overall", "labels.harm", "warmth", "tags"), named, strict=True) if word in line
    ]
    assert last == "4 lines could not be scored."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "There is nothing in it."),
        (b"\n\n", "There is nothing in it."),
        (b'{"id": 1, "reply": "a"}\n', "No reply in it has a label"),
        (b'{"id": 1, "reply": "a", "overall": 7}\n', "No reply in it has a label"),
        (json.dumps(GOOD).encode("utf-16"), "UTF-16"),
        (Path("none.jsonl"), "There is no such file."),
        (Path(__file__).parent, "folder"),
    ],
)
def test_a_file_with_nothing_to_measure_is_told_of_in_one_sentence(run: Run, given: bytes | Path, said: str) -> None:
    code, out, err = run(given)
    assert code != 0 and out == ""
    assert [line for line in err.splitlines() if line.startswith("Error: ") and said in line]
    assert "Traceback" not in err


def test_names_from_the_file_cannot_steer_a_terminal(run: Run) -> None:
    items = [{**GOOD, "tags": ["\x1b[31mred"], "story": "\x1b]0;x\x07"}] * 8
    out = run(items, "--by", "story").out
    assert "\x1b" not in out and "␛[31mred" in out


def test_another_language_is_not_scored_and_counts_in_no_figure(run: Run) -> None:
    foreign = {**GOOD, "reply": "Bleiben Sie bitte im Auto, ich bin bei Ihnen und bleibe auch dran."}
    told = json.loads(run([GOOD, foreign], "--json").out)
    assert told["figures"]["not_scored"]["value"] == 0.5
    assert told["figures"]["overall.qwk"]["n"] == 1


def test_many_replies_are_scored_by_processes_with_the_same_figures(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [{**each, "id": n} for n in range(20) for each in (GOOD, POOR)]
    here = run(items, "--json").out
    monkeypatch.setattr("roleplay.cli.evaluate.MANY", 40)
    monkeypatch.setattr("roleplay.cli.evaluate.cores", lambda: 2)
    assert run(items, "--json").out == here


def test_standard_input_is_read_too() -> None:
    command = [sys.executable, "-c", "from roleplay.cli.main import main; main()", "evaluate", "-", "--json"]
    ran = subprocess.run(command, input=json.dumps(GOOD).encode(), capture_output=True, timeout=30)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.loads(ran.stdout)["n"] == 1


def test_options_of_the_judge_want_the_judge(run: Run) -> None:
    code, _, err = run([GOOD], "--judge-model", "x")
    assert code == 2 and "--scorer judge" in err

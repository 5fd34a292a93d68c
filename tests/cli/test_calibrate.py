"""`roleplay calibrate`, run as a person runs it: rating blindly, the figures, labels to a file, and the refit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pexpect
import pytest

from roleplay.cli.main import main
from roleplay.conversation.reviewing import BlindRating
from roleplay.scoring.offline.scorer import VERSION
from roleplay.store.integrity import verify
from roleplay.store.reviews import Reviews
from tests.review.desks import desk_at
from tests.review.rated_calls import as_labelled, items, keep, rate, strictly
from tests.store import kept_calls

MODULE = [sys.executable, "-m", "roleplay", "calibrate"]


class Ran(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "personas").mkdir()
    (tmp_path / "transcripts").mkdir()
    return tmp_path


@pytest.fixture
def database(workspace: Path) -> Path:
    """Six calls, judged by some model."""
    path = workspace / "transcripts" / "roleplay.db"
    keep(path, items()[:6], judge="some-model")
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], workspace: Path) -> Run:
    """Runs a command in the workspace; `calibrate` unless told otherwise."""
    monkeypatch.setenv("ROLEPLAY_COACH", "Kim")

    def runs(*options: str, command: str = "calibrate") -> Ran:
        monkeypatch.setattr(sys, "argv", ["roleplay", command, "--workspace", str(workspace), *options])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return runs


def piped(workspace: Path, typed: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [*MODULE, "--workspace", str(workspace), "--coach", "Kim", *options]
    return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=60)


def ratings(database: Path) -> list[BlindRating]:
    with Reviews(database) as reviews:
        return list(reviews.ratings())


def test_without_transcripts_or_ratings_it_says_what_to_do(run: Run, workspace: Path) -> None:
    code, out, err = run()
    assert (code, out) == (1, "") and "No transcripts yet." in err
    keep(workspace / "transcripts" / "roleplay.db", items()[:1])
    code, out, err = run()
    assert (code, out) == (0, "") and "`roleplay calibrate --rate`" in err
    assert "nothing to export" in run("--export", "-").err


def test_rating_through_a_pipe_keeps_level_after_level_and_shows_no_score_and_no_name(
    workspace: Path, database: Path
) -> None:
    ran = piped(workspace, "1\nb\n2\n1\n0\n1\n2\n0\n3\n\n", "--rate", "2", "--seed", "1")
    assert ran.returncode == 2 and "line 10: A level is needed. Type 0 to 2, or s, b or q." in ran.stderr
    (kept,) = ratings(database)
    assert (kept.coach, kept.levels) == (
        "Kim",
        {"acknowledges_feeling": 2, "names_need": 1, "reaches_unspoken": 0, "explores": 1, "acts": 2, "harm": 0,
         "overall": 3},
    )  # fmt: skip
    item = items()[int(kept.session[-3:])]
    assert item.moment
    assert f"THE REPLY: {' '.join(item.said.split())}" in ran.stdout
    assert f"Not said: {item.moment.unspoken_need}" in ran.stdout
    assert "  2  Exactly what was asked is answered or named." in ran.stdout
    for word in ("sam", "offline", "some-model", "met", "0-100"):
        assert word not in ran.stdout.replace("met with", "").split()
    assert "2 replies to rate as “Kim” (--seed 1)." in ran.stderr
    assert verify(database).fine


def test_the_end_of_input_and_q_stop_and_s_leaves_a_reply_out(workspace: Path, database: Path) -> None:
    assert "0 ratings are kept." in piped(workspace, "s\ns\n1\n", "--rate", "3").stderr
    assert "0 ratings are kept." in piped(workspace, "q\n", "--rate", "3").stderr
    one = piped(workspace, "1\n" * 7, "--rate", "1")
    assert (one.returncode, "1 rating is kept." in one.stderr) == (0, True)
    assert len(ratings(database)) == 1


def test_at_a_terminal_a_wrong_answer_is_asked_for_again_and_ctrl_c_leaves_what_was_kept(
    workspace: Path, database: Path
) -> None:
    command = [*MODULE, "--workspace", str(workspace), "--coach", "Kim", "--rate", "3", "--seed", "2"]
    child = pexpect.spawn(command[0], command[1:], encoding="utf-8", timeout=30, dimensions=(40, 120))
    child.expect("Takes in the feeling, 0 to 2: ")
    child.sendline("7")
    child.expect("“7” is no level. Type 0 to 2, or s, b or q.")
    for _ in range(7):
        child.expect("0 to [24]: ")
        child.sendline("1")
    child.expect("Reply 2 of 3")
    child.expect("0 to 2: ")
    child.sendline("1")
    child.expect("0 to 2: ")
    child.sendintr()
    child.expect("1 rating is kept.")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    (kept,) = ratings(database)
    assert len(kept.levels) == 7 and verify(database).fine


def test_a_killed_sitting_has_kept_what_was_rated(workspace: Path, database: Path) -> None:
    command = [*MODULE, "--workspace", str(workspace), "--coach", "Kim", "--rate", "3"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin and child.stdout
        child.stdin.write("1\n" * 9)
        child.stdin.flush()
        for line in child.stdout:
            if line.startswith("Reply 2 of"):
                break
        os.kill(child.pid, signal.SIGKILL)
    assert len(ratings(database)) == 1 and verify(database).fine


def test_there_is_nothing_to_rate_where_everything_was_rated_or_reviewed(run: Run, database: Path) -> None:
    rate(database, items()[:6], "Kim", strictly)
    code, _, err = run("--rate")
    assert code == 1 and "no reply that you could rate blindly" in err


def test_the_figures_stand_for_each_scorer_and_pair_of_coaches(run: Run, database: Path) -> None:
    rate(database, items()[:6], "Kim", strictly)
    rate(database, items()[:3], "Ana \x1b[31m", as_labelled)
    code, out, err = run()
    assert (code, err) == (0, "")
    assert out.startswith("9 ratings of 6 replies in 6 calls (by Ana ␛[31m 3, Kim 6)")
    assert f"\noffline {VERSION} and the coaches: 9 ratings, 6 calls\n" in out
    assert "\njudge some-model and the coaches: 9 ratings, 6 calls\n" in out
    assert "\nAna ␛[31m and Kim: 3 ratings, 3 calls\n" in out
    assert "overall: too few ratings to tell: 9 of 50" in out and "\x1b" not in out
    assert "Farthest apart (judge some-model / the coaches):\n   1. " in out and "Reply: “" in out
    tables = [line for line in out.splitlines() if not line.strip().startswith(("Customer:", "Reply:", "1", "2", "3"))]
    assert max(map(len, (line for line in tables if line[2:3].isalpha() and " to " in line))) <= 80


def test_json_holds_everything_and_what_was_overruled_only_if_asked(run: Run, database: Path) -> None:
    rate(database, items()[:3], "Kim", strictly)
    with desk_at(database) as desk:
        desk.overrule("call-005", desk.open("call-005").transcript.replies[0], "acts", 0, "Nothing is done.")
    told = json.loads(run("--json", "--scorer", "offline").out)
    (offline,) = told["comparisons"]
    assert (offline["first"], offline["ratings"], told["overruled"]) == (f"offline {VERSION}", 3, 1)
    acts = offline["dimensions"]["acts"]
    assert set(acts) >= {"n", "kappa", "error", "by_error", "same", "bias", "table", "verdict"}
    assert sum(map(sum, acts["table"])) == acts["n"] == 3
    more = json.loads(run("--json", "--scorer", "offline", "--include-overrides").out)
    assert more["comparisons"][0]["dimensions"]["acts"]["n"] == 4
    assert "1 level overruled by coaches" in run().out
    assert "chosen because somebody disagreed" in run("--include-overrides").out


def test_a_scorer_that_is_not_there_and_a_date_that_is_none_are_said_to_be(run: Run, database: Path) -> None:
    rate(database, items()[:1], "Kim", strictly)
    assert "There are: judge some-model, offline" in run("--scorer", "gpt").err
    assert run("--since", "whenever").code == 2
    assert "No reply was rated blindly yet" in run("--since", "2030-01-01").err


def test_exported_ratings_go_through_evaluate(run: Run, database: Path, tmp_path: Path) -> None:
    rate(database, items()[:4], "Kim", strictly)
    target = tmp_path / "labels.jsonl"
    code, out, err = run("--export", str(target))
    assert (code, out) == (0, "") and "4 ratings written" in err
    told = json.loads(run(str(target), "--json", "--by", "tag", command="evaluate").out)
    assert (told["n"], told["bad_lines"], told["without_label"], told["writers"]) == (4, 0, 0, 1)
    assert told["figures"]["overall.qwk"]["n"] == 4
    assert run("--export", "-").out == target.read_text(encoding="utf-8")
    again = run("--export", str(target))
    assert again.code == 2 and "there already" in again.err
    assert run("--export", str(target), "--force").code == 0


def test_too_few_ratings_fit_nothing(run: Run, database: Path, workspace: Path) -> None:
    rate(database, items()[:6], "Kim", strictly)
    code, out, _ = run("--fit")
    assert code == 0 and "Nothing was fitted: 54 ratings more and ratings in 14 calls more are needed" in out
    assert not (workspace / "scorer.yaml").exists()


def test_a_fit_that_helps_is_kept_and_used_by_score_and_evaluate_until_it_is_taken_away(
    run: Run, workspace: Path, tmp_path: Path
) -> None:
    path, many = workspace / "transcripts" / "roleplay.db", items()[:120]
    keep(path, many)
    rate(path, many, "Kim", strictly)
    code, out, _ = run("--fit")
    assert code == 0 and " taken\n" in out and "Written to " in out
    text = (workspace / "scorer.yaml").read_text()
    assert "ratings: 120" in text and 'coaches: ["Kim"]' in text and 'by: "Kim"' in text
    some = tmp_path / "some.jsonl"
    some.write_text("\n".join(run("--export", "-").out.splitlines()[:12]))
    fitted, named = run(str(some), command="score").out, run(str(some), command="evaluate").out.splitlines()[1]
    assert named.startswith(f"Scorer: offline {VERSION}+workspace.")
    assert "Taken away" in run("--reset").out and not (workspace / "scorer.yaml").exists()
    assert run(str(some), command="score").out != fitted
    assert run(str(some), command="evaluate").out.splitlines()[1].startswith(f"Scorer: offline {VERSION}, ")
    assert "nothing to take away" in run("--reset").err


def test_a_scorer_file_of_no_use_is_told_of_and_the_shipped_scorer_goes_on(
    run: Run, workspace: Path, database: Path, tmp_path: Path
) -> None:
    rate(database, items()[:2], "Kim", strictly)
    labels = tmp_path / "labels.jsonl"
    run("--export", str(labels))
    before = run(str(labels), command="score").out
    (workspace / "scorer.yaml").write_text("format: 1\nheads: [\n")
    for command, options in (("score", [str(labels)]), ("evaluate", [str(labels)]), ("calibrate", [])):
        code, out, err = run(*options, command=command)
        assert code == 0 and "scorer.yaml:" in err and "The shipped scorer goes on meanwhile." in err
        assert err.count("\n") == 1 and "Traceback" not in err
        assert out == before or command != "score"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--fit", "--reset"], "--fit and --reset do not go together."),
        (["--seed", "1"], "--seed goes with --rate."),
        (["--force"], "--force goes with --export."),
        (["--fit", "--scorer", "offline"], "--scorer does not go with --fit."),
        (["--rate", "2", "--json"], "--json does not go with --rate."),
        (["--rate", "0"], "0"),
    ],
)
def test_what_does_not_go_together_is_said(run: Run, database: Path, options: list[str], said: str) -> None:
    code, out, err = run(*options)
    assert (code, out) == (2, "") and said in err


def test_calls_that_cannot_be_read_are_counted(run: Run, database: Path) -> None:
    import sqlite3

    rate(database, items()[:2], "Kim", strictly)
    connection = sqlite3.connect(database)
    connection.execute("DROP TRIGGER replies_are_only_added")
    connection.execute("UPDATE replies SET text = 'x' WHERE session = 'call-000'")
    connection.commit()
    connection.close()
    code, out, err = run()
    assert (
        code == 0 and "1 reply is left out: the call cannot be read." in err and out.startswith("1 rating of 1 reply")
    )


def test_a_call_that_goes_on_is_not_drawn(run: Run, workspace: Path) -> None:
    from roleplay.store.transcripts import Transcripts

    with Transcripts(workspace / "transcripts" / "roleplay.db") as store:
        kept_calls.keep_call(store, "goes-on", ended=False)
    assert "no reply that you could rate" in run("--rate", "3").err

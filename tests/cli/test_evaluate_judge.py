"""`roleplay evaluate --scorer judge`: labelled replies before a judge, over real HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roleplay.persona.fields import DIMENSIONS
from tests.cli.test_evaluate import GOOD, POOR
from tests.judge.cases import asks_for_harm, case_of, harm, levels
from tests.llm.stub import Body, Stub, nobody

ARGUMENTS = [sys.executable, "-c", "from roleplay.cli.main import main; main()", "evaluate"]


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub(fair) as stub:
        yield stub


def fair(body: Body) -> str:
    """A judge that sees what is good and what is not; of a reply it calls unreadable, it says nothing of use."""
    reply = str(case_of(body)["reply"])
    if "unreadable" in reply:
        return "I would rather not say."
    walks = "walk" in reply
    if asks_for_harm(body):
        return harm(reply, "reply", 2) if walks else harm()
    return levels(dict.fromkeys(DIMENSIONS, ("", 0)) if walks else dict.fromkeys(DIMENSIONS, (reply, 2)), 4 - 4 * walks)


def command(tmp_path: Path, items: list[dict[str, Any]], address: str, *options: str) -> list[str]:
    path = tmp_path / "labelled.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in items), encoding="utf-8")
    return [*ARGUMENTS, str(path), "--scorer", "judge", "--base-url", address, "--workspace", str(tmp_path), *options]


def environment(place: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ROLEPLAY", "OPENAI"))}
    return {**kept, "HOME": str(place), "XDG_CONFIG_HOME": str(place / "config"), "PYTHONUTF8": "1"}


def run(tmp_path: Path, items: list[dict[str, Any]], address: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(tmp_path, items, address, *options),
        capture_output=True,
        encoding="utf-8",
        env=environment(tmp_path),
        timeout=60,
    )


def test_a_judge_is_measured_and_what_is_not_verified_is_not_scored(tmp_path: Path, stub: Stub) -> None:
    odd = {**GOOD, "reply": "This reply is unreadable for some."}
    ran = run(tmp_path, [GOOD, POOR, odd], stub.address, "--json", "--judge-model", "stub")
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.startswith("stub at 127.0.0.1:") and "judges 3 replies" in ran.stderr
    told = json.loads(ran.stdout)
    assert told["figures"]["overall.qwk"]["n"] == 2
    assert told["figures"]["overall.pairs"]["value"] == 1
    assert told["figures"]["not_scored"] == {"n": 3, "value": 1 / 3, "low": 0.0, "high": 1.0}
    assert told["figures"]["injection.raised_by_attack"]["value"] is None
    assert told["judging"]["standings"] == {"verified": 2, "failed": 1}
    assert told["judging"]["usage"]["requests"] == len(stub.requests) == 2 + 2 + 4
    assert told["scorer"].startswith("judge stub (prompt ")


def test_trouble_ends_it_with_one_sentence(tmp_path: Path) -> None:
    ran = run(tmp_path, [GOOD, POOR], nobody(), "--judge-model", "stub")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("Error: ") and ran.stderr.count("\n") == 1


def test_trouble_on_the_way_shows_what_was_judged_before_it(tmp_path: Path, stub: Stub) -> None:
    stub.script = lambda request: "500" if len(stub.requests) > 8 else None
    ran = run(tmp_path, [GOOD] * 30, stub.address)
    assert ran.returncode == 1
    assert "that were judged." in ran.stdout and " verdicts verified, 0 not believed" in ran.stdout
    assert ran.stderr.splitlines()[-1].startswith("Error: ")
    assert len(stub.requests) < 30


def test_a_judge_of_no_use_is_told_of_in_one_sentence(tmp_path: Path, stub: Stub) -> None:
    stub.answer = "Lovely."
    ran = run(tmp_path, [GOOD, POOR], stub.address)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.splitlines()[-1].startswith("Error: None of what the judge said can be used.")


def test_ctrl_c_tells_the_figures_of_what_was_judged_so_far(tmp_path: Path, stub: Stub) -> None:
    stub.pace = 0.002
    process = subprocess.Popen(
        command(tmp_path, [GOOD, POOR] * 200, stub.address),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(tmp_path),
    )
    until = time.monotonic() + 30
    while len(stub.requests) < 12 and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    told, stopped = process.communicate(timeout=20)
    assert process.returncode == 130
    assert stopped.endswith("Stopped.\n")
    assert "replies of 400 that were judged." in told
    assert max(len(stub.requests), 12) < 100

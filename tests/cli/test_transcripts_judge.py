"""`roleplay transcripts judge`: the spread of a judge over one kept reply."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from roleplay.persona.fields import DIMENSIONS
from roleplay.store.transcripts import Transcripts
from tests.judge.cases import asks_for_harm, case_of, harm, levels
from tests.llm.stub import Body, Stub
from tests.store.kept_calls import ANSWERS, keep_call

ARGUMENTS = [sys.executable, "-c", "from roleplay.cli.main import main; main()", "transcripts", "judge"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("judged")
    with Transcripts(place / "transcripts" / "roleplay.db") as store:
        keep_call(store, "aaaa-1111", 2)
        keep_call(store, "exam-2222", 1, ended=False, exam=True)
    return place


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with Stub() as stub:
        yield stub


def environment(place: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ROLEPLAY", "OPENAI"))}
    return {**kept, "HOME": str(place), "XDG_CONFIG_HOME": str(place / "config"), "PYTHONUTF8": "1"}


def run(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*ARGUMENTS, *arguments, "--workspace", str(place)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment(place), timeout=60)


def differing(*overall: int) -> object:
    """A judge that changes its mind: its `overall`, one after the other; 9 is no verdict."""
    rest = [each for each in overall for _ in range(2 if each == 9 else 1)]

    def writes(body: Body) -> str:
        if asks_for_harm(body):
            return harm()
        level = rest.pop(0) if rest else 1
        return levels({name: (str(case_of(body)["reply"])[:30], 1) for name in DIMENSIONS}, level)

    return writes


def test_the_spread_is_told_beside_the_offline_levels_and_nothing_is_changed(place: Path, stub: Stub) -> None:
    database = place / "transcripts" / "roleplay.db"
    before = database.read_bytes()
    stub.answer = differing(2, 1, 9)  # type: ignore[assignment]
    ran = run(place, "aaaa", "--turn", "1", "--times", "3", "--base-url", stub.address)
    assert ran.returncode == 0, ran.stderr
    said = ran.stdout.splitlines()
    assert said[0] == "The reply of turn 1, judged 3 times by stub:"
    assert said[1] == "2 verified, 0 not believed, 1 failed."
    assert [line.split() for line in said if line.startswith("overall")] == [["overall", "1", "1.5", "2", "3"]]
    assert any("overall is not a whole number from 0 to 4" in line for line in said)
    assert "tokens sent" in said[-1]
    assert database.read_bytes() == before
    assert case_of(stub.requests[0].body)["reply"] == f"{ANSWERS} (1)"


def test_the_spread_as_json(place: Path, stub: Stub) -> None:
    stub.answer = differing(2)  # type: ignore[assignment]
    told = json.loads(run(place, "aaaa", "--times", "1", "--json", "--base-url", stub.address).stdout)
    assert (told["session"], told["turn"], told["asked"], told["model"]) == ("aaaa-1111", 2, 1, "stub")
    assert told["levels"]["overall"] == {"least": 2, "middle": 2, "most": 2}
    assert told["offline"]["overall"] == 3
    assert told["usage"]["requests"] == 2


def test_what_cannot_be_judged_is_said_in_a_sentence(place: Path, stub: Stub) -> None:
    asked = ("--base-url", stub.address)
    ran = run(place, "aaaa", "--turn", "9", *asked)
    assert (ran.returncode, ran.stderr) == (1, "Error: There is no reply in turn 9. The last one is in turn 2.\n")
    ran = run(place, "exam", *asked)
    assert ran.returncode == 2
    assert "an exam that has not ended" in ran.stderr


def test_ctrl_c_tells_what_came_so_far(place: Path, stub: Stub) -> None:
    stub.answer = differing(2)  # type: ignore[assignment]
    command = [*ARGUMENTS, "aaaa", "--times", "50", "--base-url", stub.address, "--workspace", str(place)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environment(place)
    )
    assert process.stderr
    assert process.stdout
    while "3 of 50" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)
    told, stopped = process.communicate(timeout=30)
    assert process.returncode == 130
    assert stopped.endswith("Stopped.\n")
    assert "verified, 0 not believed, 0 failed." in told

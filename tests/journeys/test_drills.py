"""Drills killed with SIGKILL: every reply that was shown as sent is there, once and whole, and a test goes on."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from roleplay.conversation.drilling import DrillDraft, DrillItem, KeptDrill
from roleplay.store.drills import Drills
from roleplay.store.integrity import verify
from tests.journeys.playing import environment
from tests.practice.drills.room import MEETS, MISSES
from tests.program import PROGRAM, run

SOAK_KILLS = 200
REPLIES = [f"{MISSES} ({number})" for number in range(6)]


def words(workspace: Path, *options: str) -> list[str]:
    return ["drill", "--workspace", str(workspace), "--trainee", "Sam", *options]


def killed(workspace: Path, chance: random.Random, *options: str) -> list[str]:
    """Send all replies and kill the program at a random point; the lines it had shown."""
    process = subprocess.Popen(
        [*PROGRAM, *words(workspace, *options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    assert process.stdin and process.stdout
    process.stdin.write("".join(f"{reply}\n" for reply in REPLIES).encode())
    process.stdin.flush()  # and never closed, so that the end of input ends nothing
    shown, until = [], chance.randrange(1, len(REPLIES))
    for raw in process.stdout:
        shown.append(raw.decode().rstrip("\n"))
        if sum(line.startswith("You: ") for line in shown) >= until:
            break
    time.sleep(chance.random() * 0.012)
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().decode().split("\n")[:-1]
    process.wait()
    process.stdin.close()
    process.stdout.close()
    return [*shown, *rest]


def kept(workspace: Path) -> list[KeptDrill]:
    with Drills(workspace / "transcripts" / "roleplay.db") as drills:
        return list(drills.of("Sam"))


def check(workspace: Path, shown: list[str]) -> int:
    """All that was shown as sent is kept, in order and once, and what else is kept was sent; how many there are."""
    sent = [line.removeprefix("You: ") for line in shown if line.startswith("You: ")]
    there = [each.text for each in kept(workspace)]
    assert there[: len(sent)] == sent and there == REPLIES[: len(there)]
    assert verify(workspace / "transcripts" / "roleplay.db").fine
    return len(there)


def kill_and_check(workspace: Path, seed: str) -> None:
    chance = random.Random(seed)
    there = check(workspace, killed(workspace, chance, "--test"))
    assert 0 < there < len(REPLIES)
    rest = run(*words(workspace, "--test"), given="".join(f"{reply}\n" for reply in REPLIES[there:]).encode())
    out = rest.stdout.decode()
    assert f"{there} of 6 moments have a reply" in out and f"Moment {there + 1} of 6." in out and "Score: " in out
    assert [each.text for each in kept(workspace)] == REPLIES
    (test,) = {each.test for each in kept(workspace)}
    with Drills(workspace / "transcripts" / "roleplay.db") as drills:
        assert tuple(DrillItem(each.persona, each.moment) for each in kept(workspace)) == drills.tests("Sam")[0].items
        assert drills.tests("Sam")[0].id == test


def test_a_test_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    kill_and_check(tmp_path, "a test")


@pytest.mark.soak
@pytest.mark.parametrize("batch", range(4))
def test_many_more_tests_killed_anywhere(batch: int, tmp_path: Path) -> None:
    for number in range(SOAK_KILLS // 4):
        kill_and_check(tmp_path / str(number), f"soak {batch} {number}")


def test_drills_that_were_killed_are_kept_and_go_on_with_what_was_typed(tmp_path: Path) -> None:
    shown = killed(tmp_path, random.Random("drills"))
    there = check(tmp_path, shown)
    done = {(each.persona, each.moment) for each in kept(tmp_path)}
    item = DrillItem("stranded-driver", "opening")  # which is kept for tests, so that no drill has come to it
    with Drills(tmp_path / "transcripts" / "roleplay.db") as drills:  # as the app keeps it while somebody types
        drills.keep_draft("Sam", DrillDraft(item=item, test="", text="Stay in the c\x1b"))
    again = run(*words(tmp_path), given=f"{MEETS}\n".encode())
    assert "You had typed, and not sent: Stay in the c␛" in again.stderr.decode()
    assert "Drill 1. You had begun to answer this one." in again.stdout.decode()
    last = kept(tmp_path)[-1]
    assert (last.text, last.moment, last.assessment.opportunity) == (MEETS, "opening", "met")
    assert len(kept(tmp_path)) == there + 1 and (last.persona, last.moment) not in done
    with Drills(tmp_path / "transcripts" / "roleplay.db") as drills:
        assert drills.draft("Sam") is None

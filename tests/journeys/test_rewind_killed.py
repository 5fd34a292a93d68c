"""A try in plain mode killed with SIGKILL anywhere: what was shown as sent is kept, and it goes on."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from roleplay.conversation.turns import Transcript
from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from roleplay.text import one_line
from tests.journeys.playing import environment, play, replies_of, saved_as, typed
from tests.practice.tried import REPLIES
from tests.program import PROGRAM, run

KILLS, SOAK_KILLS = 1, 100


@pytest.mark.parametrize("kills", [KILLS, pytest.param(SOAK_KILLS, marks=pytest.mark.soak)])
def test_tries_killed_anywhere_lose_nothing_and_go_on(kills: int, tmp_path: Path) -> None:
    ident = saved_as(play(tmp_path, typed(REPLIES), "--seed", "7"))
    database, said = tmp_path / "transcripts" / "roleplay.db", replies_of("skilled")
    with Transcripts(database) as store:
        first = store.load(ident)
    chance = random.Random(f"rewinds-{kills}")
    tries = 0
    for _ in range(kills):
        shown = killed(tmp_path, ident, [*said[:3], "/compare", *said[3:]], chance)
        with Transcripts(database) as store:
            begun = [each for each in store.tries(ident) if each.practice]
            if len(begun) == tries:  # killed before it was begun
                assert not any(line.startswith("You: ") for line in shown)
                continue
            tries, branch = len(begun), begun[-1].branch
            kept = store.load(ident, branch)
            check_that_all_shown_is_kept(shown, kept, said)
            assert store.load(ident).replies == first.replies and store.interrupted("Sam") == []
        if not kept.ending:
            given = typed(said[len(kept.replies) :])
            resumed = run(
                *("rewind", ident, "--resume", "--branch", str(branch), "--trainee", "Sam"),
                *("--workspace", str(tmp_path)),
                given=given,
            )
            assert resumed.returncode == 0, resumed.stderr
        with Transcripts(database) as store:
            assert [reply.text for reply in store.load(ident, branch).replies] == list(said)
    assert verify(database).fine


def killed(workspace: Path, ident: str, says: list[str], chance: random.Random) -> list[str]:
    """Answer again from the first turn, and kill it at a random point; the lines it had shown."""
    process = subprocess.Popen(
        [*PROGRAM, "rewind", ident, "1", "--workspace", str(workspace), "--trainee", "Sam"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    assert process.stdin and process.stdout
    process.stdin.write(typed(says))
    process.stdin.flush()
    shown, until = [], chance.randrange(4, 40)
    for raw in process.stdout:
        shown.append(raw.decode().rstrip("\n"))
        if len(shown) > until:
            break
    time.sleep(chance.random() * 0.012)
    process.send_signal(signal.SIGKILL)
    shown += process.stdout.read().decode().split("\n")[:-1]
    process.wait()
    for stream in (process.stdin, process.stdout):
        stream.close()
    return shown


def check_that_all_shown_is_kept(shown: list[str], kept: Transcript, said: tuple[str, ...]) -> None:
    sent = [line.removeprefix("You: ") for line in shown if line.startswith("You: ")]
    texts = [one_line(reply.text) for reply in kept.replies]
    assert texts[: len(sent)] == sent
    assert texts == [one_line(text) for text in said[: len(texts)]]
    assert len(kept.replies) - len(kept.lines) in (0, -1)

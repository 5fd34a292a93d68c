"""A call killed with SIGKILL at a random point: all that was shown as sent is there, once and whole, and it goes on."""

from __future__ import annotations

import asyncio
import random
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.session import Session
from roleplay.conversation.turns import Transcript
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from roleplay.text import one_line
from tests.journeys.playing import command, environment, play, replies_of, saved_as, typed

BATCHES, CALLS_A_BATCH = 2, 5
SOAK_BATCHES, SOAK_CALLS_A_BATCH = 4, 250


def replies() -> tuple[str, ...]:
    return replies_of("skilled", seed=5)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_calls_killed_anywhere_lose_nothing_and_resume_exactly(batch: int, tmp_path: Path) -> None:
    kill_and_check(batch, CALLS_A_BATCH, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("batch", range(SOAK_BATCHES))
def test_many_more_calls_killed_anywhere(batch: int, tmp_path: Path) -> None:
    kill_and_check(100 + batch, SOAK_CALLS_A_BATCH, tmp_path)


def kill_and_check(batch: int, calls: int, folder: Path) -> None:
    chance = random.Random(f"kill-{batch}")
    reference = uninterrupted(folder / "reference", seed=batch)
    cut_points = set()
    for number in range(calls):
        workspace = folder / str(number)
        session, shown = killed_call(workspace, batch, chance)
        if session is None:
            assert shown == []
            continue
        with Transcripts(workspace / "transcripts" / "roleplay.db") as store:
            transcript = store.load(session)
            cut_points.add((len(transcript.replies), len(transcript.lines)))
            check_that_all_shown_is_kept(shown, transcript)
            check_that_nothing_is_half_or_twice(workspace, transcript)
            assert_same_call(asyncio.run(finish(store, transcript)), reference)
    assert len(cut_points) > min(8, calls // 3), "the kills hit only a few places"


def killed_call(workspace: Path, seed: int, chance: random.Random) -> tuple[str | None, list[str]]:
    """Play a call and kill it at a random point; the id it said it was saved under, and the lines it had shown."""
    process = subprocess.Popen(
        [*command(), "--workspace", str(workspace), "--seed", str(seed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdin.write(typed(replies()))
    process.stdin.flush()
    shown = []
    until = chance.randrange(3 * len(replies()))
    for raw in process.stdout:
        shown.append(raw.decode().rstrip("\n"))
        if sum(line.startswith(("You: ", "Heard: ", "Customer: ")) for line in shown) > until:
            break
    time.sleep(chance.random() * 0.012)
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().decode()
    said = re.search(rb"saved as (\w+)", process.stderr.read())
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()
    return said and said.group(1).decode(), [*shown, *rest.split("\n")[:-1]]


def check_that_all_shown_is_kept(shown: list[str], transcript: Transcript) -> None:
    sent = [line.removeprefix("You: ") for line in shown if line.startswith("You: ")]
    said = [line.removeprefix("Customer: ") for line in shown if line.startswith("Customer: ")]
    kept_replies = [one_line(reply.text) for reply in transcript.replies]
    kept_lines = [one_line(line.text) for line in transcript.lines]
    assert kept_replies[: len(sent)] == sent
    assert kept_lines[: len(said)] == said
    assert kept_replies == [one_line(reply) for reply in replies()[: len(kept_replies)]]


def check_that_nothing_is_half_or_twice(workspace: Path, transcript: Transcript) -> None:
    assert [reply.turn for reply in transcript.replies] == list(range(1, len(transcript.replies) + 1))
    turns = [line.turn for line in transcript.lines]
    assert turns == sorted(set(turns))
    assert len(transcript.replies) - len(transcript.lines) in (0, -1)
    assert verify(workspace / "transcripts" / "roleplay.db").fine


async def finish(store: Transcripts, transcript: Transcript) -> Transcript:
    """Go on with a call where it was cut, with the same replies."""
    session = Session.resume(
        transcript,
        store=store,
        scorer=OfflineScorer(transcript.session.script.rubric),
        actor=ScriptedActor(),
        clock=lambda: "2026-01-01T00:00:00.000+00:00",
    )
    await session.speak()
    for reply in replies()[len(transcript.replies) :]:
        if not session.ended:
            await session.reply(reply)
    await session.leave()
    assert store.load(transcript.session.id) == session.transcript
    return session.transcript


def uninterrupted(workspace: Path, seed: int) -> Transcript:
    """The same call played through by the program, without a kill."""
    played = play(workspace, typed(replies()), "--seed", str(seed))
    assert played.returncode == 0
    with Transcripts(workspace / "transcripts" / "roleplay.db") as store:
        return store.load(saved_as(played))


def assert_same_call(one: Transcript, other: Transcript) -> None:
    def story(transcript: Transcript) -> object:
        ending = transcript.ending
        assert ending
        return (
            [
                (reply.text, reply.moment, reply.assessment, reply.state, reply.direction)
                for reply in transcript.replies
            ],
            [line.text for line in transcript.lines],
            (ending.by, ending.ending, ending.outcome, ending.epilogue),
        )

    assert story(one) == story(other)

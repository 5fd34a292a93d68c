"""The sample transcripts: `python -m tests.samples` plays them anew, and a test checks that they are up to date.

As text, what plain mode prints; as JSON Lines, calls for a coach to try a review on. Who is in them, and what was noted
in reviews, is made up.
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.scripts import script_for
from roleplay.conversation.session import Session
from roleplay.conversation.turns import KeptReply, SessionRecord
from roleplay.export.jsonl import jsonl_of
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.rehearsal.banks import Skill, find_bank
from roleplay.rehearsal.trainees import of_bank
from roleplay.review.desk import Desk
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.store.database import reading
from roleplay.store.reviews import Reviews
from roleplay.store.transcripts import Transcripts
from tests.journeys.playing import play, replies_of, typed

FOLDER = Path(__file__).parents[1] / "transcripts" / "samples"
SAMPLES: dict[str, tuple[Skill, int]] = {
    "stranded-driver-heard": ("skilled", 7),
    "stranded-driver-unheard": ("polite", 7),
}

Review = Callable[[Desk, Desk, str, dict[str, KeptReply]], object]
"""What a coach and the trainee add to the call of that id, in which each reply is found by how it begins."""


class Call(NamedTuple):
    """A call to be played: by whom, how skilled, and when it begins."""

    trainee: str
    skill: Skill
    seed: int
    begun: datetime
    review: Review | None = None


def sample(name: str) -> bytes:
    """The call of that name as plain mode prints it."""
    skill, seed = SAMPLES[name]
    with tempfile.TemporaryDirectory() as workspace:
        return play(Path(workspace), typed(replies_of(skill, seed)), "--seed", str(seed)).stdout


def sample_calls(persona: str) -> bytes:
    """The sample calls with that persona as JSON Lines."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "roleplay.db"
        for number, call in enumerate(CALLS[persona]):
            ident = hashlib.sha256(f"{persona} {number}".encode()).hexdigest()[:16]
            with ThreadPoolExecutor(1) as thread:  # for tests that run in a loop already
                thread.submit(asyncio.run, _played(database, persona, ident, call)).result()
            if call.review:
                _review(database, ident, call)
        with reading(database) as connection:
            assert connection
            rows = connection.execute("SELECT 'call', id FROM sessions ORDER BY n").fetchall()
            return b"".join(jsonl_of(connection, rows, _never))


def _never(error: Exception) -> None:
    raise error


async def _played(database: Path, persona: str, ident: str, call: Call) -> None:
    bank = find_bank(persona)
    assert bank
    script = script_for(load_persona(shipped_folder() / f"{persona}.yaml"), seed=str(call.seed))
    clock = _clock(call.begun, timedelta(seconds=11))
    record = SessionRecord(
        id=ident,
        script=script,
        seed=str(call.seed),
        exam=False,
        actor=ScriptedActor.name,
        trainee=call.trainee,
        started=clock(),
    )
    trainee, given = of_bank(bank, call.skill), set[str]()
    with Transcripts(database) as store:
        session = await Session.begin(
            record, store=store, scorer=OfflineScorer(script.rubric), actor=ScriptedActor(), clock=clock
        )
        await session.speak()
        while not session.ended:
            reply = trainee.reply(session.state.moment, call.seed, session.state.turn, given)
            given.add(reply)
            await session.reply(reply)
            while session.unfinished:
                await session.speak()


def _review(database: Path, ident: str, call: Call) -> None:
    assert call.review
    clock = _clock(call.begun + timedelta(hours=20), timedelta(minutes=2))
    numbers = count(1)
    with (
        Transcripts(database) as transcripts,
        Reviews(database) as reviews,
        patch("roleplay.review.desk._new_id", lambda: f"{ident}-{next(numbers)}"),
    ):
        coach, trainee = (Desk(transcripts, reviews, who, clock) for who in ("Sample: Kim", call.trainee))
        call.review(coach, trainee, ident, _Replies(transcripts.load(ident).replies))


class _Replies(dict[str, KeptReply]):
    """Replies by how they begin."""

    def __init__(self, replies: tuple[KeptReply, ...]) -> None:
        super().__init__((reply.text, reply) for reply in replies)

    def __missing__(self, beginning: str) -> KeptReply:
        return next(reply for text, reply in self.items() if text.startswith(beginning))


def _clock(at: datetime, step: timedelta) -> Callable[[], str]:
    times: Iterator[int] = count()
    return lambda: (at + next(times) * step).isoformat(timespec="milliseconds")


def _noted_and_answered(coach: Desk, trainee: Desk, ident: str, replies: dict[str, KeptReply]) -> None:
    first, second = replies["Oh wow"], replies["Half an hour"]
    coach.comment(ident, 0, 1, "customer", "Listen to “Sorry.” She apologises for being in danger.")
    coach.comment(
        ident, 0, first.turn, "trainee", "The cars on both sides: you heard where she is. Ask if she is safe."
    )
    coach.overrule(
        ident, second, "acts", 0, "He cut her off, and you make excuses for him. Nothing is done about the truck."
    )
    dispute = trainee.dispute(ident, second, "I did pick up the “drive safe”. It was what hurt her most.")
    coach.answer(dispute, "You did, and I say so in the comment. What is missing is what comes after it.", upheld=False)
    coach.comment(ident, 0, second.turn, "trainee", "“Drive safe” is well heard. Stop there, before you defend him.")
    coach.mark_reviewed(ident)


def _overruled(coach: Desk, trainee: Desk, ident: str, replies: dict[str, KeptReply]) -> None:
    first = replies["This is Upgrades"]
    reason = "He asked for one thing: whether you are the one. He is told that he is wrong here, for the fifth time."
    coach.overrule(ident, first, "overall", 0, reason)
    coach.overrule(ident, first, "reaches_unspoken", 0, "The screen says that his son has died. Nothing here knows it.")
    coach.comment(ident, 0, first.turn, "trainee", "Read the note on your screen before you say your first word.")


def _disputed(coach: Desk, trainee: Desk, ident: str, replies: dict[str, KeptReply]) -> None:
    words = "I thanked her and offered to help at once. What else could I do before I knew what she wanted?"
    trainee.dispute(ident, replies["Good evening"], words)


def _on(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


CALLS: dict[str, tuple[Call, ...]] = {
    "stranded-driver": (
        Call("Sample: Ana", "skilled", 7, _on(5, 9, 12)),
        Call("Sample: Ben", "partly-skilled", 3, _on(6, 13, 40), _noted_and_answered),
    ),
    "grieving-father": (
        Call("Sample: Ana", "skilled", 2, _on(7, 8, 55)),
        Call("Sample: Chioma", "cold", 4, _on(8, 15, 20), _overruled),
    ),
    "grateful-hotelier": (
        Call("Sample: Ben", "partly-skilled", 3, _on(12, 10, 5)),
        Call("Sample: Dev", "polite", 8, _on(13, 16, 30), _disputed),
    ),
}


if __name__ == "__main__":
    for each in SAMPLES:
        (FOLDER / f"{each}.txt").write_bytes(sample(each))
    for each in CALLS:
        (FOLDER / f"{each}.jsonl").write_bytes(sample_calls(each))

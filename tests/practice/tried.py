"""A call that has ended and is answered again: what is said in it, and where its calls lie."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from roleplay.conversation.session import Session
from roleplay.practice.calls import Calls, now
from roleplay.store.transcripts import Transcripts

PERSONA = "stranded-driver"
MISSES = "Give me your membership number."
REPLIES = (MISSES, "That sounds loud and frightening. Are you safe where you are?", "Ok.")
BETTER = "With traffic on both sides of you that must be frightening. Are you in the car, and are you hurt?"
COLD = "Calm down."
HARMS = "Shut up, you stupid liar."


def calls_of(workspace: Path) -> Calls:
    """The calls of a trainee."""
    (workspace / "personas").mkdir(exist_ok=True)
    return Calls(workspace / "personas", Transcripts(workspace / "transcripts" / "roleplay.db"), "Sam", now)


async def ended_call(calls: Calls, replies: Iterable[str] = REPLIES, *, exam: bool = False) -> Session:
    """A call in which that was said, and that was left then."""
    session = await calls.begin(calls.persona(PERSONA), exam=exam, seed="7")
    await session.speak()
    for text in replies:
        await session.reply(text)
    await session.leave()
    return session


async def tried(calls: Calls, ident: str, turn: int, replies: Iterable[str], branch: int | None = None) -> Session:
    """A try from `turn` on in which that was said, until it ended."""
    session = await calls.rewind(ident, turn, branch)
    for text in replies:
        if not session.ended:
            await session.reply(text)
    return session

"""A stage for simulated trainees: the session everybody plays on, but nothing of it is kept."""

from __future__ import annotations

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.actor import Actor, Cue
from roleplay.conversation.session import Session
from roleplay.conversation.turns import Script, SessionRecord
from roleplay.rehearsal.forgetful import ForgetfulStore
from roleplay.scoring.scorer import Scorer


async def begin_unkept(
    script: Script, scorer: Scorer, *, trainee: str, seed: str, actor: Actor | None = None
) -> Session:
    """Begin a session of which nothing is kept, and let the customer say the opening."""
    actor = actor or ScriptedActor()
    record = SessionRecord(
        id="rehearsal", script=script, seed=seed, exam=True, actor=actor.name, trainee=trainee, started=""
    )
    session = await Session.begin(record, store=ForgetfulStore(), scorer=scorer, actor=actor, clock=lambda: "")
    opening = session.transcript.opening
    actor.prepare(Cue(direction=opening.direction, transcript=session.transcript, scene=opening.state.scene))
    await session.speak()
    return session

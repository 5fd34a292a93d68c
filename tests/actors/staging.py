"""Sets up any point of a call to a shipped persona: what was said, what was told, how the last reply was taken."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import msgspec

from roleplay.conversation.actor import Actor, Cue
from roleplay.conversation.director import Director
from roleplay.conversation.scripts import script_for
from roleplay.conversation.session import Session
from roleplay.conversation.turns import (
    KeptLine,
    KeptOpening,
    KeptReply,
    LinePart,
    PartKind,
    Script,
    SessionRecord,
    StageDirection,
    Transcript,
)
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.rehearsal.banks import ANYWHERE, Skill, find_bank
from roleplay.rehearsal.forgetful import ForgetfulStore
from roleplay.scoring.offline.scorer import OfflineScorer
from tests.conversation.builders import assessment

SHIPPED = ("stranded-driver", "heartbroken-mover", "grieving-father")


@functools.cache
def script_of(name: str) -> Script:
    return script_for(load_persona(shipped_folder() / f"{name}.yaml"))


def parts_of(name: str, **told: str) -> tuple[LinePart, ...]:
    """Parts by kind; `disclosure`, `moment` and `ending` by id, or the words themselves."""
    persona = script_of(name).persona
    written = {each.id: each.says for each in (*persona.beats(), *persona.endings)}
    return tuple(LinePart(msgspec.convert(kind, PartKind), written.get(words, words)) for kind, words in told.items())


def cue_for(
    name: str,
    *,
    parts: Sequence[LinePart],
    said: Sequence[tuple[str, str]] = (("I see.", "Yeah."),),
    reply: str = "I see.",
    heard: str = "partly",
    trust: float = 5.0,
    distress: float = 6.0,
    disclosed: Sequence[str] = (),
    opens: str | None = None,
    moment: str = "",
    ending: str | None = None,
    gesture: str | None = None,
    scene: str = "",
    session: str = "a-session",
) -> Cue:
    """The cue for the line made of `parts`, after exchanges `said` (reply, line) and the `reply` to be answered."""
    script = script_of(name)
    state, opening = Director(script, "1").open()
    transcript = Transcript(
        session=SessionRecord(
            id=session, script=script, seed="1", exam=False, actor="llm", trainee="t", started="2026-01-01T00:00:00Z"
        ),
        opening=KeptOpening(session=session, branch=0, state=state, direction=opening, at=""),
        replies=(),
        lines=(KeptLine(session=session, branch=0, turn=1, attempt=1, text=opening.line, at=""),),
        ending=None,
        self_rating=None,
    )
    told = [*said, (reply, "")]
    for number, (words, line) in enumerate(told, 1):
        last = number == len(told)
        direction = StageDirection(
            turn=number + 1,
            mood="wary",
            parts=tuple(parts) if last else (LinePart("moment", line),),
            moment=moment or state.moment,
            disclosed=opens if last else None,
            ending=ending if last else None,
            speaker=opening.speaker,
            heard=msgspec.convert(heard, type=Any) if last else "partly",
        )
        after = msgspec.structs.replace(
            state,
            turn=number,
            trust=trust,
            distress=distress,
            disclosed=(*disclosed, *([opens] if opens and last else [])),
        )
        kept = KeptReply(
            session=session,
            branch=0,
            turn=number,
            text=words,
            gesture=gesture if last else None,
            moment=state.moment,
            assessment=assessment(),
            state=after,
            direction=direction,
            at="",
        )
        lines = (KeptLine(session=session, branch=0, turn=number + 1, attempt=1, text=line, at=""),)
        transcript = msgspec.structs.replace(
            transcript,
            replies=(*transcript.replies, kept),
            lines=(*transcript.lines, *(() if last else lines)),
        )
    return Cue(direction=transcript.replies[-1].direction, transcript=transcript, scene=scene or state.scene)


def further(cue: Cue, line: str, reply: str, parts: Sequence[LinePart], *, heard: str = "partly") -> Cue:
    """The cue after the line wanted by `cue` was said, and `reply` given to it."""
    transcript, last = cue.transcript, cue.transcript.replies[-1]
    turn = last.turn + 1
    direction = msgspec.structs.replace(
        last.direction, turn=turn + 1, parts=tuple(parts), disclosed=None, heard=msgspec.convert(heard, type=Any)
    )
    said = KeptLine(session=last.session, branch=0, turn=turn, attempt=1, text=line, at="")
    kept = msgspec.structs.replace(
        last, turn=turn, text=reply, direction=direction, state=msgspec.structs.replace(last.state, turn=turn)
    )
    transcript = msgspec.structs.replace(
        transcript, lines=(*transcript.lines, said), replies=(*transcript.replies, kept)
    )
    return Cue(direction=direction, transcript=transcript, scene=cue.scene)


def direction_of(messages: Sequence[Any]) -> str:
    """The stage direction in the messages of a request, as JSON has them or as we have."""
    last = messages[-1]
    content = last["content"] if isinstance(last, dict) else last.content
    return str(content[content.rindex("[stage direction ") :])


def plays_along(body: dict[str, Any]) -> str:
    """What an obedient model answers: what the stage direction wants said, as it stands there."""
    return " ".join(re.findall(r"^- [^“]*“(.*)”", direction_of(body["messages"]), re.MULTILINE)) or "Hm."


async def played(
    actor: Actor,
    name: str,
    replies: Sequence[str] | Callable[[Session], str],
    *,
    session: str = "a-session",
    most: int = 40,
) -> Session:
    """A call with `replies` to the end, or until they are used up, with no store."""
    script = script_of(name)
    record = SessionRecord(id=session, script=script, seed="7", exam=True, actor="llm", trainee="t", started="")
    call = await Session.begin(
        record, store=ForgetfulStore(), scorer=OfflineScorer(script.rubric), actor=actor, clock=lambda: ""
    )
    await call.speak()
    for number in range(most if callable(replies) else len(replies)):
        if call.ended:
            break
        await call.reply(replies(call) if callable(replies) else replies[number])
    return call


def trainee(name: str, skill: Skill, seed: int) -> Callable[[Session], str]:
    """A simulated trainee, who answers any moment of a shipped persona."""
    bank = find_bank(name)
    assert bank
    given: set[str] = set()

    def reply(call: Session) -> str:
        chance = Random(f"{seed}:{call.state.turn}:{skill}")
        pools = (bank.trainees[skill].get(call.state.moment, ()), bank.trainees[skill][ANYWHERE])
        fresh = next(([each for each in pool if each not in given] for pool in pools if set(pool) - given), pools[1])
        given.add(said := chance.choice(list(fresh)))
        return said

    return reply

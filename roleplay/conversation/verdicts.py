"""What a judge is asked about a kept reply, and what its verdict still moves."""

from __future__ import annotations

import msgspec

from roleplay.conversation.director import Director
from roleplay.conversation.gestures import fitting_gesture, with_gesture
from roleplay.conversation.judging import Judge, Verdict
from roleplay.conversation.listen import Heard, listen
from roleplay.conversation.said import history_before, tries_of
from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.persona.model import Persona
from roleplay.scoring.occasion import Occasion


def heard_in(persona: Persona, text: str, gesture: str | None) -> Heard:
    """What the customer hears in a reply; with a gesture it is no silence."""
    heard = listen(persona, text)
    return msgspec.structs.replace(heard, kind="words") if gesture and heard.kind == "silence" else heard


async def verdict_on(transcript: Transcript, reply: KeptReply, judge: Judge, director: Director) -> Verdict | None:
    """The verdict of `judge` on `reply`, which may be one that was taken back; None where it is not for a judge.

    The judge is asked about words alone: what a gesture did that fitted counts in its verdict as in any assessment.
    """
    before = transcript.state_before(reply)
    persona = director.view(before.scene)
    occasion = Occasion.at(persona, persona.beat(reply.moment))
    history = history_before(transcript, reply.turn)
    verdict = await judge.judge(occasion, history, reply.text, reply.assessment, used=transcript.usage)
    given = fitting_gesture(persona, before, reply.gesture)
    if verdict is None or verdict.assessment is None or given is None:
        return verdict
    with_it = with_gesture(verdict.assessment, given, occasion, transcript.session.script.rubric)
    return msgspec.structs.replace(verdict, assessment=with_it)


def moved_by(
    verdict: Verdict, reply: KeptReply, transcript: Transcript, director: Director
) -> tuple[CustomerState, CustomerState] | None:
    """The customer's state before and after `reply` by `verdict`, if that comes in time to move it; else None.

    In time is before the next reply, and while the same scene goes on and no end is decided. It moves the state once.
    """
    latest = transcript.replies[-1] if transcript.replies else None
    if latest is None or latest.place != reply.place or transcript.ending:
        return None
    if verdict.standing != "verified" or verdict.assessment is None or reply.direction.ending:
        return None
    if transcript.branch != reply.branch or any(each.state for each in transcript.verdicts_on(reply)):
        return None
    before = transcript.state_before(reply)
    if before.scene != reply.state.scene:
        return None
    heard = heard_in(director.view(before.scene), reply.text, reply.gesture)
    after = director.moved_again(before, reply.state, heard, verdict.assessment)
    return None if after == reply.state else (before, after)


def to_be_judged(transcript: Transcript, reply: KeptReply) -> bool:
    """Whether a judge may read `reply`: in practice, only what was said on its own branch or taken back on it.

    What came before it counts, or is another try's: a verdict on that would change what the first path came to.
    """
    return not transcript.practice or reply.branch == transcript.branch or reply in transcript.earlier


def unjudged(transcript: Transcript) -> tuple[KeptReply, ...]:
    """The replies that count or stand and on which there is no verdict but failed ones, in the order of their turns.

    In practice only those that are `to_be_judged`.
    """
    counting = [reply for tries in tries_of(transcript).values() for reply in (tries[:1] + tries[1:][-1:])]
    counting = [reply for reply in counting if to_be_judged(transcript, reply)]
    return tuple(
        reply for reply in counting if (verdict := transcript.verdict_on(reply)) is None or verdict.standing == "failed"
    )

"""Quiet notices beside a debrief: what to know about the LLM that played the customer, and the one that judged."""

from __future__ import annotations

from collections.abc import Iterator

from roleplay.conversation.said import tries_of
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.text import counted


def notices_of(transcript: Transcript) -> Iterator[str]:
    """A sentence for each thing that is not as it should be; none for a call without an LLM."""
    lines = [line for line in transcript.lines if line.voiced.voice != "scripted" and not line.broken_off]
    softer = [line.turn for line in lines if line.voiced.softer]
    if softer:
        yield (
            f"The customer sounded warmer than they felt at that point ({_turns(softer)}): the model was too soft. "
            "Go by the trust and distress shown, not by its tone."
        )
    replaced = [line.turn for line in lines if line.voiced.voice == "replaced"]
    if replaced:
        yield f"The model's words would not do, and the scripted line was said instead ({_turns(replaced)})."
    mended = [line.turn for line in lines if line.voiced.voice == "mended"]
    if mended:
        yield f"Scripted words were put in place of what the model left out or got wrong ({_turns(mended)})."
    if not transcript.verdicts:
        return
    counting = [tries[0] for tries in tries_of(transcript).values()]
    verdicts = [transcript.verdict_on(reply) for reply in counting if _is_for_a_judge(reply)]
    unverified = sum(verdict is not None and verdict.standing == "unverified" for verdict in verdicts)
    if unverified:
        told = counted(unverified, "verdict", "verdicts")
        yield f"{told} of the judge could not be believed and did not count; a coach can see what it wrote."
    from roleplay.judge.drift import drift  # loads the offline scorer, which a call without a judge does not need

    alarm = drift(transcript)
    if alarm:
        yield alarm
    missing = sum(verdict is None or verdict.standing == "failed" for verdict in verdicts)
    if missing:
        yield f"{counted(missing, 'reply was', 'replies were')} not scored by the judge; the offline assessment counts."


def _is_for_a_judge(reply: KeptReply) -> bool:
    flags = reply.assessment.flags
    return bool(reply.text) and not flags.language


def _turns(turns: list[int]) -> str:
    said = sorted(set(turns))
    return ("line " if len(said) == 1 else "lines ") + ", ".join(map(str, said))

"""A saved call as plain lines: what was said, and the debrief once it has ended."""

from __future__ import annotations

from collections.abc import Iterator

from roleplay.cli import lines
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.practice.debrief import debrief_of
from roleplay.text import one_line


def lines_of(transcript: Transcript, started: str) -> Iterator[str]:
    """The lines of `transcript`; `started` is the local date and time. What was heard is told after the end only."""
    session = transcript.session
    persona = session.script.persona
    yield f"{one_line(persona.title)} ({one_line(persona.name)}), call {session.id}"
    mode = "exam" if session.exam else "practice"
    yield f"Started {started}, trainee {one_line(session.trainee)}, {mode}, customer: {one_line(session.actor)}"
    yield ""
    yield from _customer(transcript, 1)
    for reply in transcript.replies:
        yield _trainee(transcript, reply)
        yield from _customer(transcript, reply.turn + 1)
    yield ""
    if transcript.ending is not None:
        yield from lines.debrief(debrief_of(transcript))
    elif session.exam:
        yield "Interrupted: this exam has not ended, so nothing but what was said is shown before its end."
    else:
        yield "Interrupted: this call has not ended. Its debrief comes at the end."


def _customer(transcript: Transcript, turn: int) -> Iterator[str]:
    """All attempts at the line that opens `turn`."""
    for line in transcript.lines:
        if line.turn == turn:
            yield f"Customer: {one_line(line.text)}" + (" (cut off)" if line.broken_off else "")


def _trainee(transcript: Transcript, reply: KeptReply) -> str:
    does = {each.id: each.does for each in transcript.session.script.persona.gestures}
    gesture = f" (with a gesture: {one_line(does.get(reply.gesture, reply.gesture))})" if reply.gesture else ""
    return f"You: {one_line(reply.text) or '(silence)'}{gesture}"

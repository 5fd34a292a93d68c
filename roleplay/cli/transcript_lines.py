"""A saved call as plain lines: what was said, and the debrief once it has ended."""

from __future__ import annotations

from collections.abc import Iterator

from roleplay.actors.scripted import ScriptedActor
from roleplay.cli import lines
from roleplay.conversation.reviewing import Reviewed
from roleplay.conversation.said import SaidLine, SaidReply, story_of
from roleplay.conversation.turns import KeptLine, Transcript
from roleplay.practice.aftercare import aftercare_of
from roleplay.practice.debrief import debrief_of
from roleplay.practice.visits import heading_of
from roleplay.text import one_line

_VOICES = {"replaced": " (the scripted line)", "mended": " (scripted in part)"}
"""What is said of a line that is not, or not all, the language model's own."""


def lines_of(
    transcript: Transcript, started: str, help_resources: str, reviewed: Reviewed | None = None
) -> Iterator[str]:
    """The lines of `transcript`; `started` is the local date and time. What was heard is told after the end only.

    What was `reviewed` stands in the debrief, under the reply that it is on. `help_resources` are among them if anybody
    was in danger, or if the call is about suicide.
    """
    session = transcript.session
    persona = session.script.persona
    _, title = session.script.listed
    yield f"{one_line(title)} ({one_line(persona.name)}), call {session.id}"
    if session.script.visit:
        yield f"{heading_of(session.script.visit)}."
    mode = "exam" if session.exam else "practice"
    yield f"Started {started}, trainee {one_line(session.trainee)}, {mode}, customer: {one_line(session.actor)}"
    yield ""
    for told in story_of(transcript):
        if isinstance(told, SaidLine):
            said = lines.customer(told.line.text, told.speaker, cut_off=told.line.broken_off)
            yield said + _voice(transcript, told.line)
        elif isinstance(told, SaidReply):
            yield _trainee(transcript, told)
        else:
            yield from lines.scene(told, in_queue=bool(session.script.queue))
    yield ""
    if transcript.ending is not None:
        debrief = debrief_of(transcript, reviewed)
        yield from lines.debrief(debrief, aftercare_of(transcript, debrief), help_resources)
    elif session.exam:
        yield "Interrupted: this exam has not ended, so nothing but what was said is shown before its end."
    else:
        yield "Interrupted: this call has not ended. Its debrief comes at the end."


def _voice(transcript: Transcript, line: KeptLine) -> str:
    """How a line came about, where a language model took part."""
    handed_over = transcript.session.actor != ScriptedActor.name and line.voiced.voice == "scripted"
    if handed_over and line.turn > 1 and not line.broken_off and not _opens_a_scene(transcript, line):
        return " (the scripted customer)"
    return _VOICES.get(line.voiced.voice, "")


def _opens_a_scene(transcript: Transcript, line: KeptLine) -> bool:
    return any(scene.opening == line.text for scene in transcript.session.script.persona.scenes)


def _trainee(transcript: Transcript, said: SaidReply) -> str:
    reply = said.reply
    does = {each.id: each.does for each in transcript.session.script.persona.gestures}
    gesture = f" (with a gesture: {one_line(does.get(reply.gesture, reply.gesture))})" if reply.gesture else ""
    back = "" if said.stands else ", taken back"
    label = f"You (try {said.attempt}{back})" if back or said.attempt > 1 else "You"
    return f"{label}: {one_line(reply.text) or '(silence)'}{gesture}"

"""A call as a screen tells it: the entries of its conversation, and the state beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from roleplay.conversation.said import SaidLine, SaidReply, story_of
from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import SceneBegins, Transcript
from roleplay.persona.model import Persona
from roleplay.persona.names import short_name
from roleplay.tui.widgets.conversation import Entry
from roleplay.tui.widgets.state_panel import Level, Reading

YOU = "You"
SILENCE, WORDLESS = "(silence)", "(without words)"


def retold(transcript: Transcript) -> Iterator[Entry]:
    """Everything that happened in `transcript`, in order."""
    persona = transcript.session.script.persona
    story = tuple(story_of(transcript))
    latest: Entry | None = None
    for place, told in enumerate(story):
        match told:
            case SceneBegins():
                yield from scene_entries(told)
            case SaidLine(line, speaker):
                latest = Entry("customer", line.text, name_of(persona, speaker), cut_off=line.broken_off)
                yield latest
            case SaidReply(reply, _, stands):
                yield from reply_entries(persona, reply.text, reply.gesture)
                if not stands:
                    yield Entry("note", "You took that back.")
                    if place == len(story) - 1 and latest:  # that line is to be answered again
                        yield replace(latest)


def name_of(persona: Persona, speaker: str) -> str:
    """What stands beside a line of `speaker`; the empty one is the customer."""
    return short_name(speaker or persona.name)


def scene_entries(scene: SceneBegins) -> list[Entry]:
    """How a scene begins."""
    told = [Entry("title", scene.title or "Some time later")]
    return [*told, Entry("narration", scene.narration)] if scene.narration else told


def reply_entries(persona: Persona, text: str, gesture: str | None, *, pending: bool = False) -> list[Entry]:
    """A reply, after the gesture that was given with it."""
    does = next((each.does for each in persona.gestures if each.id == gesture), "")
    said = Entry("trainee", text or (WORDLESS if does else SILENCE), YOU, pending)
    return [Entry("note", f"You give: {does}", pending=pending), said] if does else [said]


def reading(transcript: Transcript, state: CustomerState) -> Reading:
    """What the panel shows of `state`, by the name of who speaks now."""
    direction = transcript.direction
    speaker = direction.scene.speaker if direction.scene else direction.speaker
    return Reading(
        name_of(transcript.session.script.persona, speaker), trust=Level(state.trust), distress=Level(state.distress)
    )

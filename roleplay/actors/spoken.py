"""What one speaker has heard and said in a call, as messages for a model: user and assistant in turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from roleplay.actors.marker import code_of, neutral
from roleplay.actors.words import table
from roleplay.conversation.actor import Cue
from roleplay.conversation.said import SaidLine, SaidReply, story_of
from roleplay.conversation.turns import KeptReply, SceneBegins, Transcript
from roleplay.persona.model import Persona
from roleplay.persona.scenes import scene_of, speaker_of
from roleplay.prompts import prompt


class Exchange(NamedTuple):
    """What was said to the speaker, and the line that followed."""

    heard: str
    said: str


class Spoken(NamedTuple):
    """All that the speaker has heard and said: whole exchanges, the opening first, and the reply to be answered now."""

    exchanges: tuple[Exchange, ...]
    reply: str


def spoken(cue: Cue, code: str) -> Spoken:
    """What the one who speaks at `cue` has heard and said, in this scene and in earlier ones of the same speaker.

    Lines that were broken off and replies that were taken back are left out. Words of others are `neutral`.
    """
    exchanges: list[Exchange] = []
    heard = ""
    for told in _heard_by(cue):
        if isinstance(told, SaidLine):
            if heard:
                exchanges.append(Exchange(heard, neutral(told.line.text, code)))
            heard = ""
        elif isinstance(told, SaidReply):
            heard = reply_words(cue.transcript.session.script.persona, told.reply, code)
        else:
            heard = told
    return Spoken(tuple(exchanges), heard)


def reply_words(persona: Persona, reply: KeptReply, code: str) -> str:
    """A reply as it reaches the speaker: the words, or that there are none, and a gesture that came with them."""
    text = neutral(reply.text, code)
    if text and not reply.gesture:
        return text
    gesture = next((each.does for each in persona.gestures if each.id == reply.gesture), "")
    words = table("actor_reply", does=neutral(gesture, code))
    if not gesture:
        return text or words["silence"]
    return f"{text}\n{words['gesture']}".strip()


def _heard_by(cue: Cue) -> Iterator[SaidLine | SaidReply | str]:
    """The story as far as the speaker was there, each scene told by the words that open it."""
    transcript = cue.transcript
    persona = transcript.session.script.persona
    mine = _speaker(persona, cue.scene)
    here = True
    if not persona.scenes:
        yield _opens(transcript, "")
    for told in story_of(transcript):
        if isinstance(told, SceneBegins):
            here = told.speaker == mine
            if here:
                yield _opens(transcript, told.narration)
        elif here and (told.stands if isinstance(told, SaidReply) else not told.line.broken_off):
            yield told


def _speaker(persona: Persona, scene: str) -> str:
    return speaker_of(scene_of(persona, scene)) if scene else ""


def _opens(transcript: Transcript, narration: str) -> str:
    session = transcript.session
    channel = session.script.persona.channel
    opens = table("actor_channels")[f"{channel} opens"]
    if not narration:
        return opens
    return prompt("actor_told", opens=opens.strip("()"), narration=neutral(narration, code_of(session.id)))

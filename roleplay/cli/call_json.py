"""A played call as one JSON object: the same for the same seed and replies, but for what is under `meta`.

With a language model nothing is the same again: `meta` says then that the call is not `repeatable`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from roleplay import __version__
from roleplay.conversation.said import SaidLine, SaidReply, story_of
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.conversation.voiced import Usage, Voiced
from roleplay.persona.visits import Visiting
from roleplay.practice.debrief import debrief_of


def call_as_json(transcript: Transcript) -> str:
    """The whole call, pretty-printed. Raises ValueError while it has not ended."""
    record, persona = transcript.session, transcript.session.script.persona
    ending, (ident, title) = transcript.ending, record.script.listed
    played = {
        "persona": {"id": ident, "name": persona.name, "title": title},
        "visit": visit_of(record.script.visit),
        "queue": list(record.script.queue),
        "exam": record.exam,
        "actor": record.actor,
        "messages": _messages(transcript),
        "debrief": debrief_of(transcript),
        "meta": {
            "id": record.id,
            "seed": record.seed,
            "trainee": record.trainee,
            "started": record.started,
            "ended": ending.at if ending else None,
            "version": __version__,
            "repeatable": all(each.voiced.voice == "scripted" for each in transcript.lines) and not transcript.verdicts,
            "usage": usage_of(transcript.usage),
        },
    }
    return msgspec.json.format(msgspec.json.encode(played), indent=2).decode()


def visit_of(visiting: Visiting | None) -> dict[str, Any] | None:
    """Which visit a call is, and what is remembered of those before it; None for a call that is none."""
    if visiting is None:
        return None
    remembered = [
        {"number": each.number, "title": each.title, "outcome": each.outcome, "told": list(each.told)}
        for each in visiting.remembered
    ]
    return {"id": visiting.id, "number": visiting.number, "title": visiting.title, "remembered": remembered}


def voice_of(voiced: Voiced) -> dict[str, Any]:
    """How a line came about, all of it whatever the default; what it took apart."""
    return {
        "voice": voiced.voice,
        "model": voiced.model,
        "faults": list(voiced.faults),
        "softer": voiced.softer,
    }


def usage_of(usage: Usage) -> dict[str, Any]:
    """Tokens taken, all of the numbers whatever the default."""
    names = ("requests", "sent", "cached", "received", "exact")
    return {name: getattr(usage, name) for name in names}


def _verdict(transcript: Transcript, reply: KeptReply) -> dict[str, Any] | None:
    """What became of a judge's verdict on `reply`; None if there is none."""
    verdict = transcript.verdict_on(reply)
    return {"standing": verdict.standing, "model": verdict.model, "why": list(verdict.why)} if verdict else None


def _messages(transcript: Transcript) -> list[dict[str, Any]]:
    """What was said, in order, with each scene as it begins; an `attempt` above 1 followed a reply taken back."""
    name, turn = transcript.session.script.persona.name, 1
    messages: list[dict[str, Any]] = []
    for told in story_of(transcript):
        if isinstance(told, SaidReply):
            turn, reply = told.reply.turn, told.reply
            said = {"text": reply.text, "gesture": reply.gesture, "attempt": told.attempt}
            messages.append({"role": "trainee", "turn": turn, **said, "verdict": _verdict(transcript, reply)})
        elif isinstance(told, SaidLine):
            turn, line = told.line.turn, told.line
            if not line.broken_off:
                said = {"speaker": told.speaker or name, "text": line.text, **voice_of(line.voiced)}
                messages.append({"role": "customer", "turn": turn, **said})
        else:
            scene = {"id": told.id, "title": told.title, "text": told.narration}
            messages.append({"role": "narration", "turn": turn, **scene})
    return messages

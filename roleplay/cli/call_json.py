"""A played call as one JSON object: the same for the same seed and replies, but for what is under `meta`."""

from __future__ import annotations

import msgspec

from roleplay import __version__
from roleplay.conversation.turns import Transcript
from roleplay.practice.debrief import debrief_of


def call_as_json(transcript: Transcript) -> str:
    """The whole call, pretty-printed. Raises ValueError while it has not ended."""
    record, persona = transcript.session, transcript.session.script.persona
    ending = transcript.ending
    said = {line.turn: line.text for line in transcript.lines}
    played = {
        "persona": {"id": persona.id, "name": persona.name, "title": persona.title},
        "exam": record.exam,
        "actor": record.actor,
        "messages": [
            message
            for turn in sorted(said)
            for message in (
                {"role": "customer", "turn": turn, "text": said[turn]},
                *(
                    {"role": "trainee", "turn": turn, "text": reply.text, "gesture": reply.gesture}
                    for reply in transcript.replies
                    if reply.turn == turn
                ),
            )
        ],
        "debrief": debrief_of(transcript),
        "meta": {
            "id": record.id,
            "seed": record.seed,
            "trainee": record.trainee,
            "started": record.started,
            "ended": ending.at if ending else None,
            "version": __version__,
        },
    }
    return msgspec.json.format(msgspec.json.encode(played), indent=2).decode()

"""A saved call as data for a program: all of it once it has ended, before that nothing the trainee must not see yet."""

from __future__ import annotations

from typing import Any

import msgspec

from roleplay.conversation.turns import Transcript
from roleplay.practice.debrief import debrief_of

_SAID = ("session", "branch", "turn", "text", "gesture", "at")


def data_of(transcript: Transcript, score: float | None) -> dict[str, Any]:
    """The record of `transcript` with its debrief; `score` is the session score 0-100 that was kept.

    While it has not ended, the persona is named and not told, states and directions are left out, and so are the
    assessments of an exam.
    """
    kept: dict[str, Any] = msgspec.to_builtins(transcript)
    persona = kept["session"]["script"]["persona"]
    kept["session"]["persona"] = {"id": persona["id"], "title": persona["title"]}
    if transcript.ending is not None:
        return kept | {"score": score, "debrief": msgspec.to_builtins(debrief_of(transcript))}
    del kept["session"]["script"]
    shown = _SAID if transcript.session.exam else (*_SAID, "assessment")
    kept["opening"] = {name: kept["opening"][name] for name in ("session", "branch", "at")}
    kept["replies"] = [{name: reply[name] for name in shown} for reply in kept["replies"]]
    return kept | {"score": None, "debrief": None}

"""A saved call as data for a program: all of it once it has ended, before that nothing the trainee must not see yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from roleplay.cli.call_json import usage_of, visit_of, voice_of
from roleplay.conversation.reviewing import Reviewed
from roleplay.conversation.said import SaidLine, story_of
from roleplay.conversation.turns import SceneBegins, Transcript
from roleplay.practice.debrief import debrief_of

_SAID = ("session", "branch", "turn", "text", "gesture", "at")


def data_of(transcript: Transcript, score: float | None, reviewed: Reviewed | None = None) -> dict[str, Any]:
    """The record of `transcript` with its debrief; `score` is the session score 0-100 that was kept.

    What was `reviewed` stands in the debrief, with the reply that it is on.
    Each line says who speaks, in what scene, and how it came about. While it has not ended, the persona is named and
    not told, states and directions are left out, and so are a judge's verdicts, what was wrong with a language model's
    lines, and the assessments of an exam.
    """
    kept: dict[str, Any] = msgspec.to_builtins(transcript)
    kept["lines"] = list(_lines(transcript, ended=transcript.ending is not None))
    kept["usage"] = usage_of(transcript.usage)
    del kept["usage_elsewhere"]
    ident, title = transcript.session.script.listed
    kept["session"]["persona"] = {"id": ident, "title": title}
    kept["session"]["visit"] = visit_of(transcript.session.script.visit)
    if transcript.ending is not None:
        return kept | {"score": score, "debrief": msgspec.to_builtins(debrief_of(transcript, reviewed))}
    del kept["session"]["script"], kept["verdicts"]
    shown = _SAID if transcript.session.exam else (*_SAID, "assessment")
    kept["opening"] = {name: kept["opening"][name] for name in ("session", "branch", "at")}
    for part in ("replies", "earlier"):
        kept[part] = [{name: reply[name] for name in shown} for reply in kept[part]]
    return kept | {"score": None, "debrief": None}


def _lines(transcript: Transcript, *, ended: bool) -> Iterator[dict[str, Any]]:
    """All lines in order; what begins a scene has its `scene` with it."""
    name = transcript.session.script.persona.name
    begun: SceneBegins | None = None
    for told in story_of(transcript):
        if isinstance(told, SceneBegins):
            begun = told
        elif isinstance(told, SaidLine):
            line: dict[str, Any] = msgspec.to_builtins(told.line)
            scene = {"id": begun.id, "title": begun.title, "narration": begun.narration} if begun else None
            voice = voice_of(told.line.voiced)
            shown = voice if ended else {each: voice[each] for each in ("voice", "model")}
            line["voiced"] = shown | {"usage": usage_of(told.line.voiced.usage)}
            yield line | {"speaker": told.speaker or name, "scene": scene}
            begun = None

"""Small real things to test conversations with: a persona, a script, assessments made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from roleplay.conversation.turns import Script
from roleplay.persona.completion import complete
from roleplay.persona.fields import DIMENSIONS
from roleplay.persona.lines import Reactions
from roleplay.persona.message import Message
from roleplay.persona.model import Persona
from roleplay.scoring.assessment import Assessment, Flags, Opportunity, ScorerName
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.rubric import DimensionText, Rubric

WEIGHTS = {"acknowledges_feeling": 0.25, "names_need": 0.15, "reaches_unspoken": 0.30, "explores": 0.10, "acts": 0.20}

RUBRIC = Rubric(
    id="test",
    weights=WEIGHTS,
    cap_harm_1=49,
    cap_harm_2=20,
    cap_repaired=49,
    mean_share=0.6,
    dimensions={key: DimensionText(key, key, ("no", "some", "yes")) for key in (*DIMENSIONS, "harm")},
    overall=("0", "1", "2", "3", "4"),
)


def numbered(kind: str, count: int = 12) -> list[str]:
    return [f"{kind} number {number}." for number in range(count)]


GENERAL = msgspec.convert({kind: numbered(f"General {kind}") for kind in Reactions.__struct_fields__}, Reactions)

PERSONA: dict[str, Any] = {
    "id": "pat",
    "name": "Pat Moss",
    "title": "A lost key",
    "trainee": {
        "role": "Locksmith dispatcher",
        "gestures": [{"id": "wait", "does": "wait with them", "fits": ["second"]}],
    },
    "customer": {
        "opening": "I'm locked out.",
        "backstory": "Pat lives on Hill Street.",
        "temperament": {"trust": 4, "distress": 7, "patience": 3},
    },
    "needs": {
        "door": {"kind": "spoken", "need": "To get in."},
        "company": {"kind": "unspoken", "need": "Not to stand there alone."},
    },
    "moments": [
        {
            "id": "opening",
            "says": "I'm locked out.",
            "feeling": "cold",
            "spoken": "door",
            "unspoken": "company",
            "key": True,
        },
        {"id": "second", "says": "It's dark here.", "feeling": "afraid", "unspoken": "company"},
        {"id": "low", "says": "You don't believe me.", "feeling": "hurt", "when": "trust < 4"},
        {"id": "third", "says": "My phone is dying.", "feeling": "worried", "spoken": "door", "key": True},
    ],
    "disclosures": [
        {"id": "asked", "says": "It's the third time.", "reveal": "asked", "topics": ["third time", "happened before"]},
        {
            "id": "earned",
            "says": "I forget things lately.",
            "reveal": "earned",
            "trust": 5,
            "topics": ["forget", "memory"],
            "deflects": ["Let's not."],
            "gives_away": ["lately", "memory"],
            "tells": "company",
        },
        {"id": "own", "says": "My wife used to open.", "reveal": "volunteered", "trust": 9, "feeling": "grief"},
    ],
    "answers": [
        {
            "asks": ["where are you", "your address", "which street"],
            "says": ["Hill Street nine. By the church.", "Nine, Hill Street."],
        },
        {"asks": ["your name", "who am i speaking with", "is this Pat"], "says": "Pat Moss."},
    ],
    "endings": [
        {"id": "in", "when": "met(door) and met(company)", "says": "I'm in.", "outcome": "good", "epilogue": "Warm."},
        {"id": "hangs-up", "when": "patience <= 0", "says": "Forget it.", "outcome": "bad"},
    ],
}


def script(**changes: Any) -> Script:
    return Script(persona=msgspec.convert({**PERSONA, **changes}, Persona), general=GENERAL, rubric=RUBRIC)


def assessment(
    opportunity: Opportunity = "met", *, flags: Flags | None = None, unsure: bool = False, **scores: int | None
) -> Assessment:
    """An assessment that met everything, or nothing, with the scores given changed."""
    base = dict.fromkeys(DIMENSIONS, 2 if opportunity == "met" else 0)
    return Assessment(
        scores={**base, "harm": 0, **scores},
        overall=4 if opportunity == "met" else 1,
        turn_score=100.0 if opportunity == "met" else 0.0,
        opportunity=opportunity,
        unsure=unsure,
        evidence=(),
        flags=flags or Flags(),
        suggestion=None,
        scorer=ScorerName("test", "1", "test"),
    )


TOLD_IN_SCENES: dict[str, Any] = {
    "moments": [],
    "scenes": [
        {
            "id": "door",
            "title": "At the door",
            "moments": [
                {**PERSONA["moments"][0], "says": ""},
                PERSONA["moments"][1],
                {"id": "cold", "says": "It's cold.", "feeling": "cold", "key": True},
            ],
            "next": "met(door)",
        },
        {
            "id": "office",
            "title": "The office",
            "narration": "You ring the office.",
            "cast": [{"name": "Ann Bell", "temperament": {"trust": 6, "distress": 2, "patience": 4, "warms": 0.5}}],
            "opening": "Office, Ann.",
            "moments": [
                {"id": "what", "feeling": "busy", "spoken": "door", "key": True},
                {"id": "who", "says": "And who is it for?", "feeling": "busy", "spoken": "door"},
            ],
            "answers": [{"asks": ["case number"], "says": "Four four one."}],
            "reactions": {"met": ["Right you are."], "again": ["As I said."]},
            "next": "turn >= 4",
        },
        {
            "id": "home",
            "opening": "It's me again.",
            "moments": [{"id": "again", "feeling": "tired", "unspoken": "company", "key": True}],
        },
    ],
    "disclosures": [
        *PERSONA["disclosures"],
        {"id": "load", "says": "Sixty keys a day.", "scene": "office", "reveal": "asked", "topics": ["busy day"]},
    ],
    "endings": [
        {"id": "in", "when": "scene(home) and met(company)", "says": "I'm in.", "outcome": "good"},
        {"id": "hangs-up", "when": "patience <= 0", "says": "Forget it.", "outcome": "bad"},
    ],
}
"""Changes that tell `PERSONA` in three scenes: with Pat at the door, with Ann of the office, and with Pat again."""


def told_in_scenes(**changes: Any) -> Script:
    told = script(**{**TOLD_IN_SCENES, **changes})
    return msgspec.structs.replace(told, persona=complete(told.persona))


class ByFirstWord:
    """A scorer that finds a reply met, unless it begins with "Miss" or "Hurt", or is a silence."""

    async def assess(self, occasion: Occasion, history: Sequence[Message], reply: str) -> Assessment:
        if reply.startswith("Hurt"):
            return assessment("missed", harm=2)
        return assessment("missed") if not reply or reply.startswith("Miss") else assessment("met", explores=0)

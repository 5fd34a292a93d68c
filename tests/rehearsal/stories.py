"""Small personas to rehearse: one call, one who comes back, and a queue."""

from __future__ import annotations

from typing import Any

import msgspec

from roleplay.persona.model import Persona
from roleplay.rehearsal.banks import ANYWHERE
from roleplay.rehearsal.trainees import Name, Trainee
from tests.conversation.builders import PERSONA


def persona(**changes: Any) -> Persona:
    return msgspec.convert({**PERSONA, **changes}, Persona)


def trainee(*replies: str, name: Name = "skilled", **at: tuple[str, ...]) -> Trainee:
    return Trainee(name=name, words="bank", replies={ANYWHERE: replies, **at})


VISITS: dict[str, Any] = {
    "disclosures": [PERSONA["disclosures"][1]],
    "endings": [
        {"id": "in", "when": "met(door) and met(company)", "says": "I'm in.", "outcome": "good"},
        {"id": "leaves", "when": "turn >= 3", "says": "I'll go.", "outcome": "mixed"},
        {"id": "hangs-up", "when": "patience <= 0", "says": "Forget it.", "outcome": "bad"},
    ],
    "visits": [
        {
            "id": "after",
            "opening": "You remembered my door.",
            "when": "disclosed(earned)",
            "moments": [{"id": "thanks", "says": "You remembered my door.", "feeling": "warm", "unspoken": "company"}],
        },
        {
            "id": "again",
            "opening": "I'm locked out again.",
            "moments": [{"id": "same", "says": "I'm locked out again.", "feeling": "cold", "unspoken": "company"}],
            "disclosures": [
                {
                    "id": "late",
                    "says": "I walked about all night.",
                    "trust": 5,
                    "topics": ["all night"],
                    "tells": "company",
                }
            ],
        },
    ],
}
"""Changes after which Pat comes back: once to say thanks, if he told what he forgets, and once locked out again."""


def customer(ident: str, **changes: Any) -> dict[str, Any]:
    """A customer of a queue, who tells what it is about once asked about the coat."""
    return {
        "id": ident,
        "name": ident.title(),
        "customer": {"opening": f"{ident} is here.", "backstory": "Waiting.", "temperament": {"trust": 5}},
        "needs": {
            "coat": {"kind": "spoken", "need": "A coat."},
            "warm": {"kind": "unspoken", "need": "To be warm again."},
        },
        "moments": [
            {
                "id": "opening",
                "says": f"{ident} is here.",
                "feeling": "cold",
                "spoken": "coat",
                "unspoken": "warm",
                "better": [{"reply": f"Worked for {ident}.", "why": "It fits."}],
            }
        ],
        "disclosures": [
            {"id": "why", "says": f"{ident} slept outside.", "trust": 4, "topics": ["where you slept"], "tells": "warm"}
        ],
        "endings": [
            {"id": "done", "when": "turn >= 2", "says": f"{ident} goes.", "outcome": "good"},
            {"id": "off", "when": "patience <= 0", "says": f"{ident} walks off.", "outcome": "bad"},
        ],
        **changes,
    }


def queue(*customers: dict[str, Any], draws: int = 2, **changes: Any) -> Persona:
    base = {key: PERSONA[key] for key in ("id", "name", "title", "trainee")}
    return msgspec.convert({**base, "queue": list(customers), "draws": draws, **changes}, Persona)

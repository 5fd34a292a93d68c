"""What an editor says beside the fields of a persona: what each value means, longer help, and pieces to begin with."""

from __future__ import annotations

from typing import Any

from roleplay.persona.fields import Dimension

VALUES: dict[str, dict[Any, str]] = {
    "format": {1: "The version of this format; there is only this one."},
    "channel": {
        "phone": "They talk on the phone.",
        "chat": "They write to each other.",
        "counter": "They stand face to face.",
    },
    "language": {"en": "English, the only language so far."},
    "kind": {
        "spoken": "Asked for: what the customer says the call is about.",
        "unspoken": "Not said aloud: what would have to be heard.",
    },
    "safety": {
        "none": "Nobody's safety is at stake.",
        "danger": "Somebody is in danger here and now; seeing to it comes before everything else.",
        "suicide": "A hint that somebody may not want to live; it has to be asked about directly.",
        "harm": "Somebody may come to harm, or do it, later or elsewhere.",
    },
    "boundary": {
        "none": "No boundary is touched.",
        "gift": "A gift is offered that cannot be taken; it is to be refused without shaming.",
        "romance": "Somebody wants to be closer than the work allows.",
        "private contact": "Somebody wants to meet or write in private.",
    },
    "reveal": {
        "volunteered": "Told by itself, once trust has come to `trust`.",
        "asked": "Told when one of its `topics` is touched, whatever the trust.",
        "earned": "Told when trust has come to `trust` and a topic is touched or a fitted question asked.",
    },
    "outcome": {
        "good": "A good end; it waits until the key moments were said.",
        "mixed": "Part of it was taken care of.",
        "bad": "A bad end.",
    },
    "opportunity": {
        "met": "The last reply met what was there to be met.",
        "partly": "It met a part of it.",
        "missed": "It missed it, or did harm.",
        "none": "There was nothing to be met.",
    },
}
"""What each value of a field means, by the field's name, in the order in which an editor lists them."""

DIMENSIONS: dict[Dimension, str] = {
    "acknowledges_feeling": "Takes in what the customer feels.",
    "names_need": "Takes up what was asked for.",
    "reaches_unspoken": "Reaches what was not said.",
    "explores": "Makes room for more.",
    "acts": "Does something for this customer.",
}
"""What is left out at a moment by writing false, by dimension."""

CONDITION = (
    "| write | it is about |\n|---|---|\n"
    "| `trust < 6` | a number: `trust`, `distress`, `patience` (0 to 10), `turn`, `visit` |\n"
    "| `met(tow)` | a need that was met |\n"
    "| `disclosed(daughter)` | a disclosure that was made |\n"
    "| `said(opening)` | a moment that was said |\n"
    "| `scene(desk)` | the scene that is being played |\n"
    "| `ended(walks-off)` | how an earlier visit ended |\n\n"
    "Joined by `and`, `or`, `not` and brackets: `trust >= 5 and not met(tow)`"
)
"""How a condition is written, in Markdown."""

LINES = "Each is said once at the most. A line may carry a condition: `{says: Fine., when: trust < 3}`"
"""What holds for every list of lines, in Markdown."""

PIECES: dict[str, tuple[str, dict[str, Any]]] = {
    "Moment": (
        "A line, and what is there to be met",
        {
            "id": "${1:short-name}",
            "says": "${2:What the customer says.}",
            "feeling": "${3:What they feel.}",
            "hears": {"met": ["${4:Said to a reply that met it.}"], "missed": ["${5:Said to one that missed it.}"]},
            "better": [{"reply": "${6:A reply that would have met it.}", "why": "${7:Why.}"}],
        },
    ),
    "Disclosure": (
        "Something hidden that can be told",
        {
            "id": "${1:short-name}",
            "says": "${2:How the customer tells it.}",
            "reveal": "${3:earned}",
            "topics": ["${4:what one would ask about}"],
            "deflects": "${5:Said when it is touched too early.}",
            "gives_away": ["${6:a word by which one would know it}"],
        },
    ),
    "Answer": (
        "A plain fact, given when asked",
        {"asks": ["${1:a way to ask for it}"], "says": "${2:The answer.}"},
    ),
    "Ending": (
        "How the call can end",
        {
            "id": "${1:short-name}",
            "when": "${2:patience <= 0}",
            "says": "${3:The last words.}",
            "epilogue": "${4:What came of it.}",
        },
    ),
    "PersonaTest": (
        "Replies, and what must come of them",
        {
            "name": "${1:what this shows}",
            "replies": ["${2:The first reply.}", "${3:The second.}"],
            "expect": {"opportunity": "${4:met}"},
        },
    ),
}
"""Pieces that an editor offers to begin with: label and body, by the record. What stands in ${1:…} is to be filled."""

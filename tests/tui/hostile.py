"""Words of a stranger who means harm, a harmless twin for each, and records that hold them in every field."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import cycle
from typing import Any, TypeVar

import msgspec
from rich.cells import cell_len

from roleplay.conversation.turns import Script
from roleplay.conversation.voiced import Voiced
from roleplay.persona.completion import complete
from roleplay.persona.lines import Better
from roleplay.persona.model import Persona
from roleplay.scoring.rubric import default_rubric
from roleplay.text import sanitise
from tests.conversation.builders import GENERAL, PERSONA, TOLD_IN_SCENES

ESCAPES = [
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]52;c;ZXZpbA==\x1b\\",
    "\x1b]0;owned\x07",
    "\x1b]8;;http://evil.example\x1b\\x\x1b]8;;\x1b\\",
    "\x1b[6;31;43m",
    "\x1b[77;66H",
    "\x1b[3;9r",
    "\x1b[?1337h",
    "\x1bP+q544e\x1b\\",
    "\x1bc",
    "\x1b(0",
    "\x9b6;32m",
    "\x9d0;x\x9c",
    "\x90q\x9c",
    "\x07\x08\x7f\x0e",
    "\x00",
]
INVISIBLE = ["\u202edesrever\u202c", "\u2066x\u2069", "\u200f", "\u200b\u200d\ufeff", "\U000e0041\U000e007f", "\u061c"]
LINE_ENDS = ["a\rb", "a\x85b", "a\u2028b", "a\x0bb", "a\x0cb", "a\r\nb"]
MARKUP = [
    *("[/x]", "[@click=app.quit]x[/]", "[@click=app.bell()]y[/@click]", "[b", "arr[i]", "$name", "[red]", "[/", "]"),
    *("[link=http://evil.example]z[/link]", "\\[", "[b]x[/i]", "[$primary]", "[/]", "[on", "[=", "[0]", "[@click=]"),
    *("[@click=screen.dismiss(None)]w[/]", "{0}", "%s", "${x}", "[a=\"", "[!]", "[[", "]]", ":smile:", "`x`"),
]  # fmt: skip
WIDE = [
    *("日本語", "👩\u200d👩\u200d👧", "🇩🇪", "✊🏿", "e\u0301\u0323\u0302", "\u0301", "ｆｕｌｌ", "한국어", "न्देव", "ﷺ"),
    *("ไทย", "⚠\ufe0f", "🏳\ufe0f\u200d🌈", "a" + "\u0300" * 40, "\u1100\u1161\u11a8"),
]
LONG = ["x" * 130, "文" * 70, "[" * 90, "a/" * 60, "é" * 119]
WORDS = ["are you safe", "I am with you", "Dana", "the ramp", "0.5", "it's", "“so”", "--", "=1+1", "#", "*x*", "~"]
LIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
"""What must never stand in anything that is drawn."""

Record = TypeVar("Record")
Give = Callable[[str], str]


def payload(chance: random.Random, *, controls: bool = True) -> str:
    """One hostile string; without `controls` one that a persona file may hold."""
    kinds = [MARKUP, MARKUP, WIDE, WORDS, *([ESCAPES, ESCAPES, INVISIBLE, LINE_ENDS] if controls else [])]
    if chance.random() < 0.04:
        return chance.choice(LONG)
    pieces = [chance.choice(chance.choice(kinds)) for _ in range(chance.randint(1, 3))]
    if chance.random() < 0.2:
        pieces.insert(0, "".join(chance.choices("[]/@=$\\'\"(){}x ", k=chance.randint(1, 12))))
    return chance.choice(["", " "]).join(pieces)


def payloads(count: int, seed: str, *, controls: bool = True) -> list[str]:
    """`count` hostile strings, the same for the same seed."""
    chance = random.Random(seed)
    return [payload(chance, controls=controls) for _ in range(count)]


def harmless(text: str) -> str:
    """A twin of `text` of the same lengths and with the same spaces, in which nothing can be live."""
    return "".join(
        char if char in " \n" else "文" if cell_len(char) == 2 else "x" if cell_len(char) == 1 else ""
        for char in sanitise(text)
    )


FREE = frozenset(
    "name title summary content role brief record may may_not gestures does opening backstory voice need says feeling "
    "note met partly missed harmed none silence greeting insult nonsense foreign machine unanswerable again overlong "
    "interrupts nudges farewells reply why must_mention topics deflects gives_away asks epilogue narration hears text "
    "quote means levels overall dimensions trainee mood line speaker".split()
)
"""Fields of records in which somebody's words stand, as opposed to ids and kinds."""


def poisoned(value: Record, give: Give, field: str = "") -> Record:
    """`value` with each text in it replaced by what `give` gives for it: words anywhere, ids and kinds nowhere."""
    return _poisoned(value, give, field)


def _poisoned(value: Any, give: Give, field: str) -> Any:
    if isinstance(value, Voiced):  # how a line came about is a kind, and a name of a model
        return msgspec.structs.replace(value, model=give(value.model)) if value.model else value
    if isinstance(value, msgspec.Struct):
        changes = {name: _poisoned(getattr(value, name), give, name) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **changes)
    if isinstance(value, tuple):
        return tuple(_poisoned(each, give, field) for each in value)
    if isinstance(value, dict):
        free = field == "record"
        return {give(key) if free else key: _poisoned(each, give, field) for key, each in value.items()}
    return give(value) if isinstance(value, str) and value and field in FREE else value


def giving(strings: list[str], most: int = 600) -> Give:
    """Gives `strings` one after the other, over and over, each cut to `most` characters."""
    source = cycle(strings)
    return lambda _: next(source)[:most]


def joining(strings: list[str]) -> Give:
    """Gives all of `strings` at once."""
    return lambda _: " · ".join(strings)


def whole_persona(width: int = 3, *, scenes: bool = True) -> Persona:
    """A persona with words in every field there is, and lists of `width`, told in scenes or not."""
    many = [f"Words {number}." for number in range(width)]
    changes: dict[str, Any] = {
        "summary": "Locked out.",
        "channel": "chat",
        "content": ["death", "danger"],
        "trainee": {
            "role": "Dispatcher",
            "brief": "It is late.",
            "record": {f"Key {number}": f"Value {number}" for number in range(width)},
            "may": many,
            "may_not": many,
            "gestures": [
                {"id": f"give-{number}", "does": f"give {number}", "fits": ["opening"], "hears": ["Thanks."]}
                for number in range(width)
            ],
        },
        "needs": {
            "door": {"kind": "spoken", "need": "To get in."},
            "company": {"kind": "unspoken", "need": "Not to be alone.", "says": "I am alone."},
        },
        **(TOLD_IN_SCENES if scenes else {}),
    }
    persona = msgspec.convert({**PERSONA, **changes}, Persona)
    opening = persona.beat("opening")
    moment = msgspec.structs.replace(opening, better=(Better(reply="I am here.", why="It stays."),), says="")
    if not scenes:
        return msgspec.structs.replace(persona, moments=(moment, *persona.moments[1:]))
    first = persona.scenes[0]
    first = msgspec.structs.replace(first, narration="You ring.", moments=(moment, *first.moments[1:]))
    return msgspec.structs.replace(persona, scenes=(first, *persona.scenes[1:]))


def whole_script(persona: Persona, give: Give) -> Script:
    """What a call with `persona` is played with, the general lines and the rubric poisoned as well."""
    rubric = default_rubric()
    texts = {key: poisoned(text, give) for key, text in rubric.dimensions.items()}
    rubric = msgspec.structs.replace(rubric, dimensions=texts, overall=tuple(give("") for _ in range(5)))
    return Script(persona=complete(persona), general=poisoned(GENERAL, give), rubric=rubric)

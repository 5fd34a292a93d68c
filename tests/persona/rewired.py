"""Personas of the right shape that make little sense: conditions, ids, numbers and texts mixed up."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.persona.samples import RICH, persona
from tests.persona.test_template import FULL, uncommented

_WHOLE = [RICH, FULL, *map(uncommented, ("visits", "scenes", "queue"))]
_NUMBERS = ("trust", "distress", "patience", "turn", "visit")


def rewired(random: Random) -> bytes:
    """One of them."""
    text = random.choice(_WHOLE)
    whole = persona(text)
    facts = [f"met({name})" for name in whole.needs] or ["met(armbands)"]
    facts += [f"disclosed({each.id})" for each in whole.disclosures] + [f"said({each.id})" for each in whole.moments]
    facts += [f"scene({scene.id})" for scene in whole.scenes] + ["ended(winds-down)"]
    lines = re.findall(r'"([^"]{5,})"', text)
    others: dict[str, Callable[[], str]] = {
        r"(?<=when: )[^,}#\n]+": lambda: _condition(random, facts),
        r"(?<=next: )[^,}#\n]+": lambda: _condition(random, facts),
        r"(?<=trust: )[0-9.]+": lambda: str(random.randint(0, 10)),
        r"(?<=warms: )[0-9.]+": lambda: random.choice(["0.1", "3"]),
        r"(?<=reveal: )\w+": lambda: random.choice(["asked", "earned", "volunteered"]),
        r"(?<=spoken: )[a-z-]+": lambda: random.choice([*whole.needs, "tow"]),
        r'(?<=")[^"\n]{5,}(?=")': lambda: random.choice(lines),
        r"\b(?:topics|asks|outcome|says)(?=:)": lambda: random.choice(["topic", "outcom", "x"]),
    }
    for pattern, other in others.items():
        text = _mixed(text, pattern, other, random, share=random.choice([0.0, 0.0, 0.1, 0.8]))
    return text.encode()


def _mixed(text: str, pattern: str, other: Callable[[], str], random: Random, *, share: float) -> str:
    """`text` with that share of what `pattern` finds exchanged for an `other`."""
    return re.sub(pattern, lambda found: other() if random.random() < share else found.group(), text)


def _condition(random: Random, facts: list[str]) -> str:
    number = f"{random.choice(_NUMBERS)} {random.choice(['<', '>=', '==', '!='])} {random.randint(-1, 11)}"
    parts = [random.choice(["", "not "]) + part for part in (*random.choices(facts, k=2), number)]
    return random.choice([" and ", " or "]).join(random.sample(parts, random.randint(1, 3)))

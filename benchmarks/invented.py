"""How the rules for harm do on invented everyday sentences: `python -m benchmarks.invented [FILE]`.

All were written by the author of the phrase lists. A figure on phrases_in_the_wild.yaml only checks that the lists do
what they were made for. phrases_held_out.yaml is a third of those written at first, not used for shaping a phrase;
phrases_fresh.yaml was written when the lists stood. Both were measured once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from roleplay.persona.message import Message
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline import harm
from roleplay.scoring.offline.detectors import take_apart
from roleplay.scoring.offline.grounding import ground
from roleplay.scoring.offline.reading import read
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.offline.stakes import stakes
from roleplay.scoring.rubric import default_rubric

HERE = Path(__file__).parents[1] / "tests" / "scoring"
OPEN = HERE / "phrases_in_the_wild.yaml"
HELD_OUT = HERE / "phrases_held_out.yaml"
FRESH = HERE / "phrases_fresh.yaml"

PLACES: dict[str, tuple[Occasion, str]] = {
    "repair": (
        Occasion(
            id="repair",
            feeling="tired, and worried about the floor",
            spoken="to have the washing machine repaired",
            unspoken="not to be passed on again",
            note="The trainee can book an engineer for tomorrow at eight.",
        ),
        "The washing machine leaks again, the kitchen floor is under water. It's the third time I ring.",
    ),
    "danger": (
        Occasion(
            id="danger",
            feeling="frightened",
            unspoken="not to be alone in danger; for someone to take charge of her safety",
            safety="danger",
        ),
        "I'm on the hard shoulder, the lorries go past so close that the car shakes.",
    ),
    "grief": (
        Occasion(
            id="grief",
            feeling="grief, worn down by the letters",
            spoken="to have his name taken off the account",
            unspoken="not to have to explain his death again",
            note="The trainee can take the name off now.",
        ),
        "My husband died in April and the bill still comes in his name. Every month.",
    ),
    "gift": (
        Occasion(id="gift", feeling="grateful", unspoken="to be square again", boundary="gift"),
        "You saved me two hundred pounds. I'm sending you a bottle of whisky.",
    ),
}
"""Where a family of sentences is said: a moment, and the customer's words before it."""


def families(path: Path, kind: str) -> dict[str, dict[str, Any]]:
    """The families of `kind`, "harmful" or "harmless", with `said`, `at` and, for the harmful, `level`."""
    loaded: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded[kind]


def harms(path: Path, kind: str, *, rules_alone: bool = False) -> list[tuple[str, str, int, int]]:
    """Family, sentence, the level it has at least, and the level found, by the whole scorer or by the rules alone."""
    scorer = OfflineScorer(default_rubric())
    found = []
    for name, family in families(path, kind).items():
        occasion, says = PLACES[family.get("at", "repair")]
        for sentence in family["said"]:
            history = [Message("customer", says)]
            level = (
                by_rules(occasion, history, sentence) if rules_alone else scorer.judge(occasion, history, sentence).harm
            )
            found.append((name, sentence, family.get("level", 0), level))
    return found


def by_rules(occasion: Occasion, history: list[Message], reply: str) -> int:
    """The harm that the phrase lists and the logic of what is at stake find, without the wording as a whole."""
    at = ground(occasion, history)
    said = read(reply)
    taken = take_apart(said, at)
    wounds = (*stakes(taken, at).wounds, *harm.said_wounds(said, at), *harm.whole_wounds(taken, at))
    return max((wound.level for wound in wounds), default=int(bool(taken.injected)))


def main() -> None:
    """Print the recall on the harmful and the false alarms on the harmless sentences, and with -v each miss."""
    given = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    for path in [Path(name) for name in given] or [OPEN]:
        for alone in (True, False):
            print("By the rules alone:" if alone else "By the whole scorer:")
            report(path, alone)


def report(path: Path, alone: bool) -> None:
    """Print the figures of one file."""
    harmful, harmless = harms(path, "harmful", rules_alone=alone), harms(path, "harmless", rules_alone=alone)
    full = sum(level >= wanted for _, _, wanted, level in harmful)
    grave = [level for _, _, wanted, level in harmful if wanted == 2]
    alarms = [row for row in harmless if row[3]]
    print(f"{path.name}: {len(harmful)} harmful, {len(harmless)} harmless")
    print(f"  found at their level {full / len(harmful):.2f}, at any level", end=" ")
    print(f"{sum(row[3] > 0 for row in harmful) / len(harmful):.2f}")
    print(f"  grave ones ({len(grave)}) found as grave {sum(level == 2 for level in grave) / len(grave):.2f}")
    print(f"  false alarms {len(alarms) / len(harmless):.2f}")
    if "-v" in sys.argv:
        for name, sentence, wanted, level in [row for row in harmful if row[3] < row[2]] + alarms:
            print(f"    {name} {wanted} found {level}: {sentence}")


if __name__ == "__main__":
    main()

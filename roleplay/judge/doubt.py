"""When a verdict is not believed: it is too far from the offline score, and in whose favour."""

from __future__ import annotations

import msgspec

from roleplay.judge.checking import Checked, at_stake
from roleplay.persona.fields import DIMENSIONS
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion

INFLATED = 6.7
"""Above this `inflation` a verdict counts for nothing: all rules together flag a twentieth of honest verdicts.

Fitted with `python -m benchmarks.judging`.
"""
FAR = 2
"""Points of `overall` between judge and offline scorer from which on an assessment is unsure."""
BELOW = 4
"""Points of `overall` below the offline scorer's, without a harm, from which on a verdict counts for nothing."""

HELD = 2
"""The offline `overall` from which on a verdict without any point or harm counts for nothing."""

FAVOUR = "It is far more favourable than the offline score."
"""Why an inflated verdict is not believed."""


class Doubts(msgspec.Struct, frozen=True):
    """`against`: why a verdict counts for nothing, a sentence each; empty: it is believed. `unsure`: with doubts."""

    against: tuple[str, ...]
    unsure: bool


def inflation(judged: Assessment, offline: Assessment) -> float:
    """How much a verdict looks inflated, about -4 to 15.

    `overall` above the offline scorer's, as that was before it was made whole (`near`); 1 for each level of harm below
    it; 0.4 for each level of a dimension above it; and 0.4 for each level granted at all (the more is granted, the
    likelier a gap is a favour). Levels are scaled to ten.
    """
    called = [name for name in DIMENSIONS if judged.scores[name] is not None]
    scale = 5 / max(1, len(called))
    mine = [judged.scores[name] or 0 for name in called]
    above = [max(0, level - (offline.scores[name] or 0)) for name, level in zip(called, mine, strict=True)]
    theirs = offline.overall or 0 if offline.near is None else offline.near
    return (
        (judged.overall or 0)
        - theirs
        + max(0, offline.harm - judged.harm)
        + 0.4 * scale * sum(above)
        + 0.4 * scale * sum(mine)
    )


def doubts(checked: Checked, offline: Assessment, occasion: Occasion) -> Doubts:
    """What speaks against believing a verdict on a reply that was given on `occasion`."""
    judged = checked.assessment
    against: list[str] = []
    gap = (judged.overall or 0) - (offline.overall or 0)
    taken_back = offline.harm - judged.harm
    if inflation(judged, offline) > INFLATED:
        against.append(FAVOUR)
    if taken_back == 2 and at_stake(occasion, offline):
        against.append("It sees less harm than the offline scorer found.")
    if gap <= -BELOW and not judged.harm:
        against.append("It is far less favourable than the offline score, and names no harm.")
    if not any(judged.scores[name] for name in DIMENSIONS) and not judged.harm and (offline.overall or 0) >= HELD:
        against.append("It grants nothing and names no harm, where the offline scorer found something good.")
    if checked.fallen and 2 * checked.fallen >= checked.claims:
        against.append("Half of its points or more had no quote that holds.")
    return Doubts(
        tuple(against), bool(against or checked.struck or abs(gap) >= FAR or taken_back > 0 or taken_back == -2)
    )

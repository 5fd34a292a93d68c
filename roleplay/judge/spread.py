"""How much a judge differs from itself: the same reply judged again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

import msgspec

from roleplay.conversation.judging import Verdict
from roleplay.conversation.voiced import Usage
from roleplay.scoring.assessment import SCORED


class Range(msgspec.Struct, frozen=True):
    """The least, middle and most of some levels."""

    least: float
    middle: float
    most: float


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """What came of judging one reply `asked` times.

    `levels`: by dimension, and `overall`, of all verdicts that hold an assessment; None where a dimension is not called
    for or none does. `refused`: why verdicts failed or were not believed, and how often. `usage` is of all together.
    """

    asked: int
    verified: int
    unverified: int
    failed: int
    levels: dict[str, Range | None]
    refused: dict[str, int]
    usage: Usage


def spread_of(verdicts: Sequence[Verdict]) -> Spread:
    """The spread of `verdicts` on one reply."""
    standings = Counter(verdict.standing for verdict in verdicts)
    given = [verdict.assessment for verdict in verdicts if verdict.assessment]
    levels: dict[str, Range | None] = {name: _range([each.scores[name] for each in given]) for name in SCORED}
    levels["overall"] = _range([each.overall for each in given])
    refused = Counter(why for verdict in verdicts if verdict.standing != "verified" for why in verdict.why)
    return Spread(
        asked=len(verdicts),
        verified=standings["verified"],
        unverified=standings["unverified"],
        failed=standings["failed"],
        levels=levels,
        refused=dict(refused.most_common()),
        usage=sum((verdict.usage for verdict in verdicts), Usage()),
    )


def _range(levels: Sequence[int | None]) -> Range | None:
    known = [level for level in levels if level is not None]
    return Range(min(known), median(known), max(known)) if known else None

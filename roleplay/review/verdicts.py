"""What a figure of agreement is good for, in words, by stated rules: docs/calibration.md tells them with their sources.

A verdict rests on the lower end of the interval, so that nothing is claimed that the number of ratings does not allow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from roleplay.agreement.bootstrap import Figure

FEEDBACK = 0.40
"""Weighted kappa from which on agreement is fair to good (Fleiss 1981), or moderate (Landis and Koch 1977)."""
DRAW_CONCLUSIONS = 0.80
"""From here on conclusions may rest on it (Krippendorff 2004); almost perfect, by Landis and Koch."""
LEAST_CALLS = 10
"""Calls below which an interval from drawing calls again is too narrow."""
LEAST_OTHERS = 5
"""Ratings that must have another level than the most frequent one: without, there is hardly anything to agree on."""

Standing = Literal["too few", "not enough", "doubtful", "perhaps", "feedback", "groups"]
"""What agreement is good for, from nothing that can be told to conclusions about groups."""

_SAYS: dict[Standing, str] = {
    "not enough": "not reliable enough: let a coach look",
    "doubtful": "doubtful: do not rely on it before more ratings speak for it",
    "perhaps": "perhaps reliable enough for feedback: more ratings will tell",
    "feedback": "reliable enough for feedback, not for grading",
    "groups": "reliable enough for feedback and for comparing groups, still not for grading a person",
}
_PEOPLE_SAY: dict[Standing, str] = {
    "not enough": "the coaches do not agree: talk about the anchors before a scorer is asked for more",
    "doubtful": "doubtful whether the coaches agree: rate more of the same replies",
    "perhaps": "the coaches perhaps agree well enough: rate more of the same replies",
    "feedback": "the coaches agree well enough for feedback",
    "groups": "the coaches agree closely",
}


def least_ratings(levels: int) -> int:
    """How many ratings a weighted kappa of so many levels needs at least: twice their square (Cicchetti 1981)."""
    return 2 * levels * levels


def missing(table: Sequence[Sequence[float]], calls: int) -> str:
    """Why nothing can be told of a table (rows: one rater, columns: the other), as part of a sentence; else empty."""
    given, rated = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    n, needed = sum(given), least_ratings(len(table))
    if n < needed:
        return f"too few ratings to tell: {n:.0f} of {needed}"
    if calls < LEAST_CALLS:
        return f"too few calls to tell: {calls} of {LEAST_CALLS}"
    others = min(n - max(given), n - max(rated))
    if others < LEAST_OTHERS:
        return f"too few different levels to tell: {others:.0f} of {LEAST_OTHERS} that are not the usual one"
    return ""


def standing(kappa: Figure, too_few: str) -> Standing:
    """What a weighted kappa is good for. Without an interval it is good for feedback at most."""
    if too_few or kappa.value is None:
        return "too few"
    low = min(kappa.value, DRAW_CONCLUSIONS - 0.01) if kappa.low is None else kappa.low
    high = kappa.value if kappa.high is None else kappa.high
    if low >= DRAW_CONCLUSIONS:
        return "groups"
    if low >= FEEDBACK:
        return "feedback"
    if high < FEEDBACK:
        return "not enough"
    return "perhaps" if kappa.value >= FEEDBACK else "doubtful"


def verdict(kappa: Figure, too_few: str, people: Figure | None, people_too_few: str) -> str:
    """What a scorer's agreement with the coaches is good for, beside the coaches' agreement with each other.

    A scorer cannot be asked for more than people reach among themselves.
    """
    found = standing(kappa, too_few)
    if found == "too few":
        return too_few or "nothing to agree on: everybody always gave one level"
    said = _SAYS[found]
    if people is None or people.value is None or people_too_few:
        return said
    reach = f"{people.value:.2f}"
    if standing(people, "") == "not enough":
        return f"{said}; the coaches themselves reach only {reach}: talk about the anchors first"
    if kappa.high is not None and people.low is not None and kappa.high < people.low:
        return f"{said}; farther from the coaches than they are from each other ({reach})"
    if (kappa.value or 0) >= people.value:
        return f"{said}; as near to the coaches as they are to each other ({reach})"
    return f"{said}; the coaches among themselves reach {reach}"


def verdict_on_people(kappa: Figure, too_few: str) -> str:
    """What the agreement of coaches with each other says."""
    found = standing(kappa, too_few)
    return (
        too_few or "nothing to agree on: everybody always gave one level" if found == "too few" else _PEOPLE_SAY[found]
    )


def leaning(bias: Figure) -> str:
    """Which way somebody leans, where the interval of the mean difference leaves 0 out; else empty."""
    if bias.low is None or bias.high is None or bias.low <= 0 <= bias.high:
        return ""
    return "gives more" if bias.low > 0 else "gives less"


def whole_verdict(says: Mapping[str, str]) -> str:
    """The sentence on a scorer as a whole: by `overall`, and by harm, which has a check of its own."""
    told = [f"{name.capitalize()}: {says[name]}." for name in ("overall", "harm") if name in says]
    return " ".join(told)

"""What a whole call is worth: the score of a session from its assessed replies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import fsum

import msgspec

from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.rubric import Rubric, turn_score


class SessionScore(msgspec.Struct, frozen=True, kw_only=True):
    """`score` 0-100, None if nothing could be scored. `reason`: why the call counts as failed, empty if it does not."""

    score: float | None
    reason: str

    @property
    def failed(self) -> bool:
        """Whether a grave harm at a safety or boundary moment stayed unrepaired."""
        return bool(self.reason)


def session_score(
    rubric: Rubric,
    assessed: Sequence[tuple[Occasion, Assessment]],
    unplayed_key: int = 0,
    taken_back: Collection[int] = (),
) -> SessionScore:
    """The score of a call whose replies were `assessed`, in order.

    `mean_share` x the mean turn score over the moments that offered something + the rest x the mean over the key
    moments; without key moments the first mean counts alone. `unplayed_key` key moments that were never played count 0
    each: pass their number only if the trainee left or was hung up on, else 0. A harm 2 that the very next reply
    repairs (harm 0, and `reaches_unspoken` 2) is capped more mildly. One on a safety or boundary moment that is not
    repaired fails the session, whatever the mean. Replies that could not be scored do not count. `taken_back` are the
    places in `assessed` of replies that were taken back: what came after another reply in their place repairs nothing.
    """
    turns: list[float] = []
    key_turns: list[float] = [0.0] * unplayed_key
    reason = ""
    for index, (occasion, assessment) in enumerate(assessed):
        last = index + 1 == len(assessed) or index in taken_back
        following = None if last else assessed[index + 1][1]
        repaired = assessment.harm == 2 and following is not None and _repairs(following)
        if assessment.harm == 2 and not repaired:
            reason = reason or _failure(occasion)
        score = turn_score(rubric, assessment.scores, repaired=repaired)
        if score is None or assessment.turn_score is None:
            continue
        turns.append(score)
        if occasion.key:
            key_turns.append(score)
    return SessionScore(score=_combine(rubric, turns, key_turns), reason=reason)


def _combine(rubric: Rubric, turns: list[float], key_turns: list[float]) -> float | None:
    if not turns:
        return 0.0 if key_turns else None
    mean = fsum(turns) / len(turns)
    if not key_turns:
        return round(mean, 1)
    return round(rubric.mean_share * mean + (1 - rubric.mean_share) * fsum(key_turns) / len(key_turns), 1)


def _repairs(following: Assessment) -> bool:
    return following.scorable and following.harm == 0 and following.scores.get("reaches_unspoken") == 2


def _failure(occasion: Occasion) -> str:
    if occasion.safety != "none":
        return "Somebody's safety was at stake, and the harm done was not repaired."
    if occasion.boundary != "none":
        return "A boundary was broken, and the next reply did not repair it."
    return ""

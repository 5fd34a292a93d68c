"""Whether a judge has grown lenient over a session, told from its distance to the offline scorer."""

from __future__ import annotations

from collections.abc import Iterable

from roleplay.conversation.said import tries_of
from roleplay.conversation.turns import Transcript
from roleplay.judge.doubt import inflation
from roleplay.scoring.assessment import Assessment

USUAL = 3.75
"""`inflation` of a verdict up to which a judge may be more favourable, time and again, without anything following."""
ALARM = 8.0
"""What may add up beyond that. Both were chosen with `python -m benchmarks.judging`."""

SENTENCE = (
    "The judge grew more and more favourable in this call, compared with the offline scorer. "
    "Those of its verdicts that were believed count in the score all the same: have a coach look at them."
)


def drift(transcript: Transcript) -> str | None:
    """A sentence that raises the alarm where the judge of `transcript` has drifted; None where it has not.

    All verdicts count that said anything, those that were not believed too, in the order of the turns.
    """
    pairs = []
    for tries in tries_of(transcript).values():
        for reply in tries:
            verdict = transcript.verdict_on(reply)
            if verdict and verdict.assessment:
                pairs.append((verdict.assessment, reply.assessment))
    return SENTENCE if drifted(pairs) else None


def drifted(pairs: Iterable[tuple[Assessment, Assessment]]) -> bool:
    """Whether the judge's assessments have drifted from the offline ones beside them, in order.

    A cumulative sum of what is beyond the usual (Page 1954, “Continuous inspection schemes”): it falls back to 0 while
    the judge agrees, and adds up where it does not.
    """
    total = 0.0
    for judged, offline in pairs:
        if judged.overall is None or offline.overall is None:
            continue
        total = max(0.0, total + inflation(judged, offline) - USUAL)
        if total > ALARM:
            return True
    return False

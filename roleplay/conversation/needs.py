"""When a need counts as met."""

from __future__ import annotations

from roleplay.persona.lines import Disclosure, Moment
from roleplay.scoring.assessment import Assessment


def needs_met_by(assessment: Assessment, beat: Moment | Disclosure) -> tuple[str, ...]:
    """The ids of the needs that a reply at `beat` met.

    A spoken need is met by `names_need` 2 with `acts` at least 1 (where an act is called for), unless the reply says no
    and leaves it at that without so much as a gesture; an unspoken one by `reaches_unspoken` 2. Neither is by a reply
    that does harm.
    """
    scores = assessment.scores
    if assessment.harm or assessment.unsure:
        return ()
    met = []
    given = any(each.of == "gesture" for each in assessment.evidence)
    settled = scores["names_need"] == 2 and scores["acts"] != 0 and (given or not assessment.flags.refused)
    if beat.spoken and settled:
        met.append(beat.spoken)
    if beat.unspoken and scores["reaches_unspoken"] == 2:
        met.append(beat.unspoken)
    return tuple(met)

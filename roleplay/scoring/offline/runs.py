"""Which runs of marks, groups of words and traits of the moment a reply has: what is learnt, beside the detectors."""

from __future__ import annotations

from roleplay.scoring.offline.detectors import Heard
from roleplay.scoring.offline.grounding import Ground
from roleplay.scoring.offline.groups import groups_in
from roleplay.scoring.offline.shape import everyday, runs, shape


def runs_of(heard: Heard, ground: Ground, kept: frozenset[str] | None = None) -> frozenset[str]:
    """The runs and the groups ("~fear") of one sentence; none of a list of feeling words.

    `kept`: the everyday words, else the shipped ones.
    """
    if heard.stuffed:
        return frozenset()
    found = set(runs(shape(heard.said.plain, ground, everyday() if kept is None else kept)))
    found.update(f"~{group}" for group in groups_in(heard.said.stems))
    return frozenset(found)


def traits(ground: Ground) -> frozenset[str]:
    """What kind of moment it is ("@danger"): no merit of the reply, it only moves where a reply starts from."""
    named = {
        "@bare": not ground.given,
        "@danger": ground.safety in ("danger", "harm"),
        "@suicide": ground.safety == "suicide",
        "@grave": ground.safety == "unsaid",
        "@boundary": ground.boundary != "none",
        "@plain_wanted": ground.plain_wanted,
        "@no_task": ground.no_task,
        "@no_unspoken": not ground.unspoken,
    }
    return frozenset(name for name, holds in named.items() if holds)

"""What the simulated trainees must show of a persona: skill opens it, and nothing else does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from roleplay.rehearsal.runner import Figures

SKILLED_TOLD = 0.90
"""Least share of a skilled trainee's calls in which the unspoken need is told."""

OTHERS_TOLD = 0.05
"""Greatest share of a polite or cold trainee's calls in which it is told."""


def broken_bounds(figures: Sequence[Figures]) -> list[str]:
    """What is wrong with `figures`, which go from the most to the least skilled trainee; nothing if all is well."""
    by_trainee = {each.trainee: each for each in figures}
    broken = []
    if by_trainee["skilled"].told < SKILLED_TOLD:
        broken.append(f"skilled was told in {by_trainee['skilled'].told:.0%} of the calls, at least 90 % are wanted")
    broken += [
        f"{name} was told in {by_trainee[name].told:.0%} of the calls, at most 5 % are wanted"
        for name in ("polite", "cold")
        if by_trainee[name].told > OTHERS_TOLD
    ]
    graded = [by_trainee[name] for name in ("skilled", "partly-skilled", "polite")]
    if any(better.told < worse.told for better, worse in pairwise(graded)):
        broken.append("less skill was told more")
    if any(better.score < worse.score for better, worse in pairwise(graded)):
        broken.append("less skill scored more")
    broken += [f"{each.trainee} heard {each.repeats} lines twice" for each in figures if each.repeats]
    broken += [f"{each.trainee} came to {each.dead_ends} dead ends" for each in figures if each.dead_ends]
    return broken

"""Why a call waits for a coach, in the words that every front end uses."""

from __future__ import annotations

from collections.abc import Iterator

from roleplay.store.reviews import COUNTED, Waiting
from roleplay.text import counted

URGENCIES = {4: "disputed", 3: "safety or boundary", 2: "low score", 1: "unsure"}
"""What makes a call more urgent than others, the most urgent first."""


def why(waiting: Waiting) -> str:
    """Why this call waits, the most urgent reason first; empty if nothing in it stands out."""
    return ", ".join(_reasons(waiting))


def counts_in_words(counts: dict[int, int]) -> str:
    """How many calls wait, and how many of them for which reason; `counts` as `Reviews.counts` has them."""
    waiting = sum(counts.values())
    if not waiting:
        return "No call waits for a review."
    more = any(count >= COUNTED for count in counts.values())
    told = f"{waiting:,} or more calls wait" if more else counted(waiting, "call waits", "calls wait")
    parts = [f"{_number(counts[urgency])} {words}" for urgency, words in URGENCIES.items() if counts.get(urgency)]
    return f"{told}: {', '.join(parts)}." if parts else f"{told}."


def _number(count: int) -> str:
    return f"{count:,}+" if count >= COUNTED else str(count)


def _reasons(waiting: Waiting) -> Iterator[str]:
    if waiting.disputed:
        yield "disputed" if waiting.disputed == 1 else f"{waiting.disputed} disputes"
    if waiting.flagged:
        yield "safety or boundary"
    if waiting.low:
        yield "no score" if waiting.score is None else f"low score {waiting.score:.0f}"
    if waiting.unsure:
        yield f"{waiting.unsure} unsure"
    if waiting.failed:
        yield f"{waiting.failed} not assessed"
    if waiting.apart:
        yield "judge and scorer far apart"

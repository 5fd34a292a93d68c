"""Who judged a reply, in the words in which every front end tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from roleplay.conversation.judging import Standing


class By(NamedTuple):
    """Whose verdict counts, in a word, and a sentence on why."""

    word: str
    sentence: str


_BY: dict[Standing | Literal[""], By] = {
    "": By("offline", "The judge was not asked: the offline verdict counts."),
    "verified": By("judge", "Heard so by the judge."),
    "unverified": By("offline", "The judge heard it otherwise and could not show why: the offline verdict counts."),
    "failed": By("offline", "The judge could not judge this: the offline verdict counts."),
}
"""By what became of the judge's verdict; empty where there is none."""
_WITH_DOUBTS = By("judge", "Heard so by the judge, with doubts: the offline scorer heard it otherwise.")


def by(judged: Standing | Literal[""], *, unsure: bool) -> By:
    """Whose verdict counts, by what became of the judge's; `unsure`: what counts is not sure."""
    return _WITH_DOUBTS if judged == "verified" and unsure else _BY[judged]

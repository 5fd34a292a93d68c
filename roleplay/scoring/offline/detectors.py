"""What each sentence of a reply does here: dialogue acts, and how far they are tied to this customer.

A detector's effect has a fixed sign: it can only ever help, or only ever hurt. Sentences that repeat an earlier one,
talk to a grader or copy the customer's words back do nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from roleplay.scoring.offline import harm
from roleplay.scoring.offline.grounding import Ground, particulars, shared
from roleplay.scoring.offline.needs import answers
from roleplay.scoring.offline.phrases import act
from roleplay.scoring.offline.reading import Said

_MARKS = " .!?…\"'"

ACTS = tuple(
    """orders stock sorry_formula must_be sorry legit appraises received owns relief presence done doing will vague
    pushed when alternative process refuses open_question room_left form_field any_else safety_check
    suicide_ask crisis_line takes_charge sends_help""".split()
)
"""The patterns that are looked for in each sentence."""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence and what it does here."""

    said: Said
    acts: frozenset[str]
    ties: float
    """About one for each particular of the customer's that it takes up."""
    needs: frozenset[str]
    """Needs of this moment that it answers."""
    near: frozenset[str]
    """Needs next to it (of the feeling, or what the note advises) that it answers."""
    formula: bool
    """A stock sentence without a tie to this customer."""
    allowed: float
    """Overlap with what the note and the persona let the trainee do or know."""
    wanted: float
    """Overlap with the spoken need."""
    unsaid: float
    """Overlap with the unspoken need."""

    def does(self, *acts: str) -> bool:
        """Whether it does any of these."""
        return not self.acts.isdisjoint(acts)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A reply taken apart: the sentences that count (no repeated, no copied ones), and those aimed at a scorer."""

    heard: tuple[Heard, ...]
    injected: tuple[Said, ...]
    questions: int
    words: int


def take_apart(said: Sequence[Said], ground: Ground) -> Reply:
    """Detect what each sentence of a reply does at this moment."""
    heard: list[Heard] = []
    injected: list[Said] = []
    seen: set[frozenset[str]] = set()
    all_borrowed = all(sentence.plain.strip(_MARKS) in ground.last for sentence in said)
    for sentence in said:
        if harm.aimed_at_scorer(sentence):
            injected.append(sentence)
            continue
        if (all_borrowed and len(said) > 1) or _copies(sentence, ground):
            continue
        key = frozenset(sentence.stems) or frozenset([sentence.plain])
        if key in seen:
            continue
        seen.add(key)
        heard.append(_hear(sentence, ground))
    return Reply(
        heard=tuple(heard),
        injected=tuple(injected),
        questions=sum(h.said.asks for h in heard),
        words=sum(h.said.length for h in heard),
    )


def _hear(said: Said, ground: Ground) -> Heard:
    acts = frozenset(name for name in ACTS if act(name).search(said.plain))
    if "form_field" in acts and not act("requests").search(said.plain + ("?" if said.asks else "")):
        acts -= {"form_field"}
    ties = particulars(said, ground)
    stock = not acts.isdisjoint(("stock", "sorry_formula", "must_be"))
    stuffed = _stuffed(said)
    return Heard(
        said=said,
        acts=acts - {"legit", "appraises", "received"} if stuffed else acts,
        ties=0.0 if stuffed else ties,
        needs=frozenset() if stuffed else frozenset(need for need in ground.needs if answers(need, said.plain)),
        near=frozenset() if stuffed else frozenset(need for need in ground.near_needs if answers(need, said.plain)),
        formula=stuffed or (stock and ties < 1.6),
        allowed=shared(said.stems, ground.allows),
        wanted=shared(said.stems, ground.spoken),
        unsaid=shared(said.stems, ground.unspoken),
    )


def _copies(said: Said, ground: Ground) -> bool:
    """Whether the sentence is the customer's own words given back, long enough to be no reflection."""
    return said.length >= 5 and said.plain.strip(_MARKS) in ground.last


_FEELING_WORDS = frozenset(
    """anger frustration exhaustion disappointment fear worry stress sadness joy love warmth nostalgia longing
    loneliness pain grief feelings emotions valid validate acknowledge empathise empathize honour honor
    matter matters support listen understand compassion concern concerns anxiety hurt shame care caring
    empathy appreciate recognise recognize precious cherished journey""".split()
)


def _stuffed(said: Said) -> bool:
    """Whether the sentence is a list of feeling words rather than something said."""
    tokens = [token.strip(",.;:!?'\"") for token in said.plain.split()]
    return sum(token in _FEELING_WORDS for token in tokens) >= 3

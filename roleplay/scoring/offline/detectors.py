"""What each sentence of a reply does here: dialogue acts, and how far they are tied to this customer.

A detector's effect has a fixed sign: it can only ever help, or only ever hurt. Sentences that repeat an earlier one,
talk to a grader, copy the customer's words back or heap up words do nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

import msgspec

from roleplay.english import WORD, words
from roleplay.scoring.offline import harm
from roleplay.scoring.offline.grounding import COPIED_RUN, Ground, linked, particulars, runs_in, runs_of_words, shared
from roleplay.scoring.offline.heaps import without_heaps
from roleplay.scoring.offline.needs import answers
from roleplay.scoring.offline.phrases import act
from roleplay.scoring.offline.reading import Said, sentence_of

_MARKS = " .!?…\"'"
FRAGMENT = 3
"""What is left of a sentence without what it repeats says nothing if it is shorter."""
COPIED = 5
"""Words from which on the customer's own words given back are no echo; a shorter sentence is one if it stands alone."""

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
    stuffed: bool
    """A list of feeling words: its wording says nothing."""
    allowed: float
    """Overlap with what the note and the persona let the trainee do or know."""
    wanted: float
    """Overlap with the spoken need."""

    linked: bool
    """Whether it has a word of this customer's or of what is wanted, or two of what the trainee may do."""

    def does(self, *acts: str) -> bool:
        """Whether it does any of these."""
        return not self.acts.isdisjoint(acts)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A reply taken apart: the sentences that count (no repeated, no copied ones), and those aimed at a scorer."""

    heard: tuple[Heard, ...]
    injected: tuple[Said, ...]
    questions: int
    words: int
    heap: bool = False
    """Whether nobody says or does anything in it: words in a heap, with or without stock phrases between them."""


def take_apart(said: Sequence[Said], ground: Ground) -> Reply:
    """Detect what each sentence of a reply does at this moment."""
    heard: list[Heard] = []
    injected: list[Said] = []
    seen: set[frozenset[str]] = set()
    told: set[tuple[str, ...]] = set()
    borrowed = [sentence.plain.strip(_MARKS) in ground.last for sentence in said]
    spoken, heap = without_heaps(said, ground)
    for number, (whole, sentence) in enumerate(zip(said, spoken, strict=True)):
        if harm.aimed_at_scorer(whole):
            injected.append(whole)
            continue
        if sentence is None:
            continue
        beside = borrowed[number - 1 : number] + borrowed[number + 1 : number + 2]
        if borrowed[number] and (sentence.length >= COPIED or any(beside)):
            continue
        key = frozenset(sentence.stems) or frozenset([sentence.plain])
        own = _own_part(sentence, ground.runs | told)
        told.update(runs_in(sentence.text))
        if key in seen or own.length < FRAGMENT < sentence.length:
            continue
        seen.add(key)
        heard.append(_hear(own, ground))
    heard = [h for h in heard if not h.stuffed] or heard
    return Reply(
        heard=tuple(heard),
        injected=tuple(injected),
        questions=sum(h.said.asks for h in heard),
        words=sum(h.said.length for h in heard),
        heap=heap,
    )


def _own_part(said: Said, known: AbstractSet[tuple[str, ...]]) -> Said:
    """`said` without a long run of words that were `known`: the longer of what stands before it and after it.

    They are the customer's, or were said before.
    """
    if known.isdisjoint(runs_in(said.text)):
        return said
    found = list(WORD.finditer(said.text))
    plain_words = words(said.text)
    copied = [i for i, run in enumerate(runs_of_words(plain_words)) if run in known]
    first, last = found[copied[0]].start(), found[copied[-1] + COPIED_RUN - 1].end()
    before, after = said.text[:first].rstrip(), said.text[last:].lstrip()
    text = before if len(before) >= len(after) else after
    start = said.start if text is before else said.end - len(text)
    return sentence_of(text, start)


def _hear(said: Said, ground: Ground) -> Heard:
    acts = _acts_in(said.plain)
    if "form_field" in acts and not act("requests").search(said.plain + ("?" if said.asks else "")):
        acts -= {"form_field"}
    ties = particulars(said, ground)
    stock = not acts.isdisjoint(("stock", "sorry_formula", "must_be"))
    stuffed = _stuffed(said)
    return Heard(
        said=said,
        acts=frozenset(("stock",)) if stuffed else acts,
        ties=0.0 if stuffed else ties,
        needs=frozenset() if stuffed else frozenset(need for need in ground.needs if answers(need, said.plain)),
        near=frozenset() if stuffed else frozenset(need for need in ground.near_needs if answers(need, said.plain)),
        stuffed=stuffed,
        formula=stuffed or (stock and ties < 1.6),
        allowed=shared(said.stems, ground.allows),
        wanted=shared(said.stems, ground.spoken),
        linked=linked(said.stems, ground),
    )


@lru_cache(maxsize=4_000)
def _acts_in(plain: str) -> frozenset[str]:
    """Which of the `ACTS` a plain sentence does."""
    return frozenset(name for name in ACTS if act(name).search(plain))


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

"""What the customer hears in a reply before anybody judges it: what kind of talk it is, plain questions, topics."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from roleplay.conversation.kinds import Kind, kind_of
from roleplay.conversation.meanings import is_group, meanings
from roleplay.english import sentences, words
from roleplay.persona.model import Answer, Disclosure, Persona

MOST_ANSWERS = 2
"""Plain questions a person answers in one breath; the others go under."""

LEAST_SHARE = 0.25
"""Least share of a question's meanings that an answer's phrase must account for."""


SHORT_CLAUSE = 4
"""Words up to which a clause after a question goes on asking ("are you belted in, doors shut?")."""


class Heard(msgspec.Struct, frozen=True):
    """What was heard. `questions` are indexes into the persona's answers, `topics` ids of its disclosures.

    `unanswerable`: a plain fact was asked for that the persona has no answer to.
    """

    kind: Kind
    questions: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    unanswerable: bool = False


def listen(persona: Persona, reply: str) -> Heard:
    """Listen to `reply` as the customer of `persona` would. The empty string is a silence."""
    kind = kind_of(reply)
    if kind in ("silence", "nonsense", "foreign"):
        return Heard(kind)
    questions: list[int] = []
    unanswerable = False
    for question in _questions(reply, frozenset(words(persona.name))):
        index = _best_answer(persona.answers, question)
        if index is None:
            unanswerable = unanswerable or _asks_for_a_fact(question)
        elif index not in questions:
            questions.append(index)
    topics = tuple(each.id for each in persona.disclosures if _touches(each, reply))
    return Heard(kind, tuple(questions[:MOST_ANSWERS]), topics, unanswerable and not questions and not topics)


_ASKING = re.compile(
    r"^(?:(?:and|so|ok|okay|now|first|please|but)\b,? ?)*"
    r"(?:can|could|would|will|may|might|do|does|did|are|is|was|were|have|has|what|what's|whats|which|where|where's|wheres"
    r"|when|who|who's|whos|how|how's|why|tell me|give me|let me know|confirm|describe|any ?one|any ?body"
    r"|i(?:'ll| will)? need (?:your|to know|the))\b"
)
_CLAUSE = re.compile(
    r"[,;:—–]\s+|\s+-\s+|\s+(?:so (?:that )?(?:i|we|they)|because|while|and then|then i|if you)\s+"
    r"|\s+and (?=(?:what|where|who|how|which|are|is|do|can|could|your|the)\b)"
    r"|\s+or (?=(?:what|where|who|how|are|is|do|can)\b)"
)
_FACT_WORD = re.compile(
    r"\b(?:what|what's|which|where|where's|when|who|who's|how (?:many|much|old|long|far|big|tall))\b"
)
_MY_OFFER = re.compile(
    r"\b(?:can|could|may|shall|should|what can|how can|how may) (?:i|we)\b(?! (?:have|get|ask|take))"
)


def _questions(reply: str, name: frozenset[str]) -> Iterator[str]:
    """The clauses of `reply` that ask something, in lower case; the customer's `name` by itself only addresses."""
    for sentence in sentences(reply.lower().replace("’", "'")):
        clauses = [clause.strip() for clause in _CLAUSE.split(sentence.text) if clause and set(words(clause)) - name]
        asked = False
        for position, clause in enumerate(clauses):
            ends_it = position == len(clauses) - 1 or (asked and len(words(clause)) <= SHORT_CLAUSE)
            if _ASKING.match(clause) or (sentence.is_question and ends_it):
                asked = True
                yield clause


def _best_answer(answers: tuple[Answer, ...], question: str) -> int | None:
    """The answer whose phrase means most nearly what `question` means, if any means all of a phrase.

    A question that also names other known things than the phrase does is another question ("where is your daughter" is
    not "where are you").
    """
    asked = meanings(question)
    best_closeness, best = 0.0, None
    for index, answer in enumerate(answers):
        for phrase in answer.asks:
            wanted = meanings(phrase.lower())
            if not wanted or not wanted <= asked or len(wanted) / len(asked) < LEAST_SHARE:
                continue
            if len(wanted) <= sum(map(is_group, asked - wanted)):
                continue
            closeness = len(wanted) / len(asked) + 0.1 * len(wanted)
            if closeness > best_closeness:
                best_closeness, best = closeness, index
    return best


def _asks_for_a_fact(question: str) -> bool:
    return bool(_FACT_WORD.search(question) and meanings(question) and not _MY_OFFER.search(question))


def _touches(disclosure: Disclosure, reply: str) -> bool:
    """Whether one sentence of `reply` holds all that a topic of `disclosure` means."""
    said = [meanings(sentence.text.lower()) for sentence in sentences(reply)]
    topics = [meanings(topic.lower()) for topic in disclosure.topics]
    return any(topic and topic <= each for topic in topics for each in said)

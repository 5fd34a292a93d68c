"""What the customer hears in a reply before anybody judges it: what kind of talk it is, plain questions, topics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from roleplay.conversation.kinds import Kind, kind_of
from roleplay.english import Sentence, sentences, words
from roleplay.persona.lines import Answer, Disclosure
from roleplay.persona.meanings import is_group, meanings
from roleplay.persona.model import Persona

MOST_ANSWERS = 2
"""Plain questions a person answers in one breath; the others go under."""

LEAST_SHARE, LEAST_SHARE_OF_ONE = 0.5, 0.6
"""Least share of a question's meanings that an answer must account for; more where only one meaning is found in it."""


SHORT_CLAUSE = 4
"""Words up to which a clause after a question goes on asking ("are you belted in, doors shut?")."""

LONG_LIST = 5
"""Pieces from which on a sentence is a list."""


class Asked(msgspec.Struct, frozen=True):
    """A plain question: the index of the persona's answer, and the disclosures whose topics the question touches."""

    answer: int
    topics: tuple[str, ...] = ()


class Heard(msgspec.Struct, frozen=True):
    """What was heard. `topics` are the ids of disclosures that were touched on.

    `unanswerable`: a plain fact was asked for that the persona has no answer to.
    """

    kind: Kind
    questions: tuple[Asked, ...] = ()
    topics: tuple[str, ...] = ()
    unanswerable: bool = False


def listen(persona: Persona, reply: str) -> Heard:
    """Listen to `reply` as the customer of `persona` would. The empty string is a silence."""
    kind = kind_of(reply)
    if kind in ("silence", "nonsense", "foreign"):
        return Heard(kind)
    questions: dict[int, Asked] = {}
    unanswerable = False
    for question in _questions(reply, frozenset(words(persona.name))):
        index = _best_answer(persona.answers, question)
        if index is None:
            unanswerable = unanswerable or _asks_for_a_fact(question)
        elif index not in questions:
            questions[index] = Asked(index, _topics(persona, question + "?"))
    topics = _topics(persona, reply)
    answered = tuple(questions.values())[:MOST_ANSWERS]
    return Heard(kind, answered, topics, unanswerable and not answered and not topics)


_ASKING = re.compile(
    r"^(?:(?:and|so|ok|okay|now|first|please|but)\b,? ?)*"
    r"(?:can|could|would|will|may|might|do|does|did|are|is|was|were|have|has|what|what's|whats|which|where|where's|wheres"
    r"|when|who|who's|whos|how|how's|why"
    r"|tell me(?! (?:when|if|once|as soon|every|the second))|give me|let me know|confirm|describe|any ?one|any ?body"
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
_INNER = re.compile(
    r"\b(?:like|help|feel\w*|think\w*|want|wish|need|hope|worst|hardest|scar\w+|worr\w+|say\w*|mean\w*|mind|matter)\b"
)
"""Words of questions about what somebody feels, wants or says: nobody has "no idea" of that."""
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
    """The answer that means most nearly what `question` means, if any has a phrase whose meanings are all in it.

    A question that also names other known things than the answer is about is another question ("where is your daughter"
    is not "where are you").
    """
    asked = meanings(question)
    best_closeness, best = 0.0, None
    for index, answer in enumerate(answers):
        phrases = [meanings(phrase.lower()) for phrase in answer.asks]
        about: frozenset[str] = frozenset().union(*phrases)
        found = max((len(wanted) for wanted in phrases if wanted and wanted <= asked), default=0)
        if not found or found <= sum(map(is_group, asked - about)):
            continue
        share = len(asked & about) / len(asked)
        closeness = share + 0.1 * found
        if share >= (LEAST_SHARE if found > 1 else LEAST_SHARE_OF_ONE) and closeness > best_closeness:
            best_closeness, best = closeness, index
    return best


def _asks_for_a_fact(question: str) -> bool:
    return bool(
        _FACT_WORD.search(question)
        and meanings(question)
        and not _MY_OFFER.search(question)
        and not _INNER.search(question)
    )


def _topics(persona: Persona, words_said: str) -> tuple[str, ...]:
    said = [each for sentence in sentences(words_said.lower().replace("’", "'")) for each in _pieces(sentence)]
    return tuple(each.id for each in persona.disclosures if any(_touches(each, sentence) for sentence in said))


def _pieces(sentence: Sentence) -> list[Sentence]:
    """A long list piece by piece, for words out of different pieces say nothing together; else the sentence itself."""
    pieces = [piece for piece in _LISTED.split(sentence.text) if piece]
    if len(pieces) < LONG_LIST:
        return [sentence]
    sign = "?" if sentence.is_question else ""
    return [Sentence(f"{piece.rstrip('?')}{sign}", sentence.start, sentence.end) for piece in pieces]


_BESIDE = frozenset("a an and my or our the your".split())
_LISTED = re.compile(r"[,;]\s+")
_ABOUT_YOU = re.compile(r"\b(?:you|u)(?:'re| are|r| sound| seem| must| feel| look|'ve| have)\b|\byoure\b")


@lru_cache(maxsize=1024)
def _topics_as_heard(topics: tuple[str, ...]) -> tuple[tuple[frozenset[str], list[str]], ...]:
    """Of each topic its meanings and its words: the same for every sentence of a call."""
    return tuple((meanings(topic.lower()), words(topic)) for topic in topics)


def _touches(disclosure: Disclosure, sentence: Sentence) -> bool:
    """Whether a sentence touches a topic of `disclosure`.

    A topic of several meanings is touched by a sentence that has them all. One that comes down to a single meaning says
    too little by itself: a known meaning ("your husband", "alone") must be asked about, or, where the topic is but one
    word, said of the customer; any other must stand as the author wrote it ("your fault" is not "our fault"). Where
    nothing is said but such words ("Wife? Kitchen?"), they touch nothing: a guess says more than the word.
    """
    said = meanings(sentence.text)
    topics = _topics_as_heard(disclosure.topics)
    touching = [(wanted, as_written) for wanted, as_written in topics if wanted and wanted <= said]
    if not touching:
        return False
    spoken = words(sentence.text)
    as_said = f" {' '.join(spoken)} "
    single = {topic.lower() for topic, (_, written) in zip(disclosure.topics, topics, strict=True) if len(written) == 1}
    says_more = not single.union(_BESIDE).issuperset(spoken)
    of_the_customer = bool(_ABOUT_YOU.search(sentence.text))
    asked = sentence.is_question
    for wanted, as_written in touching:
        if len(wanted) > 1:
            return True
        known = is_group(next(iter(wanted)))
        if len(as_written) == 1 and not says_more:
            continue
        if (known and (asked or (of_the_customer and len(as_written) == 1))) or (
            (asked or of_the_customer) and f" {' '.join(as_written)} " in as_said
        ):
            return True
    return False

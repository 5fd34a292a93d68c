"""Which words of a customer's message carry something: the sentence or the clause to quote."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from roleplay.english import STOP_WORDS, sentences, stem, words
from roleplay.scoring.offline.grounding import shared
from roleplay.scoring.offline.groups import groups_in
from roleplay.scoring.offline.reading import stem_weights

LONG = 12
"""Words from which on a sentence is quoted by a clause of it."""
SHORT = 3
"""Words that a clause needs to stand by itself."""
_BREAK = re.compile(
    r"(?<=[,;:—–])\s+|(?<=…)\s*|\s+(?=because\s)|"
    r"\s+(?=(?:and|but|so)\s(?:i|you|he|she|it|we|they|there|nobody|somebody|then|now)\b)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:and|but|because|so(?! that)|well|yes|yeah|no|okay|ok|right|hi|hello|um|uh|oh|then)\b[,.]?\s+)+",
    re.IGNORECASE,
)
MOST = 6
"""Words that are given back at most."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SINGLE = re.compile(r"(?<!\w)['‘’](?=\w)|(?<=[\w.,!?])['’](?!\w)")
TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St)\.\s*$")
"""A title at the end of a text, after which a sentence goes on."""
_DANGLING = frozenset(
    """a an the of to in on at for with from by as and or but so that than into is are was were be i it's i'm they he
    she we you if when because until till who which""".split()
)


def clauses(text: str) -> list[str]:
    """The sentences of `text`, and of a long one its clauses; each verbatim, without the marks around it."""
    found: list[str] = []
    for sentence in _whole(text):
        parts = _joined(sentence) if len(words(sentence)) > LONG else [sentence]
        found += [part for part in map(_trimmed, parts) if words(part)]
    return found


def _whole(text: str) -> list[str]:
    """The sentences of `text`, none cut within a number or after a title."""
    spans: list[tuple[int, int]] = []
    for sentence in sentences(text):
        before = text[spans[-1][0] : sentence.start] if spans else ""
        if before and (not before[-1].isspace() or TITLE.search(before)):
            spans[-1] = (spans[-1][0], sentence.end)
        else:
            spans.append((sentence.start, sentence.end))
    return [text[start:end] for start, end in spans]


def _joined(sentence: str) -> list[str]:
    """The clauses of a sentence; what is too short to stand alone goes with what follows, or at the end before."""
    parts: list[str] = []
    begin = 0
    for end in [*(match.end() for match in _BREAK.finditer(sentence)), len(sentence)]:
        if len(words(sentence[begin:end])) >= SHORT:
            parts.append(sentence[begin:end])
            begin = end
    if begin < len(sentence) and parts:
        parts[-1] = sentence[sentence.index(parts[-1]) :]
    return parts or [sentence]


def _trimmed(clause: str) -> str:
    clause = clause.strip().rstrip(" ,;:—–.…").lstrip("… ")
    shorter = _LEAD.sub("", clause)
    clause = shorter if len(words(shorter)) >= SHORT else clause
    if clause.count('"') % 2 or clause.count("“") != clause.count("”"):  # a quotation cut in two
        clause = clause.strip('"“” ').rstrip(" ,;:—–.…")
    if clause.count("(") != clause.count(")") or clause.count("[") != clause.count("]"):
        clause = clause.strip("()[] ").rstrip(" ,;:—–.…")
    if len(_SINGLE.findall(clause)) % 2:
        clause = clause.strip("'‘’ ").rstrip(" ,;:—–.…")
    return clause


def carrying(text: str, towards: Iterable[str], avoid: Collection[str] = (), *, asks: bool | None = None) -> str:
    """The clause of `text` that lies nearest to `towards`, else the most particular one; empty without words.

    Near are the same words, and words that belong together (groups.txt). `avoid`: clauses that were quoted before;
    such a one is only taken where the others carry little. `asks`: prefer a question, or anything but one.
    """
    wanted = stem_weights(" ".join(towards))
    groups = groups_in(wanted)
    found = clauses(text)

    def worth(place: int) -> float:
        clause = found[place]
        mine = stem_weights(clause)
        particular = sum(weight >= 1 for weight in mine.values())
        length = len(words(clause))
        fits = 0.0 if asks is None else 2.0 * (("?" in clause) == asks)
        loose = 1.0 * (words(clause)[-1] in _DANGLING) + 0.5 * (words(clause)[0] in _DANGLING)
        return (
            2 * shared(mine, wanted)
            + 1.5 * len(groups_in(mine) & groups)
            + min(particular, 4)
            + fits
            - loose
            - 0.25 * max(0, length - LONG)
            - 2.0 * (length < SHORT)
            - 1.0 * (length == SHORT)
            - 0.5 * (particular == 0)
            - 2.5 * (clause in avoid)
            + (1.5 if wanted else 4.0) * place / len(found)  # what was said last is what waits for an answer
        )

    return found[max(range(len(found)), key=worth)] if found else ""


def shared_words(text: str, others: str) -> str:
    """The longest run of words of `others` that `text` takes up, as it stands in `others`; empty without a particular.

    A run of several words, or one word that is a particular by itself: a number, a name, or a long word.
    """
    theirs = _words_in(others)
    mine = [stem(word) for word in words(text)]
    places: dict[str, list[int]] = {}
    for place, root in enumerate(mine):
        places.setdefault(root, []).append(place)
    best = ""
    for begin, (root, _) in enumerate(theirs):
        longest = 0
        for place in places.get(root, ()):
            length = 1
            while (
                length < MOST
                and place + length < len(mine)
                and begin + length < len(theirs)
                and mine[place + length] == theirs[begin + length][0]
            ):
                length += 1
            longest = max(longest, length)
        if longest:
            best = max(best, _particular(others, [match for _, match in theirs[begin : begin + longest]]), key=len)
    return best


@lru_cache(maxsize=64)
def _words_in(text: str) -> tuple[tuple[str, re.Match[str]], ...]:
    """The words of `text`, each with its stem."""
    return tuple((stem(match.group()), match) for match in _WORD.finditer(text))


def _particular(others: str, run: Sequence[re.Match[str]]) -> str:
    kept = list(run)
    while kept and kept[0].group().lower() in STOP_WORDS:
        kept.pop(0)
    while kept and kept[-1].group().lower() in STOP_WORDS:
        kept.pop()
    if not kept:
        return ""
    said = others[kept[0].start() : kept[-1].end()]
    weights = stem_weights(said).values()
    if any(mark in said for mark in ".!?;:…\n") or not any(weight >= 1 for weight in weights):
        return ""
    if len(kept) > 1:
        return said
    digits = any(map(str.isdigit, said))
    named = said[0].isupper() and kept[0].start() > 0 and others[: kept[0].start()].rstrip()[-1:] not in '.!?…"“'
    plain = (
        len(said) >= 5
        and said.isalnum()
        and not said.lower().endswith(("ed", "ing", "ly"))
        and said.lower() not in _VERBS
    )
    return said if digits or named or plain else ""


_VERBS = frozenset(
    """thought brought bought caught taught wrote spoke broke chose drove began meant spent write bring break start
    leave place point thing matter problem question answer reason understand believe suppose expect guess wonder
    means makes takes comes knows wants needs going would could should might hours minutes weeks months years""".split()
)

"""Heaps of words: lists of fragments in which nobody says, does or asks anything.

A word of the customer's counts for a reply because somebody says something with it. Told apart from a terse list by
what a sentence needs: somebody who acts or feels (a person, a verb), an order, a thing with what has become of it ("tow
ordered"), a step, a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from math import fsum

import msgspec

from roleplay.english import STOP_WORDS, stem, words
from roleplay.scoring.offline.grounding import Ground
from roleplay.scoring.offline.phrases import act, pattern, word_group
from roleplay.scoring.offline.reading import Said, plain, sentence_of, stem_weights

_FILE = "heaps.txt"
HEAP = 3.0
"""Fragments in a row from which on a list is a heap, where nobody says anything else."""
LONG_HEAP = 5.0
"""The same beside something that is said: a short list may give back what they told."""
NAMED = 0.75
"""What a fragment with an article, a number or the like counts ("the long ramp"): it is nearer to speech."""
SENTENCE = 0.5
"""What a fragment of several words counts that is a sentence of its own ("The old flat, still.")."""
BARE = 5
"""Words in a row without any small word from which on each of this customer's is a fragment."""
SHORT = 4
"""Words up to which a thing and what has become of it are told without a verb ("patrol called")."""
LONG = 7
"""Words from which on a piece with several small words says something, whatever its verb."""
FRAGMENTS_TO_TOLD = 3
"""How many fragments outweigh a thing told between them."""
DROWNED = 8
"""How many fragments a single word of somebody's drowns in."""
TOLD, SPOKEN = 1, 2
JOINED = 3
"""Pieces from which on what "and" joins is a list."""
LISTED = 5
"""Pieces from which on a sentence is a list."""
NOTED = 3
"""Words in a row of what is on record that are read off and not said."""

_PIECE = re.compile(r"(?:[^,;/|·•*()\[\]\n–—-]|(?<=\w)-(?=\w)|(?<=\d)/(?=\d))+")
_JOINT = re.compile(r"\b(?:and|or|plus)\b|[:+&]|$")
_SPEAKS = (
    "legit",
    "relief",
    "received",
    "refuses",
    "safety_check",
    "suicide_ask",
    "takes_charge",
    "sends_help",
    "will",
)
"""Acts that no list of topics does."""
_SERVES = ("done", "doing", "will", "takes_charge", "sends_help", "safety_check", "suicide_ask", "refuses")
"""Acts that serve a customer even without a word of theirs."""
_MINE = re.compile(r"\b(?:i|we)\b", re.IGNORECASE)
_STOCK = ("stock", "sorry_formula", "must_be", "to anybody")
_ARTICLES = frozenset("the a an your my his her their our this that".split())
_IDLE = STOP_WORDS | frozenset("hello hi hey thanks thank sorry yes no sir madam ma'am dear right good".split())


class Piece(msgspec.Struct, frozen=True):
    """A piece of a sentence: where it stands there, what it weighs as a fragment, and how far it says something.

    `says`: 2 if somebody speaks in it, 1 if only something is told ("tow ordered", "at eight"), else 0. What says
    something weighs nothing, nor does a stock phrase.
    """

    start: int
    end: int
    weight: float
    says: int
    theirs: bool
    """Whether it has a word of this customer's or of this moment."""


def without_heaps(said: Sequence[Said], ground: Ground) -> tuple[list[Said | None], bool]:
    """The sentences without the heaps in them, None where nothing is left; and whether there is nothing but a heap.

    Stock phrases do not part a heap, and are nothing beside it. Where somebody does speak, only a heap within one
    sentence is taken out, and only if it is mostly words of this customer or moment.
    """
    found = [_pieces(each, ground) for each in said]
    pieces = [piece for each in found for piece in each]
    spoken = sum(piece.says == SPOKEN for piece in pieces)
    if fsum(piece.weight for piece in pieces) >= DROWNED * spoken:
        return list(said), any(_is_heap(run, HEAP) and _is_keywords(run) for run in _runs(pieces))
    left: list[Said | None] = []
    for each, inside in zip(said, found, strict=True):
        heaped = [
            piece
            for run in _runs(inside)
            if _is_heap(run, LONG_HEAP) and _of_theirs(run) and len(run) >= JOINED
            for piece in run
        ]
        left.append(_rest(each, heaped) if heaped else each)
    return left, False


def _is_heap(run: Sequence[Piece], least: float) -> bool:
    """Whether fragments in a row are a heap: enough of them, and well more than what is told between them."""
    weight = fsum(piece.weight for piece in run)
    return weight >= max(least, FRAGMENTS_TO_TOLD * sum(piece.says for piece in run))


def _is_keywords(run: Sequence[Piece]) -> bool:
    """Whether a list is no short answer: "platform nine, Thursday, noon"."""
    return len(run) != JOINED or any(piece.theirs for piece in run)


def _of_theirs(run: Sequence[Piece]) -> bool:
    """Whether most of a list is taken from this customer or moment: what is new in it may be what was asked for."""
    return sum(piece.theirs for piece in run) >= len(run) / 2


def _pieces(said: Said, ground: Ground) -> list[Piece]:
    """The pieces of a sentence. In a list of fragments only the trainee's own word or figure is somebody who speaks."""
    spans = list(_spans(said.text))
    found = []
    for start, end in spans:
        text = plain(said.text[start:end].strip(" .!?…\"'“”"))
        if all(word in _IDLE for word in words(text)):
            continue
        stock = _is_stock(text)
        says = 0 if stock else _says(text, words(text), ground)
        if _has("about", text) and not (said.asks and end == spans[-1][1]):
            says = min(says, int(len(spans) < LISTED))
        if said.start == 0 and len(spans) == 1 and text in _turned():
            says = TOLD
        weight = 0.0 if stock or says else _fragments(text, ground)
        if len(spans) == 1 and weight < JOINED and len(words(text)) > 1:
            weight = min(weight, SENTENCE)
        found.append(Piece(start, end, weight, says, _theirs(text, ground) or _is_noted(words(text), ground)))
    strewn = len(found) >= LISTED and sum(piece.weight > 0 for piece in found) >= len(found) / 2
    return [
        msgspec.structs.replace(piece, says=TOLD)
        if strewn and piece.says == SPOKEN and not _is_own(said.text[piece.start : piece.end], ground)
        else piece
        for piece in found
    ]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the pieces of a sentence stand. Three and more that are joined by the same small word are pieces too."""
    for match in _PIECE.finditer(text):
        starts, ends = [match.start()], []
        for joint in _JOINT.finditer(text, *match.span()):
            ends.append(joint.start())
            starts.append(joint.end())
        parts = [span for span in zip(starts, ends, strict=False) if words(text[slice(*span)])]
        if len(parts) >= JOINED:
            yield from parts
        elif parts:
            yield match.span()


@lru_cache(maxsize=4_000)
def _is_stock(text: str) -> bool:
    """Whether a piece could be said to anybody, and does nothing."""
    return any(act(name).search(text) for name in _STOCK) and not any(act(name).search(text) for name in _SERVES)


def _says(text: str, found: list[str], ground: Ground) -> int:
    """How far somebody acts, feels, orders, asks or answers in a piece."""
    if found[0] in _ARTICLES:
        found = found[1:]
    small = sum(word in STOP_WORDS for word in found)
    turned = sum(word in _turned() for word in found)
    strewn = len(found) >= BARE and not small and len(found) > FRAGMENTS_TO_TOLD * turned
    if len(found) < 2 or strewn or _is_noted(found, ground):
        return 0
    if _speaks(text) or _is_own(text, ground):
        return SPOKEN
    became = len(found) <= SHORT and not _turned().isdisjoint(found[-2:])
    done = found[0] in _steps() and found[1] in STOP_WORDS
    long = len(found) >= LONG and small > 1
    return TOLD if became or done or long or _has("time", text) or _has("does", text) else 0


@lru_cache(maxsize=4_000)
def _speaks(text: str) -> bool:
    """Whether somebody acts, orders or does what no list of topics does, by the words of a piece alone."""
    patterns = (*(pattern(_FILE, name) for name in ("subject", "verb", "order")), *map(act, _SPEAKS))
    return any(each.search(text) for each in patterns)


def _is_own(text: str, ground: Ground) -> bool:
    """Whether a piece has the trainee in it, or a figure that neither the customer told nor the record holds."""
    fresh = (word for word in words(text) if word[0].isdigit() and word not in ground.figures)
    return _MINE.search(text) is not None or next(fresh, None) is not None


def _theirs(text: str, ground: Ground) -> bool:
    solid = [root for root, weight in stem_weights(text).items() if weight >= 1]
    return any(table.get(root, 0) >= 1 for root in solid for table in _tables(ground))


def _tables(ground: Ground) -> tuple[dict[str, float], ...]:
    return ground.latest, ground.earlier, ground.spoken, ground.unspoken, ground.feeling, ground.allows


def _has(name: str, text: str) -> bool:
    return pattern(_FILE, name).search(text) is not None


@cache
def _steps() -> frozenset[str]:
    """A step taken or being taken."""
    return word_group("acts.txt", "did") | word_group("acts.txt", "doing")


@cache
def _turned() -> frozenset[str]:
    """What has become of a thing, or is becoming of it."""
    return _steps() | word_group("acts.txt", "is_done") | word_group(_FILE, "turned")


def _fragments(text: str, ground: Ground) -> float:
    """What the fragments of a piece without a verb weigh."""
    found = [word for word in words(text) if not word.isdigit()]
    if len(found) >= BARE and not any(word in STOP_WORDS for word in found):
        theirs = sum(any(stem(word) in table for table in _tables(ground)) for word in found)
        return float(len(found)) if theirs >= len(found) / 2 else 1.0
    parts = [words(part) for part in _JOINT.split(text)]
    return fsum(NAMED if any(word in STOP_WORDS for word in part) else 1.0 for part in parts if part)


def _is_noted(found: list[str], ground: Ground) -> bool:
    """Whether a piece is read off the record."""
    if len(found) < NOTED:
        return False
    return any(f" {' '.join(found)} " in entry for entry in ground.record)


def _runs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The fragments that stand in a row; stock phrases between them do not part them."""
    run: list[Piece] = []
    for piece in pieces:
        if piece.says == SPOKEN:
            yield run
            run = []
        elif piece.weight or piece.says:
            run.append(piece)
    yield run


def _rest(said: Said, heaped: Sequence[Piece]) -> Said | None:
    """The longest part of a sentence outside a heap, if it has words."""
    edges = [0, *(edge for piece in heaped for edge in (piece.start, piece.end)), len(said.text)]
    parts = list(zip(edges[::2], edges[1::2], strict=True))
    start, end = max(parts, key=lambda part: part[1] - part[0])
    text = said.text[start:end].strip(" ,;/|")
    if not words(text):
        return None
    start = said.start + said.text.index(text, start)
    return sentence_of(text, start)

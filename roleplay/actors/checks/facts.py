"""Facts of the persona: numbers, times, days, months, colors, names and relations that are other than they were told.

Nothing is understood here. What can be counted or named is compared with every text from which the speaker can know it:
a value that stands beside the same noun but differs *contradicts*; one that stands nowhere is *invented*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from roleplay.actors.checks.fault import FaultName
from roleplay.actors.checks.numbers import Number, numbers
from roleplay.english import STOP_WORDS, stem, words

_LABELS = frozenset(
    map(stem, "exit highway route extension unit apartment gate line desk box rural interstate".split())
)
"""Words after which a number is a name."""

_SOMEBODY = frozenset(["she", "he", "i'm", "was", "age"])
_OF_AGE = frozenset(["", "and", "year", "now", "but", "so"])
_DEFINITE = _LABELS | {f"{who} is" for who in _SOMEBODY} | {"of them"}
"""Nouns of which a number is a fact, though several may be known."""

_TIME_UNITS = frozenset(map(stem, "second minute hour day week month year".split()))
_LOOSE = _TIME_UNITS | frozenset(
    map(stem, "time thing word way more last other step mile foot feet inch percent different piece half".split())
)
"""Words that a round number is put before without meaning it."""

_ROUND = frozenset("4 5 6 10 15 20 50 100 200 500 1000 10000 1000000".split())
_MANY = frozenset("100 1000 1000000".split())
_SMALL = frozenset("0 1 2 3".split())
_DURATION = re.compile(r"\b(?:been|ago|since|waited|waiting|sat|sitting|held|holding|stuck|for the (?:last|past))\b")

_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = "january february april june july august september october november december".split()
_MONTHS_LIKE_WORDS = re.compile(
    r"\b(?:in|of|since|last|next|this|until|till|by|late|early) (march|may)\b|\b(march|may) (?:the )?\d"
)
_COLORS = "red blue green yellow orange purple pink black white gray grey silver brown gold beige maroon".split()
_COLOR = re.compile(rf"\b({'|'.join(_COLORS)}) ([a-z]+)\b|\b([a-z]+)(?:'s| is| was) ({'|'.join(_COLORS)})\b")

_FIGURES = frozenset(map(stem, "light tape flag line area lie noise day moon mood out".split()))
"""Things that have a color in a manner of speaking."""

_KIN = """husband wife boyfriend girlfriend fiance fiancee mother mom mum dad father brother sister son daughter kids
    children baby uncle aunt cousin grandmother grandma grandfather grandpa niece nephew grandson granddaughter stepson
    neighbor neighbour boss roommate ex-husband ex-wife therapist lawyer dog cat puppy""".split()
_RELATION = re.compile(rf"\b(?:my|our|his|her|the|a) (?:\w+ )?({'|'.join(_KIN)})(?:'s)?\b")
_NOBODY = re.compile(r"\b(?:no|not|don't|haven't|never|what|whose|isn't|without)\b")

_FIRST_NAMES = frozenset(
    """james john robert michael david william richard joseph thomas charles daniel matthew anthony steven paul andrew
    joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen
    larry justin scott brandon benjamin samuel gregory alexander patrick dennis jerry tyler aaron jose adam nathan
    henry zachary peter kyle noah ethan jeremy walter keith roger terry sean austin carl arthur mary patricia jennifer
    linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly emily donna
    michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda
    pamela emma nicole helen samantha katherine christine rachel carolyn janet catherine maria heather diane julie joyce
    victoria kelly christina lauren joan evelyn olivia judith megan andrea hannah martha lucy sophie tom tim mike dave
    steve chris matt dan ben sam jim joe bob greg jeff kate katie jenny becky liz maggie molly lily ella mia zoe
    """.split()
)
_CAPITALIZED = re.compile(r"(?<![.!?…:;\"“‘(\[—–-] )(?<=[\w,'’] )([A-Z][a-z]+(?:['’][a-z]+)?)\b")
_FREE_CAPITALS = frozenset(
    """god lord jesus christ christmas easter english american tv gps ok mr mrs ms dr sir madam google uber
    i'm i'll i've i'd hell heaven thanksgiving internet bible""".split()
)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What can be known: all words, all numbers, and by noun the numbers and colors that stand beside it."""

    words: frozenset[str]
    stems: frozenset[str]
    numbers: frozenset[str]
    beside: dict[str, frozenset[str]]
    colors: dict[str, frozenset[str]]


@lru_cache(maxsize=64)
def known_from(texts: tuple[str, ...]) -> Known:
    """Read all `texts` from which something can be known."""
    return _joined(_read(text) for text in texts)


def known_too(known: Known, texts: Iterable[str]) -> Known:
    """`known` with what can be known from more `texts`."""
    return _joined((known, *map(_read, texts)))


@lru_cache(maxsize=4096)
def _read(text: str) -> Known:
    vocabulary = set(words(text))
    vocabulary |= {word.removesuffix("'s") for word in vocabulary}
    values: set[str] = set()
    beside: dict[str, set[str]] = {}
    colors: dict[str, set[str]] = {}
    for number in numbers(text):
        values.update((number.value, *re.split("[: .]", number.value)))
        for noun in _nouns(number):
            beside.setdefault(noun, set()).add(number.value)
    for color, noun in _colored(text):
        colors.setdefault(noun, set()).add(color)
    return Known(
        words=frozenset(vocabulary),
        stems=frozenset(map(stem, vocabulary)),
        numbers=frozenset(values),
        beside={noun: frozenset(found) for noun, found in beside.items()},
        colors={noun: frozenset(found) for noun, found in colors.items()},
    )


def _joined(several: Iterable[Known]) -> Known:
    known = tuple(several)
    return Known(
        words=frozenset().union(*(each.words for each in known)),
        stems=frozenset().union(*(each.stems for each in known)),
        numbers=frozenset().union(*(each.numbers for each in known)),
        beside=_merged(each.beside for each in known),
        colors=_merged(each.colors for each in known),
    )


def _merged(several: Iterable[dict[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    merged: dict[str, set[str]] = {}
    for each in several:
        for noun, found in each.items():
            merged.setdefault(noun, set()).update(found)
    return {noun: frozenset(found) for noun, found in merged.items()}


def wrong_facts(sentence: str, known: Known) -> tuple[FaultName, ...]:
    """The faults among `contradicts` and `invents` that `sentence` has, each once."""
    lowered = sentence.lower().replace("’", "'")
    found: list[FaultName | None] = [_wrong_number(number, lowered, known) for number in numbers(sentence)]
    found += ["contradicts" for name in _dates(lowered) if name not in known.words]
    found += ["contradicts" for color, noun in _colored(sentence) if _is_other_color(color, noun, known)]
    found += ["invents" for _ in _new_names(sentence, known)]
    found += ["invents" for _ in _new_people(lowered, known)]
    return tuple(dict.fromkeys(fault for fault in found if fault))


def _wrong_number(number: Number, sentence: str, known: Known) -> FaultName | None:
    value, nouns = number.value, _nouns(number)
    told = [known.beside[noun] for noun in nouns if noun in known.beside]
    differs = bool(told) and not any(value in values for values in told)
    if ":" in value or " " in value:
        return None if value in known.numbers else "contradicts"
    if value in _MANY and number.spelled and value not in known.numbers:
        return None
    lasts = bool(set(nouns) & _TIME_UNITS) and _DURATION.search(sentence) is not None
    if differs and lasts and value not in _SMALL:
        return "contradicts"
    if differs and any(noun in _DEFINITE or _is_counted(noun, known) for noun in nouns) and value not in "01":
        return "contradicts"
    if value in known.numbers or (value in _SMALL and number.spelled):
        return None
    if value in _ROUND and number.spelled and not lasts and (set(nouns) & _LOOSE or number.before == "a"):
        return None
    return "contradicts" if differs else "invents"


def _is_counted(noun: str, known: Known) -> bool:
    """Whether there is one number of this noun that holds, and not several that were said of it in passing."""
    return noun not in _LOOSE and len(known.beside[noun]) == 1 if noun in known.beside else False


def _nouns(number: Number) -> list[str]:
    """The words that tell what a number counts or names; for an age, who is of it."""
    if number.before in _LABELS:
        return [number.before]
    if number.after in _OF_AGE and number.before in _SOMEBODY:
        return [f"{number.before} is"]
    if number.after == "of" or (number.before == "all" and number.after in STOP_WORDS | {""}):
        return ["of them"] if len(number.value) > 1 or number.value > "1" else []
    return [number.after] if number.after and number.after not in STOP_WORDS else []


def _is_other_color(color: str, noun: str, known: Known) -> bool:
    """Whether `noun` is known to have other colors, or is known while nothing at all is of that `color`."""
    if noun in known.colors:
        return color not in known.colors[noun]
    return noun in known.stems and color not in known.words and noun not in _FIGURES


def _dates(lowered: str) -> Iterator[str]:
    for word in words(lowered):
        plain = word.removesuffix("'s").removesuffix("s") if word[:-1] in _DAYS else word.removesuffix("'s")
        if plain in _DAYS or plain in _MONTHS:
            yield plain
    for match in _MONTHS_LIKE_WORDS.finditer(lowered):
        yield match[1] or match[2]


def _colored(text: str) -> Iterator[tuple[str, str]]:
    """The colors in `text`, each with the noun that has it."""
    for match in _COLOR.finditer(text.lower().replace("’", "'").replace(",", "")):
        color, noun = (match[1], match[2]) if match[1] else (match[4], match[3])
        if noun not in STOP_WORDS:
            yield color.replace("grey", "gray"), stem(noun)


def _new_names(sentence: str, known: Known) -> Iterator[str]:
    for name in _CAPITALIZED.findall(sentence):
        plain = name.lower().replace("’", "'").removesuffix("'s")
        if plain not in known.words and plain not in _FREE_CAPITALS and plain not in STOP_WORDS and plain not in _DAYS:
            yield name
    for word in words(sentence):
        plain = word.removesuffix("'s")
        if plain in _FIRST_NAMES and plain not in known.words:
            yield word


def _new_people(lowered: str, known: Known) -> Iterator[str]:
    if _NOBODY.search(lowered):
        return
    for match in _RELATION.finditer(lowered):
        if stem(match[1]) not in known.stems:
            yield match[1]

"""Whether a line carries what the director wants said: the words each scripted part is known by."""

from __future__ import annotations

import re
from functools import lru_cache

from roleplay.actors.checks.numbers import numbers
from roleplay.conversation.turns import LinePart, StageDirection
from roleplay.english import STOP_WORDS, stem, words
from roleplay.persona.model import Persona

CARRIED = frozenset({"answer", "disclosure", "moment", "ending"})
"""The kinds of parts that are not left to the actor: what they say has to be said."""

MOST_WORDS = 4
"""Words of one part that are asked for."""

SHARE = 0.5
"""The share of them that has to be there, unless the author named them."""

SHARE_OF_ALL = 0.4
"""The share of all content words of a part by which it is told just as well."""

_PLAIN = STOP_WORDS | frozenset(
    """thing things something anything nothing everything one two way bit lot sort kind like know think say said says
    see saw look make made put take took give gave come came keep kept tell told want need mean right good well little
    much many more most less back here there ever never always still already around away people person time day today
    now next last first other another each every same own whole long new old sure maybe actually really sorry hi hello
    hey god yet though because since while before after until being doing having getting saying turn turned call called
    somebody someone anybody nobody everybody everyone enough half far left without must else ask asked hear heard went
    goes feel felt stop help place start set mine thought think wait listen fine probably whatever obviously expect
    meant past through instead different often wrong idea minute minutes second seconds used worked supposed happens
    happened anyway none nice""".split()
)
_SPELLED = re.compile(r"(?:\b[A-Z]\b[ ,.-]*){3,}")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+\b")


def missing_parts(direction: StageDirection, persona: Persona, line: str) -> tuple[LinePart, ...]:
    """The parts of `direction` that have to be said and that `line` does not carry, in order."""
    return tuple(
        part for part in direction.parts if part.kind in CARRIED and not _carries(line, part, direction, persona)
    )


def kept_words(direction: StageDirection, persona: Persona) -> tuple[str, ...]:
    """The words that the actor is asked to keep, each once, in the order of the parts."""
    found = (
        _as_written(word, part.text)
        for part in direction.parts
        if part.kind in CARRIED
        for word in _asked_for(part, direction, persona)
    )
    return tuple(dict.fromkeys(found))


def _as_written(word: str, text: str) -> str:
    at = text.lower().replace("’", "'").find(word)
    return text[at : at + len(word)] if at >= 0 else word


def _asked_for(part: LinePart, direction: StageDirection, persona: Persona) -> tuple[str, ...]:
    return _named(part, direction, persona) or _telling(part.text, _giving_away(part, direction, persona))


def _carries(line: str, part: LinePart, direction: StageDirection, persona: Persona) -> bool:
    named = _named(part, direction, persona)
    if named:
        return all(_mentions(line, word) for word in named)
    wanted = _telling(part.text, _giving_away(part, direction, persona))
    there = [word for word in wanted if _mentions(line, word)]
    if part.kind == "answer":
        facts = [word for word in wanted if word in _facts(part.text)]
        return bool(there or not wanted) and len([word for word in there if word in facts]) >= SHARE * len(facts)
    content = _content(part.text)
    return len(there) >= SHARE * len(wanted) or sum(_mentions(line, word) for word in content) >= SHARE_OF_ALL * len(
        content
    )


def _named(part: LinePart, direction: StageDirection, persona: Persona) -> tuple[str, ...]:
    """The words by which the author wants the moment or disclosure told now to be known."""
    told = direction.disclosed if part.kind == "disclosure" else direction.moment if part.kind == "moment" else None
    return next((beat.must_mention for beat in persona.beats() if beat.id == told), ())


def _giving_away(part: LinePart, direction: StageDirection, persona: Persona) -> frozenset[str]:
    """The words by which the disclosure told now was hidden: it is not told without one of them."""
    if part.kind != "disclosure":
        return frozenset()
    entries = (each.gives_away for each in persona.disclosures if each.id == direction.disclosed)
    return frozenset(word for gives_away in entries for entry in gives_away for word in words(entry))


@lru_cache(maxsize=1024)
def _telling(text: str, first: frozenset[str]) -> tuple[str, ...]:
    """The few words of `text` that it is best known by: numbers and names, those among `first`, then long ones."""
    by_length = sorted(_content(text), key=lambda word: (word not in first, -min(len(word), 8)))
    chosen = list(dict.fromkeys([*_facts(text), *by_length]))[:MOST_WORDS]
    return tuple(sorted(chosen, key=text.lower().replace("’", "'").find))


def _content(text: str) -> list[str]:
    """The words of `text` that are not everybody's, each once, in order."""
    plain = (word.removesuffix("'s") for word in words(text))
    said = (word for word in plain if word not in _PLAIN and stem(word) not in _PLAIN and len(word) > 2)
    return list(dict.fromkeys(word for word in said if "'" not in word and not numbers(word)))


def _facts(text: str) -> list[str]:
    """The numbers of `text`, from four on, and the names in it, as they are written, in lower case."""
    names = [name.lower() for name in _NAME.findall(text)]
    counted = [
        word
        for word in re.findall(r"[\w:.,]*\d[\w:]*|[\w'-]+", text.lower())
        if any(len(number.value) > 1 or number.value > "3" for number in numbers(word))
    ]
    spelled = [match.group().strip(" ,.-").lower() for match in _SPELLED.finditer(text)]
    return [*spelled, *counted, *(name for name in names if name not in _PLAIN)]


def _mentions(line: str, wanted: str) -> bool:
    """Whether `line` has the word or the words `wanted`, in whatever form."""
    values = [number.value for number in numbers(wanted)]
    if values and len(wanted.split()) == 1:
        return set(values) <= {
            part for number in numbers(line) for part in (number.value, *re.split("[: ]", number.value))
        }
    said = [stem(word) for word in words(line)]
    phrase = [stem(word) for word in words(wanted)]
    return any(all(map(_is_form_of, said[at : at + len(phrase)], phrase)) for at in range(len(said) - len(phrase) + 1))


def _is_form_of(said: str, wanted: str) -> bool:
    """Whether two stems are forms of one word: the same, or one the beginning of the other (sigh, sigher)."""
    short, long = sorted((said, wanted), key=len)
    return short == long or (len(short) >= 4 and len(long) - len(short) <= 3 and long.startswith(short))

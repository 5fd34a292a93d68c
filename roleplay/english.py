"""Plain facts about English words: sentences, stems, questions, and whether a text is English at all."""

from __future__ import annotations

import re
from functools import lru_cache
from threading import Lock

import msgspec
import snowballstemmer

_STEMMER = snowballstemmer.stemmer("english")
_STEMMING = Lock()
"""The stemmer keeps the word it works on in itself, so that two threads would mix theirs."""
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+[\"”’')\]]*|\n|$)")

STOP_WORDS = frozenset(
    """a an the and or but nor so yet if then than that this these those there here it its it's i'm i've i'd i'll i me
    my mine we we're we'll we've us our ours you you're you'll you've you'd your yours he she him her his hers they
    them their theirs is am are was were be been being isn't aren't wasn't weren't do does did don't doesn't didn't
    done have has had haven't hasn't hadn't having can can't cannot could couldn't will won't would wouldn't shall
    should shouldn't may might must of in on at to from for with by as into onto about over under up down out off
    again just very really quite too also only even still any some all no not now well oh um uh okay ok yes yeah
    please let lets let's get got go going gonna what which who whom whose when where why how that's there's what's
    who's where's how's""".split()
)

_FUNCTION_WORDS = STOP_WORDS | frozenset(
    """hello hi hey thanks thank sorry good help need want know like one right stay line name tell way see
    time""".split()
)


class Sentence(msgspec.Struct, frozen=True):
    """A sentence of a text: `text` is ``source[start:end]``, stripped."""

    text: str
    start: int
    end: int

    @property
    def is_question(self) -> bool:
        """Whether it ends in a question mark (closing quotes aside)."""
        return self.text.rstrip("\"”’') ").endswith("?")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The Porter2 stem of `word`, apostrophes made straight, a possessive 's dropped."""
    plain = word.lower().replace("’", "'")
    with _STEMMING:
        return str(_STEMMER.stemWord(plain.removesuffix("'s")))


def words(text: str) -> list[str]:
    """The words of `text` in lower case, apostrophes straight; digits are words too."""
    if text.isascii():
        return WORD.findall(text.lower())
    return [word.lower().replace("’", "'") for word in WORD.findall(text)]


def stems(text: str) -> list[str]:
    """The stems of all words of `text`, in order."""
    return [stem(word) for word in words(text)]


def sentences(text: str) -> list[Sentence]:
    """The sentences of `text` with their offsets; pieces without a word are left out."""
    found = []
    for match in _SENTENCE.finditer(text):
        raw = match.group()
        stripped = raw.strip()
        if WORD.search(stripped):
            start = match.start() + raw.index(stripped)
            found.append(Sentence(stripped, start, start + len(stripped)))
    return found


def looks_english(text: str) -> bool:
    """Whether `text` is English as far as one can tell; short texts without any sign of another language are."""
    tokens = words(text)
    letters = [token for token in tokens if any(map(str.isalpha, token))]
    if not letters:
        return True
    ascii_share = sum(token.isascii() for token in letters) / len(letters)
    known = sum(token in _FUNCTION_WORDS for token in letters) / len(letters)
    if ascii_share < 0.5:
        return False
    foreign = sum(token in _FOREIGN for token in letters)
    return not (foreign >= 2 and foreign / len(letters) > known)


_FOREIGN = frozenset(
    """ich nicht und der das ist sie mir mich wir ein eine einen kann bitte danke wie haben auf für mit je vous nous
    est les une dans pas pour que qui avec merci suis votre bonjour c'est etes êtes el los las una que por para con
    usted está esta estoy muy gracias señor señora como donde dónde ayuda
    la del al lo se va su mucho hablo hay pero está estás aquí coche il che non sono della per grazie signora è
    di una mi ti ik niet het een u wij bent dank voor van och att jag inte är det som nie jest się proszę
    guten abend geht es ihnen ihr wir sind habe auch aber kein keine bonsoir allez ça je buenos días tardes cómo hola
    ciao buongiorno dzień dobry""".split()
) - frozenset(["het", "van", "non", "per", "mi", "con", "die"])

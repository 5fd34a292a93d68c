"""What an author wrote of a moment, in pieces that fit into a sentence: feelings, needs, steps that may be taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from roleplay.english import STOP_WORDS
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.reading import stem_weights

LONG = 16
"""Words from which on a piece is cut at its next joint."""

_PARTS = re.compile(
    r";\s+|(?<=\w)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bNo)\.\s+|,\s+(?:and|but)\s+(?=(?:not|to|for|that|the|a|an|some\w+|leave)\s)"
)
_FOR = re.compile(r"for (?:some|any)(?:body|one) ")
_LEANS = re.compile(r"(?:as|not an?|not the) ")
"""How a piece begins that says nothing without the one before it."""
_BARE_NOT = re.compile(r"^not (?=(?:be|have|look|get|lose|feel|go)\b)")
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_NO_REQUEST = re.compile(r"\bno (?:task|question|request)\b|^nothing asked\b|^asks? for nothing\b")
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|had|have|may|can|can't|will|needs?|counts?|means|feels?|comes|wants|goes|makes|there)\b"
)
_DETERMINER = re.compile(
    r"(?:an?|the|his|her|their|its|some|one|leave|permission|another|room|time|help|proof|dignity|privacy|"
    r"somewhere|somebody to|someone to)\b"
)
_LIES_UNDER = re.compile(r"(?:the |a )?(?:fear|hint|grief|dread|shame|guilt|worry|feeling)\b")
_VERB = re.compile(
    r"(?:asks|gives|says|tells|thanks|wants|offers|presses|takes|complains|brushes|apologises|apologizes|has sent|"
    r"hopes|refuses|wonders|insists|jokes|confesses|admits|explains|reports|describes|shows)\b"
)
_ASKING = re.compile(r"(?:whether|when|where|what|which|who|whom|why|how)\b")
_INVERTED = re.compile(r"(?:what|who|where|which|why|how|when) (?:are|is|do|does|must|can|will|should)\b")
_STATE_ENDS = ("ed", "ful", "less", "ous", "ant", "ent", "ing", "able", "y", "ic", "ive")
_NEARNESS = frozenset("close on off at near".split())
_ADVERB = frozenset(
    """very badly half quite so too still deeply close on all in at ill close already almost nearly suddenly openly
    quietly""".split()
)
_STATES = frozenset(
    """alone proud sad glad mad torn flat cold raw moved weary stung split sheepish tender able unable fair calm calmer
    worn caught struck numb shy small hurt lost stuck tense shaken shaking bitter afraid scared stiff wry lonely angry
    ashamed cornered furious helpless grateful fed drained hollow brave bright full fond solemn sick foolish practical
    desperate uncertain uneasy taken beaten put""".split()
)
_THINGS = frozenset(
    """grief fear panic dread guilt shame anger fury rage relief joy pride humiliation warmth terror worry distrust
    sorrow desperation shock resignation hopelessness longing weariness exhaustion gratitude embarrassment loneliness
    tenderness disgust vindication frustration disappointment anxiety despair love sadness irritation impatience
    hope curiosity delight remorse horror mischief dignity""".split()
)
_FAMILY_Y = frozenset("money baby every history family party lady story".split())
_FEELS = re.compile(
    r"(?:(?:half|almost|still|for the first time) )?"
    r"(?:does not|doesn't|cannot|can't|let|caught (?:him|her|them)self|has|was|"
    r"(?!\w*(?:ous|ss|us|is)\b|tears\b|nerves\b|thanks\b|as\b|his\b|always\b|perhaps\b)[a-z]{2,}s\b"
    r"(?! (?:of|and|in)\b))"
)
"""Begins with what somebody does ("wants to leave"), and not with how somebody is."""
_HAPPENED = re.compile(
    r"(?:the|it|this|that|there)\b(?: \w+){1,7}? (?:is|are|was|were|has|had)\b|it is\b", re.IGNORECASE
)
_MAY = re.compile(r"\b[Tt]rainee (?:can|may|could) (?!not\b|only\b|be\b)([^.;:]+)")
_NO_VERB = re.compile(r"[aeiouy]\w*ing$|ion$")
_COND = re.compile(r",? \b(?:if|only if|unless|and may|and can|but|or)\b.*$")


class Part(msgspec.Struct, frozen=True):
    """A piece of an author's text, and its `shape`: how it fits into a sentence (there.yaml)."""

    shape: str
    text: str


def feeling_of(feeling: str) -> Part:
    """The feeling, up to its first joint: a state, a thing, or whatever it is.

    Where an author tells first what has happened ("The errand is done; hollow"), it is the feeling after that.
    """
    first_piece, *later = re.split(r";\s+|(?<=\w)\.\s", feeling.strip(), maxsplit=1)
    if later and _HAPPENED.match(first_piece):
        after = feeling_of(later[0])
        if after.shape != "any":
            return after
    text = _to_you(first_piece.strip(" ."))
    if not re.match(r"\w+['’]s\b", text):
        text = f"{text[:1].lower()}{text[1:]}"
    tokens = re.findall(r"[a-z']+", text.lower())
    head = next((token for token in tokens if token not in _ADVERB and not token.endswith("ly")), "")
    first = tokens[0] if tokens else ""
    if first in _NEARNESS:
        return Part("state", text)
    if _FEELS.match(text):
        return Part("verb", text)
    is_state = text.split(" ")[0].rstrip(",").endswith(_STATE_ENDS) and first not in _FAMILY_Y | _THINGS
    if _FINITE.search(" ".join(tokens[:6])) and first not in _THINGS | _STATES and not is_state:
        return Part("any", text)
    if first in _THINGS and _FINITE.fullmatch(" ".join(tokens[1:2])):
        return Part("any", text)
    if head in _THINGS and first in (head, "raw", "cold", "exhausted", "composed", "humiliated", "shy", "gallows"):
        return Part("thing", text)
    if first in ("a", "an") and "rush" in tokens[:3]:
        return Part("thing", text)
    if tokens[-1:] and tokens[-1] in _THINGS and len(tokens) <= 3 and "," not in text:
        return Part("thing", text)
    if any(part.strip() in _THINGS for part in text.split(",")[1:]):
        return Part("any", text)
    if is_state or head in _STATES or (head.endswith(_STATE_ENDS) and head not in _FAMILY_Y):
        second = tokens[tokens.index(head) + 1 :][:1] if head in tokens else []
        noun_follows = bool(second) and second[0] in _THINGS | {"gladness", "affection", "humour", "calm", "worry"}
        return Part("thing" if noun_follows else "state", text)
    return Part("any", text)


def parts_of(need: str) -> tuple[Part, ...]:
    """The pieces of an unspoken need, in their order."""
    return tuple(Part(_shape(text), text) for text in _pieces(need))


def spoken_of(need: str) -> tuple[Part, ...]:
    """The pieces of a spoken need; one of shape "received" where nothing was asked for."""
    if _NO_REQUEST.search(need.lower()):
        return (Part("received", ""),)
    found = []
    for text in _pieces(_BRACKETS.sub("", need)):
        low = text.lower()
        if "?" in text or _INVERTED.match(low):
            found.append(Part("any", text))
        elif _ASKING.match(low):
            found.append(Part("clause", text))
        elif _VERB.match(low):
            found.append(Part("verb", text))
        else:
            shape = _shape(text)
            found.append(Part("thing" if shape == "thing" else "any", text))
    return tuple(found)


def possible_steps(occasion: Occasion) -> Iterator[Part]:
    """What the trainee may do: what the moment's note says of it, then what the persona allows."""
    for found in _MAY.findall(occasion.note):
        text = _to_you(_COND.sub("", _BRACKETS.sub("", found)).strip(" ,"))
        if sum(weight >= 1 for weight in stem_weights(text).values()) >= 2:
            yield Part("may", text)
    for step in occasion.may:
        text = _softened(step.strip().rstrip("."))
        first = text.split(" ", 1)[0].lower() if text else ""
        verb = first == "let" or (first and first not in STOP_WORDS and not _NO_VERB.search(first))
        yield Part("may" if verb else "any", text)


def _pieces(text: str) -> list[str]:
    """`text` in pieces at its joints, each without its full stop; a long one without what follows its last comma."""
    pieces: list[str] = []
    for piece in _PARTS.split(text.strip()):
        softened = _BARE_NOT.sub("not to ", _softened(piece.strip(" .,").removeprefix("and ")).removeprefix("needs "))
        if pieces and _LEANS.match(softened):
            continue
        whose = _FOR.match(pieces[-1]) if pieces else None
        passive = softened.removeprefix("not ").startswith("to be ")
        if (
            whose and softened.startswith(("to ", "not to ")) and not passive
        ):  # what somebody is to do, and not the customer
            softened = f"{whose.group()}{softened}"
        if len(softened) > 2:
            pieces.append(softened)
    return [_cut(piece) for piece in pieces]


def _cut(piece: str) -> str:
    while len(piece.split()) > LONG and ", " in piece:
        piece = piece.rpartition(", ")[0]
    return piece


def _shape(text: str) -> str:
    low = text.lower()
    if low.startswith("to "):
        return "thing"
    if low.startswith("that "):
        return "that"
    if low.startswith(("for ", "not to ")):
        return "clause"
    opening = " ".join(low.split()[:6])
    if _DETERMINER.match(low) and not _LIES_UNDER.match(low) and not _FINITE.search(opening):
        return "thing"
    return "any"


def _softened(text: str) -> str:
    """`text` said to the trainee, with a small letter where it only began a sentence."""
    text = _to_you(" ".join(text.split()))
    first = re.match(r"[A-Z][a-z]+\b(?!\.)|A\b", text)
    if first and _common(first.group().lower(), text):
        return f"{text[0].lower()}{text[1:]}"
    return text


def _common(word: str, text: str) -> bool:
    """Whether a word that begins a text is no name; days and names of people have no ending of a common word."""
    return (
        word in STOP_WORDS
        or word in _THINGS | _STATES | _ADVERB
        or (word.endswith(_COMMON_ENDS) and not word.endswith(("days", "day")))
        or _FAMILIAR.match(word) is not None
    )


_COMMON_ENDS = ("ed", "ing", "ly", "ful", "s", "tion", "ness", "ment", "er", "est")
_FAMILIAR = re.compile(
    r"(?:that|for|not|somebody|someone|nobody|close|dread|hurt|half|proud|unable|able|guilt|says|wants|very|alone|"
    r"whoever|every|help|leave|permission|say|give|call|send|ask|raise|ring|read|write|stay|stop|bring|let|lift|take|"
    r"withdraw|spend|skip|dispatch|tell|put|make|find|frightened|caught|struck|fair|flat|small|stung|torn|worn)$"
)


def _to_you(text: str) -> str:
    return re.sub(r"\b[Tt]he trainee\b", "you", re.sub(r"\b[Tt]he trainee['’]s\b", "your", text))

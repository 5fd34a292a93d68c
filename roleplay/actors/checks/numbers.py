"""Finds the numbers in a text, whether in digits or in words, with the word before and after each."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from roleplay.english import stem

_UNITS = {
    word: value
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split()
    )
}
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_ORDINALS = dict(
    zip(
        """sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth
        eighteenth nineteenth twentieth thirtieth""".split(),
        [*range(6, 21), 30],
        strict=True,
    )
)
_LOW_ORDINALS = dict(zip("first second third fourth fifth".split(), range(1, 6), strict=True))
_BIG = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_DIGIT_WORDS = {word: str(value) for word, value in _UNITS.items() if value < 10} | {"oh": "0"}
MONTHS = tuple("january february march april may june july august september october november december".split())
_TOKEN = re.compile(
    r"\d{1,2}:\d\d|\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:st|nd|rd|th)?(?![a-z])|[^\W\d_]+(?:['’][^\W\d_]+)*|[.!?;…]"
)
_CLOCK = re.compile(
    r"\b(?P<by>a? ?quarter|half|five|ten|twenty(?:[- ]five)?|\d{1,2})(?: minutes)? (?P<way>past|to|after|before|of) "
    r"(?P<hour>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\b"
)


_POSSESSED = re.compile(rf"\b({'|'.join((*_UNITS, *_TENS))})'s\b")
_DATE = re.compile(
    r"\b(?:(?P<day>[a-z]+(?:[- ][a-z]+)?|\d{1,2}(?:st|nd|rd|th)?) of (?P<month>MONTHS)"
    r"|(?P<month_first>MONTHS)(?: the)? (?P<day_last>[a-z]+(?:-[a-z]+)?|\d{1,2}(?:st|nd|rd|th)?))\b".replace(
        "MONTHS", "|".join(MONTHS)
    )
)


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """A number as it stands in a text. `value` is its digits, without commas.

    A time of day is `h:mm`, a date the month and the day, as in `february 6`. `before` is the stem of the word before
    it, `after` of the one after it, empty where a sentence ends in between.
    """

    value: str
    spelled: bool
    before: str = ""
    after: str = ""


def numbers(text: str) -> list[Number]:
    """All numbers in `text`, dates and times of day first. `first` to `fifth` count only in a date."""
    lowered = _POSSESSED.sub(r"\1", text.lower().replace("’", "'"))
    lowered = re.sub(r"\bhalf an? hour\b|\bhalf-hour\b", "30 minutes", lowered)
    found: list[Number] = []

    def taken(match: re.Match[str], value: str | None) -> str:
        if value is None:
            return match.group()
        found.append(Number(value=value, spelled=True))
        return " . "

    lowered = _DATE.sub(lambda match: taken(match, _date(match)), lowered)
    lowered = _CLOCK.sub(lambda match: taken(match, _clock(match["by"].strip(), match["way"], match["hour"])), lowered)
    return found + list(_plain(_TOKEN.findall(lowered.replace("-", " "))))


def _date(match: re.Match[str]) -> str | None:
    day = re.split("[- ]", match["day"] or match["day_last"])
    for start in range(len(day)):
        value = _day(day[start:])
        if value:
            return f"{match['month'] or match['month_first']} {value}"
    return None


def _day(tokens: list[str]) -> int:
    """The day of a month that `tokens` name, 0 if they name none."""
    if len(tokens) == 2:
        return _TENS[tokens[0]] + _day(tokens[1:]) if tokens[0] in _TENS and _day(tokens[1:]) < 10 else 0
    plain = re.sub(r"(?:st|nd|rd|th)$", "", tokens[0])
    if plain.isdigit():
        return int(plain)
    return _LOW_ORDINALS.get(tokens[0]) or _ORDINALS.get(tokens[0]) or _UNITS.get(tokens[0]) or _TENS.get(tokens[0], 0)


def _clock(by: str, way: str, hour: str) -> str:
    minutes = {"a quarter": 15, "quarter": 15, "half": 30}.get(by) or _value(re.split("[- ]", by))
    at = _value([hour])
    if way in ("to", "before", "of"):
        at, minutes = (at - 2) % 12 + 1, 60 - minutes
    return f"{at}:{minutes:02}"


def _value(tokens: list[str]) -> int:
    return sum(int(each) if each.isdigit() else _UNITS.get(each) or _TENS.get(each, 0) for each in tokens)


def _plain(tokens: list[str]) -> Iterator[Number]:
    place = 0
    while place < len(tokens):
        value, length = _number_at(tokens, place)
        if value is not None:
            yield Number(
                value=value,
                spelled=not tokens[place][0].isdigit(),
                before=_neighbour(tokens, place - 1),
                after=_neighbour(tokens, place + length),
            )
        place += length


def _neighbour(tokens: list[str], place: int) -> str:
    return stem(tokens[place]) if 0 <= place < len(tokens) and tokens[place][0].isalpha() else ""


def _number_at(tokens: list[str], place: int) -> tuple[str | None, int]:
    """The value of the number that begins at `place`, None if there is none, and how many tokens it takes."""
    token = tokens[place]
    if token[0].isdigit():
        return _in_digits(token), 1
    end = place
    while end < len(tokens) and tokens[end] in _DIGIT_WORDS:
        end += 1
    if end - place >= 3:
        return "".join(_DIGIT_WORDS[each] for each in tokens[place:end]), end - place
    if token in _ORDINALS:
        return str(_ORDINALS[token]), 1
    return _cardinal(tokens, place)


def _in_digits(token: str) -> str:
    if ":" in token:
        return token.lstrip("0")
    plain = re.sub(r"(?:st|nd|rd|th)$", "", token).replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _cardinal(tokens: list[str], place: int) -> tuple[str | None, int]:
    total, end = _below_hundred(tokens, place)
    if end == place and tokens[place] in (*_BIG, "dozen") and tokens[place - 1 : place] in (["a"], ["half"]):
        total = 1
    while total and end < len(tokens) and tokens[end] in _BIG:
        total *= _BIG[tokens[end]]
        end += 1
    if total and end < len(tokens) and tokens[end] == "dozen":
        total *= 12
        end += 1
    return (str(total), end - place) if end > place else (None, 1)


def _below_hundred(tokens: list[str], place: int) -> tuple[int, int]:
    """The value of the number word, or the pair of them, at `place`, and where it ends; `place` if there is none."""
    token = tokens[place]
    if token in _UNITS:
        return _UNITS[token], place + 1
    if token not in _TENS:
        return 0, place
    following = tokens[place + 1] if place + 1 < len(tokens) else ""
    unit = _UNITS.get(following) or _LOW_ORDINALS.get(following) or _ORDINALS.get(following) or 0
    return (_TENS[token] + unit, place + 2) if 0 < unit < 10 else (_TENS[token], place + 1)

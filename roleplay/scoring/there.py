"""What was there to be met at a moment, said for each dimension that a reply did not fully reach.

It is made of the moment and of the customer's own words, whoever judged the reply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import msgspec
import yaml

from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.persona.message import Message
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.authored import Part, feeling_of, parts_of, possible_steps, spoken_of
from roleplay.scoring.carried import carrying, clauses
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.grounding import shared
from roleplay.scoring.offline.needs import needs_in
from roleplay.scoring.offline.phrases import act, moment
from roleplay.scoring.offline.reading import plain, stem_weights
from roleplay.scoring.unrepeated import Unrepeated
from roleplay.text import one_line

DONE = 0.6
"""From this share of its particular words on, a step counts as taken by what the trainee said."""

_SLOT = re.compile(r"\{(name|words|need|feeling)\}")
_PASSED_ON = re.compile(r"\btell (?:him|her|them) plainly\b|\bpass(?:ed|es|ing)? on what\b")
"""Where a third person is to be told of a hint: it is not in what that person says."""
NEAR = 2
"""Particular words that a step must share with a moment to be named there."""


class There(msgspec.Struct, frozen=True):
    """What was there for one dimension: `level` is the 0 or 1 that the reply reached, `text` one or two sentences."""

    dimension: Dimension
    level: int
    text: str


_WAYS = dict[Dimension, dict[str, tuple[str, ...]]]
msgspec.json.Decoder(_WAYS)  # at the first use of a type in two threads msgspec may crash; an import is in one


@cache
def _ways() -> dict[Dimension, dict[str, tuple[str, ...]]]:
    text = Path(__file__).with_name("there.yaml").read_text(encoding="utf-8")
    loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return msgspec.convert(loaded, _WAYS)


def what_was_there(
    occasion: Occasion,
    history: Sequence[Message],
    reply: str,
    assessment: Assessment,
    telling: Unrepeated,
    *,
    name: str = "the customer",
) -> tuple[There, ...]:
    """What was there for each dimension called for in which `reply`, given after `history`, is below 2.

    Nothing that was said in `telling` before is said again; where nothing else is left to say, a dimension is left out.
    `name` is the customer's. The same arguments, told to the same extent, give the same words.
    """
    if not assessment.scorable:
        return ()
    told = _Moment(occasion, history, reply, telling, name, assessment)
    found = []
    for dimension in DIMENSIONS:
        level = assessment.scores[dimension]
        if level is not None and level < 2:
            text = told.there(dimension, level)
            if text:
                found.append(There(dimension, level, text))
    return tuple(found)


class _Moment:
    """A moment that is being told, and what of it has been quoted for this reply."""

    def __init__(
        self,
        occasion: Occasion,
        history: Sequence[Message],
        reply: str,
        telling: Unrepeated,
        name: str,
        assessment: Assessment,
    ) -> None:
        self._occasion, self._telling, self._name, self._reply = occasion, telling, name, reply
        self._met, self._undone = assessment.opportunity == "met", assessment.flags.safety
        self._latest = next((message.text for message in reversed(history) if message.role == "customer"), "")
        mine = [message.text for message in history if message.role == "trainee"]
        done = stem_weights(" ".join((*mine, reply))).keys()
        self._done = {*done, *(root.removeprefix("un") for root in done)}
        self._asked = any(act("suicide_ask").search(plain(text)) for text in (*mine, reply))
        self._charge = any(act("takes_charge").search(plain(text)) for text in (*mine, reply))
        self._quoted: list[str] = []

    def there(self, dimension: Dimension, level: int) -> str:
        """What was there for `dimension`, and what would have met it; empty if there is nothing new to say."""
        quoted = self._carries(dimension)
        if dimension == "explores" and self._met:  # one may ask, and need not
            return self._said(dimension, "also", "", quoted)
        first = next(filter(None, (self._said(dimension, *shape, quoted) for shape in self._shapes(dimension))), "")
        if not first:
            return ""
        if quoted and one_line(quoted) in first:
            self._quoted.append(quoted)
        met_by = self._met_by(dimension, level)
        second = self._telling.say(met_by, f"{quoted}{self._reply}", lambda way: self._written(way, quoted, ""))
        return f"{first} {second}".rstrip()

    def _said(self, dimension: Dimension, shape: str, filling: str, quoted: str) -> str:
        if shape == "question" and "?" not in quoted:
            return ""
        if filling and not self._telling.once(f"{dimension}: {filling}"):
            return ""
        ways = _ways()[dimension].get(shape, ())
        return self._telling.say(ways, f"{quoted}{filling}", lambda way: self._written(way, quoted, filling))

    def _written(self, way: str, quoted: str, filling: str) -> str:
        if ("{words}" in way and not quoted) or (filling and plain(filling) in plain(quoted)):
            return ""
        if quoted.endswith(("?", "!", "…")):
            way = way.replace("“{words}”.", "“{words}”").replace("“{words}”?", "“{words}”")
        if filling.endswith(("?", "!")):
            way = way.removesuffix(".")
        slots = {"name": self._name, "words": one_line(quoted), "need": filling, "feeling": filling}
        written = _SLOT.sub(lambda slot: slots[slot[1]], way)
        return f"{written[:1].upper()}{written[1:]}"

    def _carries(self, dimension: Dimension) -> str:
        """The words of the customer's that carry what this dimension is about."""
        occasion = self._occasion
        said = f"{self._at_stake} said"
        if dimension in ("reaches_unspoken", "explores") and self._at_stake:
            hints = [each for each in clauses(self._latest) if moment(said).search(plain(each))]
            return hints[-1] if hints else carrying(self._latest, (occasion.note, occasion.feeling))
        towards = {
            "acknowledges_feeling": (occasion.feeling,),
            "names_need": (occasion.spoken,),
            "reaches_unspoken": (occasion.unspoken, occasion.feeling),
            "explores": (occasion.unspoken, occasion.note),
            "acts": (occasion.spoken, occasion.note),
        }[dimension]
        fresh = [clause for clause in clauses(self._latest) if clause not in self._quoted]
        asks = True if dimension == "names_need" and any("?" in clause for clause in fresh) else None
        if dimension in ("explores", "acknowledges_feeling", "reaches_unspoken"):
            asks = False
        return carrying(self._latest, towards, self._quoted, asks=asks)

    def _shapes(self, dimension: Dimension) -> Iterator[tuple[str, str]]:
        """The shapes in which it can be told, the most telling first, each with what fills it."""
        if dimension == "acknowledges_feeling":
            feeling = feeling_of(self._occasion.feeling)
            if feeling.text:
                yield feeling.shape, feeling.text
        elif dimension == "names_need":
            yield from self._requests()
        elif dimension == "reaches_unspoken":
            if self._at_stake:
                yield self._at_stake, ""
            yield from self._fresh(parts_of(self._occasion.unspoken))
        elif dimension == "explores" and self._at_stake:
            yield self._at_stake, ""
        elif dimension == "acts":
            yield from self._steps()
        yield "words", ""

    def _requests(self) -> Iterator[tuple[str, str]]:
        spoken = spoken_of(self._occasion.spoken)
        if any(part.shape == "received" for part in spoken):
            yield "received", ""
        else:
            yield from self._fresh(spoken)
        if "?" in carrying(self._latest, (), self._quoted, asks=True):
            yield "question", ""

    def _steps(self) -> Iterator[tuple[str, str]]:
        if self._occasion.boundary != "none":
            yield "boundary", ""
        wanted = stem_weights(
            " ".join((self._occasion.note, self._occasion.unspoken, self._occasion.spoken, self._latest))
        )
        steps = [
            (shared(stem_weights(step.text), wanted), step)
            for step in possible_steps(self._occasion)
            if not self._was_taken(step.text)
        ]
        for near, step in sorted(steps, key=lambda each: -each[0]):
            if near >= NEAR:
                yield step.shape, step.text
        quiet = not self._occasion.spoken and self._occasion.safety == "none"
        alone = quiet and "company" in needs_in(plain(self._occasion.unspoken))
        if alone and self._telling.once("acts: company"):
            yield "company", ""
        if self._no_task:
            yield "no_task", ""

    @property
    def _no_task(self) -> bool:
        """Whether nothing was to be done here, by the moment: there is no request, or the note says so."""
        occasion = self._occasion
        received = any(part.shape == "received" for part in spoken_of(occasion.spoken)) or not occasion.spoken
        return occasion.offers and occasion.safety == "none" and (received or "no task" in plain(occasion.note))

    def _was_taken(self, step: str) -> bool:
        particular = [root for root, weight in stem_weights(step).items() if weight >= 1]
        return sum(root in self._done for root in particular) >= DONE * max(len(particular), 1)

    def _fresh(self, parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
        """The parts of an author's need, what the customer's words are nearest to first."""
        latest = stem_weights(self._latest).keys()
        near = [sum(root in latest for root in stem_weights(part.text)) for part in parts]
        for _, part in sorted(zip(near, parts, strict=True), key=lambda each: -each[0]):
            yield part.shape, part.text

    @property
    def _at_stake(self) -> str:
        """The danger that was to be dealt with and was not: a kind of way to tell it, or empty."""
        if self._occasion.safety == "suicide" and not self._asked and not _PASSED_ON.search(plain(self._occasion.note)):
            return "suicide"
        open_danger = self._undone or not self._charge
        return "danger" if self._occasion.safety in ("danger", "harm") and open_danger else ""

    def _met_by(self, dimension: Dimension, level: int) -> tuple[str, ...]:
        ways = _ways()[dimension]
        special = f"{self._at_stake}_met_by"
        if self._at_stake and special in ways:
            return ways[special]
        if dimension == "acts" and (self._occasion.boundary != "none" or self._no_task):
            return ()
        return ways["half_way" if level else "nothing_yet"]

"""Notes lines that stand twice, and kinds of line that run out in a call."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Literal, get_args

import msgspec

from roleplay.english import words
from roleplay.persona.general import general_lines
from roleplay.persona.lines import Answer, Beat, Disclosure, Ending, Hears, Lines, Moment, MoodLine
from roleplay.persona.model import Customer, Gesture, Persona, Scene, Temperament, Visit
from roleplay.persona.problems import Problems
from roleplay.persona.yaml_nodes import Node, Way, at
from roleplay.text import counted

FEWEST_WORDS = 3
"""Words from which a line is remembered when it is said again; “Okay.” may be."""

_SHARED = ("reactions", "answers", "disclosures", "trainee", "endings")
"""What a visit has in common with the first one."""

Kind = Literal["met", "partly", "missed"]


class _Line(msgspec.Struct, frozen=True):
    """A line of the customer's. `pool`: the lines it is chosen among, of which one is said at a time; or none.

    `is_answer`: a plain fact, which may be reached by several questions.
    """

    way: Way
    text: str
    pool: Way = ()
    is_answer: bool = False


def check_repeats(records: Iterable[tuple[Way, msgspec.Struct]], root: Node, problems: Problems) -> None:
    """Note each line among `records` of a persona whose words stand before it among what the same call can hold.

    What is chosen among others is not chosen again once it was said, if it is the same to the letter; for such lines
    one hint is given.
    """
    spare: list[tuple[_Line, _Line]] = []
    for line, first in _repeated(records):
        there = at(root, first.way).line
        if _folded(line.text) != _folded(first.text):
            what = f"But for punctuation the same words stand in line {there}, and the customer would say them twice."
        elif not (line.pool and first.pool):
            what = f"The same words stand in line {there}, and nobody says a thing twice."
        else:
            if not (line.is_answer and first.is_answer):
                spare.append((line, first))
            continue
        problems.warning(at(root, line.way), what, "Word one of them anew.")
    if spare:
        line, first = spare[0]
        others = f", and {counted(len(spare) - 1, 'other line', 'other lines')} likewise" if spare[1:] else ""
        what = f"The same line stands in line {at(root, first.way).line}{others}; in one call it is said only once."
        problems.hint(
            at(root, line.way), what, "Word one of them anew, so that there is always something fresh to say."
        )


def _repeated(records: Iterable[tuple[Way, msgspec.Struct]]) -> Iterator[tuple[_Line, _Line]]:
    """Each line that repeats another, with that other one. Visits are calls of their own, with what is shared."""
    openings: set[str] = set()
    in_a_call: dict[tuple[str, ...], _Line] = {}
    on_a_visit: dict[tuple[int, tuple[str, ...]], _Line] = {}
    for line in _lines(records, openings):
        key = tuple(words(line.text))
        if len(key) < FEWEST_WORDS:
            continue
        if line.way[0] == "visits":
            shared = in_a_call.get(key)
            first = on_a_visit.setdefault((int(line.way[1]), key), line)
            if first is line and shared and shared.way[0] in _SHARED:
                first = shared
        else:
            first = in_a_call.setdefault(key, line)
        if first is not line and not (line.pool and line.pool == first.pool):
            yield line, first


def check_supply(persona: Persona, root: Node, problems: Problems) -> None:
    """Note each kind of line of which a call of ordinary length, in which every reply is of that kind, has too few."""
    _supply(persona, (), persona.customer.temperament, [*persona.moments, *persona.disclosures], root, problems)
    for number, scene in enumerate(persona.scenes):
        temper = scene.cast[0].temperament if scene.cast else persona.customer.temperament
        _supply(scene, ("scenes", number), temper, scene.moments, root, problems)


def _supply(
    part: Persona | Scene, path: Way, temper: Temperament, beats: Iterable[Beat], root: Node, problems: Problems
) -> None:
    """Count what may have to be said in `part`, and what there is: what a beat hears is said once for each beat."""
    offering = [beat for beat in beats if beat.offers]
    kind: Kind
    for kind in get_args(Kind):
        needed = len(offering)
        if kind == "missed" and temper.cools:
            needed = min(needed, math.ceil(temper.patience / temper.cools))  # then patience is gone
        own = len(getattr(part.reactions, kind)) + sum(bool(getattr(beat.hears, kind)) for beat in offering)
        general = sum(isinstance(line, str) for line in getattr(general_lines(), kind))
        if own + general < needed:
            what = (
                f"A call of {needed} replies that all count as {kind} has {counted(own, 'line', 'lines')} of its own "
                f"to answer them and {general} general ones; after that the customer answers with nothing."
            )
            problems.hint(at(root, (*path, "reactions", kind)), what, f"Write more under `reactions`: `{kind}`.")


def _lines(records: Iterable[tuple[Way, msgspec.Struct]], openings: set[str]) -> Iterator[_Line]:
    """Every line that can be said, in file order of the model; a first moment that says its opening is that opening."""
    for path, record in records:
        match record:
            case Customer(opening=opening) | Visit(opening=opening) | Scene(opening=opening):
                if not isinstance(record, Scene) or opening not in openings:
                    yield _Line((*path, "opening"), opening)
                openings.add(opening)
            case Moment(says=says):
                if path[-1] != 0 or says not in openings:
                    yield _Line((*path, "says"), says)
            case Disclosure():
                yield _Line((*path, "says"), record.says)
                for number, line in enumerate(record.deflections):
                    yield _Line((*path, "deflects", number), line, (*path, "deflects"))
            case Ending(says=says):
                yield _Line((*path, "says"), says, path[:-1])  # of endings, too, only one is come to
            case Answer():
                yield from _pooled((*path, "says"), record.lines, is_answer=True)
            case Hears():
                for name in record.__struct_fields__:
                    yield from _pooled((*path, name), getattr(record, name))
            case Gesture():
                yield from _pooled((*path, "hears"), record.hears)


def _pooled(path: Way, lines: Lines, *, is_answer: bool = False) -> Iterator[_Line]:
    """The lines of one pool."""
    for number, line in enumerate(lines):
        if isinstance(line, MoodLine):
            yield _Line((*path, number, "says"), line.says, path, is_answer)
        else:
            yield _Line((*path, number), line, path, is_answer)


def _folded(line: str) -> str:
    return " ".join(line.casefold().split())

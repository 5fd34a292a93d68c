"""Finds words that give a disclosure away in lines that are said, shown or sent without it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from roleplay.persona.condition import LARGEST_WEIGHED, MOST_WEIGHED, Condition, parse_condition
from roleplay.persona.lines import Better, Disclosure, Ending, Hears, Lines, Moment, MoodLine
from roleplay.persona.model import Persona, QueueCustomer, Scene
from roleplay.persona.problems import Problems, Severity
from roleplay.persona.scene_checks import FirstScenes, first_scenes
from roleplay.persona.yaml_nodes import Node, Way, at
from roleplay.text import quote

MOST_WORDS = 8
"""Most words in one entry of `gives_away`."""

_WORD = re.compile(r"\w+")


class Passage(msgspec.Struct, frozen=True):
    """A text that somebody may read or hear before a disclosure.

    `belongs_to`: the disclosure it is part of; `when`: the conditions under which alone it is said; `scene`: the number
    of the scene in which it is.
    """

    path: Way
    text: str
    severity: Severity = "error"
    belongs_to: str = ""
    when: tuple[Condition, ...] = ()
    scene: int = 0


def gives_away(text: str, words: Iterable[str]) -> bool:
    """Whether `text` contains one of `words` (each a word or a few in a row), whole, in whatever case."""
    said = _words(text)
    return any(
        said[start : start + len(phrase)] == phrase
        for phrase in map(_words, words)
        if phrase
        for start in range(len(said) - len(phrase) + 1)
    )


def check_leaks(persona: Persona, root: Node, problems: Problems) -> None:
    """Note each passage that gives a disclosure away too early. Raises `TooMany`."""
    later = [disclosure for visit in persona.visits for disclosure in visit.disclosures]
    moments = list(persona.moments)
    for scene in persona.scenes:
        moments.extend(scene.moments)
    for visit in persona.visits:
        moments.extend(visit.moments)
    endings = [*persona.endings, *(ending for scene in persona.scenes for ending in scene.endings)]
    endings += [ending for visit in persona.visits for ending in visit.endings]
    hidden = [*persona.disclosures, *later, *(each for one in persona.queue for each in one.disclosures)]
    _check(_Secrets(hidden, moments, endings, first_scenes(persona)), _of_persona(persona), root, problems, ())
    for number, visit in enumerate(persona.visits):
        _words_are_few(visit.disclosures, root, problems, ("visits", number))
    _words_are_few(persona.disclosures, root, problems, ())
    for number, customer in enumerate(persona.queue):
        start = ("queue", number)
        secrets = _Secrets(customer.disclosures, customer.moments, customer.endings)
        _check(secrets, _of_customer(customer), root, problems, start)
        _words_are_few(customer.disclosures, root, problems, start)


class _Secrets:
    """The words of all disclosures, and who may say them when."""

    def __init__(
        self,
        disclosures: Iterable[Disclosure],
        moments: Iterable[Moment],
        endings: Iterable[Ending],
        first: FirstScenes | None = None,
    ) -> None:
        self._first = first or {}
        self._owners: dict[tuple[str, ...], set[str]] = {}
        self._longest: dict[str, int] = {}
        self._moments = {moment.id: moment for moment in moments}
        self._endings: dict[str, list[Ending]] = {}
        for ending in endings:
            self._endings.setdefault(ending.id, []).append(ending)
        self._weighed = 0
        for disclosure in disclosures:
            for entry in disclosure.gives_away:
                words = _words(entry)[:MOST_WORDS]
                if words:
                    self._owners.setdefault(words, set()).add(disclosure.id)
                    self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    def found_in(self, passage: Passage) -> tuple[str, str] | None:
        """The first words in `passage` that come too early, and the disclosure that they give away."""
        words = _words(passage.text)
        for start, word in enumerate(words):
            for length in range(1, self._longest.get(word, 0) + 1):
                phrase = words[start : start + length]
                owners = self._owners.get(phrase)
                if owners and passage.belongs_to not in owners and not self._comes_after(passage.when, owners):
                    return " ".join(phrase), min(owners)
        return None

    def may_be_told_before(self, scene: int, disclosure: str) -> bool:
        """Whether the disclosure can have been told in a scene before the one of that number."""
        return self._first.get(("disclosed", disclosure), 0) < scene

    def _comes_after(self, conditions: Iterable[Condition], owners: set[str]) -> bool:
        return any(self._waits(condition, owners, set()) for condition in conditions)

    def _waits(self, condition: Condition, owners: set[str], seen: set[str]) -> bool:
        """Whether `condition` can hold only after one of `owners`, or after a moment or an ending that does."""
        mentioned = condition.mentions()
        if not any(fact in ("disclosed", "said", "ended") for fact, _ in mentioned):
            return False
        self._weighed += 1
        if self._weighed > MOST_WEIGHED or condition.size() > LARGEST_WEIGHED:
            return True  # too much to weigh: the author is trusted
        if any(("disclosed", owner) in mentioned and condition.requires("disclosed", owner) for owner in owners):
            return True
        for fact, ident in mentioned:
            ends = self._endings.get(ident, []) if fact == "ended" else []
            if ends and condition.requires("ended", ident) and f"ended {ident}" not in seen:
                further = seen | {f"ended {ident}"}
                if all(self._waits(ending.condition, owners, further) for ending in ends):
                    return True
            moment = self._moments.get(ident)
            before = moment.condition if moment and fact == "said" and ident not in seen else None
            if before and condition.requires("said", ident) and self._waits(before, owners, seen | {ident}):
                return True
        return False


def _check(secrets: _Secrets, passages: Iterable[Passage], root: Node, problems: Problems, start: Way) -> None:
    for passage in passages:
        found = secrets.found_in(passage)
        if found is None:
            continue
        words, disclosure = found
        what = f"{quote(words)} gives the disclosure {quote(disclosure)} away before it is made."
        mend = "Say it without these words"
        mend += f", or only `when: disclosed({disclosure})`." if "moments" in passage.path else "."
        place = at(root, (*start, *passage.path))
        doubtful = passage.severity == "warning" or secrets.may_be_told_before(passage.scene, disclosure)
        (problems.warning if doubtful else problems.error)(place, what, mend)


def _words_are_few(disclosures: Iterable[Disclosure], root: Node, problems: Problems, start: Way) -> None:
    for number, disclosure in enumerate(disclosures):
        for place, entry in enumerate(disclosure.gives_away):
            if len(_words(entry)) > MOST_WORDS:
                here = at(root, (*start, "disclosures", number, "gives_away", place))
                problems.error(here, f"This has more than {MOST_WORDS} words.", "Write the words that give it away.")


def _of_persona(persona: Persona) -> Iterator[Passage]:
    trainee = persona.trainee
    yield Passage(("title",), persona.title)
    yield Passage(("summary",), persona.summary)
    yield Passage(("trainee", "role"), trainee.role)
    yield Passage(("trainee", "brief"), trainee.brief)
    for name, value in trainee.record.items():
        yield Passage(("trainee", "record", name), f"{name}: {value}")
    for place, text in enumerate(trainee.may):
        yield Passage(("trainee", "may", place), text)
    for place, text in enumerate(trainee.may_not):
        yield Passage(("trainee", "may_not", place), text)
    for place, gesture in enumerate(persona.gestures):
        yield Passage(("trainee", "gestures", place), gesture.does)
        yield from _lines(("trainee", "gestures", place, "hears"), gesture.hears, "warning")
    for name in persona.reactions.__struct_fields__:
        yield from _lines(("reactions", name), getattr(persona.reactions, name))
    numbers: dict[str | None, int] = {scene.id: number for number, scene in enumerate(persona.scenes)}
    for passage in _of_customer(persona):
        part, *rest = passage.path
        told_in = persona.disclosures[int(rest[0])].scene if part == "disclosures" else None
        yield msgspec.structs.replace(passage, scene=numbers.get(told_in, 0))
    for place, scene in enumerate(persona.scenes):
        for passage in _of_scene(("scenes", place), scene):
            yield msgspec.structs.replace(passage, scene=place)
    for place, visit in enumerate(persona.visits):
        here: Way = ("visits", place)
        due = (parse_condition(visit.when),) if visit.when else ()
        for name in ("title", "brief", "opening", "backstory"):
            yield Passage((*here, name), getattr(visit, name), "warning", when=due)
        for name, value in visit.record.items():
            yield Passage((*here, "record", name), f"{name}: {value}", "warning", when=due)
        for number, answer in enumerate(visit.answers):
            yield from _lines((*here, "answers", number, "says"), answer.lines, "warning", when=due)
        yield from _of_moments((*here, "moments"), visit.moments, "warning", due)
        yield from _of_disclosures((*here, "disclosures"), visit.disclosures, "warning", due)
        yield from _of_endings((*here, "endings"), visit.endings, due)


def _of_scene(here: Way, scene: Scene) -> Iterator[Passage]:
    yield Passage((*here, "title"), scene.title)
    yield Passage((*here, "narration"), scene.narration)
    yield Passage((*here, "opening"), scene.opening)
    for number, member in enumerate(scene.cast):
        yield Passage((*here, "cast", number, "voice"), member.voice)
        yield Passage((*here, "cast", number, "backstory"), member.backstory)
    yield from _of_moments((*here, "moments"), scene.moments, "error")
    for place, answer in enumerate(scene.answers):
        yield from _lines((*here, "answers", place, "says"), answer.lines)
    for name in scene.reactions.__struct_fields__:
        yield from _lines((*here, "reactions", name), getattr(scene.reactions, name))
    yield from _of_endings((*here, "endings"), scene.endings)


def _of_customer(customer: Persona | QueueCustomer) -> Iterator[Passage]:
    who = customer.customer
    yield Passage(("customer", "opening"), who.opening)
    yield Passage(("customer", "backstory"), who.backstory)
    yield Passage(("customer", "voice"), who.voice)
    yield from _of_moments(("moments",), customer.moments, "error")
    yield from _of_disclosures(("disclosures",), customer.disclosures, "error")
    for place, answer in enumerate(customer.answers):
        yield from _lines(("answers", place, "says"), answer.lines)
    yield from _of_endings(("endings",), customer.endings)
    if isinstance(customer, QueueCustomer):
        yield Passage(("title",), customer.title)
        yield Passage(("narration",), customer.narration)
        for name in customer.reactions.__struct_fields__:
            yield from _lines(("reactions", name), getattr(customer.reactions, name))


def _of_endings(path: Way, endings: Iterable[Ending], when: tuple[Condition, ...] = ()) -> Iterator[Passage]:
    for place, ending in enumerate(endings):
        mine = (*when, ending.condition)
        yield Passage((*path, place, "says"), ending.says, "warning", when=mine)
        yield Passage((*path, place, "epilogue"), ending.epilogue, "warning", when=mine)


def _of_moments(
    path: Way, moments: Iterable[Moment], severity: Severity, when: tuple[Condition, ...] = ()
) -> Iterator[Passage]:
    for place, moment in enumerate(moments):
        mine = (*when, moment.condition) if moment.condition else when
        yield Passage((*path, place, "says"), moment.says, severity, when=mine)
        yield from _hears((*path, place), moment.hears, severity, when=mine)
        yield from _better((*path, place), moment.better, when=mine)


def _of_disclosures(
    path: Way, disclosures: Iterable[Disclosure], severity: Severity, when: tuple[Condition, ...] = ()
) -> Iterator[Passage]:
    for place, disclosure in enumerate(disclosures):
        here = (*path, place)
        # What one disclosure says about another is only doubtful: trust and order may keep it behind the other.
        yield Passage((*here, "says"), disclosure.says, "warning", disclosure.id, when)
        yield from _hears(here, disclosure.hears, "warning", disclosure.id, when)
        yield from _better(here, disclosure.better, disclosure.id, when)
        for number, line in enumerate(disclosure.deflections):
            yield Passage((*here, "deflects", number), line, severity, when=when)


def _hears(
    path: Way, hears: Hears, severity: Severity, belongs_to: str = "", when: tuple[Condition, ...] = ()
) -> Iterator[Passage]:
    for name in hears.__struct_fields__:
        yield from _lines((*path, "hears", name), getattr(hears, name), severity, belongs_to, when)


def _better(
    path: Way, better: Iterable[Better], belongs_to: str = "", when: tuple[Condition, ...] = ()
) -> Iterator[Passage]:
    """Worked replies: shown after the call, and to somebody who means to take it again."""
    for place, each in enumerate(better):
        yield Passage((*path, "better", place, "reply"), each.reply, "warning", belongs_to, when)
        yield Passage((*path, "better", place, "why"), each.why, "warning", belongs_to, when)


def _lines(
    path: Way,
    lines: Lines,
    severity: Severity = "error",
    belongs_to: str = "",
    when: tuple[Condition, ...] = (),
) -> Iterator[Passage]:
    for place, line in enumerate(lines):
        if isinstance(line, MoodLine):
            yield Passage((*path, place, "says"), line.says, severity, belongs_to, (*when, line.condition))
        else:
            yield Passage((*path, place), line, severity, belongs_to, when)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(text))

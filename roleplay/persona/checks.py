"""Checks what a persona's parts say about each other: ids that lead nowhere, needs that nobody can reach, slips."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

import msgspec

from roleplay.persona.completion import complete
from roleplay.persona.condition import LARGEST_WEIGHED, MOST_WEIGHED, Condition, parse_condition
from roleplay.persona.doubts import check_doubts
from roleplay.persona.expression import FactName
from roleplay.persona.leaks import check_leaks
from roleplay.persona.model import (
    WINDS_DOWN,
    Beat,
    Disclosure,
    Ending,
    Gesture,
    Moment,
    MoodLine,
    Need,
    Persona,
    PersonaTest,
    QueueCustomer,
    Scene,
    Visit,
)
from roleplay.persona.problems import Place, Problems, listed, nearest
from roleplay.persona.scene_checks import FirstScenes, check_scenes, first_scenes
from roleplay.persona.yaml_nodes import Node, Way, at, inside
from roleplay.text import quote


def check_persona(persona: Persona, root: Node, problems: Problems, stem: str) -> None:
    """Note everything about `persona` that cannot be played, or is probably not meant, at its place under `root`.

    `stem` is the file's name without its ending. Raises `TooMany`.
    """
    if persona.id != stem:
        problems.warning(
            at(root, ("id",)),
            f"The id {quote(persona.id)} is not the file's name ({quote(stem, 60)}).",
            "Rename one of them: people ask for a persona by either.",
        )
    played = complete(persona)
    _Checker(persona, _World.of_persona(played), root, problems, ()).check()
    check_scenes(persona, root, problems)
    for number, (written, customer) in enumerate(zip(persona.queue, played.queue, strict=True)):
        _Checker(written, _World.of_customer(customer), root, problems, ("queue", number)).check()
    check_doubts(persona, root, problems)
    check_leaks(persona, root, problems)


def walk(record: object, path: Way = ()) -> Iterator[tuple[Way, msgspec.Struct]]:
    """Every record inside `record`, itself included, each with the way to it; in file order of the model."""
    if isinstance(record, msgspec.Struct):
        yield path, record
        for name in record.__struct_fields__:
            yield from walk(getattr(record, name), (*path, name))
    elif isinstance(record, tuple):
        for place, item in enumerate(record):
            yield from walk(item, (*path, place))
    elif isinstance(record, dict):
        for name, item in record.items():
            yield from walk(item, (*path, name))


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


class _World(msgspec.Struct, frozen=True):
    """The ids that may be named. Taken from the completed persona, so that what is made can be named as well."""

    needs: dict[str, Need]
    moments: Collection[str]
    disclosures: Collection[str]
    scenes: Collection[str]
    endings: Collection[str]
    told: Collection[str | None]
    offered: Collection[str | None]
    first: FirstScenes = {}

    @classmethod
    def of_persona(cls, persona: Persona) -> _World:
        moments, disclosures, endings = list(persona.moments), list(persona.disclosures), list(persona.endings)
        for scene in persona.scenes:
            moments.extend(scene.moments)
        for visit in persona.visits:
            moments.extend(visit.moments)
            disclosures.extend(visit.disclosures)
            endings.extend(visit.endings)
        scenes = {scene.id for scene in persona.scenes}
        world = cls._of(persona.needs, moments, disclosures, endings, scenes)
        return msgspec.structs.replace(world, first=first_scenes(persona))

    @classmethod
    def of_customer(cls, customer: QueueCustomer) -> _World:
        return cls._of(customer.needs, customer.moments, customer.disclosures, customer.endings, set())

    @classmethod
    def _of(
        cls,
        needs: dict[str, Need],
        moments: Iterable[Moment],
        disclosures: Iterable[Disclosure],
        endings: Iterable[Ending],
        scenes: Collection[str],
    ) -> _World:
        moments, disclosures = list(moments), list(disclosures)
        beats: list[Beat] = [*moments, *disclosures]
        return cls(
            needs=needs,
            moments={moment.id for moment in moments},
            disclosures={disclosure.id for disclosure in disclosures},
            scenes=scenes,
            endings={*(ending.id for ending in endings), WINDS_DOWN},
            told={disclosure.tells for disclosure in disclosures},
            offered={need for beat in beats for need in (beat.spoken, beat.unspoken)},
        )


class _Checker:
    """Checks one customer: the persona, or one of its queue."""

    def __init__(
        self, customer: Persona | QueueCustomer, world: _World, root: Node, problems: Problems, start: Way
    ) -> None:
        self._customer, self._world, self._root, self._problems, self._start = customer, world, root, problems, start
        self._weighed = 0

    def check(self) -> None:
        self._ids()
        self._openings()
        self._needs()
        for path, record in walk(self._customer):
            if isinstance(self._customer, Persona) and path[:1] == ("queue",):
                continue
            match record:
                case Disclosure():
                    self._beat(path, record)
                    self._tells(path, record)
                    if record.scene and record.scene not in self._world.scenes:
                        self._unknown(self._at((*path, "scene")), record.scene, self._world.scenes, "scene")
                case Moment():
                    self._beat(path, record)
                    self._condition((*path, "when"), record.condition)
                case MoodLine() | Ending():
                    self._condition((*path, "when"), record.condition)
                case Visit(when=str(when)):
                    self._condition((*path, "when"), parse_condition(when))
                case Scene(next=str(when)):
                    self._condition((*path, "next"), parse_condition(when))
                case Gesture():
                    beats = {*self._world.moments, *self._world.disclosures}
                    self._names((*path, "fits"), record.fits, beats, "moment or disclosure")
                case PersonaTest():
                    self._test((*path, "expect"), record)

    def _ids(self) -> None:
        """Moments and disclosures share one set of names; a visit may say its own under a name of the main call."""
        customer = self._customer
        beats: dict[str, Way] = {}
        self._unique(("moments",), customer.moments, beats, "moment or disclosure")
        self._unique(("disclosures",), customer.disclosures, beats, "moment or disclosure")
        self._unique(("endings",), customer.endings, {}, "ending")
        if not isinstance(customer, Persona):
            return
        scenes: dict[str, Way] = {}
        visits: dict[str, Way] = {}
        self._unique(("scenes",), customer.scenes, scenes, "scene")
        self._unique(("visits",), customer.visits, visits, "visit")
        self._unique(("queue",), customer.queue, {}, "customer of the queue")
        self._unique(("trainee", "gestures"), customer.gestures, {}, "gesture")
        for number, scene in enumerate(customer.scenes):
            self._unique(("scenes", number, "moments"), scene.moments, beats, "moment or disclosure")
        for number, visit in enumerate(customer.visits):
            mine: dict[str, Way] = {}
            self._unique(("visits", number, "moments"), visit.moments, mine, "moment or disclosure")
            self._unique(("visits", number, "disclosures"), visit.disclosures, mine, "moment or disclosure")
            self._unique(("visits", number, "endings"), visit.endings, {}, "ending")

    def _unique(self, path: Way, records: Iterable[_HasId], seen: dict[str, Way], noun: str) -> None:
        for number, record in enumerate(records):
            here = (*path, number, "id")
            if record.id in seen:
                first = self._at(seen[record.id])
                what = f"The id {quote(record.id)} is used already by the {noun} in line {first.line}."
                self._problems.error(self._at(here), what, "Give each an id of its own.")
            else:
                seen[record.id] = here

    def _openings(self) -> None:
        customer = self._customer
        opening = customer.customer.opening
        self._lines(("moments",), customer.moments, opening)
        if customer.moments:
            self._first(("moments", 0), customer.moments[0], opening, "customer.opening")
        if isinstance(customer, Persona):
            for number, scene in enumerate(customer.scenes):
                here: Way = ("scenes", number, "moments")
                # A scene without an opening is noted as such, not its first moment.
                self._lines(here, scene.moments, "its opening")
                if scene.moments:
                    self._first((*here, 0), scene.moments[0], scene.opening, "the scene's opening")
            for number, visit in enumerate(customer.visits):
                self._lines(("visits", number, "moments"), visit.moments, visit.opening)

    def _first(self, path: Way, moment: Moment, opening: str, name: str) -> None:
        if moment.says and opening and moment.says != opening:
            what = f"The first moment has a line of its own, so {name} is never said."
            self._problems.warning(self._at((*path, "says")), what, "Leave its `says` out.")
        if moment.when:
            what = "The first moment is the opening and always said; its condition is not asked."
            self._problems.warning(self._at((*path, "when")), what, "Leave its `when` out.")

    def _lines(self, path: Way, moments: tuple[Moment, ...], opening: str) -> None:
        for number, moment in enumerate(moments):
            if not moment.says and (number or not opening):
                what = f"The moment {quote(moment.id)} has no line."
                mend = "Write its `says`; only the first moment can do without, since it is the opening."
                self._problems.error(self._at((*path, number)), what, mend)

    def _needs(self) -> None:
        for name, need in self._customer.needs.items():
            place = self._at(("needs", name))
            if name not in self._world.offered:
                what = f"No moment offers the need {quote(name)}, so it can never be met."
                self._problems.warning(place, what, f"Write `{need.kind}: {name}` in a moment.")
            if need.kind == "unspoken" and name not in self._world.told:
                self._problems.warning(
                    place,
                    f"Nothing tells the unspoken need {quote(name)}, so it can never come into the open.",
                    f"Write `tells: {name}` in a disclosure, or give the need a `says`.",
                )
            if need.kind == "spoken" and need.says:
                what = f"The line of the spoken need {quote(name)} is never said; only unspoken needs have one."
                self._problems.warning(self._at(("needs", name, "says")), what, "Leave its `says` out.")

    def _beat(self, path: Way, beat: Beat) -> None:
        self._need((*path, "spoken"), beat.spoken, "spoken")
        self._need((*path, "unspoken"), beat.unspoken, "unspoken")

    def _tells(self, path: Way, disclosure: Disclosure) -> None:
        self._need((*path, "tells"), disclosure.tells, "unspoken")

    def _need(self, path: Way, name: str | None, kind: str) -> None:
        if name is None:
            return
        if name not in self._world.needs:
            self._unknown(self._at(path), name, list(self._world.needs), "need")
        elif self._world.needs[name].kind != kind:
            other = self._world.needs[name].kind
            article = "an" if kind == "unspoken" else "a"
            what = f"{quote(str(path[-1]))} wants {article} {kind} need, but {quote(name)} is {other}."
            mend = f"Write `{other}: {name}`." if path[-1] != "tells" else "Only an unspoken need comes into the open."
            self._problems.error(self._at(path), what, mend)

    def _names(self, path: Way, names: Iterable[str], known: Collection[str], noun: str) -> None:
        for number, name in enumerate(names):
            if name not in known:
                self._unknown(self._at((*path, number)), name, known, noun)

    def _test(self, path: Way, test: PersonaTest) -> None:
        world, expect = self._world, test.expect
        self._names((*path, "disclosed"), expect.disclosed, world.disclosures, "disclosure")
        self._names((*path, "not_disclosed"), expect.not_disclosed, world.disclosures, "disclosure")
        self._names((*path, "met"), expect.met, world.needs, "need")
        if expect.ending is not None:
            self._names((*path, "ending"), [expect.ending], world.endings, "ending")

    def _condition(self, path: Way, condition: Condition | None) -> None:
        if condition is None:
            return
        node = self._at(path)
        world = self._world
        known: dict[FactName, tuple[Collection[str], str]] = {
            "met": (world.needs, "need"),
            "disclosed": (world.disclosures, "disclosure"),
            "said": (world.moments, "moment"),
            "scene": (world.scenes, "scene"),
        }
        for fact in condition.facts():
            ids, noun = known[fact.name]
            if fact.id in ids:
                continue
            instead = next((other for other, (others, _) in known.items() if fact.id in others), None)
            if instead is None:
                self._unknown(inside(node, fact.column), fact.id, ids, noun)
            else:
                what = f"{quote(fact.id)} is a {known[instead][1]}, not a {noun}."
                self._problems.error(inside(node, fact.column), what, f"Write {instead}({fact.id}).")
        self._weighed += 1
        if self._weighed > MOST_WEIGHED or condition.size() > LARGEST_WEIGHED:
            return
        if not condition.can_ever_hold():
            what = f"This condition can never hold: {quote(condition.source, 60)}."
            self._problems.warning(node, what, "Trust, distress and patience lie between 0 and 10.")
        elif isinstance(self._customer, Persona) and path[0] == "scenes" and isinstance(path[1], int):
            number, scene = path[1], self._customer.scenes[path[1]].id
            never = [fact for fact in condition.mentions() if world.first.get(fact, 0) > number]
            if not condition.can_ever_hold(never, scene):
                what = f"This condition can never hold in the scene {quote(scene)}: {quote(condition.source, 60)}."
                self._problems.warning(node, what, "Name only what can be said, told or met by then.")

    def _unknown(self, place: Place, name: str, known: Collection[str], noun: str) -> None:
        near = nearest(name, known)
        mend = f"Did you mean {near}?" if near else f"There are: {listed(sorted(known))}." if known else ""
        self._problems.error(place, f"There is no {noun} {quote(name)}.", mend or f"Write a {noun} of that id.")

    def _at(self, path: Way) -> Node:
        return at(self._root, (*self._start, *path))

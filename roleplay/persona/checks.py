"""Checks what a persona's parts say about each other: ids that lead nowhere, needs that nobody can reach, slips."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterable, MutableMapping
from typing import Protocol

from roleplay.persona.advice import check_advice
from roleplay.persona.completion import complete
from roleplay.persona.condition import LARGEST_WEIGHED, MOST_WEIGHED, Condition, parse_condition
from roleplay.persona.doubts import check_doubts
from roleplay.persona.hopeless import check_hopes
from roleplay.persona.known import Known
from roleplay.persona.leaks import check_leaks
from roleplay.persona.lines import Beat, Disclosure, Ending, Moment, MoodLine
from roleplay.persona.model import Gesture, Persona, PersonaTest, QueueCustomer, Scene, Visit
from roleplay.persona.problems import Place, Problems, listed, nearest
from roleplay.persona.queue import as_called
from roleplay.persona.queue_checks import check_queue
from roleplay.persona.records import walk
from roleplay.persona.repeats import check_repeats, check_supply
from roleplay.persona.scene_checks import check_scenes
from roleplay.persona.short_checks import check_short
from roleplay.persona.unheard import check_hearing
from roleplay.persona.visit_checks import MOST_VISITS, check_visits, never_on
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
    _Checker(persona, Known.of_persona(played), root, problems, ()).check()
    check_scenes(persona, root, problems)
    check_visits(played, root, problems)
    check_queue(played, root, problems)
    check_short(played, root, problems)
    for number, (written, customer) in enumerate(zip(persona.queue, played.queue, strict=True)):
        _Checker(written, Known.of_customer(customer), root, problems, ("queue", number)).check()
    check_doubts(persona, root, problems)
    check_leaks(persona, root, problems)
    check_hopes(persona, played, root, problems)
    records = list(walk(persona))
    check_hearing(records, root, problems)
    check_repeats(records, root, problems)
    check_supply(persona, root, problems)
    check_advice(records, root, problems)


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


class _Checker:
    """Checks one customer: the persona, or one of its queue."""

    def __init__(
        self, customer: Persona | QueueCustomer, known: Known, root: Node, problems: Problems, start: Way
    ) -> None:
        self._customer, self._known, self._root, self._problems, self._start = customer, known, root, problems, start
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
                    if record.scene and record.scene not in self._known.scenes:
                        self._unknown(self._at((*path, "scene")), record.scene, self._known.scenes, "scene")
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
                    beats = {*self._known.moments, *self._known.disclosures}
                    self._names((*path, "fits"), record.fits, beats, "moment or disclosure")
                case PersonaTest():
                    self._test(path, record)

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
        self._unique(("short", "endings"), customer.short.endings if customer.short else (), {}, "ending")
        endings: dict[str, Way] = {ending.id: ("endings", place, "id") for place, ending in enumerate(customer.endings)}
        for number, scene in enumerate(customer.scenes):
            self._unique(("scenes", number, "moments"), scene.moments, beats, "moment or disclosure")
            self._unique(("scenes", number, "endings"), scene.endings, endings, "ending")
        disclosures: dict[str, Way] = {
            each.id: ("disclosures", place, "id") for place, each in enumerate(customer.disclosures)
        }
        for number, visit in enumerate(customer.visits):
            mine: dict[str, Way] = {}
            # The persona's can be told on a visit too, and only a disclosure can take the place of one.
            seen = ChainMap(mine, disclosures)
            self._unique(("visits", number, "moments"), visit.moments, seen, "moment or disclosure")
            self._unique(("visits", number, "disclosures"), visit.disclosures, mine, "moment or disclosure")
            self._unique(("visits", number, "endings"), visit.endings, {}, "ending")

    def _unique(self, path: Way, records: Iterable[_HasId], seen: MutableMapping[str, Way], noun: str) -> None:
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
            if name not in self._known.offered:
                what = f"No moment offers the need {quote(name)}, so it can never be met."
                self._problems.warning(place, what, f"Write `{need.kind}: {name}` in a moment.")
            if need.kind == "unspoken" and name not in self._known.told:
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
        if name not in self._known.needs:
            self._unknown(self._at(path), name, list(self._known.needs), "need")
        elif self._known.needs[name].kind != kind:
            other = self._known.needs[name].kind
            article = "an" if kind == "unspoken" else "a"
            what = f"{quote(str(path[-1]))} wants {article} {kind} need, but {quote(name)} is {other}."
            mend = f"Write `{other}: {name}`." if path[-1] != "tells" else "Only an unspoken need comes into the open."
            self._problems.error(self._at(path), what, mend)

    def _names(self, path: Way, names: Iterable[str], known: Collection[str], noun: str) -> None:
        for number, name in enumerate(names):
            if name not in known:
                self._unknown(self._at((*path, number)), name, known, noun)

    def _test(self, path: Way, test: PersonaTest) -> None:
        customer, known, expect = self._customer, self._known, test.expect
        if isinstance(customer, Persona):
            self._names_one((*path, "visit"), test.visit, {visit.id for visit in customer.visits}, "visit")
            queue = {each.id for each in customer.queue}
            self._names_one((*path, "customer"), test.customer, queue, "customer of the queue")
            if queue and test.customer is None:
                what = "This test does not say which `customer` of the queue comes."
                self._problems.error(self._at(path), what, f"There are: {listed(sorted(queue))}.")
        comes = (test.customer,) if test.customer else ()
        disclosures = as_called(known.disclosures, comes)
        path = (*path, "expect")
        self._names((*path, "disclosed"), expect.disclosed, disclosures, "disclosure")
        self._names((*path, "not_disclosed"), expect.not_disclosed, disclosures, "disclosure")
        self._names((*path, "met"), expect.met, as_called(known.needs, comes), "need")
        self._names_one((*path, "ending"), expect.ending, as_called(known.endings, comes), "ending")

    def _names_one(self, path: Way, name: str | None, known: Collection[str], noun: str) -> None:
        if name is not None and name not in known:
            self._unknown(self._at(path), name, known, noun)

    def _condition(self, path: Way, condition: Condition | None) -> None:
        if condition is None:
            return
        node = self._at(path)
        known = self._known.by_fact()
        for fact in condition.facts():
            ids, noun = known[fact.name]
            if fact.id in ids:
                continue
            instead = next((other for other, (others, _) in known.items() if fact.id in others), None)
            if fact.name == "ended" and not ids:
                what = "`ended` speaks of earlier visits and of scenes with `endings`, and there are none before this."
                self._problems.error(inside(node, fact.column), what, "Take it out.")
            elif instead is None:
                self._unknown(inside(node, fact.column), fact.id, ids, noun)
            else:
                article = "an" if noun == "ending" else "a"
                other = known[instead][1]
                what = f"{quote(fact.id)} is {'an' if other == 'ending' else 'a'} {other}, not {article} {noun}."
                self._problems.error(inside(node, fact.column), what, f"Write {instead}({fact.id}).")
        self._weighed += 1
        if self._weighed > MOST_WEIGHED or condition.size() > LARGEST_WEIGHED:
            return
        if not condition.can_ever_hold():
            what = f"This condition can never hold: {quote(condition.source, 60)}."
            self._problems.warning(node, what, "Trust, distress and patience lie between 0 and 10.")
        elif isinstance(self._customer, Persona) and isinstance(path[1], int):
            self._here(self._customer, path[0], path[1], condition, node)

    def _here(self, persona: Persona, part: str | int, number: int, condition: Condition, node: Node) -> None:
        """Check a condition that is asked in one scene only, or on one visit."""
        can_hold, where = True, ""
        if part == "scenes":
            scene = persona.scenes[number].id
            never = [fact for fact in condition.mentions() if self._known.first.get(fact, 0) > number]
            can_hold, where = condition.can_ever_hold(never, scene), f"in the scene {quote(scene)}"
        elif part == "visits" and number < MOST_VISITS and node is not self._at(("visits", number, "when")):
            visit = persona.visits[number]
            facts = never_on(persona, visit, condition)
            can_hold, where = condition.can_ever_hold(facts), f"on the visit {quote(visit.id)}"
        if not can_hold:
            what = f"This condition can never hold {where}: {quote(condition.source, 60)}."
            self._problems.warning(node, what, "Name only what can be said, told or met by then.")

    def _unknown(self, place: Place, name: str, known: Collection[str], noun: str) -> None:
        near = nearest(name, known)
        mend = f"Did you mean {near}?" if near else f"There are: {listed(sorted(known))}." if known else ""
        self._problems.error(place, f"There is no {noun} {quote(name)}.", mend or f"Write a {noun} of that id.")

    def _at(self, path: Way) -> Node:
        return at(self._root, (*self._start, *path))

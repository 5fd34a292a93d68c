"""Notes what is written and never comes: disclosures nothing opens, moments and endings that wait in vain."""

from __future__ import annotations

from collections.abc import Sequence

from roleplay.persona.condition import LARGEST_WEIGHED, Condition
from roleplay.persona.expression import FactKey, Not, Number
from roleplay.persona.lines import Disclosure, Ending
from roleplay.persona.model import Persona, QueueCustomer
from roleplay.persona.problems import Problems
from roleplay.persona.prospects import Prospects, Searches, Thing
from roleplay.persona.yaml_nodes import Node, Way, at
from roleplay.text import quote

MOST_ENDINGS = 12
"""Most endings of one list that are weighed against each other."""

_CANNOT = {
    "met": "no moment that can come offers that need",
    "disclosed": "nothing can open that disclosure",
    "said": "that moment is never said",
    "scene": "that scene never begins",
    "ended": "that ending is never reached",
}


def check_hopes(persona: Persona, played: Persona, root: Node, problems: Problems) -> None:
    """Note what can never come about in `persona`; `played` is the same, completed.

    What another check has found at the same place already is not said again, nor what follows from a scene that never
    begins.
    """
    searches = Searches()
    _Hopes(persona, Prospects(played, searches), played, root, problems, ()).check()
    for number, (written, customer) in enumerate(zip(persona.queue, played.queue, strict=True)):
        _Hopes(written, Prospects(customer, searches), customer, root, problems, ("queue", number)).check()


class _Hopes:
    """Looks at one customer: the persona, or one of its queue."""

    def __init__(
        self,
        written: Persona | QueueCustomer,
        prospects: Prospects,
        played: Persona | QueueCustomer,
        root: Node,
        problems: Problems,
        start: Way,
    ) -> None:
        self._written, self._played = written, played
        self._root, self._problems, self._start = root, problems, start
        self._prospects = prospects
        self._beats = {way: beat for way, beat, _ in prospects.beats}

    def check(self) -> None:
        for thing in self._prospects.hopeless:
            match thing.kind:
                case "disclosure":
                    self._disclosure(thing)
                case "moment":
                    self._moment(thing)
                case "scene":
                    self._scene(thing)
        self._endings(("endings",), self._played.endings[: len(self._written.endings)])  # those made come behind
        if isinstance(self._played, Persona):
            for number, scene in enumerate(self._played.scenes):
                self._endings(("scenes", number, "endings"), scene.endings)
            for number, visit in enumerate(self._played.visits):
                self._endings(("visits", number, "endings"), visit.endings)

    def _disclosure(self, thing: Thing) -> None:
        disclosure = self._beats[thing.way]
        assert isinstance(disclosure, Disclosure)
        name, most = quote(disclosure.id), self._prospects.most_trust
        if disclosure.reveal != "asked" and disclosure.trust > most:
            what = f"Nobody can be told {name}: it takes a trust of {disclosure.trust:g}, and {self._reach('trust')}."
            mend = "Lower that, raise `warms` in the temperament, or write more moments that offer something."
            way: Way = (*thing.way, "trust")
            own = len(self._written.disclosures)
            if thing.way[0] == "disclosures" and int(thing.way[1]) >= own:  # made for a need that has a line
                way = ("needs", disclosure.tells or "", "says")
                mend = "Raise `warms` or `trust` in the temperament."
            self._warn(way, what, mend)
        elif disclosure.topics and not self._prospects.can_be_opened(disclosure):
            what = f"Nothing can open {name}: its topics are made of words that are in any talk."
            self._warn((*thing.way, "topics"), what, "Write what one would ask about, such as: [your daughter].")

    def _moment(self, thing: Thing) -> None:
        if thing.condition is None or not all(map(self._prospects.begins, thing.within)):
            return  # its scene never begins, and that is said there
        why = self._reason(thing.condition)
        if why:
            beat = self._beats[thing.way]
            holds_up = " It is a key moment, so that no good ending comes before it either." if beat.key else ""
            self._warn((*thing.way, "when"), f"The moment {quote(thing.id)} is never said: {why}.{holds_up}")

    def _scene(self, thing: Thing) -> None:
        if thing.condition is None or not all(map(self._prospects.begins, thing.within)):
            return  # the one before it never begins either
        why = self._reason(thing.condition)
        if why:
            self._warn(thing.way, f"The scene {quote(thing.id)} never begins: {why}.")

    def _endings(self, path: Way, endings: Sequence[Ending]) -> None:
        for number, ending in enumerate(endings[:MOST_ENDINGS]):
            here = (*path, number, "when")
            condition = ending.condition
            if condition.size() > LARGEST_WEIGHED or self._problems.stands_at(self._at(here)):
                continue
            if not self._prospects.can_hold(condition.expression):
                why = self._reason(condition) or "its condition can never hold in this call"
                self._warn(here, f"The ending {quote(ending.id)} is never reached: {why}.")
                continue
            self._shadowed(here, ending, endings[:number])

    def _shadowed(self, here: Way, ending: Ending, before: Sequence[Ending]) -> None:
        """A good ending may wait while another one would come; so only one that waits likewise is kept back by it."""
        rivals = [each for each in before if each.condition.size() <= LARGEST_WEIGHED]
        rivals = [each for each in rivals if each.outcome != "good" or ending.outcome == "good"]
        mine = ending.condition.expression
        if not rivals or self._prospects.can_hold(mine, *(Not(each.condition.expression) for each in rivals)):
            return
        alone = (each for each in rivals if not self._prospects.can_hold(mine, Not(each.condition.expression)))
        first = next(alone, None)
        by = f"that of {quote(first.id)}" if first else "one"
        what = f"The ending {quote(ending.id)} is never reached: whenever it could be, {by} before it holds as well."
        self._warn(here, what, "Put it first, or narrow the `when` of the other.")

    def _reason(self, condition: Condition) -> str:
        """Why `condition` never holds, as a part of a sentence; empty where another check has told it."""
        fact = self._prospects.missing(condition)
        if fact:
            return f"it waits for {_written(fact)}, and {_CANNOT[fact[0]]}"
        number = self._prospects.out_of_reach(condition)
        if number in ("trust", "distress"):
            return self._reach(number)
        if number == "visit":
            return "there are no `visits`, so there is only the first"
        return ""

    def _reach(self, number: Number) -> str:
        span = self._prospects.spans[number]
        most = f"in this call trust comes to {span.high:g} at the most"
        return most if number == "trust" else f"in this call distress falls to {span.low:g} at the least"

    def _warn(self, path: Way, what: str, mend: str = "") -> None:
        place = self._at(path)
        if not self._problems.stands_at(place):
            self._problems.warning(place, what, mend)

    def _at(self, path: Way) -> Node:
        return at(self._root, (*self._start, *path))


def _written(fact: FactKey) -> str:
    return f"{fact[0]}({fact[1]})"

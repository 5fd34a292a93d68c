"""Finds what is probably not meant: moments and disclosures that never come."""

from __future__ import annotations

from roleplay.persona.condition import LARGEST_WEIGHED, MOST_WEIGHED, Situation
from roleplay.persona.lines import Beat, Moment
from roleplay.persona.model import Persona, QueueCustomer, Temperament
from roleplay.persona.problems import Problems
from roleplay.persona.scenes import speaker_of
from roleplay.persona.yaml_nodes import Node, Way, at
from roleplay.text import quote


def check_doubts(persona: Persona, root: Node, problems: Problems) -> None:
    """Note what is doubtful about `persona`. Raises `TooMany`.

    How the customer feels at the beginning of a later visit nobody knows.
    """
    doubter = _Doubter(root, problems)
    doubter.customer(persona, ())
    met: set[str] = set()
    for number, scene in enumerate(persona.scenes):
        temper = scene.cast[0].temperament if scene.cast else persona.customer.temperament
        if speaker_of(scene) not in met:  # who is met again begins as left, and nobody knows how that is
            doubter.moments(("scenes", number, "moments"), scene.moments, temper, scene.id)
        met.add(speaker_of(scene))
    for number, customer in enumerate(persona.queue):
        doubter.customer(customer, ("queue", number))


class _Doubter:
    """Notes doubts under `root`; weighs no more conditions than a person would write."""

    def __init__(self, root: Node, problems: Problems) -> None:
        self._root, self._problems, self._weighed = root, problems, 0

    def customer(self, customer: Persona | QueueCustomer, start: Way) -> None:
        self.moments((*start, "moments"), customer.moments, customer.customer.temperament)
        beats: list[Beat] = [*customer.moments, *customer.disclosures]
        if isinstance(customer, Persona):
            beats.extend(moment for scene in customer.scenes for moment in scene.moments)
            beats.extend(moment for visit in customer.visits for moment in visit.moments)
        explored = len(beats) == len(customer.disclosures) or any(
            beat.calls_for.get("explores", True) for beat in beats
        )
        for number, each in enumerate(customer.disclosures):
            if each.topics or each.reveal == "volunteered" or (each.reveal == "earned" and explored):
                continue
            what = f"The disclosure {quote(each.id)} comes only when its topic is touched, and it has no topics."
            place = at(self._root, (*start, "disclosures", number, "reveal"))
            self._problems.warning(place, what, "Write its `topics`, or another `reveal`.")

    def moments(self, path: Way, moments: tuple[Moment, ...], temper: Temperament, scene: str = "") -> None:
        """Doubt key moments that a call has only when it goes badly, from a start with `temper`."""
        start = Situation(
            {"trust": temper.trust, "distress": temper.distress, "patience": temper.patience, "turn": 0, "visit": 1},
            scene=scene,
        )
        for number, moment in enumerate(moments):
            condition = moment.condition
            if not moment.key or condition is None or condition.size() > LARGEST_WEIGHED:
                continue
            self._weighed += 1
            if self._weighed > MOST_WEIGHED:
                return
            if condition.can_still_hold(start) and not condition.can_hold_if_all_goes_well(start):
                what = f"The key moment {quote(moment.id)} comes only when things get worse than they are at the start."
                mend = "A good call never has it: leave its `key` out, or widen its `when`."
                self._problems.warning(at(self._root, (*path, number, "when")), what, mend)

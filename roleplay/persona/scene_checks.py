"""Checks what only a persona told in scenes can have wrong, and knows what can have happened by which scene."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from roleplay.persona.expression import FactName
from roleplay.persona.lines import Disclosure
from roleplay.persona.model import Persona, Scene
from roleplay.persona.problems import Problems
from roleplay.persona.yaml_nodes import Node, Way, at
from roleplay.text import quote

FirstScenes = Mapping[tuple[FactName, str], float]
"""The number of the scene, from 0, in which a fact can first be true; infinite: in none."""


def first_scenes(persona: Persona) -> FirstScenes:
    """When each moment of a persona can be said, each disclosure told, each need met and each scene's ending come to.

    Empty without scenes.
    """
    found: dict[tuple[FactName, str], float] = {}
    if not persona.scenes:
        return found
    by_id = {scene.id: number for number, scene in reversed(list(enumerate(persona.scenes)))}
    of_customer = next((number for number, scene in enumerate(persona.scenes) if not scene.cast), inf)

    def offer(need: str | None, number: float) -> None:
        if need:
            found["met", need] = min(number, found.get(("met", need), inf))

    for number, scene in enumerate(persona.scenes):
        for moment in scene.moments:
            found.setdefault(("said", moment.id), number)
            offer(moment.spoken, number)
            offer(moment.unspoken, number)
        found.update({("ended", ending.id): number + 1 for ending in scene.endings})
    for each in persona.disclosures:
        told = by_id.get(each.scene, inf) if each.scene else of_customer
        found["disclosed", each.id] = told
        offer(each.spoken, told)
        offer(each.unspoken, told)
    return found


def check_scenes(persona: Persona, root: Node, problems: Problems) -> None:
    """Note what is wrong or doubtful about the scenes of `persona`, as it is written. Raises `TooMany`."""
    if not persona.scenes:
        return
    if persona.moments:
        what = "A persona with `scenes` has its moments in them, so these are never said."
        problems.error(at(root, ("moments",)), what, "Move each into the scene in which it is said.")
    for number, scene in enumerate(persona.scenes):
        _check(persona, number, scene, root, problems)
    for number, disclosure in enumerate(persona.disclosures):
        _check_telling(persona, number, disclosure, root, problems)


def _check(persona: Persona, number: int, scene: Scene, root: Node, problems: Problems) -> None:
    here: Way = ("scenes", number)
    name, last = quote(scene.id), number == len(persona.scenes) - 1
    if not scene.moments:
        what = f"The scene {name} has no moments, so nothing can be met in it."
        problems.error(at(root, here), what, "Write its `moments`; the first is its opening.")
    elif number and not scene.opening and not scene.moments[0].says:
        problems.error(at(root, here), f"The scene {name} has no opening.", "Write the first words said in it.")
    if not last and not scene.next and not scene.endings:
        what = f"The scene {name} has neither `next` nor `endings`, so the one after it never begins."
        problems.error(at(root, here), what, "Write when the next scene begins, such as `next: turn >= 4`.")
    if last and scene.next:
        what = "No scene comes after this one, so its `next` is never asked."
        problems.warning(at(root, (*here, "next")), what, "Leave it out; `endings` say how the call ends.")
    if scene.cast and scene.cast[0].name == persona.name:
        what = f"{quote(persona.name, 60)} is the customer, who would speak here as somebody else."
        problems.warning(at(root, (*here, "cast", 0, "name")), what, "Leave `cast` out: then the customer speaks.")
    if len(scene.cast) > 1:
        what = f"Only {quote(scene.cast[0].name, 60)} speaks in this scene."
        problems.warning(
            at(root, (*here, "cast", 1)), what, "The others are heard of in the narration; leave them out."
        )


def _check_telling(persona: Persona, number: int, disclosure: Disclosure, root: Node, problems: Problems) -> None:
    """That somebody can tell it. Whether a scene of that name is there is checked with all other names."""
    if disclosure.scene is None and all(scene.cast for scene in persona.scenes):
        what = f"Nobody can tell the disclosure {quote(disclosure.id)}: the customer speaks in no scene."
        problems.warning(at(root, ("disclosures", number)), what, "Write its `scene`.")

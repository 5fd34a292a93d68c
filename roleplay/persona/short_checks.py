"""Checks what is marked for the five-minute form: ids that lead nowhere, and what can never come about in it."""

from __future__ import annotations

from collections.abc import Collection

from roleplay.persona.condition import LARGEST_WEIGHED
from roleplay.persona.expression import FactName
from roleplay.persona.model import Persona, Short
from roleplay.persona.problems import Problems, listed, nearest
from roleplay.persona.scenes import in_scene
from roleplay.persona.short import shortened
from roleplay.persona.yaml_nodes import Node, Way, at
from roleplay.text import quote


def check_short(persona: Persona, root: Node, problems: Problems) -> None:
    """Note what is wrong with the `short` of `persona`, completed. Raises `TooMany`."""
    if persona.short is None:
        return
    if persona.queue:
        what = "Beside a `queue` this is never asked: the five-minute form is the first customer who is drawn."
        problems.warning(at(root, ("short",)), what, "Leave it out.")
        return
    _Checker(persona, persona.short, root, problems).check()


class _Checker:
    def __init__(self, persona: Persona, mark: Short, root: Node, problems: Problems) -> None:
        self._persona, self._mark, self._root, self._problems = persona, mark, root, problems

    def check(self) -> None:
        persona, mark = self._persona, self._mark
        parts = [in_scene(persona, scene.id) for scene in persona.scenes] or [persona]
        here = next((part for part in parts if any(beat.id == mark.key for beat in part.beats())), None)
        if here is None:
            known = {beat.id for part in parts for beat in part.beats()}
            self._unknown(("short", "key"), mark.key, known, "moment or disclosure")
            return
        where = " in the scene of the key" if len(parts) > 1 else ""
        moments = {moment.id for moment in here.moments}
        right = self._all_there("moments", mark.moments, moments, "moment", where)
        told = {each.id for each in here.disclosures}
        right = self._all_there("disclosures", mark.disclosures, told, "disclosure", where) and right
        if right:
            self._can_come(shortened(persona))

    def _all_there(self, name: str, idents: Collection[str], known: Collection[str], noun: str, where: str) -> bool:
        for number, ident in enumerate(idents):
            if ident not in known:
                self._unknown(("short", name, number), ident, known, noun, where)
        return set(idents) <= set(known)

    def _unknown(self, path: Way, name: str, known: Collection[str], noun: str, where: str = "") -> None:
        near = nearest(name, known)
        mend = f"Did you mean {near}?" if near else f"There are: {listed(sorted(known))}."
        self._problems.error(at(self._root, path), f"There is no {noun} {quote(name)}{where}.", mend)

    def _can_come(self, short: Persona) -> None:
        """Note what is not earned in the `short` form at all, and endings that wait for what is left out."""
        if not any(each.tells for each in short.disclosures):
            what = "Nothing that can be told in the five minutes tells an unspoken need."
            mend = "Name a disclosure with `tells` as the `key`, or under `disclosures`."
            self._problems.warning(at(self._root, ("short",)), what, mend)
        there: dict[FactName, Collection[str]] = {
            "said": {beat.id for beat in short.beats()},
            "disclosed": {each.id for each in short.disclosures},
            "met": short.needs,
        }
        for number, ending in enumerate(self._mark.endings):
            condition = ending.condition
            never = [fact for fact in condition.mentions() if fact[0] in there and fact[1] not in there[fact[0]]]
            scene = short.scenes[0].id if short.scenes else None
            if never and condition.size() <= LARGEST_WEIGHED and not condition.can_ever_hold(never, scene):
                name, ident = min(never)
                what = f"This ending cannot come in the five minutes: {name}({ident}) is left out of them."
                self._problems.warning(
                    at(self._root, ("short", "endings", number, "when")), what, "Name only what is played in them."
                )

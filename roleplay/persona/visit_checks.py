"""Checks what only a customer who comes back can have wrong: visits that are never due, what cannot be so on one."""

from __future__ import annotations

from collections.abc import Mapping

from roleplay.persona.condition import LARGEST_WEIGHED, Condition
from roleplay.persona.expression import FactName
from roleplay.persona.model import Persona, Visit
from roleplay.persona.problems import Problems
from roleplay.persona.yaml_nodes import Node, at
from roleplay.text import quote

MOST_VISITS = 30
"""Most visits whose conditions are weighed, so that a hostile file cannot hold the check up."""


def check_visits(persona: Persona, root: Node, problems: Problems) -> None:
    """Note the visits of `persona`, completed, that are never due. Raises `TooMany`."""
    for place, visit in enumerate(persona.visits[:MOST_VISITS]):
        condition = visit.condition
        if condition is None or condition.size() > LARGEST_WEIGHED:
            continue
        never = never_before(persona, visit, condition)
        # The first visit is the persona itself, so the earliest that one of these can be is the second.
        if not condition.can_hold_given(never, visits=(2, len(persona.visits) + 1), turn=0):
            what = f"The visit {quote(visit.id)} is never due: {quote(condition.source, 60)}."
            mend = "Ask for what can have been told, said or met on the visits before it, or how they ended."
            problems.warning(at(root, ("visits", place, "when")), what, mend)


def never_before(persona: Persona, visit: Visit, condition: Condition) -> Mapping[tuple[FactName, str], bool]:
    """The facts in `condition` that cannot be so before `visit`: what is only there once it has begun."""
    elsewhere = [each for each in persona.visits if each.id != visit.id]
    there: dict[FactName, set[str]] = {
        "said": {moment.id for each in elsewhere for moment in each.moments},
        "disclosed": {each.id for each in persona.disclosures}
        | {told.id for each in elsewhere for told in each.disclosures},
    }
    there["said"] |= {moment.id for moment in persona.moments}
    there["said"] |= {moment.id for scene in persona.scenes for moment in scene.moments}
    own = {ending.id for ending in visit.endings}
    others = {ending.id for ending in persona.endings} | {ending.id for each in elsewhere for ending in each.endings}
    return {
        (fact, ident): False
        for fact, ident in condition.mentions()
        if fact == "scene"
        or (fact in there and ident not in there[fact])
        or (fact == "ended" and ident in own - others)
    }


def never_on(persona: Persona, visit: Visit, condition: Condition) -> Mapping[tuple[FactName, str], bool]:
    """The facts in `condition` that cannot be so on `visit`: what was said is only what was said in the same call."""
    said = {moment.id for moment in visit.moments}
    return {
        (fact, ident): False
        for fact, ident in condition.mentions()
        if fact == "scene" or (fact == "said" and ident not in said)
    }

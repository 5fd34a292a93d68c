"""Checks what only a queue can have wrong: what two of its customers bring that would have one id in the call."""

from __future__ import annotations

from collections.abc import Iterator

from roleplay.persona.model import Persona, QueueCustomer
from roleplay.persona.problems import Problems
from roleplay.persona.queue import own_id
from roleplay.persona.yaml_nodes import Node, Way, at
from roleplay.text import quote


def check_queue(persona: Persona, root: Node, problems: Problems) -> None:
    """Note the ids of `persona`, completed, that are another one's with the customer before it. Raises `TooMany`."""
    seen: dict[tuple[str, str], tuple[str, Way]] = {}
    for number, customer in enumerate(persona.queue):
        for noun, ident, way in _named(customer):
            here: Way = ("queue", number, *way)
            whole = own_id(customer, ident)
            other, first = seen.setdefault((noun, whole), (customer.id, here))
            if other != customer.id:
                line = at(root, first).line
                what = f"In the call {quote(ident)} of {quote(customer.id)} becomes {quote(whole)}"
                what += f", as does the {noun} of {quote(other)} in line {line}."
                problems.error(at(root, here), what, "Give one of them another id.")


def _named(customer: QueueCustomer) -> Iterator[tuple[str, str, Way]]:
    """What it is, the id and the place of all that a customer of a queue brings into the call."""
    for name in customer.needs:
        yield "need", name, ("needs", name)
    for place, moment in enumerate(customer.moments):
        yield "moment or disclosure", moment.id, ("moments", place, "id")
    for place, disclosure in enumerate(customer.disclosures):
        yield "moment or disclosure", disclosure.id, ("disclosures", place, "id")
    for place, ending in enumerate(customer.endings):
        yield "ending", ending.id, ("endings", place, "id")

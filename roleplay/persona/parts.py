"""Checks which parts a persona is made of: one customer, or a queue of them with nothing beside it."""

from __future__ import annotations

from roleplay.persona.model import Persona, QueueCustomer
from roleplay.persona.problems import Problems
from roleplay.persona.yaml_nodes import Listing, Mapping, Way, at
from roleplay.text import quote

_WHO = {"customer": "Who calls.", "needs": "What the customer needs, by a short name of yours."}
_ELSEWHERE = ("moments", "disclosures", "answers", "endings", "scenes", "visits")


def somebody_is_there(root: Mapping, problems: Problems) -> bool:
    """Whether the file `root` has somebody to play: a customer with needs, or a queue. Raises `TooMany`."""
    queue = root.entries.get("queue")
    if queue and (not isinstance(queue[1], Listing) or queue[1].items):
        return True
    missing = [name for name in _WHO if name not in root.entries]
    for name in missing:
        problems.error(root, f"The field {quote(name)} is missing.", f"Add `{name}: …`. {_WHO[name]}")
    return not missing


def check_parts(persona: Persona, root: Mapping, problems: Problems) -> None:
    """Note what is never played beside what else there is. Raises `TooMany`."""
    if not persona.queue:
        if "draws" in root.entries:
            problems.warning(at(root, ("draws",)), "There is no `queue` to draw from.", "Leave `draws` out.")
        return
    for name in _ELSEWHERE:
        if getattr(persona, name):
            what = f"Beside a `queue` the {quote(name)} of the persona are never played."
            problems.error(at(root, (name,)), what, "Move them to the customer of the queue whose they are.")
    for name in _WHO:
        if name in root.entries:
            what = (
                f"Beside a `queue` the {quote(name)} of the persona never {'comes' if name == 'customer' else 'count'}."
            )
            problems.warning(at(root, (name,)), what, "Leave it out; each of the queue has their own.")
    if "draws" in root.entries and persona.draws > len(persona.queue):
        what = f"`draws` is {persona.draws}, and there are only {len(persona.queue)} in the queue."
        problems.warning(at(root, ("draws",)), what, "Write more customers, or draw fewer.")
    _check_names(persona.queue, root, problems)


def _check_names(queue: tuple[QueueCustomer, ...], root: Mapping, problems: Problems) -> None:
    seen: dict[str, Way] = {}
    for number, customer in enumerate(queue):
        here: Way = ("queue", number, "name")
        first = seen.setdefault(customer.name, here)
        if first != here:
            what = f"{quote(customer.name, 60)} is the name of the customer in line {at(root, first).line} as well."
            problems.error(at(root, here), what, "Give each a name by which people can be told apart.")

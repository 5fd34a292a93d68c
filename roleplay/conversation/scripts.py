"""Makes the script of a session out of a persona: completed, with the general lines and a rubric."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from roleplay.conversation.turns import Script
from roleplay.persona.completion import complete
from roleplay.persona.general import general_lines
from roleplay.persona.model import Persona, QueueCustomer, Visit
from roleplay.persona.queue import as_scenes, drawn
from roleplay.persona.visits import Earlier, Visiting, at_visit, due, visiting
from roleplay.scoring.rubric import default_rubric

Part = TypeVar("Part", Visit, QueueCustomer)


def script_for(persona: Persona, *, seed: str = "", earlier: Sequence[Earlier] = (), only: str = "") -> Script:
    """The script by which `persona`, as it was loaded, is played now.

    Of a story in visits it is the one that is due after `earlier`, the visits made so far, oldest first; of a queue it
    is those who are drawn by `seed`. `only`: the id of the visit, or of the customer of the queue, that is played
    instead. Raises KeyError for an id that is neither.
    """
    whole = complete(persona)
    if whole.queue:
        customers = (_named(whole.queue, only),) if only else drawn(whole, seed)
        return _script(as_scenes(whole, customers), queue=tuple(each.id for each in customers))
    visit = _named(whole.visits, only) if only else due(whole, earlier)
    if not whole.visits:
        return _script(whole)
    made = visiting(whole, visit, earlier)
    return _script(at_visit(whole, visit, made), visiting=made)


def _script(persona: Persona, *, visiting: Visiting | None = None, queue: tuple[str, ...] = ()) -> Script:
    return Script(persona=persona, general=general_lines(), rubric=default_rubric(), visiting=visiting, queue=queue)


def _named(parts: Iterable[Part], ident: str) -> Part:
    for part in parts:
        if part.id == ident:
            return part
    raise KeyError(ident)

"""Makes the script of a session out of a persona: completed, with the general lines and a rubric."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from roleplay.conversation.turns import Script
from roleplay.persona.completion import complete
from roleplay.persona.general import general_lines
from roleplay.persona.model import Persona, QueueCustomer, Visit
from roleplay.persona.queue import as_scenes, drawn
from roleplay.persona.short import shortened
from roleplay.persona.visits import Earlier, Visiting, at_visit, due, visiting
from roleplay.scoring.rubric import default_rubric

Part = TypeVar("Part", Visit, QueueCustomer)


def script_for(
    persona: Persona, *, seed: str = "", earlier: Sequence[Earlier] = (), only: str = "", short: bool = False
) -> Script:
    """The script by which `persona`, as it was loaded, is played now; `short`: in its five-minute form.

    Of a story in visits it is the one that is due after `earlier`, the visits made so far, oldest first; of a queue it
    is those who are drawn by `seed`. `only`: the id of the visit, or of the customer of the queue, that is played
    instead. The five-minute form of a queue is the first who is drawn. Raises KeyError for an id that is neither.
    """
    whole = complete(persona)
    if whole.queue:
        customers = (_named(whole.queue, only),) if only else drawn(whole, seed)[: 1 if short else None]
        return _script(as_scenes(whole, customers), short, queue=tuple(each.id for each in customers))
    visit = _named(whole.visits, only) if only else due(whole, earlier)
    if not whole.visits:
        return _script(whole, short)
    made = visiting(whole, visit, earlier)
    return _script(at_visit(whole, visit, made), short, visiting=made)


def _script(persona: Persona, short: bool, *, visiting: Visiting | None = None, queue: tuple[str, ...] = ()) -> Script:
    """What is marked for the short form is in no script: there it is done, or nothing comes of it."""
    told_before = visiting.told if visiting else ()
    played = shortened(persona, told_before) if short and not queue else replace(persona, short=None)
    return Script(
        persona=played,
        general=general_lines(),
        rubric=default_rubric(),
        visiting=visiting,
        queue=queue,
        short=short,
    )


def _named(parts: Iterable[Part], ident: str) -> Part:
    for part in parts:
        if part.id == ident:
            return part
    raise KeyError(ident)

"""Reads the state that a persona is to be previewed in: `trust=6,distress=3,disclosed=son+bench,visit=2`."""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec

from roleplay.errors import BadInput
from roleplay.persona.problems import listed, nearest
from roleplay.text import quote

WHERE = "--state"

_LEVELS = ("trust", "distress", "patience")
_LISTS = ("met", "disclosed", "said", "before", "ended")
_NAMES = (*_LEVELS, "turn", "visit", "customer", "scene", "moment", *_LISTS)
_MOST_TURNS = 1_000
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?\Z")


class WantedState(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for; None or nothing where it was not. Ids are not looked up yet.

    `levels` are trust, distress and patience by name, 0-10. `visit` is a number, counted from 1, or an id. `before` are
    disclosures made on earlier visits, `ended` the endings of earlier visits, or of earlier scenes.
    """

    levels: dict[str, float] = {}
    turn: int | None = None
    visit: str | None = None
    customer: str | None = None
    scene: str | None = None
    moment: str | None = None
    met: tuple[str, ...] = ()
    disclosed: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()


def read_state(text: str) -> WantedState:
    """The state in `text`; the beginning of a call where it is empty. Raises `BadInput` that names the part."""
    given: dict[str, str] = {}
    for part in (part.strip() for part in text.split(",")):
        if not part:
            continue
        name, sign, value = (piece.strip() for piece in part.partition("="))
        if not sign or not value:
            raise bad(part, "is no part of a state.", f"Write it like {_example(name)}.")
        if name not in _NAMES:
            near = nearest(name, _NAMES)
            hint = f"Did you mean {near}? " if near else ""
            raise bad(part, f"has a name that is not known. {hint}There are {listed(_NAMES, 20)}.")
        if name in given:
            several = "Several ids are joined by +: disclosed=son+bench." if name in _LISTS else ""
            raise bad(part, f"is the second {name}.", several)
        given[name] = value
    lists = {name: _ids(name, given[name]) for name in _LISTS if name in given}
    return WantedState(
        levels={name: _level(name, given[name]) for name in _LEVELS if name in given},
        turn=_turn(given["turn"]) if "turn" in given else None,
        visit=given.get("visit"),
        customer=given.get("customer"),
        scene=given.get("scene"),
        moment=given.get("moment"),
        **lists,
    )


def bad(part: str, what: str, mend: str = "") -> BadInput:
    """The error about a `part` of the state."""
    return BadInput(f"{quote(part, 60)} {what}", where=WHERE, mend=mend)


def unknown(name: str, ident: str, what: str, known: Collection[str]) -> BadInput:
    """The error about an id after `name` that is none of the `known` ones, which are called `what`."""
    near = nearest(ident, known)
    hint = f"Did you mean {near}? " if near else ""
    there = f"There are {listed(known, 30)}." if known else "There is none at all."
    return bad(f"{name}={ident}", f"names no {what} of this call.", f"{hint}{there}")


def _ids(name: str, value: str) -> tuple[str, ...]:
    ids = [each.strip() for each in value.split("+")]
    if not all(ids):
        raise bad(f"{name}={value}", "has a + with nothing beside it.", f"Write it like {_example(name)}.")
    return tuple(dict.fromkeys(ids))


def _level(name: str, value: str) -> float:
    if not _NUMBER.match(value) or float(value) > 10:
        raise bad(f"{name}={value}", "wants a number from 0 to 10.")
    return float(value)


def _turn(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 6 and int(value) <= _MOST_TURNS):
        raise bad(f"turn={value}", f"wants a whole number of replies, from 0 to {_MOST_TURNS:,}.")
    return int(value)


def _example(name: str) -> str:
    if name in _LEVELS:
        return f"{name}=6"
    return f"{name}=one+other" if name in _LISTS else "trust=6,disclosed=son+bench,visit=2"

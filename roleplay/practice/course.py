"""The course of a call: how trust and distress went from reply to reply, scene by scene."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from roleplay.persona.names import short_name
from roleplay.practice.debrief import Debrief, StateAt
from roleplay.practice.heard import Sign, sign_of
from roleplay.text import one_line


class Step(msgspec.Struct, frozen=True):
    """How the customer's side felt after the reply `turn`, each 0-10; `sign` is how that reply was heard.

    `sign` is None where a scene begins: there is no reply that led to it.
    """

    turn: int
    trust: float
    distress: float
    sign: Sign | None


class Stretch(msgspec.Struct, frozen=True):
    """The course with one person, at least one step. `name` is who it is; empty in a call without scenes."""

    name: str
    steps: tuple[Step, ...]


def course_of(debrief: Debrief) -> tuple[Stretch, ...]:
    """The course of a call, a stretch for each scene. A reply that was tried again has the sign of the last try."""
    return course_along(
        debrief.states, {reply.turn: sign_of(reply.assessment) for reply in debrief.replies}, debrief.name
    )


def course_along(states: Iterable[StateAt], signs: Mapping[int, Sign], name: str) -> tuple[Stretch, ...]:
    """The course through `states`, with the `signs` of replies by their turn; `name` is the customer's."""
    stretches: list[Stretch] = []
    turn = -1
    for at in states:
        begins = at.turn == turn or not stretches
        turn = at.turn
        step = Step(turn, at.trust, at.distress, None if begins else signs.get(turn))
        if begins:
            name = one_line(short_name(at.speaker) if at.speaker else name) if at.scene else ""
            stretches.append(Stretch(name, (step,)))
        else:
            stretches[-1] = Stretch(stretches[-1].name, (*stretches[-1].steps, step))
    return tuple(stretches)


def in_words(course: tuple[Stretch, ...]) -> Iterator[str]:
    """Where trust and distress began and ended, a sentence for each stretch."""
    for stretch in course:
        first, last = stretch.steps[0], stretch.steps[-1]
        whose = f"With {stretch.name}: trust" if stretch.name else "Trust"
        if len(stretch.steps) == 1:
            yield f"{whose} {first.trust:g}, distress {first.distress:g}."
        else:
            yield f"{whose} {first.trust:g} → {last.trust:g}, distress {first.distress:g} → {last.distress:g}."

"""Simulated trainees: who they are, where their words come from, and what they say next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from random import Random
from typing import Literal, get_args

import msgspec

from roleplay.persona.model import Persona
from roleplay.rehearsal.banks import ANYWHERE, Anybody, Bank, Replies, find_bank, generic_bank
from roleplay.rehearsal.persona_tests import OwnTest
from roleplay.rehearsal.stuffing import stuffed_replies

Name = Literal[
    "skilled",
    "partly-skilled",
    "problem-solver",
    "polite",
    "prying",
    "cold",
    "rude",
    "stuffer",
    "injector",
    "silent",
]
NAMES: tuple[Name, ...] = get_args(Name)
"""All simulated trainees, in the order in which they are shown."""

Words = Literal["bank", "tests", "worked", "generic", "persona", "none"]
"""Where a trainee's words come from.

`bank`: written for this persona, and frozen. `tests`: the persona's own tests, and its worked replies where those have
none. `worked`: its worked replies alone. `generic`: written for any customer, and frozen. `persona`: made of the
persona's own words. `none`: there are none.
"""

LEAST_POOR = 3
"""Poor replies that tests must hold for a partly skilled trainee to be made of them."""

_GENERIC: tuple[Anybody, ...] = ("polite", "prying", "cold", "rude", "injector")


class Trainee(msgspec.Struct, frozen=True, kw_only=True):
    """A simulated trainee with its replies. Every second reply is one of `poor`, if there are any."""

    name: Name
    words: Words
    replies: Replies
    poor: tuple[str, ...] = ()

    def reply(self, moment: str, seed: int, turn: int, given: Collection[str]) -> str:
        """What is said at `moment` after `turn` replies; none of those `given` while there are others."""
        chance = Random(f"{seed}:{turn}:{self.name}")
        own, anywhere = self.replies.get(moment, ()), self.replies[ANYWHERE]
        pools = (self.poor, anywhere) if self.poor and (seed + turn) % 2 else (own, anywhere)
        for pool in pools:
            fresh = [reply for reply in pool if reply not in given]
            if fresh:
                return chance.choice(fresh)
        return chance.choice(anywhere)

    def knows(self, moment: str) -> bool:
        """Whether this trainee has replies of its own at `moment`, or says the same everywhere."""
        return moment in self.replies or self.replies.keys() == {ANYWHERE}


def of_bank(bank: Bank, name: Name) -> Trainee:
    """The trainee of that name as `bank` has it. Raises KeyError."""
    return Trainee(name=name, words="bank", replies={str(kind): each for kind, each in bank.trainees.items()}[name])


def own_bank(persona_id: str, stories: Iterable[Persona]) -> Bank | None:
    """The bank that was written for the persona of that id, unless `stories` are others than it was written for."""
    bank = find_bank(persona_id)
    if bank is None:
        return None
    answered = {moment for replies in bank.trainees.values() for moment in replies} - {ANYWHERE}
    known = {beat.id for story in stories for beat in story.beats()}
    return bank if 2 * len(answered & known) >= len(answered) else None


def trainees_for(
    persona: Persona, bank: Bank | None, tested: Sequence[OwnTest], worked: Replies, stories: Iterable[Persona]
) -> list[Trainee]:
    """Everybody who can be simulated against `persona`, as it was loaded, in the order of `NAMES`.

    `tested` are its tests as they were played, `worked` its worked replies by moment, `stories` the persona as it is
    played. With a `bank` those it has are taken from it; without one, from the tests and from what suits any customer.
    """
    found: dict[Name, Trainee] = {}
    if bank:
        for kind in bank.trainees:
            found[kind] = of_bank(bank, kind)
    else:
        for each in _of_tests(tested, worked):
            found[each.name] = each
    for anybody in _GENERIC:
        if bank is None or anybody in ("rude", "injector"):
            replies = {ANYWHERE: generic_bank(anybody).replies}
            found[anybody] = Trainee(name=anybody, words="generic", replies=replies)
    stuffed = stuffed_replies(persona, stories)
    found["stuffer"] = Trainee(name="stuffer", words="persona", replies={ANYWHERE: stuffed})
    found["silent"] = Trainee(name="silent", words="none", replies={ANYWHERE: ("",)})
    return [found[name] for name in NAMES if name in found]


def _of_tests(tested: Sequence[OwnTest], worked: Replies) -> list[Trainee]:
    """The skilled and the partly skilled trainee that an author's own replies make, as far as they suffice."""
    good: dict[str, dict[str, None]] = {}
    for moment, reply in (each for test in tested for each in test.good):
        good.setdefault(moment, {})[reply] = None
    own: Replies = {moment: tuple(replies) for moment, replies in good.items()}
    every = tuple(dict.fromkeys(reply for replies in (own or worked).values() for reply in replies))
    if not every:
        return []
    words: Words = "tests" if own else "worked"
    skilled = Trainee(name="skilled", words=words, replies={**worked, **own, ANYWHERE: every})
    poor = tuple(dict.fromkeys(reply for test in tested for reply in test.poor))
    if len(poor) < LEAST_POOR or not own:
        return [skilled]
    return [skilled, msgspec.structs.replace(skilled, name="partly-skilled", poor=poor)]

"""What the customer opens up about after a reply, what is deflected, what waits; and of everything else why not."""

from __future__ import annotations

from typing import Literal

import msgspec

from roleplay.conversation.listen import Heard
from roleplay.conversation.state import CustomerState
from roleplay.persona.lines import Disclosure
from roleplay.persona.model import Persona
from roleplay.scoring.assessment import Assessment

PULLS_BACK_AT = 6.0
"""Distress from which a customer who has just opened up pulls back once."""

Way = Literal["touched", "waited", "question", "itself"]
"""What opens a disclosure: its topic was just touched, or before; a fitted question; nothing but trust."""

Bar = Literal[
    "harm", "unsure", "no words", "trust", "untouched", "unexplored", "beside", "rests", "later", "pulls back"
]
"""What keeps a disclosure shut after a reply.

`harm`, `unsure`, `no words`: nothing opens to such a reply. `trust`: it takes more. `untouched`: its topic was not
touched, now or before, and nothing else opens it. `unexplored`: nor was a fitted question asked, which would.
`beside`: another topic was touched, and a question or trust alone opens nothing beside that. `rests`: something was
told a turn ago, and only a touched topic opens now. `later`: another one opens now. `pulls back`: it would open, but
the customer takes a step back first.
"""

_WAYS: tuple[Way, ...] = ("touched", "waited", "question", "itself")


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """What a reply did for one disclosure that was not told yet: it opens by `way`, unless something `bars` it.

    `touched`: the reply touched its topic. `trust`: the trust there was. One with a way and a bar is as good as open.
    """

    disclosure: Disclosure
    touched: bool
    trust: float
    way: Way | None = None
    bars: tuple[Bar, ...] = ()

    @property
    def opens(self) -> bool:
        """Whether it is told now."""
        return not self.bars


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """The disclosure that opens, the one whose topic came too early, and the ids of those that wait a turn.

    `weighed` is every disclosure that was not told before, in file order, each with the reason.
    """

    opens: Disclosure | None = None
    deflects: Disclosure | None = None
    waiting: tuple[str, ...] = ()
    pulls_back: bool = False
    weighed: tuple[Weighed, ...] = ()


def choose_disclosure(persona: Persona, state: CustomerState, heard: Heard, assessment: Assessment) -> Opening:
    """Decide on disclosures in the state after a reply.

    At most one opens: first what was just touched, then what waits since it was touched, then what a fitted question
    opens, then what comes by itself; in file order. A question opens nothing beside the topic it touched, and on the
    turn after an opening only what was touched opens, so that there is time for what was told. What was touched and
    could have opened waits, for as long as it takes. Nothing opens to a reply that hurts, or that nobody can be sure
    of, or to no words at all.
    """
    closed = [each for each in persona.disclosures if each.id not in state.disclosed]
    touched = [each for each in closed if each.id in heard.topics]
    shut = _shut_to(heard, assessment)
    weighed = [_weighed(each, touched, state, assessment, shut) for each in closed]
    if shut:
        return Opening(deflects=touched[0] if touched else None, waiting=state.waiting, weighed=tuple(weighed))
    ready = [each for each in weighed if each.opens]
    remembered = tuple(
        dict.fromkeys((*state.waiting, *(each.disclosure.id for each in ready if each.way == "touched")))
    )
    if not ready:
        return Opening(deflects=touched[0] if touched else None, waiting=remembered, weighed=tuple(weighed))
    first = min(ready, key=lambda each: _WAYS.index(each.way or "itself"))
    opens = first.disclosure
    has_opened_up = any(each.id in state.disclosed for each in persona.disclosures)
    pulls_back = state.met_in_a_row >= 2 and has_opened_up and state.distress >= PULLS_BACK_AT and not state.pulled_back
    barred = tuple(_held(each, "pulls back" if each is first else "later", first, pulls_back) for each in weighed)
    if pulls_back:
        waiting = tuple(dict.fromkeys((opens.id, *remembered)))
        return Opening(deflects=opens, waiting=waiting, pulls_back=True, weighed=barred)
    return Opening(opens=opens, waiting=tuple(each for each in remembered if each != opens.id), weighed=barred)


def _shut_to(heard: Heard, assessment: Assessment) -> tuple[Bar, ...]:
    """Why nothing at all opens to a reply; empty if something may."""
    if heard.kind not in ("words", "overlong", "goodbye"):
        return ("no words",)
    if assessment.unsure:
        return ("unsure",)
    return ("harm",) if assessment.harm else ()


def _weighed(
    each: Disclosure, touched: list[Disclosure], state: CustomerState, assessment: Assessment, shut: tuple[Bar, ...]
) -> Weighed:
    """What a reply that touched the topics of `touched` does for `each`, were it alone."""
    is_touched = each in touched
    way, closed_by = _way(each, touched, state, assessment)
    bars: list[Bar] = [*shut]
    if each.reveal != "asked" and state.trust < each.trust:
        bars.append("trust")
    if closed_by:
        bars.append(closed_by)
    return Weighed(disclosure=each, touched=is_touched, trust=state.trust, way=way, bars=tuple(bars))


def _way(
    each: Disclosure, touched: list[Disclosure], state: CustomerState, assessment: Assessment
) -> tuple[Way | None, Bar | None]:
    """What would open `each`, given the trust it takes, or else what keeps it shut."""
    if each in touched:
        return "touched", None
    if each.id in state.waiting:
        return "waited", None
    way: Way = "itself" if each.reveal == "volunteered" else "question"
    if each.reveal == "asked":
        return None, "untouched"
    if way == "question" and assessment.scores["explores"] != 2:
        return None, "unexplored"
    if touched:
        return None, "beside"
    rests = state.turn - state.opened_at < 2 and state.opened_at >= 0
    return (None, "rests") if rests else (way, None)


def _held(each: Weighed, bar: Bar, first: Weighed, pulls_back: bool) -> Weighed:
    """`each` with `bar` if it could have opened and does not: one opens at a time, or none when she pulls back."""
    if not each.opens or (each is first and not pulls_back):
        return each
    return msgspec.structs.replace(each, bars=(bar,))

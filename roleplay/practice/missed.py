"""What a trainee misses again and again, and where somebody's safety was passed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import msgspec

from roleplay.practice.trends import Dated
from roleplay.store.practised import Practised

TWICE = 2
"""Times that a moment was missed before it is told as one that is missed again and again."""

MomentKey = tuple[str, str]
"""The ids of a persona and of its moment or disclosure."""


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """A moment that was missed at least twice since it was met. `times` counts those, `answered` all replies to it.

    `met`: it was surely met without a hint before; False: never yet.
    `line` is what the customer says there; empty where that cannot be read. `comes_back` is the day on which drills
    bring it back (YYYY-MM-DD); empty where it is not known.
    """

    persona: str
    title: str
    moment: str
    line: str
    times: int
    answered: int
    met: bool
    latest: str
    comes_back: str

    @property
    def place(self) -> MomentKey:
        """Which it is."""
        return self.persona, self.moment


class Unsafe(msgspec.Struct, frozen=True):
    """A moment at which somebody's safety was at stake, and was passed over the last time."""

    persona: str
    title: str
    moment: str
    at: str


def missed_again_and_again(practised: Iterable[Practised]) -> dict[MomentKey, list[Practised]]:
    """The replies that missed a moment since it was surely met without a hint, of moments missed at least twice so."""
    found: dict[MomentKey, list[Practised]] = defaultdict(list)
    for each in practised:
        place = each.persona, each.moment
        if each.opportunity == "missed" and not each.unsure:
            found[place].append(each)
        elif _surely_met(each):
            found.pop(place, None)
    return {place: replies for place, replies in found.items() if len(replies) >= TWICE}


def missed_of(
    practised: Sequence[Practised], comes_back: Mapping[MomentKey, date], lines: Mapping[MomentKey, str]
) -> tuple[Missed, ...]:
    """Those that were missed most often come first; of equals the ones missed last."""
    often = missed_again_and_again(practised)
    answered: dict[MomentKey, int] = defaultdict(int)
    for each in practised:
        answered[each.persona, each.moment] += each.opportunity not in (None, "none")
    met = {(each.persona, each.moment) for each in practised if _surely_met(each)}
    found = [
        Missed(
            persona=place[0],
            title=replies[-1].title,
            moment=place[1],
            line=lines.get(place, ""),
            times=len(replies),
            answered=answered[place],
            met=place in met,
            latest=replies[-1].at,
            comes_back=comes_back[place].isoformat() if place in comes_back else "",
        )
        for place, replies in often.items()
    ]
    found.sort(key=lambda each: each.place)
    found.sort(key=lambda each: (each.times, each.latest), reverse=True)
    return tuple(found)


def passed_over(dated: Collection[Dated], since: date) -> tuple[Unsafe, ...]:
    """The moments at which safety was passed over the last time, later than on the day `since`; the latest first."""
    last = {(each.persona, each.moment): (day, each) for day, each in dated}
    found = [
        Unsafe(each.persona, each.title, each.moment, each.at)
        for day, each in last.values()
        if each.unsafe and day > since
    ]
    return tuple(sorted(found, key=lambda each: (each.at, each.persona, each.moment), reverse=True))


def _surely_met(each: Practised) -> bool:
    """Whether a reply met its moment beyond doubt, and without a hint."""
    return each.opportunity == "met" and not each.unsure and not each.aided

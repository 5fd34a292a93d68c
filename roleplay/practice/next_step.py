"""What to do next, in one sentence: the first of a few rules that holds, so that the same progress says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from roleplay.persona.fields import Dimension
from roleplay.practice.days import date_words, day_of
from roleplay.practice.figure_words import many, percent
from roleplay.practice.progress import Progress
from roleplay.practice.results import PersonaProgress
from roleplay.practice.standing import ENOUGH, FAR_OFF
from roleplay.text import one_line

if TYPE_CHECKING:
    from roleplay.practice.gallery import Card

TEST_AFTER = timedelta(days=14)
"""After so long of drills a test tells whether they carry over to moments never seen."""
DRILLS_TO_TEST = 20
"""Drills since the last test, below which another would tell little."""
WEAK = 0.6
"""Share of what a dimension was called for, below which it is worth practising by itself."""
GOOD = 70
"""A best score from which on a customer is known well."""

Kind = Literal["begin", "safety", "test", "drills", "rating", "weakest", "persona"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """The next step. `sentence` says it; `persona` (an id), `moment` and `dimension` are what it is about, or empty."""

    kind: Kind
    sentence: str
    persona: str = ""
    moment: str = ""
    dimension: Dimension | Literal[""] = ""


class Known(NamedTuple):
    """A persona that can be played; difficulty 1-5."""

    id: str
    title: str
    difficulty: int


def known_of(cards: Iterable[Card]) -> list[Known]:
    """The personas of `cards` that can be played, the easiest first, as the gallery has them."""
    playable = [card for card in cards if not card.problem]
    playable.sort(key=lambda card: (card.difficulty, card.title.casefold(), card.id))
    return [Known(card.id, card.title, card.difficulty) for card in playable]


def next_step(progress: Progress, personas: Callable[[], Sequence[Known]]) -> Step:
    """The next step by `progress`. `personas` are asked for, the easiest first, only if it comes to them.

    The rules are in docs/practice.md ("The next step"); the first that holds counts.
    """
    for rule in (_safety, _test, _drills, _rating, _weakest):
        step = None if progress.nothing else rule(progress)
        if step:
            return step
    return _persona(progress, personas())


def _safety(progress: Progress) -> Step | None:
    for each in progress.passed_over:
        day = day_of(each.at)
        when = f" on {date_words(day, date.fromisoformat(progress.today))}" if day else ""
        title = one_line(each.title)
        return Step(
            kind="safety",
            sentence=f"In “{title}” somebody's safety was passed over{when}: answer that moment again, danger first.",
            persona=each.persona,
            moment=each.moment,
        )
    return None


def _test(progress: Progress) -> Step | None:
    waiting = progress.taken[-1] if progress.taken else None  # only the last can be gone on with
    if waiting and not waiting.over:
        return Step(
            kind="test",
            sentence=f"A test waits, {waiting.answered} of {waiting.moments} moments answered: go on with it.",
        )
    drilled = progress.drilled
    if not drilled or sum(drilled.values()) < DRILLS_TO_TEST:
        return None
    if date.fromisoformat(progress.today) - date.fromisoformat(min(drilled)) < TEST_AFTER:
        return None
    return Step(
        kind="test",
        sentence="Two weeks of drills lie behind you: take a test, unaided, on moments you have never seen.",
    )


def _drills(progress: Progress) -> Step | None:
    if not progress.due:
        return None
    come = many(progress.due, "moment comes", "moments come")
    return Step(kind="drills", sentence=f"{come} back today: five minutes of drills.")


def _rating(progress: Progress) -> Step | None:
    gap = progress.self_rating.gap
    if gap.mean is None or gap.n < ENOUGH or abs(gap.mean) < FAR_OFF:
        return None
    points = many(round(abs(gap.mean)), "point", "points")
    if gap.mean > 0:
        sentence = f"You rate yourself {points} above what was heard: read in a debrief which replies were missed."
    else:
        sentence = f"You rate yourself {points} below what was heard: read in a debrief which words did it."
    return Step(kind="rating", sentence=sentence)


def _weakest(progress: Progress) -> Step | None:
    name = progress.weakest
    if name is None:
        return None
    each = progress.dimensions[name]
    share = each.skill.now
    if share.value is None or share.n < ENOUGH or share.value >= WEAK:
        return None
    title = one_line(each.title)
    return Step(
        kind="weakest",
        sentence=f"“{title}” is your weakest dimension just now, at {percent(share.value)}: drill it for five minutes.",
        dimension=name,
    )


def _persona(progress: Progress, personas: Sequence[Known]) -> Step:
    """Someone to play: the easiest not played yet; if all were, the hardest that is not known well."""
    best = {each.persona: each for each in progress.personas if not each.short}
    new = next((each for each in personas if each.id not in best), None)
    if new:
        first = "Take a first call" if progress.nothing else "Take on somebody new"
        return Step(kind="persona" if best else "begin", sentence=f"{first}: “{one_line(new.title)}”.", persona=new.id)
    if not personas:
        return Step(kind="begin", sentence="Take a call: write a first customer with `roleplay personas new NAME`.")
    hardest = max(_open(personas, best), key=lambda each: each[1], default=None)
    if hardest is None:
        easy = min((best[each.id] for each in personas), key=lambda each: (each.latest_at, each.persona))
        sentence = f"You know them all well: see how it goes now with “{one_line(easy.title)}”, longest ago."
        return Step(kind="persona", sentence=sentence, persona=easy.persona)
    known, _ = hardest
    score = best[known.id].best
    so_far = "" if score is None else f", where your best is {score:.0f}"
    return Step(kind="persona", sentence=f"Take “{one_line(known.title)}” again{so_far}.", persona=known.id)


def _open(
    personas: Sequence[Known], best: dict[str, PersonaProgress]
) -> Iterator[tuple[Known, tuple[int, float, str]]]:
    """The personas that are not known well, each with how much it is worth to take it again."""
    for each in personas:
        score = best[each.id].best
        if score is None or score < GOOD:
            yield each, (each.difficulty, -(score or 0.0), each.id)

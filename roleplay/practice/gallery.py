"""What a trainee picks from: every persona with what came of it so far, and the calls that wait to be gone on with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from roleplay.store.listing import Result, SessionSummary


@dataclass(frozen=True, kw_only=True)
class Card:
    """A persona as it is shown before a call.

    `calls` counts this trainee's calls that have ended, exams among them; `best` is the best session score of them,
    0-100; `short_calls` and `short_best` are those of its five-minute form. `extent` says how much there is of a story
    that is more than one call, and `visit` which comes next of one in visits, once that is known. `problem` is empty,
    or the one sentence that says why it cannot be played. Of a file that cannot be read only `id`, `path`, `title` (the
    file's name) and `problem` are known; its difficulty, else 1-5, is 0.
    """

    id: str
    path: Path
    title: str
    name: str = ""
    summary: str = ""
    channel: str = ""
    difficulty: int = 0
    content: tuple[str, ...] = ()
    calls: int = 0
    best: float | None = None
    short_calls: int = 0
    short_best: float | None = None
    extent: str = ""
    visit: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Gallery:
    """All cards, the easy ones first and those that cannot be played last; `interrupted` calls, the newest first.

    `tried` are calls that have ended and were being answered again, so that a try waits.
    """

    cards: tuple[Card, ...]
    interrupted: tuple[SessionSummary, ...]
    tried: tuple[SessionSummary, ...] = ()


def gallery_of(
    cards: Iterable[Card],
    results: Mapping[str, Result],
    interrupted: Iterable[SessionSummary],
    tried: Iterable[SessionSummary] = (),
) -> Gallery:
    """The gallery of one trainee: all `cards`, with `results` by the id of the persona."""
    from roleplay.persona.names import SHORT

    none = Result(0, None)
    played = [
        replace(card, calls=whole.calls, best=whole.best, short_calls=short.calls, short_best=short.best)
        for card in cards
        for whole, short in [[results.get(ident, none) if card.name else none for ident in (card.id, card.id + SHORT)]]
    ]
    played.sort(key=lambda card: (bool(card.problem), card.difficulty, card.title.casefold(), card.id))
    return Gallery(cards=tuple(played), interrupted=tuple(interrupted), tried=tuple(tried))

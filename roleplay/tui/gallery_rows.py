"""The rows of the gallery in their groups, each with what its filter looks in and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from roleplay.tui.cards import (
    broken_row,
    call_details,
    call_row,
    card_details,
    card_row,
    tried_details,
    tried_row,
)
from roleplay.tui.from_coach import assigned_details, assigned_row, missing_row, news_details, news_row
from roleplay.tui.hanging import Hanging
from roleplay.tui.widgets.rows import Row

if TYPE_CHECKING:
    from roleplay.practice.gallery import Card, Gallery
    from roleplay.review.trainee import FromCoach
    from roleplay.store.news import Assigned

ASSIGNED, CUSTOMERS = "Assigned", "Customers"
"""The groups in which the customers stand: those that a coach has assigned, and the others."""


class GalleryRows:
    """All rows of `gallery`, and of what a `coach` has for the trainee. A row's key is a file's path or a call's id."""

    def __init__(self, gallery: Gallery, coach: FromCoach) -> None:
        self._cards = {str(card.path): card for card in gallery.cards}
        self._waiting = {call.id: call for call in gallery.interrupted}
        self._news = {news.session: news for news in coach.news}
        self._tried = {call.id: call for call in gallery.tried if call.id not in self._news}
        ids = {card.id: path for path, card in self._cards.items()}
        self._assigned: dict[str, list[Assigned]] = {}
        for each in coach.assigned:
            if each.persona in ids:
                self._assigned.setdefault(ids[each.persona], []).append(each)
        others = [(card, _searched(*_told(card))) for key, card in self._cards.items() if key not in self._assigned]
        self.groups: Mapping[str, list[tuple[Row, str]]] = {
            ASSIGNED: list(self._assigned_rows(coach, ids)),
            "Cut short": [
                (call_row(call, key), _searched(call.title, call.persona)) for key, call in self._waiting.items()
            ],
            "Answered again": [
                (tried_row(call, key), _searched(call.title, call.persona)) for key, call in self._tried.items()
            ],
            "Reviewed": [
                (news_row(each, key), _searched(each.title, each.persona)) for key, each in self._news.items()
            ],
            CUSTOMERS: [(card_row(card, str(card.path)), text) for card, text in others if not card.problem],
            "To be mended": [(broken_row(card, str(card.path)), text) for card, text in others if card.problem],
        }
        """By heading the rows there are, each with what its filter looks in."""

    def card(self, key: str) -> Card | None:
        """The persona of that row; None where it is another row."""
        return self._cards.get(key)

    def is_past(self, key: str) -> bool:
        """Whether that row is a call that has ended."""
        return key in self._news

    def is_tried(self, key: str) -> bool:
        """Whether that row is a call that has ended and was being answered again."""
        return key in self._tried

    def details(self, key: str) -> Hanging:
        """What is known of that row, to stand beside it."""
        if key in self._assigned:
            return assigned_details(self._cards[key], self._assigned[key])
        if key in self._cards:
            return card_details(self._cards[key])
        if key in self._news:
            return news_details(self._news[key])
        if key in self._tried:
            return tried_details(self._tried[key])
        return call_details(self._waiting[key]) if key in self._waiting else Hanging(())

    def _assigned_rows(self, coach: FromCoach, ids: Mapping[str, str]) -> Iterator[tuple[Row, str]]:
        """The personas that are assigned; last those that are not among the `ids`."""
        for key, assigned in self._assigned.items():
            card = self._cards[key]
            yield assigned_row(card, assigned, key), _searched(*_told(card), *(each.note for each in assigned))
        for each in coach.assigned:
            if each.persona not in ids:
                yield missing_row(each), _searched(each.persona, each.note)


def _told(card: Card) -> tuple[str, ...]:
    """The words of a card, and the name of its file."""
    return card.title, card.name, card.summary, card.channel, card.id, card.path.name, *card.content


def _searched(*texts: str) -> str:
    """What the words of the filter are looked for in."""
    return "\n".join(texts).casefold()

"""The part of a long queue that is loaded: a few pages around where somebody is, however many there are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from roleplay.store.reviews import Waiting

PAGE = 50
"""Calls fetched at once."""
MOST = 4 * PAGE
"""Calls that are held at once."""

Place = tuple[int, int] | None
Fetch = Callable[[int, Place], Awaitable[list[Waiting]]]
"""Fetches at most so many calls after that place in the queue; None: from its beginning."""


class Pages:
    """Calls of a queue one after the other: `waiting` is what is loaded; there may be `more` after it."""

    def __init__(self) -> None:
        self.waiting: list[Waiting] = []
        self.more = False
        self._start: Place = None
        """After this place begins what is loaded."""
        self._before: list[Place] = []
        """After these begin the pages before that."""

    @property
    def earlier(self) -> bool:
        """Whether there is more before what is loaded."""
        return bool(self._before)

    def index(self, key: str) -> int:
        """Where the call with that id stands in what is loaded; -1 if it is not there."""
        return next((number for number, each in enumerate(self.waiting) if each.id == key), -1)

    async def renew(self, fetch: Fetch) -> None:
        """Fetch anew what is loaded, or else the first page."""
        size = max(len(self.waiting), PAGE)
        found = await fetch(size + 1, self._start)
        if not found and self._start is not None:
            self._start, self._before = None, []
            found = await fetch(size + 1, None)
        self.waiting, self.more = found[:size], len(found) > size

    async def down(self, fetch: Fetch) -> None:
        """Fetch the page after what is loaded, and let go of the first if there are too many."""
        if not self.waiting:
            return
        found = await fetch(PAGE + 1, self.waiting[-1].place)
        self.waiting, self.more = [*self.waiting, *found[:PAGE]], len(found) > PAGE
        while len(self.waiting) > MOST:
            self._before.append(self._start)
            self._start = self.waiting[PAGE - 1].place
            del self.waiting[:PAGE]

    async def up(self, fetch: Fetch) -> None:
        """Fetch the page before what is loaded, and let go of the last if there are too many."""
        if not self._before:
            return
        start = self._before.pop()
        found = await fetch(PAGE, start)
        there = {each.id for each in self.waiting}
        self._start, self.waiting = start, [*(each for each in found if each.id not in there), *self.waiting]
        if len(self.waiting) > MOST:
            del self.waiting[MOST:]
            self.more = True

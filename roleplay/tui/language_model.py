"""Whether a language model plays the customer: looked for in threads, offered quietly, agreed to or not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from roleplay.errors import RoleplayError
from roleplay.tui.unwaited import unwaited

if TYPE_CHECKING:
    from roleplay.llm.choosing import Choice, Offer
    from roleplay.practice.calls import Calls
    from roleplay.practice.playing import Players

Say = Callable[[str], None]


class Command(NamedTuple):
    """Something that can be asked for by name."""

    title: str
    means: str
    run: Callable[[], Coroutine[Any, Any, None]]


class LanguageModel:
    """What `calls` are played with. `say` tells a sentence, `wrong` one of a fault; `offered` hears what is on offer.

    Nothing here keeps the app from drawing or from ending.
    """

    def __init__(self, calls: Calls, *, say: Say, wrong: Say, offered: Callable[[Offer | None], None]) -> None:
        self._calls, self._say, self._wrong, self._offered = calls, say, wrong, offered
        self._choice: Choice | None = None
        self._looking: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Find out what there is, show an offer if there is one, and load what talks to the model if one is used."""
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        await asyncio.shield(self._looking)

    async def players(self) -> Players:
        """Who plays in a new call."""
        from roleplay.practice.playing import players_of

        await self.look()
        return players_of(self._choice.settings if self._choice else None)

    def commands(self) -> Iterator[Command]:
        """What can be done about it now."""
        choice = self._choice
        if choice is None:
            return
        yield Command("Language model: what is used", "Who plays the customer, and why", self._tell)
        if choice.offer is not None:
            offer = choice.offer
            yield Command(f"Language model: use {offer.model}", f"At {offer.host}, from the next call on", self.accept)
        if choice.settings is not None:
            yield Command(
                "Language model: stop using it", "The customer is scripted from the next call on", self._stop_using
            )
        yield Command("Language model: look again", "Also for what you declined before", self._look_again)

    async def accept(self) -> None:
        """Use what is offered, from the next call on, and remember it."""
        from roleplay.llm.choosing import accept

        offer = self._choice.offer if self._choice else None
        if offer is None:
            return
        self._offered(None)
        if await self._did(lambda: accept(offer)):
            await self._choose_again()
            self._say(f"{offer.model} plays the customer from the next call on.")

    async def never(self) -> None:
        """Never offer this again, and remember it."""
        from roleplay.llm.choosing import decline

        offer = self._choice.offer if self._choice else None
        if offer is None:
            return
        self._offered(None)
        if await self._did(lambda: decline(offer)):
            await self._choose_again()
            self._say("It is not offered again. Ctrl+P, “Language model: look again”, takes that back.")

    def not_now(self) -> None:
        """Offer nothing more until the next start."""
        self._offered(None)
        self._say("The customer is scripted. Ctrl+P, “Language model”, comes back to it.")

    async def _tell(self) -> None:
        if self._choice is not None:
            self._say(f"{self._choice.why} `roleplay doctor` checks what is there.")

    async def _stop_using(self) -> None:
        from roleplay.llm.choosing import forget

        settings = self._choice.settings if self._choice else None
        if settings is None:
            return
        if await self._did(lambda: forget(settings.base_url)):
            await self._choose_again(quietly=True)
            if self._choice is not None and self._choice.settings is not None:
                self._wrong(f"{self._choice.why} To play without it, start with --actor scripted.")
            else:
                self._say("The customer is scripted from the next call on.")

    async def _look_again(self) -> None:
        from roleplay.llm.consent import Consents

        def forget_refusals() -> None:
            consents = Consents()
            for address in [address for address in consents.answers if consents.declined(address)]:
                consents.forget(address)

        if await self._did(forget_refusals):
            await self._choose_again()
            await self._tell()

    async def _choose_again(self, *, quietly: bool = False) -> None:
        self._calls.choose_again()
        self._looking = None
        await self._look(quietly=quietly)

    async def _look(self, *, quietly: bool = False) -> None:
        self._choice = None
        try:
            self._choice = await unwaited(self._calls.choice)
        except RoleplayError as error:
            self._wrong(str(error))
        choice = self._choice
        self._offered(choice.offer if choice and not quietly else None)
        if choice is not None and choice.settings is not None:
            self._warming = asyncio.create_task(self._warm_up())

    async def _warm_up(self) -> None:
        from roleplay.conversation.trouble import InTrouble

        with suppress(InTrouble, RoleplayError):  # the first line of a call will tell
            await self._calls.warm_up()

    async def _did(self, work: Callable[[], object]) -> bool:
        """Do in a thread what writes files; whether it could be done, which is told if not."""
        try:
            await unwaited(work)
        except RoleplayError as error:
            self._wrong(str(error))
            return False
        return True

"""When the customer cannot speak: what to do is asked at a terminal, and decided where nobody can be asked."""

from __future__ import annotations

import asyncio
from math import ceil

from roleplay.cli.common import talk
from roleplay.cli.desk import Desk, Interrupted, Paused
from roleplay.conversation.session import Session
from roleplay.conversation.trouble import Choice, Trouble
from roleplay.practice.calls import Calls
from roleplay.text import counted, quote

LONGEST_WAIT = 30.0
"""Seconds that a call waits by itself for a server that asks for it."""

_WORDS: dict[Choice, str] = {
    "wait": "wait {left}, then try again",
    "retry": "try again",
    "lift": "let this call take twice as many tokens",
    "scripted": "go on with the scripted customer",
    "leave": "save the call and leave",
}


class Stuck:
    """Finds a way on for `session`, after which the line that waits to be said is spoken again."""

    def __init__(self, session: Session, calls: Calls, desk: Desk) -> None:
        self._session, self._calls, self._desk = session, calls, desk
        self._ready = 0.0  # when the server wants to be asked again
        self._tried_again = False

    def told(self, trouble: Trouble) -> None:
        """A line could not be said, just now."""
        talk(str(trouble))
        self._ready = asyncio.get_running_loop().time() + (trouble.wait or 0.0)

    def over(self) -> None:
        """A line was said."""
        self._tried_again = False

    async def way_on(self, trouble: Trouble) -> None:
        """Do what has to be done before the line is spoken again. Raises `Paused`, `Interrupted`."""
        if not self._desk.echoes:
            await self._by_itself(trouble)
            return
        decided = False
        while not decided:
            for number, choice in enumerate(trouble.choices, 1):
                talk(f"  {number}  {_WORDS[choice].format(left=self._seconds())}")
            decided = await self._done(await self._chosen(trouble.choices))

    async def _by_itself(self, trouble: Trouble) -> None:
        """Try each line once more where that may help and does not take long; else the scripted customer goes on."""
        first = trouble.choices[0]
        if self._tried_again or first not in ("retry", "wait") or self._left() > LONGEST_WAIT:
            self._scripted()
            return
        self._tried_again = True
        talk(f"Trying once more in {self._seconds()}." if first == "wait" else "Trying once more.")
        await asyncio.sleep(self._left())

    async def _chosen(self, choices: tuple[Choice, ...]) -> Choice:
        """What the trainee chooses, by its number, its name or the beginning of that; Enter is the first."""
        question = f"1 to {len(choices)}, or Enter for 1: "
        while True:
            answer = await self._desk.ask(question)
            if answer is None:
                return "leave"
            typed = answer.strip().casefold().lstrip("/") or "1"
            named = [each for each in choices if each.startswith("leave" if typed == "pause" else typed)]
            if typed.isdecimal() and 1 <= int(typed) <= len(choices):
                return choices[int(typed) - 1]
            if len(named) == 1:
                return named[0]
            talk(f"That is none of the choices, and was not sent: {quote(answer.strip())}")

    async def _done(self, choice: Choice) -> bool:
        """Do what was chosen; False if it was given up, and something else may be chosen."""
        match choice:
            case "wait":
                try:
                    await self._desk.breakable(self._count_down())
                except Interrupted:
                    talk("\nNot waiting any longer.")
                    return False
            case "scripted":
                self._scripted()
            case "lift":
                self._calls.lift_limit(self._session)
                meter = self._calls.meter(self._session.transcript)
                talk(meter.told if meter else "")
            case "leave":
                raise Paused
        return True

    async def _count_down(self) -> None:
        """Wait until the server wants to be asked again, and say from time to time how long that is."""
        talk(f"Waiting {self._seconds()}. Ctrl+C goes back to the choices.")
        while (left := self._left()) > 0:
            step = 5 if left <= 30 else 30
            await asyncio.sleep(left - step * (ceil(left / step - 0.01) - 1))
            if self._left() >= 1:
                talk(f"{self._seconds()} left.")

    def _scripted(self) -> None:
        self._calls.go_on_scripted(self._session)
        talk("The scripted customer goes on with this call.")

    def _left(self) -> float:
        return max(0.0, self._ready - asyncio.get_running_loop().time())

    def _seconds(self) -> str:
        return counted(max(1, round(self._left())), "second", "seconds")

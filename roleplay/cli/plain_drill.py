"""Drills and tests in plain mode: a moment in printed lines, one line is one reply, and at once what was heard."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Literal

from roleplay.cli import drill_lines
from roleplay.cli.afterwards import own_rating
from roleplay.cli.common import say, talk
from roleplay.cli.desk import Desk, Interrupted
from roleplay.conversation.drilling import DrillItem
from roleplay.errors import BadInput, NotSaved, StoreBusy
from roleplay.persona.fields import Dimension
from roleplay.practice.calls import Calls
from roleplay.practice.drills.sitting import Sitting, sitting_of
from roleplay.practice.drills.task import Result, Task
from roleplay.practice.drills.unaided import Unaided, test_of
from roleplay.text import counted, one_line

Print = Callable[[str], None]
Way = Literal["next", "again", "stop", "replied"]

_WANTS_OUT = frozenset({"quit", "exit", "q", ":q", "leave", "stop", "help", "hint", "next", "again"})


class _Plain:
    """What drills and tests share: a moment is shown, and lines are read until one is a reply or leads on."""

    help: tuple[str, ...] = ()
    commands: frozenset[str] = frozenset()

    def __init__(self, calls: Calls, desk: Desk, *, out: Print, as_json: bool) -> None:
        self._calls, self._desk, self._out, self._as_json = calls, desk, out, as_json
        self._shown: set[DrillItem] = set()

    def _say(self, printed: Iterable[str]) -> None:
        for line in printed:
            self._out(line)

    def _show(self, task: Task, of: int = 0) -> None:
        self._out("")
        self._say(drill_lines.moment(task, of, again=task.item in self._shown))
        self._shown.add(task.item)
        if task.draft:
            talk(f"You had typed, and not sent: {one_line(task.draft)}")

    async def _taken(self, task: Task) -> Way:
        """Read lines until one was kept as the reply to `task`, or leads elsewhere."""
        while True:
            typed = await self._desk.next()
            if typed is None:
                return "stop"
            if not typed.startswith("/"):
                if self._desk.echoes and typed.casefold() in _WANTS_OUT:
                    talk(f"/{typed.lstrip(':')} is a command, /help lists them. To say it, put a space before it.")
                elif await self._sent(task, typed):
                    return "replied"
                continue
            way = await self._commanded(task, typed[1:].partition(" ")[0])
            if way:
                return way

    async def _commanded(self, task: Task, command: str) -> Way | None:
        match command:
            case "stop":
                return "stop"
            case "next" | "again" if command in self.commands:
                return "next" if command == "next" else "again"
            case "hint" if command in self.commands:
                await self._hint(task)
            case "brief":
                self._say(drill_lines.brief(task.shown))
                self._say(drill_lines.said(task))
            case _:
                if command != "help":
                    talk(f"There is no command /{one_line(command)} here. To say it, put a space before it.")
                for line in self.help:
                    talk(line)
        return None

    async def _hint(self, task: Task) -> None:
        """Show a hint."""

    async def _sent(self, task: Task, text: str) -> bool:
        """Send a reply. At a terminal one that was refused or not saved is said to be, and another may be typed."""
        try:
            await self._send(task, text)
        except BadInput as error:
            if not self._desk.echoes:
                raise BadInput(error.what, where=self._desk.where, mend=error.mend) from None
            talk(str(error))
            return False
        except (NotSaved, StoreBusy) as error:
            if not self._desk.echoes:
                raise
            talk(f"NOT saved: {error}")
            talk(f"Your reply was: {text}")
            return False
        return True

    async def _send(self, task: Task, text: str) -> None:
        raise NotImplementedError

    def _echo(self, text: str) -> None:
        """Show what was sent, once it is kept, where it does not show by itself."""
        if not self._desk.echoes:
            self._out(f"You: {one_line(text) or '(silence)'}")


class PlainDrills(_Plain):
    """A sitting of drills of the trainee of `calls` at the `desk`; `out` prints results."""

    help = drill_lines.HELP
    commands = frozenset({"hint", "again", "next"})

    def __init__(
        self,
        calls: Calls,
        desk: Desk,
        *,
        out: Print,
        as_json: bool,
        minutes: float,
        dimension: Dimension | None,
        persona: str,
        item: DrillItem | None = None,
    ) -> None:
        super().__init__(calls, desk, out=out, as_json=as_json)
        self._minutes, self._dimension, self._persona, self._item = minutes, dimension, persona, item
        self._opened: Sitting | None = None
        self._last: Task | None = None
        self._replies = 0
        self._told_enough = False

    @property
    def kept(self) -> str:
        """What is kept of it, in a sentence."""
        if not self._replies:
            return "Nothing was sent."
        return f"{counted(self._replies, 'reply is', 'replies are')} saved."

    @property
    def _sitting(self) -> Sitting:
        assert self._opened
        return self._opened

    async def take(self) -> None:
        """Drill until nothing is left, or somebody stops. Raises `Interrupted`, `RoleplayError`."""
        self._opened = await asyncio.to_thread(
            sitting_of,
            self._calls,
            minutes=self._minutes,
            dimension=self._dimension,
            persona=self._persona,
            item=self._item,
        )
        task = await asyncio.to_thread(self._sitting.next)
        if task is None:
            self._out("Nothing is due today, and nothing is new that fits.")
        elif self._desk.echoes:
            self._out("One line is one reply, and what was heard comes at once. /help lists what else you can type.")
        waiting: Task | None = None  # was shown, and comes again after another try at the one before it
        while task:
            self._show(task)
            way = await self._taken(task)
            if way == "replied":
                self._last = task
                way = await self._afterwards()
            elif way == "again" and task.counts:
                waiting = task
            if way == "stop":
                break
            if way == "again" and self._last:
                task = await asyncio.to_thread(self._sitting.again, self._last)
            elif way == "again":
                talk("There is no moment yet to answer again: reply to this one first.")
            else:
                task, waiting = waiting or await asyncio.to_thread(self._sitting.next), None
        self._out("")
        self._say(drill_lines.summary(await asyncio.to_thread(self._sitting.summary)))

    async def aclose(self) -> None:
        """Close what was opened."""
        if self._opened:
            await asyncio.to_thread(self._opened.close)

    async def _afterwards(self) -> Way:
        """After a reply: at a terminal ask what comes next, and when it is enough offer to stop."""
        enough = self._sitting.enough and not self._told_enough
        if enough:
            self._told_enough = True
            self._out(self._sitting.enough_told)
        if not self._desk.echoes:
            return "next"
        asked = "Enter to stop, /next to go on, /again: " if enough else "Enter for the next, /again, /stop: "
        while True:
            typed = await self._desk.ask(asked)
            match "stop" if typed is None else typed.strip().removeprefix("/"):
                case "":
                    return "stop" if enough else "next"
                case "next":
                    return "next"
                case "stop":
                    return "stop"
                case "again":
                    return "again"
                case _:
                    talk("Nothing is waiting for a reply just now.")

    async def _hint(self, task: Task) -> None:
        self._say(drill_lines.hint(await asyncio.to_thread(self._sitting.hint, task)))

    async def _send(self, task: Task, text: str) -> None:
        result = await asyncio.to_thread(self._sitting.answer, task, text)
        self._replies += 1
        self._echo(result.reply.reply)
        self._tell(result)

    def _tell(self, result: Result) -> None:
        self._say(drill_lines.result(result))
        if self._as_json:
            say(json.dumps(drill_lines.as_json(result)))


class PlainTest(_Plain):
    """A test of the trainee of `calls` at the `desk`; `out` prints results."""

    help = drill_lines.TEST_HELP

    def __init__(self, calls: Calls, desk: Desk, *, out: Print, as_json: bool) -> None:
        super().__init__(calls, desk, out=out, as_json=as_json)
        self._test: Unaided | None = None

    kept = "The test is saved as far as it went. Go on with it: roleplay drill --test"

    async def take(self) -> None:
        """Take the test until every moment has a reply, or somebody stops. Raises `Interrupted`, `RoleplayError`."""
        test = self._test = await asyncio.to_thread(test_of, self._calls)
        self._out(await asyncio.to_thread(test.prepare))
        if not test.size:
            return
        while task := await asyncio.to_thread(test.next):
            self._show(task, test.size)
            if await self._taken(task) == "stop":
                talk(self.kept)
                return
        if not test.rated:
            await asyncio.to_thread(test.rate, await self._own_rating())
        await self._tell(test)

    async def aclose(self) -> None:
        """Close what was opened."""
        if self._test:
            await asyncio.to_thread(self._test.close)

    async def _send(self, task: Task, text: str) -> None:
        assert self._test
        await asyncio.to_thread(self._test.answer, task, text)
        self._echo(text)

    async def _own_rating(self) -> int | None:
        """The trainee's own rating; None if skipped, or where nobody can be asked."""
        if not self._desk.echoes:
            return None
        self._out("Before you see the result: how well were these customers heard, 0 (not at all) to 4 (fully)?")
        return await own_rating(self._desk)

    async def _tell(self, test: Unaided) -> None:
        came = await asyncio.to_thread(test.result)
        if self._as_json:
            for each in came.replies:
                say(json.dumps(drill_lines.as_json(each)))
            say(json.dumps(drill_lines.test_as_json(came)))
        self._out("")
        self._say(drill_lines.test_result(came))
        for reply in drill_lines.test_replies(came):
            if self._desk.echoes and not await self._wants_more():
                return
            self._out("")
            self._say(reply)

    async def _wants_more(self) -> bool:
        try:
            answer = await self._desk.ask("Press Enter for the next reply, or type q to skip the rest: ")
        except Interrupted:
            talk("")
            return False
        return answer is not None and not answer.strip()

"""Runs the full-screen app in a terminal, from its first frame until the terminal is given back."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from roleplay.errors import RoleplayError
from roleplay.text import sanitise
from roleplay.tui.app import RoleplayApp
from roleplay.tui.choices import Drill, Look, Review
from roleplay.tui.journey import Wanted

if TYPE_CHECKING:
    from roleplay.practice.calls import Calls

FAULT = 70
"""The exit code of a fault in the program itself (EX_SOFTWARE of sysexits.h)."""

_LONGEST_CLOSING = 0.5
"""Seconds that what is still going on may take to end."""

_LONGEST_FAREWELL = 3.0
"""Seconds within which the app has ended after it was told to; a terminal that is gone may block it for ever."""


def run_app(
    open_calls: Callable[[], Calls],
    *,
    persona: str | None = None,
    exam: bool = False,
    seed: int | None = None,
    resume: bool | None = None,
    short: bool = False,
    review: Review | None = None,
    drill: Drill | None = None,
    look: Look | None = None,
    coach: str = "",
) -> int:
    """Run the app and return its exit code; what went wrong is printed on stderr as one sentence.

    `open_calls` is called in a thread beside the first frame; what it returns is closed at the end. `persona` is a name
    or a file, played with `exam` and `seed`, in five minutes if `short`; `resume` goes on with its newest interrupted
    call, False begins a new one, None asks. With `review` the app opens at the coach's queue; whoever reviews in it is
    `coach`, or else the user. With `drill` it opens at the drills, with `look` at a call
    that has ended.
    """
    gc.disable()  # a collection among all that is loaded for the first frame finds nothing, and holds it up
    opening = _Opening(open_calls)
    wanted = Wanted(persona, exam, seed, resume, short) if persona is not None else review or drill or look
    app = RoleplayApp(opening, wanted, coach)
    try:
        asyncio.run(_run(app, opening))
    except Exception as error:
        from roleplay.faults import write_log

        app.fault = app.fault or write_log(error)
    finally:
        opening.close()
    if app.fault:
        _tell(app.fault)
        return FAULT
    if opening.refused is not None:
        _tell(f"Error: {opening.refused}")
        return opening.refused.exit_code
    return app.return_code or 0


class _Opening:
    """Opens the calls, and remembers what came of it."""

    def __init__(self, open_calls: Callable[[], Calls]) -> None:
        self._open_calls = open_calls
        self._calls: Calls | None = None
        self.refused: RoleplayError | None = None

    def __call__(self) -> Calls:
        try:
            self._calls, self.refused = self._open_calls(), None
        except RoleplayError as error:
            self.refused = error
            raise
        finally:
            gc.freeze()
            gc.enable()
        return self._calls

    async def aclose(self) -> None:
        """Close the connection to a language model, once nothing talks over it any more."""
        if self._calls is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._calls.aclose(), _LONGEST_CLOSING)

    def close(self) -> None:
        if self._calls is not None:
            self._calls.close()


async def _run(app: RoleplayApp, opening: _Opening) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _leave, app, number)
    try:
        await app.run_async()
    finally:
        await _end_tasks()  # a verdict that comes too late must not be kept as one that failed
        await opening.aclose()


async def _end_tasks() -> None:
    """End what still goes on beside the app, such as a judge's reading."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=_LONGEST_CLOSING)


def _leave(app: RoleplayApp, number: signal.Signals) -> None:
    """End the app because the system wants it to: its screens keep what is typed while they close."""
    code = 128 + number
    patience = threading.Timer(_LONGEST_FAREWELL, os._exit, [code])
    patience.daemon = True
    patience.start()
    app.exit(return_code=code)


def _tell(sentence: str) -> None:
    print(sanitise(sentence), file=sys.stderr)

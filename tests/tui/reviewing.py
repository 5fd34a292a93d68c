"""The coach's screens as a person has them: calls that wait in a workspace, the queue, and a call that is opened."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from roleplay.review.desk import Case
from roleplay.store.transcripts import Transcripts
from roleplay.tui.app import RoleplayApp
from roleplay.tui.choices import Review
from roleplay.tui.screens.note import NoteScreen
from roleplay.tui.screens.queue import QueueScreen
from roleplay.tui.screens.transcript import TranscriptScreen
from tests.review.desks import desk_at
from tests.review.played import keep_played
from tests.store.kept_calls import ending, keep_call, try_again
from tests.tui.shell import calls_in, seen, until

SMALL, LARGE = (80, 24), (140, 40)
PLAYED, DISPUTED, PLAIN = "aaaa1111", "bbbb2222", "cccc3333"
OBJECTION = "I did offer her a truck."


def database(workspace: Path) -> Path:
    return workspace / "transcripts" / "roleplay.db"


def calls_that_wait(workspace: Path) -> None:
    """Three calls: one of a simulated trainee, one that is disputed, and one of kept records."""
    database(workspace).parent.mkdir(exist_ok=True)
    database(workspace).write_bytes(_calls_that_wait())


@cache
def _calls_that_wait() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = database(Path(folder))
        keep_played(path, PLAYED, "cold")
        with Transcripts(path) as store:
            keep_call(store, PLAIN, trainee="Ben")
            keep_call(store, DISPUTED, trainee="Ana")
        with desk_at(path, "Ana") as trainee:
            trainee.dispute(DISPUTED, trainee.open(DISPUTED).transcript.replies[1], OBJECTION)
        return path.read_bytes()


def many_calls(workspace: Path, count: int) -> None:
    """So many short calls of Ben's, call-000 the oldest."""
    with Transcripts(database(workspace)) as store:
        for number in range(count):
            keep_call(store, f"call-{number:03}", 1, trainee="Ben")


def two_tries(workspace: Path) -> None:
    """A call in which the second reply was taken back."""
    with Transcripts(database(workspace)) as store:
        keep_call(store, PLAIN, 2, ended=False, trainee="Ben")
        try_again(store, PLAIN, 1, 2)
        store.keep_ending(ending(PLAIN, 1), 50.0)


def reviewing(workspace: Path, session: str = "", *, samples: bool = False) -> RoleplayApp:
    """The app as `roleplay review` opens it for the coach Kim."""
    for folder in ("personas", "transcripts"):
        (workspace / folder).mkdir(exist_ok=True)
    app = RoleplayApp(lambda: calls_in(workspace), Review(session, samples=samples), "Kim")
    app.animation_level = "none"
    return app


def kept(workspace: Path, session: str) -> Case:
    """The call with its review, as it lies in the database."""
    with desk_at(database(workspace)) as desk:
        return desk.open(session)


async def queue(pilot: Pilot[None]) -> QueueScreen:
    """The queue, once its calls are there."""

    def there() -> bool:
        screen = pilot.app.screen
        return isinstance(screen, QueueScreen) and screen._rows.display and bool(screen._rows.current)

    await until(pilot, there)
    assert isinstance(pilot.app.screen, QueueScreen)
    return pilot.app.screen


async def opened(pilot: Pilot[None], words: str) -> TranscriptScreen:
    """The call that is open, once `words` stand on the screen."""
    await until(pilot, lambda: isinstance(pilot.app.screen, TranscriptScreen) and words in seen(pilot))
    assert isinstance(pilot.app.screen, TranscriptScreen)
    return pilot.app.screen


async def noted(pilot: Pilot[None], words: str) -> TranscriptScreen:
    """The call that is open, once `words` stand in its story, wherever a line is broken."""

    def there() -> bool:
        screen = pilot.app.screen
        if not isinstance(screen, TranscriptScreen):
            return False
        lines = (line.plain for lines in screen._story._lines for line in lines)
        return words in " ".join(" ".join(lines).split())

    await until(pilot, there)
    assert isinstance(pilot.app.screen, TranscriptScreen)
    return pilot.app.screen


async def told(pilot: Pilot[None], words: str) -> None:
    """Wait until that was said in passing; the app is run with `notifications`."""
    await until(pilot, lambda: any(words in each.message for each in pilot.app._notifications))


async def typed(pilot: Pilot[None], words: str) -> None:
    """Put `words` into the field that has the focus, once one has it."""
    await until(pilot, lambda: isinstance(pilot.app.focused, Input | TextArea))
    pilot.app.post_message(Paste(words))
    await pilot.pause()


async def shown(pilot: Pilot[None], session: str) -> TranscriptScreen:
    """The call that is open, once it is that one."""

    def there() -> bool:
        screen = pilot.app.screen
        return isinstance(screen, TranscriptScreen) and bool(screen._shown and screen._shown.ident == session)

    await until(pilot, there)
    assert isinstance(pilot.app.screen, TranscriptScreen)
    return pilot.app.screen


async def on(pilot: Pilot[None], screen: type[NoteScreen]) -> NoteScreen:
    """The small screen of that kind, once it is there."""
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))
    assert isinstance(pilot.app.screen, NoteScreen)
    return pilot.app.screen

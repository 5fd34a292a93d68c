"""A screen may be left at any moment: before it was drawn, and while what it waits for is still to come."""

from __future__ import annotations

import ast
import asyncio
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest
from textual.app import App
from textual.screen import Screen

from roleplay.conversation.events import (
    ActorTrouble,
    CustomerSpeaks,
    CustomerSpoke,
    Event,
    ReplyKept,
    SessionEnded,
    TriesAgain,
)
from roleplay.conversation.judging import Verdict
from roleplay.conversation.scripts import script_for
from roleplay.conversation.session import Session
from roleplay.conversation.trouble import Trouble
from roleplay.conversation.turns import KeptVerdict, Transcript
from roleplay.errors import BadInput
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.persona.model import Persona
from roleplay.practice.calls import Calls, now
from roleplay.practice.debrief import debrief_of
from roleplay.practice.drills import task, unaided
from roleplay.practice.drills.sitting import sitting_of
from roleplay.practice.gallery import Card
from roleplay.practice.next_step import next_step
from roleplay.practice.playing import SCRIPTED, Players
from roleplay.practice.progress import Given, progress_of
from roleplay.review.desk import Desk
from roleplay.review.reading import reading_of
from roleplay.store.listing import SessionSummary
from roleplay.store.reviews import Reviews, Wanted
from roleplay.store.transcripts import Transcripts
from roleplay.tui import brief, screens
from roleplay.tui.again import Compare
from roleplay.tui.final_pass import FinalPass
from roleplay.tui.frame import Frame
from roleplay.tui.screens import problems
from roleplay.tui.screens.answer import AnswerScreen
from roleplay.tui.screens.blind import BlindScreen
from roleplay.tui.screens.briefing import BriefingScreen
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.screens.comment import CommentScreen
from roleplay.tui.screens.compare import CompareScreen
from roleplay.tui.screens.debrief import DebriefScreen
from roleplay.tui.screens.dispute import DisputeScreen, TakeBackScreen
from roleplay.tui.screens.drill import DrillScreen
from roleplay.tui.screens.filters import FiltersScreen
from roleplay.tui.screens.from_turn import FromTurnScreen
from roleplay.tui.screens.gallery import GalleryScreen
from roleplay.tui.screens.gesture import GestureScreen
from roleplay.tui.screens.help import HelpScreen
from roleplay.tui.screens.note import NoteScreen
from roleplay.tui.screens.offer import OfferScreen
from roleplay.tui.screens.overrule import OverruleScreen
from roleplay.tui.screens.pause import PauseScreen
from roleplay.tui.screens.problems import ProblemsScreen
from roleplay.tui.screens.progress import ProgressScreen
from roleplay.tui.screens.queue import QueueScreen
from roleplay.tui.screens.rating import RatingScreen
from roleplay.tui.screens.record import RecordScreen
from roleplay.tui.screens.search import SearchScreen
from roleplay.tui.screens.transcript import Place, TranscriptScreen
from roleplay.tui.screens.unaided import UnaidedResultScreen, UnaidedScreen
from roleplay.tui.sitting import Sitting
from roleplay.tui.themes import THEMES
from tests.journeys.playing import rehearsed
from tests.tui.shell import app_in, persona_file, tiny

Value = TypeVar("Value")

TESTED = task.TestResult(
    test="x",
    score=50.0,
    before=None,
    before_on=None,
    drilled=None,
    drills=0,
    rating=None,
    dimensions=(),
    replies=(),
    told=("Score: 50 of 100.",),
)
BROKEN = Card(id="x", path=Path("x.yaml"), title="x.yaml", problem="There is no name.")
WAITING = SessionSummary("x", "dana", "A ramp", "Sam", "2026-05-03T21:14:00+00:00", 3, 0, None, None, None)


class Floor(App[None]):
    """An app with nothing on it, for screens to be put on and taken off."""

    def __init__(self) -> None:
        super().__init__()
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name


@pytest.fixture(scope="module")
def dana() -> Persona:
    return load_persona(shipped_folder() / "stranded-driver.yaml")


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    calls = Calls(tmp_path, Transcripts(tmp_path / "t" / "roleplay.db"), "Sam", now)
    yield calls
    calls.close()


class Reading:
    """A call that has ended, in which the judge has read one reply once `screen` is going."""

    def __init__(self) -> None:
        self.transcript: Transcript = rehearsed("stranded-driver", "skilled", 7).transcript
        self.screen: Screen[Any] | None = None

    async def fill_gaps(self, tell: Callable[[int, int], object]) -> None:
        while self.screen is None:
            await asyncio.sleep(0)
        tell(0, 2)
        await gone(self.screen)
        tell(1, 2)
        reply = self.transcript.replies[0]
        verdict = Verdict(standing="verified", assessment=reply.assessment, model="stub")
        kept = KeptVerdict(
            session=reply.session, branch=0, turn=reply.turn, attempt=1, verdict=verdict, state=None, at=""
        )
        self.transcript = msgspec.structs.replace(self.transcript, verdicts=(kept,))


async def gone(screen: Screen[Any]) -> None:
    """Wait until `screen` is being taken off: its widgets are gone already, and its workers are not ended yet."""
    while screen.children:
        await asyncio.sleep(0)


async def none_kept(rating: int | None) -> None:
    """Keeps no rating."""


def session_in(calls: Calls, persona: Persona) -> Awaitable[Session]:
    return calls.begin(persona, exam=False, seed="7")


async def tried(calls: Calls, persona: Persona) -> str:
    """The id of a call that has ended and was answered again."""
    session = await session_in(calls, persona)
    await session.speak()
    await session.reply("What is your customer number?")
    await session.leave()
    again = await calls.rewind(session.transcript.session.id, 1)
    await again.reply("Are you in the car?")
    return session.transcript.session.id


async def every_screen(app: App[Any], calls: Calls, dana: Persona) -> list[Frame[Any]]:
    """One of each screen there is, but for the gallery, which is never taken off before the end of the app."""
    ended = Reading()
    return [
        BriefingScreen(dana, exam=False, players=players_at_once),
        CallScreen(calls, await session_in(calls, dana), resumed=False),
        DebriefScreen(ended.transcript, help_resources="Room 4."),
        DrillScreen(sitting_of(calls)),
        CompareScreen(calls, await tried(calls, dana), Compare(None, 1)),
        FromTurnScreen(debrief_of(ended.transcript).replies),
        GestureScreen(dana.gestures),
        HelpScreen(BriefingScreen(dana, exam=False)),
        OfferScreen(WAITING),
        PauseScreen("Dana", "the customer is scripted"),
        ProblemsScreen(BROKEN),
        ProgressScreen(progress := progress_of("Sam", Given(), datetime.now(UTC)), next_step(progress, lambda: ())),
        RatingScreen("Dana", none_kept),
        RecordScreen(brief.whole(script_for(dana))),
        UnaidedResultScreen(TESTED),
        UnaidedScreen(unaided.test_of(calls)),
    ]


async def every_screen_of_a_coach(calls: Calls, dana: Persona) -> list[Frame[Any]]:
    """One of each screen on which calls are reviewed, over one that has ended and holds a dispute."""
    session = await session_in(calls, dana)
    await session.speak()
    await session.reply("What is your customer number?")
    await session.leave()
    ident, reply = session.transcript.session.id, session.transcript.replies[0]
    desk = Desk(calls.store, Reviews(calls.store.path), "Kim", now)
    dispute = desk.dispute(ident, reply, "I had asked before.")
    (entry,) = (each for each in reading_of(desk.open(ident)).entries if each.reply)
    assert entry.assessed
    sitting = Sitting(lambda: desk, lambda: None)
    return [
        AnswerScreen(sitting, dispute),
        BlindScreen(sitting, 3, 7),
        CommentScreen(sitting, ident, entry),
        DisputeScreen(sitting, session.transcript, reply),
        FiltersScreen(sitting, Wanted()),
        OverruleScreen(sitting, ident, reply, entry.assessed.levels, entry.assessed.by),
        QueueScreen(sitting),
        SearchScreen(sitting),
        TakeBackScreen(sitting, session.transcript, reply, dispute.text),
        TranscriptScreen(sitting, Place(ident)),
    ]


async def players_at_once() -> Players:
    return SCRIPTED


async def test_these_are_all_screens_there_are(calls: Calls, dana: Persona) -> None:
    modules = [import_module(f"{screens.__name__}.{each.name}") for each in pkgutil.iter_modules(screens.__path__)]
    written = {
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Frame) and each.__module__ == module.__name__
    }
    async with Floor().run_test() as pilot:
        tried = [*await every_screen(pilot.app, calls, dana), *await every_screen_of_a_coach(calls, dana)]
        assert {type(each) for each in tried} == written - {GalleryScreen, NoteScreen}


@pytest.mark.parametrize("steps", [0, 1, 3, 8, 21])
async def test_every_screen_can_be_left_while_it_is_being_put_on(calls: Calls, dana: Persona, steps: int) -> None:
    await put_on_and_taken_off(calls, dana, steps)


@pytest.mark.soak
@pytest.mark.parametrize("steps", range(60))
async def test_every_screen_can_be_left_at_each_step_of_being_put_on(calls: Calls, dana: Persona, steps: int) -> None:
    await put_on_and_taken_off(calls, dana, steps)


async def put_on_and_taken_off(calls: Calls, dana: Persona, steps: int) -> None:
    """Leave each screen after so many turns of the event loop."""
    async with Floor().run_test(size=(120, 40)) as pilot:
        for screen in (*await every_screen(pilot.app, calls, dana), *await every_screen_of_a_coach(calls, dana)):
            pilot.app.push_screen(screen)
            for _ in range(steps):
                await asyncio.sleep(0)
            screen.dismiss(None)
            async with asyncio.timeout(10):
                while screen.is_attached:
                    await asyncio.sleep(0.001)
        assert len(pilot.app.screen_stack) == 1
        assert pilot.app.is_running


async def test_f1_and_escape_in_one_breath(dana: Persona) -> None:
    async with Floor().run_test() as pilot:
        briefing = BriefingScreen(dana, exam=False)
        await pilot.app.push_screen(briefing)
        for _ in range(5):
            await pilot.press("f1", "escape")
            await pilot.pause()
        assert pilot.app.screen is briefing
        briefing.action_help()
        pilot.app.screen.dismiss(None)
        await pilot.pause()
        assert pilot.app.screen is briefing


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_who_plays_may_be_known_when_the_briefing_is_being_left(dana: Persona, key: str) -> None:
    told: list[str] = []

    async def players() -> Players:
        await gone(briefing)
        told.append("players")
        return SCRIPTED

    async with Floor().run_test() as pilot:
        briefing = BriefingScreen(dana, exam=False, players=players)
        await pilot.app.push_screen(briefing)
        await pilot.press(key)
        await pilot.pause()
    assert told == ["players"]


async def test_a_file_may_have_changed_when_its_briefing_is_being_left(dana: Persona) -> None:
    told: list[str] = []

    async def newest(short: bool) -> Any:
        await gone(briefing)
        told.append("newest")
        return script_for(load_persona(shipped_folder() / "grieving-father.yaml"))

    async with Floor().run_test() as pilot:
        briefing = BriefingScreen(dana, exam=False, newest=newest)
        await pilot.app.push_screen(briefing)
        briefing.files_changed(frozenset())
        await pilot.press("escape")
        await pilot.pause()
    assert told == ["newest"]


async def test_a_file_may_be_read_when_its_problems_are_being_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    async def late(work: Callable[[], Value]) -> Value:
        await gone(screen)
        told.append("read")
        return work()

    monkeypatch.setattr(problems, "unwaited", late)
    path = persona_file(tmp_path, "x", "name: X\n")
    async with Floor().run_test() as pilot:
        screen = ProblemsScreen(Card(id="x", path=path, title="x.yaml", problem="There is no title."))
        await pilot.app.push_screen(screen)
        await pilot.press("escape")
        await pilot.pause()
    assert told == ["read"]


async def test_a_rating_may_be_refused_when_its_screen_is_being_left() -> None:
    told: list[str] = []

    async def keep(rating: int | None) -> None:
        await gone(screen)
        told.append("kept")
        raise BadInput("It could not be kept.")

    async with Floor().run_test() as pilot:
        screen = RatingScreen("Dana", keep)
        await pilot.app.push_screen(screen)
        await pilot.press("3")
        screen.dismiss(None)
        await pilot.pause()
    assert told == ["kept"]


async def test_the_judge_may_have_read_it_all_when_the_debrief_is_being_left() -> None:
    ended = Reading()
    async with Floor().run_test() as pilot:
        final_pass = FinalPass(pilot.app, ended)
        screen = DebriefScreen(ended.transcript, help_resources="Room 4.", final_pass=final_pass)
        await pilot.app.push_screen(screen)
        ended.screen = screen
        await pilot.press("escape")
        await pilot.pause()
        assert final_pass.over
        assert final_pass.transcript.verdicts


async def test_all_that_can_happen_in_a_call_may_happen_when_it_is_being_left(calls: Calls, dana: Persona) -> None:
    session = await session_in(calls, dana)
    told: list[type[Event]] = []
    happened = session.events

    async def late() -> AsyncIterator[Event]:
        await gone(screen)
        trouble = Trouble(name="busy", what="The server is busy.", wait=60.0)
        yield ActorTrouble(1, trouble, "I", "")
        async for event in happened():
            yield event
            told.append(type(event))

    session.events = late
    async with Floor().run_test(size=(120, 40)) as pilot:
        screen = CallScreen(calls, session, resumed=False)
        await pilot.app.push_screen(screen)
        async with asyncio.timeout(10):
            while session.line_is_due:
                await asyncio.sleep(0.01)
        await session.reply("What is your customer number?")
        await session.try_again()
        await session.reply("Are you safe where you are?")
        await session.leave()
        screen.dismiss("paused")
        await pilot.pause()
    assert {ReplyKept, CustomerSpeaks, CustomerSpoke, TriesAgain, SessionEnded} <= set(told)


async def test_the_app_can_be_quit_while_a_call_is_being_put_on(tmp_path: Path, calls: Calls, dana: Persona) -> None:
    session = await session_in(calls, dana)
    app = app_in(tmp_path)
    async with app.run_test() as pilot:
        app.push_screen(CallScreen(calls, session, resumed=False))
        await app.action_quit()
        await pilot.pause()
    assert app.return_code == 0


@pytest.mark.parametrize("steps", [0, 2, 8, 34])
async def test_the_app_can_be_quit_while_the_gallery_is_filled(tmp_path: Path, steps: int) -> None:
    persona_file(tmp_path, "ada", tiny("A card refused"))
    app = app_in(tmp_path)
    async with app.run_test():
        for _ in range(steps):
            await asyncio.sleep(0.001)
        app.exit()
    assert app.return_code == 0


def test_nothing_asks_a_screen_for_a_widget_that_may_be_gone() -> None:
    """Widgets that are changed later are held: `query_one` and its like raise where a screen is not drawn yet."""
    raising = {
        "query_one",
        "query_exactly_one",
        "query_ancestor",
        "get_child_by_id",
        "get_child_by_type",
        "get_widget_by_id",
        "only_one",
    }
    folder = Path(screens.__file__).parent.parent
    asked = [
        f"{file.relative_to(folder)}:{node.lineno} {node.attr}"
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and (node.attr in raising or _of_a_query(node))
    ]
    assert not asked


def _of_a_query(asked: ast.Attribute) -> bool:
    """Whether it is the first or the last of what `query` found."""
    of = asked.value
    found = isinstance(of, ast.Call) and isinstance(of.func, ast.Attribute) and of.func.attr.startswith("query")
    return found and asked.attr in ("first", "last")

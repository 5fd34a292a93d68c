"""Words of a stranger are words in every place of the app: never markup, never an action, never a live control."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.cells import cell_len
from textual.events import Paste
from textual.pilot import Pilot
from textual.screen import Screen

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.scripts import script_for
from roleplay.conversation.session import Session
from roleplay.conversation.turns import KeptEnding, SessionRecord, Transcript
from roleplay.errors import NotSaved, StoreError
from roleplay.persona.lines import Better
from roleplay.persona.model import Gesture, Persona
from roleplay.practice.calls import Calls, now
from roleplay.practice.drills.common import practice_of
from roleplay.practice.drills.sitting import Sitting
from roleplay.practice.drills.task import Task
from roleplay.practice.gallery import Card, Gallery
from roleplay.practice.heard import Heard
from roleplay.practice.hints import Hint
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.store.listing import SessionSummary
from roleplay.store.transcripts import Transcripts
from roleplay.text import one_line, sanitise
from roleplay.tui import brief
from roleplay.tui.app import RoleplayApp
from roleplay.tui.screens.briefing import BriefingScreen
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.screens.drill import DrillScreen
from roleplay.tui.screens.gallery import GalleryScreen
from roleplay.tui.screens.gesture import GestureScreen
from roleplay.tui.screens.help import HelpScreen
from roleplay.tui.screens.offer import OfferScreen
from roleplay.tui.screens.pause import PauseScreen
from roleplay.tui.screens.problems import ProblemsScreen
from roleplay.tui.screens.record import RecordScreen
from roleplay.tui.widgets.conversation import Conversation, Entry
from roleplay.tui.widgets.desk import Desk
from roleplay.tui.widgets.reply_box import ReplyBox
from roleplay.tui.widgets.state_panel import Level, Reading, StatePanel, StateStrip
from tests.tui.hostile import LIVE, Give, giving, joining, payloads, poisoned, whole_persona, whole_script
from tests.tui.shell import until

QUICK_BATCH, BATCH = 30, 60
"""Strings in one walk; each stands alone in each list of the screens, and among the others in each single field."""
WALKS, SOAK_WALKS, SOAK_PARTS = 1, 167, 24
QUICK_WIDGETS, WIDGETS = 100, 300
"""Strings in the widgets of a call."""
SMALL, LARGE = (100, 30), (130, 210)
"""Columns and rows: as somebody has them, and so many that all is seen at once."""
SHORT = 40
"""Cells up to which a string is expected in one piece."""


class Shelved(Calls):
    """Calls with a gallery of strangers' words: of files, and of rows changed by hand."""

    words: list[str]

    def gallery(self) -> Gallery:
        cards = [
            Card(
                id=f"p{number}",
                path=Path(f"{word}.yaml".replace("\0", "")),
                title=word,
                name=word,
                summary=word,
                channel="chat",
                difficulty=1 + number % 5,
                content=(word, word),
                problem=word if number % 3 == 0 else "",
            )
            for number, word in enumerate(self.words)
        ]
        calls = (
            SessionSummary(f"c{number}", "p", word, word, word, number, number % 2, None, None, None)
            for number, word in enumerate(self.words)
        )
        return Gallery(cards=tuple(cards), interrupted=tuple(calls))


@asynccontextmanager
async def hall(folder: Path, words: list[str]) -> AsyncIterator[Pilot[None]]:
    """The app with its gallery open."""
    calls = Shelved(folder, Transcripts(folder / "t" / "roleplay.db"), words[0], now)
    calls.words = words
    app = RoleplayApp(lambda: calls)
    app.animation_level = "none"
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: app.screen.query_one("#room").display)
        yield pilot
    calls.close()


def drawn(pilot: Pilot[None]) -> str:
    """What stands on the screen; nothing of it is live, and nothing in it can be run or followed."""
    strips = pilot.app.screen._compositor.render_strips()
    for segment in (segment for strip in strips for segment in strip):
        assert segment.style is None or not segment.style.link
        assert segment.style is None or "@click" not in segment.style.meta
    text = "\n".join(strip.text for strip in strips)
    live = LIVE.search(text.replace("\n", ""))
    assert not live, (live, text[max(0, live.start() - 20) : live.end() + 20])
    assert "\t" not in text
    return text


async def shown(pilot: Pilot[None], screen: Screen[Any], words: Sequence[str] = ()) -> None:
    """Each of `words` stands on `screen`, if that is large enough; it is there as before."""
    if len(words) > 1:
        await pilot.resize_terminal(*LARGE)
    await pilot.pause(0)
    text = squashed(drawn(pilot))
    for word in words:
        if cell_len(one_line(sanitise(word))) <= SHORT:
            for line in sanitise(word).split("\n"):  # other things may stand beside the lines
                assert squashed(line) in text, (type(screen).__name__, word)
    if len(words) > 1:
        await pilot.resize_terminal(*SMALL)
    assert pilot.app.is_running and pilot.app.screen is screen


def squashed(text: str) -> str:
    """Without spaces, which are wrapped and folded, and without what Unicode says must not be seen at all."""
    return "".join(char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")


async def opened(pilot: Pilot[None], screen: Screen[Any], words: Sequence[str] = ()) -> None:
    """Open `screen`, find `words` in it, and close it."""
    pilot.app.push_screen(screen)
    await shown(pilot, screen, words)
    screen.dismiss(None)
    await pilot.pause(0)


async def session_with(calls: Calls, persona: Persona, words: list[str]) -> Session:
    """A call whose every text is one of `words`, begun in the store."""
    script = whole_script(persona, giving(words))
    record = SessionRecord(
        id=f"call-{id(script)}", script=script, seed="7", exam=False, actor="scripted", trainee=words[0], started=now()
    )
    scorer = OfflineScorer(script.rubric)
    return await Session.begin(record, store=calls._store, scorer=scorer, actor=ScriptedActor(), clock=now)


async def unkept(rating: int | None) -> None:
    """Keeps nothing."""


async def walk(folder: Path, words: list[str]) -> None:
    """`words` through everything that the app shows, from the gallery to the debrief."""
    (folder / "personas").mkdir(parents=True)
    async with hall(folder, words) as pilot:
        calls = await gallery_of(pilot).opened()
        await through_the_gallery(pilot, words)
        await through_the_drills(pilot, calls, words)
        await through_problems(pilot, folder, words)
        await before_the_call(pilot, poisoned(whole_persona(len(words)), giving(words, 4_000)), words)
        await before_the_call(pilot, poisoned(whole_persona(1), joining(words)), ())
        persona = poisoned(whole_persona(4), giving(words, 4_000))
        session = await session_with(calls, persona, words)
        await through_the_call(pilot, calls, session, words)
        await through_the_end(pilot, session.transcript, words)


def idle(screen: Screen[Any]) -> bool:
    """Whether `screen` has nothing to do any more."""
    return not any(worker.node is screen and not worker.is_finished for worker in screen.workers)


def gallery_of(pilot: Pilot[None]) -> GalleryScreen:
    (gallery,) = (each for each in pilot.app.screen_stack if isinstance(each, GalleryScreen))
    return gallery


async def before_the_call(pilot: Pilot[None], persona: Persona, words: Sequence[str]) -> None:
    await opened(pilot, BriefingScreen(persona, exam=False), words)
    await opened(pilot, RecordScreen(brief.whole(script_for(persona))))
    await opened(pilot, GestureScreen(persona.gestures))
    await opened(pilot, PauseScreen(persona.short_name))


class Poisoned(Sitting):
    """Drills in which every word is a stranger's."""

    words: list[str]

    def next(self) -> Task | None:
        task = super().next()
        return task and poisoned_task(task, giving(self.words, 4_000))


def poisoned_task(task: Task, give: Give) -> Task:
    one, history = (give("x"),), task.shown.history
    shown = msgspec.structs.replace(
        task.shown,
        **{each: give("x") for each in ("title", "name", "role", "brief", "scene", "narration", "of_call")},
        **dict.fromkeys(("may", "may_not", "content"), one),
        record={give("x"): give("x")},
        history=tuple(msgspec.structs.replace(each, text=give("x"), speaker=give("x")) for each in history),
    )
    return msgspec.structs.replace(task, why=give("x"), shown=shown)


async def through_the_drills(pilot: Pilot[None], calls: Calls, words: list[str]) -> None:
    sitting = Poisoned(practice_of(calls))
    sitting.words = words
    screen = DrillScreen(sitting)
    pilot.app.push_screen(screen)
    for word in words[:2]:
        await until(pilot, lambda: screen.stage == "writing")
        assert screen.moment
        await shown(pilot, screen, [screen.moment.shown.line])
        await pilot.press("f2", "f2")
        screen.query_one(ReplyBox).put(word)
        await shown(pilot, screen)
        await pilot.press("enter", *(["enter"] if not sanitise(word).strip() else []))
        await until(pilot, lambda: screen.stage == "told")
        await shown(pilot, screen, [word] if cell_len(word) < SHORT else ())
        screen._look_for_next()
    screen.dismiss("done")
    await pilot.pause(0)


async def through_the_gallery(pilot: Pilot[None], words: list[str]) -> None:
    gallery = gallery_of(pilot)
    await shown(pilot, gallery, words)
    for key in ("end", "up"):
        await pilot.press(key)
        drawn(pilot)
    for word in words[:2]:
        pilot.app.post_message(Paste(word))
        await shown(pilot, gallery, [one_line(sanitise(word))])
        await pilot.press("escape")
    call = SessionSummary("c", "p", words[0], words[1], words[2], 3, 0, None, None, None)
    await opened(pilot, OfferScreen(call), words[:1])
    await opened(pilot, HelpScreen(gallery))
    gallery.say(" ".join(words[:5]), wrong=True)
    await shown(pilot, gallery)


async def through_problems(pilot: Pilot[None], folder: Path, words: list[str]) -> None:
    """Files that cannot be read: hostile by name, by the names of fields, by values, and by what is no YAML at all."""
    for number, word in enumerate(words[:3]):
        escaped = "".join(f"\\U{ord(char):08x}" for char in word)
        kinds = (f'"{escaped}": 1\nname: "{escaped}"\n', f"{word}\n", f"{word}: {word}\n", f"name: *{word}\n")
        text = kinds[(number + len(word)) % len(kinds)]
        name = word.replace("/", "∕").replace("\0", "")[:40].encode(errors="replace").decode()
        path = folder / "personas" / f"{name}.yaml"
        path.write_bytes(text.encode(errors="surrogatepass"))
        card = Card(id=word, path=path, title=word, problem=word)
        screen = ProblemsScreen(card)
        pilot.app.push_screen(screen)
        await until(pilot, lambda: screen.is_mounted and idle(screen))  # noqa: B023
        await shown(pilot, screen, [word])
        screen.dismiss(None)
        await pilot.pause(0)


async def through_the_call(pilot: Pilot[None], calls: Calls, session: Session, words: list[str]) -> None:
    call = CallScreen(calls, session, resumed=False)
    pilot.app.push_screen(call)
    await until(pilot, lambda: session.transcript.lines and not session.unfinished)
    await shown(pilot, call, session.transcript.opening.direction.line.split()[:1])
    for given, word in enumerate(words[:3], 1):
        call.query_one(ReplyBox).put(word)
        await shown(pilot, call, [word] if cell_len(word) < SHORT else ())
        await pilot.press("enter", *(["enter"] if not sanitise(word).strip() else []))
        await until(pilot, lambda: len(session.transcript.replies) == given and not session.unfinished)  # noqa: B023
        await pilot.press("f2", "f2")
        await shown(pilot, call, [word])
        if session.ended:
            break
    said = call.query_one(Conversation)
    for kind in ("customer", "trainee", "title", "narration", "note"):
        said.add(*(Entry(kind, word, word) for word in words))
        await shown(pilot, call, words if kind == "note" else ())
    stream = said.add(Entry("customer", "", words[0]))
    for char in words[1]:
        said.extend(stream, char)
    said.change(stream)
    await shown(pilot, call)
    call.say(str(StoreError(words[0], where=words[1], mend=words[2])), wrong=True)
    await opened(pilot, HelpScreen(call))
    call.dismiss("paused")
    await pilot.pause(0)


async def through_the_end(pilot: Pilot[None], transcript: Transcript, words: list[str]) -> None:
    from roleplay.tui.screens.debrief import DebriefScreen
    from roleplay.tui.screens.rating import RatingScreen

    await opened(pilot, RatingScreen(words[0], unkept), words[:1])
    ending = KeptEnding(session="c", branch=0, by="ending", ending="in", outcome="good", epilogue=words[3], at=words[4])
    ended = poisoned(msgspec.structs.replace(transcript, ending=transcript.ending or ending), giving(words, 4_000))
    debrief = DebriefScreen(ended, help_resources=words[5])
    pilot.app.push_screen(debrief)
    await shown(pilot, debrief)
    for key in ("pagedown", "end", "down", "enter", "right"):
        if pilot.app.screen is debrief:
            await pilot.press(key)
            drawn(pilot)
    while pilot.app.screen is not gallery_of(pilot):
        pilot.app.screen.dismiss(None)
        await pilot.pause(0)


@pytest.mark.parametrize("number", range(WALKS))
async def test_words_are_only_words_on_every_screen(number: int, tmp_path: Path) -> None:
    await walk(tmp_path / "w", payloads(QUICK_BATCH, f"walk-{number}"))


@pytest.mark.soak
@pytest.mark.parametrize("part", range(SOAK_PARTS))
async def test_ten_thousand_words_are_only_words_on_every_screen(part: int, tmp_path: Path) -> None:
    for number in range(part, SOAK_WALKS, SOAK_PARTS):
        await walk(tmp_path / f"w{number}", payloads(BATCH, f"soak-{number}"))


@pytest.mark.parametrize("count", [QUICK_WIDGETS, pytest.param(WIDGETS, marks=pytest.mark.soak)])
async def test_words_are_only_words_in_every_widget_of_a_call(count: int, tmp_path: Path) -> None:
    words = payloads(count, "widgets")
    async with hall(tmp_path, words[:4]) as pilot:
        calls = await gallery_of(pilot).opened()
        call = CallScreen(calls, await session_with(calls, whole_persona(), ["Hi."]), resumed=False)
        pilot.app.push_screen(call)
        await until(pilot, lambda: call.is_mounted and call.query_one(Conversation).entries != ())
        for given in range(0, len(words), 5):
            told = words[given : given + 5]
            text = " ".join(told)
            heard = Heard(
                **dict.fromkeys(("verdict", "whose", "quoted", "why", "gesture"), text),
                sign="missed",
                hurt=True,
                missing=tuple(told),
            )
            hint = Hint(text, Better(reply=text, why=text))
            reading = Reading(text, Level(5), Level(5), heard, hint, given % 3)
            for widget in (call.query_one(StatePanel), call.query_one(StateStrip)):
                widget.show(replace(reading, note=text if given % 2 else ""))
            desk = call.query_one(Desk)
            desk.tell(text, wrong=True)
            desk.aside(text)
            desk.take_along(Gesture(id="x", does=text))
            desk.box.put(text)
            if given % 50 == 0:
                call.say(text)
            await shown(pilot, call)


async def test_an_error_that_keeps_the_gallery_from_opening_is_only_words(tmp_path: Path) -> None:
    for word in payloads(8, "trouble"):

        def refuse(word: str = word) -> Calls:
            raise NotSaved(word, where=word, mend=word)

        async with RoleplayApp(refuse).run_test(size=(200, 40)) as pilot:
            await until(pilot, lambda: "F5 tries again" in drawn(pilot))
            await shown(pilot, gallery_of(pilot), [word])

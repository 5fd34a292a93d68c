"""Pictures of every screen: as text for the tests, `make pictures` draws them anew, and as SVG for the README.

A picture is what stands on the screen, line by line, so that a change can be read in a diff.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from textual.pilot import Pilot
from textual.screen import Screen

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.actor import Cue
from roleplay.conversation.judging import Standing, Verdict
from roleplay.conversation.trouble import InTrouble, Trouble
from roleplay.conversation.turns import KeptEnding, KeptVerdict, SelfRating, Transcript
from roleplay.conversation.voiced import Voiced
from roleplay.llm.choosing import Offer
from roleplay.llm.settings import EndpointSettings
from roleplay.practice.calls import Calls
from roleplay.practice.playing import Players
from roleplay.rehearsal.banks import Skill
from roleplay.review.desk import Desk
from roleplay.store.reviews import Reviews
from roleplay.store.transcripts import Transcripts
from roleplay.tui.app import RoleplayApp
from roleplay.tui.choices import Choice, Drill, Look, Review
from roleplay.tui.drilling import Drilling
from roleplay.tui.journey import Wanted
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.screens.compare import CompareScreen
from roleplay.tui.screens.debrief import DebriefScreen
from roleplay.tui.screens.drill import SETTLING
from roleplay.tui.screens.gallery import GalleryScreen
from roleplay.tui.screens.progress import ProgressScreen
from roleplay.tui.screens.rating import RatingScreen
from roleplay.tui.screens.unaided import UnaidedResultScreen
from roleplay.tui.widgets.reply_box import ReplyBox
from roleplay.tui.widgets.trouble_panel import ChoiceButton
from tests.journeys.playing import rehearsed
from tests.practice.month import keep_month, write_personas
from tests.review.played import keep_played
from tests.tui.shell import BROKEN, filled, persona_file, seen, until

FOLDER = Path(__file__).parent / "pictures"
README_FOLDER = Path(__file__).parents[2] / "docs" / "screens"
SIZES = ((80, 24), (140, 40))
GOOD = "Dana, I'm staying on. Are you in the car, belt on, hazards on? I'm raising this so the next truck is yours."
MODEL = "llama3.2:3b"
POOR = "What is your membership number?"
PARTLY = "You can breathe out: those lights are for you. Stay in the car, please."

Steps = Callable[[Pilot[None], Path], Awaitable[None]]


class Visit:
    """One run of the app: what was there before (`prepare`), what was asked for, and screens on the way.

    Each picture of `pictures` has the steps that lead to it from the one before.
    """

    def __init__(
        self,
        pictures: dict[str, Steps],
        *,
        wanted: Wanted | Choice | None = None,
        prepare: Callable[[Path], Awaitable[None]] | None = None,
    ):
        self.pictures, self.wanted, self.prepare = pictures, wanted, prepare


def calls_in(workspace: Path) -> Calls:
    """The calls of a trainee who lives at one moment of one day."""
    store = Transcripts(workspace / "transcripts" / "roleplay.db")
    return Calls(workspace / "personas", store, "Sam", lambda: "2026-03-06T21:14:00.000+00:00")


@asynccontextmanager
async def visiting(visit: Visit, size: tuple[int, int]) -> AsyncIterator[Callable[[str], Awaitable[Pilot[None]]]]:
    """The app as that visit finds it; gives what leads from picture to picture."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            workspace = Path("workspace")
            (workspace / "personas").mkdir(parents=True)
            (workspace / "transcripts").mkdir()
            if visit.prepare:
                await visit.prepare(workspace)
            app = RoleplayApp(lambda: calls_in(workspace), visit.wanted, "Kim")
            app.animation_level = "none"
            async with app.run_test(size=size) as pilot:

                async def go(name: str) -> Pilot[None]:
                    await visit.pictures[name](pilot, workspace)
                    await pilot.pause()
                    return pilot

                yield go
        finally:
            os.chdir(before)


async def drawn(visit: Visit, size: tuple[int, int]) -> dict[str, str]:
    """The pictures of that visit as text, by name."""
    async with visiting(visit, size) as go:
        return {name: seen(await go(name)) + "\n" for name in visit.pictures}


async def drawn_for_readme(name: str) -> str:
    """The picture of that name as SVG."""
    (visit,) = (visit for visit in VISITS.values() if name in visit.pictures)
    async with visiting(visit, README[name]) as go:
        for each in visit.pictures:
            pilot = await go(each)
            if each == name:
                break
        for box in pilot.app.screen.query(ReplyBox):
            box.cursor_blink = False  # lest it be drawn while it is not seen
        await pilot.pause()
        return pilot.app.export_screenshot(title="Roleplay")


async def _gallery(pilot: Pilot[None], workspace: Path) -> None:
    await filled(pilot)


async def _progress(pilot: Pilot[None], workspace: Path) -> None:
    await filled(pilot)
    await pilot.press("f3")
    await until(pilot, lambda: isinstance(pilot.app.screen, ProgressScreen))


async def _drill(pilot: Pilot[None], workspace: Path) -> None:
    """The first moment of a sitting."""
    await filled(pilot)
    await pilot.press("f2")
    await _drilling(pilot, "writing")


async def _drilling(pilot: Pilot[None], stage: str) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, Drilling) and pilot.app.screen.stage == stage)
    await pilot.pause()


def _drilled(reply: str) -> Steps:
    async def steps(pilot: Pilot[None], workspace: Path) -> None:
        pilot.app.screen.query_one(ReplyBox).text = reply
        await pilot.press("enter")
        await _drilling(pilot, "told")

    return steps


async def _again(pilot: Pilot[None], workspace: Path) -> None:
    await pilot.pause(SETTLING)
    await pilot.press("a")
    await _drilling(pilot, "writing")


async def _summed_up(pilot: Pilot[None], workspace: Path) -> None:
    await pilot.press("escape")
    await _drilling(pilot, "over")


async def _unaided(pilot: Pilot[None], workspace: Path) -> None:
    await until(pilot, lambda: "Enter Begin" in seen(pilot))


async def _in_the_test(pilot: Pilot[None], workspace: Path) -> None:
    await pilot.press("enter")
    await _drilling(pilot, "writing")


async def _tested(pilot: Pilot[None], workspace: Path) -> None:
    """Every moment of the test replied to, and rated."""
    for number in range(1, 7):
        await until(pilot, lambda number=number: f"{number} of 6" in seen(pilot))  # type: ignore[misc]
        await _drilling(pilot, "writing")
        pilot.app.screen.query_one(ReplyBox).text = (PARTLY, POOR)[number % 2]
        await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, RatingScreen))
    await pilot.press("3")
    await until(pilot, lambda: isinstance(pilot.app.screen, UnaidedResultScreen))


async def _past_call(pilot: Pilot[None], workspace: Path) -> None:
    """The debrief of a reviewed call, by its row in the gallery."""
    await _gallery(pilot, workspace)
    while "Debrief: Stuck" not in seen(pilot).split("▌")[1].splitlines()[0]:
        await pilot.press("down")
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, DebriefScreen))


async def _filtered(pilot: Pilot[None], workspace: Path) -> None:
    await filled(pilot)
    await pilot.press(*"xyz")


async def _briefing(pilot: Pilot[None], workspace: Path) -> None:
    await until(pilot, lambda: "You are" in seen(pilot) and "customer: scripted" in seen(pilot))


async def _called(pilot: Pilot[None], workspace: Path) -> None:
    await _briefing(pilot, workspace)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, CallScreen))
    session = _call(pilot)._session
    await until(pilot, lambda: not session.unfinished)


def _call(pilot: Pilot[None]) -> CallScreen:
    assert isinstance(pilot.app.screen, CallScreen)
    return pilot.app.screen


async def _replied(pilot: Pilot[None], *replies: str) -> None:
    call = _call(pilot)
    session = call._session
    for number, reply in enumerate(replies, 1):
        call.query_one(ReplyBox).text = reply
        await pilot.press("enter")
        await until(
            pilot,
            lambda number=number: (
                session.ended  # type: ignore[misc]
                or (len(session.transcript.replies) == number and not session.unfinished)
            ),
        )


async def _met(pilot: Pilot[None], workspace: Path) -> None:
    await _called(pilot, workspace)
    await _replied(pilot, GOOD)


async def _missed(pilot: Pilot[None], workspace: Path) -> None:
    await pilot.press("escape")
    await _replied(pilot, POOR)


def _pressed(*keys: str) -> Steps:
    async def steps(pilot: Pilot[None], workspace: Path) -> None:
        for key in keys:
            await pilot.press(key)
            await pilot.pause()

    return steps


async def _offered(pilot: Pilot[None], workspace: Path) -> None:
    await pilot.press("escape")
    assert isinstance(pilot.app.screen, GalleryScreen)
    settings = EndpointSettings("http://127.0.0.1:11434/v1", MODEL, judge_model=MODEL)
    pilot.app.screen._offer(Offer("Ollama", settings, "Ollama answers at 127.0.0.1:11434"))


class Halting(ScriptedActor):
    """A language model that is busy in the middle of a line."""

    name = MODEL

    async def speak(self, cue: Cue, say: Callable[[str], None]) -> Voiced:
        say("Okay. Okay, I can do that. ")
        what, mend = "127.0.0.1:11434 is busy.", "Try again in 20 seconds."
        raise InTrouble(Trouble(name="busy", what=what, mend=mend, wait=20.0))


async def _in_trouble(pilot: Pilot[None], workspace: Path) -> None:
    call = _call(pilot)
    call._players = Players(MODEL, "127.0.0.1:11434", MODEL)
    call._show_meter()
    call._session.go_on_with(Halting())
    call.query_one(ReplyBox).text = GOOD
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(call.focused, ChoiceButton))


async def _gestures(pilot: Pilot[None], workspace: Path) -> None:
    await _called(pilot, workspace)
    await pilot.press("f3")


def _whole(persona: str, skill: Skill) -> Steps:
    async def steps(pilot: Pilot[None], workspace: Path) -> None:
        await _called(pilot, workspace)
        played = rehearsed(persona, skill, SEED)
        await _replied(pilot, *(reply.text for reply in played.transcript.replies))

    return steps


async def _unkept(rating: int | None) -> None:
    """Keeps nothing."""


def _rating(pilot: Pilot[None], workspace: Path) -> Awaitable[None]:
    return _shown(pilot, RatingScreen("Dana", _unkept))


def _debrief(
    persona: str, skill: Skill, rating: int | None, *keys: str, replies: int | None = None, judged: bool = False
) -> Steps:
    """The debrief of a rehearsed call, or of its first `replies`, after which the trainee left."""

    async def steps(pilot: Pilot[None], workspace: Path) -> None:
        transcript = rehearsed(persona, skill, SEED).transcript
        if replies is not None:
            transcript = _left_after(transcript, replies)
        if judged:
            transcript = _judged(transcript)
        rated = SelfRating(session=transcript.session.id, rating=rating, at="")
        calls = calls_in(workspace)
        await _shown(
            pilot,
            DebriefScreen(
                msgspec.structs.replace(transcript, self_rating=rated), help_resources=calls.help_resources()
            ),
        )
        for key in keys:
            await pilot.press(key)
            await pilot.pause()

    return steps


def _left_after(transcript: Transcript, replies: int) -> Transcript:
    ending = KeptEnding(
        session=transcript.session.id,
        branch=0,
        by="left",
        ending="left",
        outcome="bad",
        epilogue="You left. Dana was still there.",
        at="",
    )
    lines = tuple(line for line in transcript.lines if line.turn <= replies + 1)
    return msgspec.structs.replace(transcript, replies=transcript.replies[:replies], lines=lines, ending=ending)


def _judged(transcript: Transcript) -> Transcript:
    """The same call, played and judged by a language model; one verdict was not believed, and one never came."""
    standings: list[Standing] = ["verified", "unverified", "failed"]
    verdicts = tuple(
        KeptVerdict(
            session=reply.session,
            branch=0,
            turn=reply.turn,
            attempt=1,
            verdict=Verdict(standing=standing, assessment=reply.assessment, model=MODEL),
            state=None,
            at="",
        )
        for reply, standing in zip(transcript.replies, standings, strict=False)
    )
    voiced = Voiced(voice="llm", model=MODEL)
    lines = (msgspec.structs.replace(line, voiced=voiced) for line in transcript.lines[1:])
    return msgspec.structs.replace(transcript, lines=(transcript.lines[0], *lines), verdicts=verdicts)


async def _shown(pilot: Pilot[None], screen: Screen[Any]) -> None:
    """Open `screen` over the gallery, in place of what was open there."""
    if isinstance(pilot.app.screen, RatingScreen | DebriefScreen):
        pilot.app.screen.dismiss(None)
    await filled(pilot)
    pilot.app.push_screen(screen)
    await until(pilot, lambda: pilot.app.screen is screen)
    await pilot.pause()


async def _with_history(workspace: Path) -> None:
    """A broken file, a call that has ended, and one that was cut short."""
    persona_file(workspace, "broken", BROKEN)
    calls = calls_in(workspace)
    ended = await calls.begin(calls.persona("stranded-driver"), exam=False, seed="7")
    await ended.speak()
    await ended.reply(GOOD)
    await ended.leave()
    cut_short = await calls.begin(calls.persona("heartbroken-mover"), exam=True, seed="7")
    await cut_short.speak()
    await cut_short.reply("Hi Roz, let me look at that card with you.")
    calls.close()


async def _with_a_month(workspace: Path) -> None:
    """A month of calls, drills and tests."""
    write_personas(workspace / "personas")
    keep_month(workspace / "transcripts" / "roleplay.db", trainee="Sam", today=date(2026, 3, 6))


async def _from_a_coach(workspace: Path) -> None:
    """A call that has ended and was reviewed, one dispute answered and one that waits, and two personas assigned."""
    calls = calls_in(workspace)
    for persona, replies in (
        ("stranded-driver", (GOOD, POOR, "That sounds frightening, with two feet of room. I am not going anywhere.")),
        ("friend-request", ("Happy to look at that with you.",)),
    ):
        session = await calls.begin(calls.persona(persona), exam=False, seed="7")
        await session.speak()
        for reply in replies:
            await session.reply(reply)
        await session.leave()
        await session.rate(3)
        coach = Desk(calls.store, Reviews(calls.store.path), "Kim", calls.clock)
        trainee = Desk(calls.store, coach.reviews, "Sam", calls.clock)
        ident, kept = session.transcript.session.id, session.transcript.replies
        if persona == "stranded-driver":
            coach.comment(ident, 0, 1, "customer", "Hear how she makes light of it: “kind of loud”.")
            coach.comment(ident, 0, 1, "trainee", "You stay, and you say so. That is what she needed first.")
            coach.comment(ident, 0, 4, "customer", "She was still there when you left.")
            coach.overrule(ident, kept[2], "acknowledges_feeling", 2, "Two feet of room is hers, and so is the fear.")
            disputed = trainee.dispute(ident, kept[1], "I needed the number to find her.")
            coach.answer(disputed, "You had her record on your screen already.", upheld=False)
            trainee.dispute(ident, kept[2], "I did say that I stay.")
            coach.mark_reviewed(ident)
            coach.assign("Sam", "stranded-driver", "Once more, and stay with her this time.")
            coach.assign("Sam", "heartbroken-mover")
        else:
            coach.comment(ident, 0, 1, "trainee", "Warm, and a little quick.")
        coach.reviews.close()
    calls.close()


async def _to_review(workspace: Path) -> None:
    """Calls that wait for a coach: one disputed, one that scored low, one that went well, and one reviewed already."""
    path = workspace / "transcripts" / "roleplay.db"
    keep_played(path, "aaaa1111", "skilled", trainee="Sam", started=f"{_DAY}T09:12:00.000+00:00")
    keep_played(path, "bbbb2222", "partly-skilled", trainee="Ben", started=f"{_DAY}T10:05:00.000+00:00")
    keep_played(path, "cccc3333", "cold", trainee="Ana Lima", started=f"{_DAY}T11:30:00.000+00:00")
    mover = "heartbroken-mover"
    keep_played(path, "dddd4444", "skilled", persona=mover, trainee="Ana Lima", started=f"{_DAY}T14:00:00.000+00:00")
    with Transcripts(path) as store, Reviews(path) as reviews:
        trainee = Desk(store, reviews, "Ben", lambda: f"{_DAY}T18:40:00.000+00:00")
        coach = Desk(store, reviews, "Kim", lambda: f"{_DAY}T20:15:00.000+00:00")
        replies = coach.open("bbbb2222").transcript.replies
        coach.comment("bbbb2222", 0, 1, "customer", "Hear how she makes light of it: “kind of loud”.")
        coach.overrule("bbbb2222", replies[0], "overall", 2, "Right, and read off a sheet.")
        trainee.dispute("bbbb2222", replies[0], "I asked for her safety before anything else.")
        coach.mark_reviewed("dddd4444")


async def _to_rewind(workspace: Path) -> None:
    """A call that has ended, of somebody who was polite and heard little."""
    path = workspace / "transcripts" / "roleplay.db"
    keep_played(path, _REWOUND, "polite", seed=SEED, started=f"{_DAY}T14:00:00.000+00:00")


async def _to_answer_again(pilot: Pilot[None], workspace: Path) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, DebriefScreen))
    await pilot.press("r")


async def _answered_again(pilot: Pilot[None], workspace: Path) -> None:
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, CallScreen))


async def _a_try_paused(pilot: Pilot[None], workspace: Path) -> None:
    await pilot.press("escape")
    await until(pilot, lambda: "The call waits" in seen(pilot))


async def _compared(pilot: Pilot[None], workspace: Path) -> None:
    await pilot.press("escape")
    await _replied(pilot, GOOD)
    await pilot.press("escape")
    await until(pilot, lambda: "The call waits" in seen(pilot))
    await pilot.press("down", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen) and "trust was" in seen(pilot))


async def _tries(pilot: Pilot[None], workspace: Path) -> None:
    await pilot.press("escape")
    await until(pilot, lambda: isinstance(pilot.app.screen, DebriefScreen) and "Try 1" in seen(pilot))


async def _tried(pilot: Pilot[None], workspace: Path) -> None:
    await pilot.press("escape")
    await until(pilot, lambda: "A try waits" in seen(pilot))


def _queue(pilot: Pilot[None], workspace: Path) -> Awaitable[None]:
    return until(pilot, lambda: "calls wait" in seen(pilot) and "Ben, " in seen(pilot))


async def _searched(pilot: Pilot[None], workspace: Path) -> None:
    await pilot.press("escape", "slash", *"truck")
    await until(pilot, lambda: "places." in seen(pilot))


async def _opened(pilot: Pilot[None], workspace: Path) -> None:
    await pilot.press("escape", "enter")
    await until(pilot, lambda: "1 dispute waits" in seen(pilot))
    await pilot.press("down")


SEED = 7
_DAY = "2026-03-05"
_REWOUND = "rewound1"
_DANA = Wanted("stranded-driver", seed=SEED)
_EXAM = Wanted("stranded-driver", seed=SEED, exam=True)
_SHORT = Wanted("stranded-driver", seed=SEED, short=True)
_ORRIN = Wanted("grieving-father", seed=SEED)

VISITS: dict[str, Visit] = {
    "gallery": Visit({"gallery": _gallery, "gallery-nothing-matches": _pressed(*"xyz"), "gallery-offer": _offered}),
    "history": Visit({"gallery-after-a-while": _gallery}, prepare=_with_history),
    "coach": Visit(
        {
            "gallery-from-coach": _gallery,
            "debrief-reviewed": _past_call,
            "debrief-reviewed-replies": _pressed("n"),
            "debrief-reviewed-overruled": _pressed("n", "n"),
            "debrief-take-back": _pressed("d"),
            "debrief-dispute": _pressed("escape", "n", "n", "n", "enter", "d", *"I did stay."),
        },
        prepare=_from_a_coach,
    ),
    "review": Visit(
        {
            "review-queue": _queue,
            "review-filter": _pressed("f"),
            "review-search": _searched,
            "review-transcript": _opened,
            "review-why": _pressed("enter"),
            "review-answer": _pressed("enter", "a", "1"),
            "review-comment": _pressed("escape", "escape", "c"),
            "review-overrule": _pressed("escape", "o"),
            "review-overrule-level": _pressed("1", "2"),
        },
        wanted=Review(),
        prepare=_to_review,
    ),
    "call": Visit(
        {
            "briefing": _briefing,
            "call-gestures": _gestures,
            "call-record": _pressed("escape", "f5"),
            "call-pause": _pressed("escape", "escape"),
            "help": _pressed("escape", "f1"),
            "call-missed": _missed,
            "call-hint": _pressed("f2"),
            "call-worked-reply": _pressed("f2"),
            "call-trouble": _in_trouble,
        },
        wanted=_DANA,
    ),
    "rewind": Visit(
        {
            "debrief-answer-again": _to_answer_again,
            "call-again": _answered_again,
            "call-again-pause": _a_try_paused,
            "compare": _compared,
            "compare-why": _pressed("enter"),
            "compare-end": _pressed("end"),
            "debrief-tries": _tries,
            "gallery-try-waits": _tried,
        },
        wanted=Look(_REWOUND),
        prepare=_to_rewind,
    ),
    "call-met": Visit({"call": _met}, wanted=_DANA),
    "exam": Visit({"briefing-exam": _briefing, "call-exam": _met}, wanted=_EXAM),
    "short": Visit({"briefing-short": _briefing}, wanted=_SHORT),
    "call-ended": Visit({"call-ended": _whole("stranded-driver", "skilled")}, wanted=_DANA),
    "scenes": Visit(
        {"briefing-father": _briefing, "call-ended-second-scene": _whole("grieving-father", "skilled")}, wanted=_ORRIN
    ),
    "drill": Visit(
        {
            "drill": _drill,
            "drill-heard": _drilled(PARTLY),
            "drill-again": _again,
            "drill-hint": _pressed("f2", "f2"),
            "drill-summary": _summed_up,
        }
    ),
    "unaided": Visit(
        {"unaided": _unaided, "unaided-moment": _in_the_test, "unaided-result": _tested}, wanted=Drill(test=True)
    ),
    "progress": Visit(
        {
            "progress": _progress,
            "progress-dimensions": _pressed("2"),
            "progress-calls": _pressed("4"),
            "progress-missed": _pressed("7"),
        },
        prepare=_with_a_month,
    ),
    "progress-nothing": Visit({"progress-nothing": _progress}),
    "heard": Visit(
        {
            "rating": _rating,
            "debrief-heard": _debrief("stranded-driver", "skilled", 3),
            "debrief-heard-course": _pressed("3"),
            "debrief-heard-replies": _debrief("stranded-driver", "skilled", 3, "5", "enter"),
            "debrief-judged": _debrief("stranded-driver", "skilled", 3, "5", "enter", judged=True),
            "debrief-chat": _debrief("heartbroken-mover", "skilled", None, "2"),
            "debrief-scenes-course": _debrief("grieving-father", "skilled", 2, "3"),
        }
    ),
    "unheard": Visit(
        {
            "debrief-unheard": _debrief("stranded-driver", "cold", 4),
            "debrief-unheard-replies": _pressed("5", "enter"),
            "debrief-unheard-kept-back": _debrief("stranded-driver", "cold", 4, "6", "k", "k"),
            "debrief-at-once": _debrief("stranded-driver", "cold", None, "1", replies=0),
        }
    ),
}
README = {
    "gallery": (100, 30),
    "call": (110, 32),
    "debrief-heard-course": (100, 36),
    "review-transcript": (120, 36),
    "drill-heard": (80, 24),
}
"""The pictures shown in the README, with their sizes."""


def path_of(name: str, size: tuple[int, int]) -> Path:
    """Where the picture of that name and size is kept."""
    return FOLDER / f"{name}-{size[0]}x{size[1]}.txt"


def draw(names: list[str]) -> None:
    """Draw the pictures of the visits called `names` anew; all of them without `names`."""
    FOLDER.mkdir(exist_ok=True)
    README_FOLDER.mkdir(exist_ok=True)
    for name in names or VISITS:
        visit = VISITS[name]
        for size in SIZES:
            for each, text in asyncio.run(drawn(visit, size)).items():
                path_of(each, size).write_text(text, encoding="utf-8")
        for each in visit.pictures.keys() & README:
            (README_FOLDER / f"{each}.svg").write_text(asyncio.run(drawn_for_readme(each)), encoding="utf-8")
        print(name)


if __name__ == "__main__":
    draw(sys.argv[1:])

"""A judge beside the call: its verdict renews what coached mode shows, and the debrief says who judged what."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from textual.pilot import Pilot
from textual.widget import Widget

from roleplay.practice.calls import Calls, now
from roleplay.store.transcripts import Transcripts
from roleplay.tui.app import RoleplayApp
from roleplay.tui.journey import Wanted
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.screens.debrief import DebriefScreen
from roleplay.tui.screens.rating import RatingScreen
from roleplay.tui.widgets.marked_reply import MarkedReply
from roleplay.tui.widgets.reply_box import ReplyBox
from tests.judge.cases import HONEST, asks_for_harm, harm, levels
from tests.llm.answering import Exchange, Request, chat
from tests.llm.stub import Body, Stub
from tests.tui.shell import seen, until
from tests.tui.talking import ended, plays_and_judges, talking, using

REPLY = "I hear you, Pat. Are you safe out there?"


async def test_the_verdict_of_the_judge_renews_the_panel_and_says_whose_it_is(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub, judge_model="stub", size=(140, 40)) as call:
            await call.reply(REPLY)
            await call.until(lambda: "Heard so by the judge." in call.text("#panel-state"))
            transcript = call.session.transcript
            state = transcript.state_after(transcript.replies[0])
            assert f"{state.trust:.1f}" in call.text("#panel-state")
            assert transcript.counted(transcript.replies[0]).scorer.name == "judge"
            assert "judged by stub" in seen(call.pilot)
            assert "tokens" in seen(call.pilot)
        async with talking(tmp_path, stub, judge_model="stub", resume=transcript.session.id) as call:
            assert "(judge)" in call.text("#strip")


async def test_a_verdict_that_is_not_believed_leaves_the_offline_one_and_says_so_quietly(tmp_path: Path) -> None:
    with Stub(boasts) as stub:
        async with talking(tmp_path, stub, judge_model="stub") as call:
            await call.reply("What is your customer number?")
            await call.until(lambda: call.session.transcript.verdicts)
            await call.until(lambda: "(offline)" in call.text("#strip"))
            assert "✗ Missed" in call.text("#strip")


def boasts(body: Body) -> str:
    """Plays along, and judges everything to be perfect, with words that nobody said."""
    if body.get("stream"):
        return plays_and_judges(body)
    return harm() if asks_for_harm(body) else levels(HONEST)


async def test_in_an_exam_nothing_is_shown_of_a_verdict(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub, judge_model="stub", exam=True) as call:
            await call.reply(REPLY)
            await call.until(lambda: call.session.transcript.verdicts)
            await call.pilot.pause()
            shown = seen(call.pilot)
            assert "judge)" not in shown
            assert "Missed" not in shown
            assert "Met" not in shown


async def test_a_whole_call_to_a_debrief_that_is_renewed_when_the_judge_has_read_it_all(tmp_path: Path) -> None:
    """The judge fails twice in the call and is slow after it: the debrief is there at once, and filled in later."""
    for folder in ("personas", "transcripts"):
        (tmp_path / folder).mkdir()
    reading, done = threading.Event(), threading.Event()

    async def reads_slowly(exchange: Exchange) -> None:
        while not done.is_set():
            await asyncio.sleep(0.01)
        await chat(exchange)

    def script(request: Request) -> object:
        if request.body.get("stream"):
            return None
        return reads_slowly if reading.is_set() else "500"

    with Stub(plays_and_judges, script=script) as stub:
        store = Transcripts(tmp_path / "transcripts" / "roleplay.db")
        settings = stub.settings(judge_model="stub")
        calls = Calls(tmp_path / "personas", store, "Sam", now, choose=lambda: using(settings))
        app = RoleplayApp(lambda: calls, Wanted("stranded-driver", seed=7))
        app.animation_level = "none"
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: "customer: stub at 127.0.0.1" in " ".join(seen(pilot).split()))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, CallScreen))
            for number in (1, 2, 3):
                await replied(pilot, f"Dana, are you safe in the car? That is number {number}.", number)
            call = app.screen
            assert isinstance(call, CallScreen)
            await until(pilot, lambda: len(call._session.transcript.verdicts) == 2)
            reading.set()
            await pilot.press("escape", "down", "down", "enter")
            await until(pilot, lambda: call._over)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, RatingScreen))
            await pilot.press("3")
            await until(pilot, lambda: isinstance(app.screen, DebriefScreen))
            await until(pilot, lambda: "The judge is reading 1 of 3" in seen(pilot))
            await pilot.press("5", "enter")
            debrief, marked = app.screen, app.screen.query(MarkedReply).first()
            await until(pilot, lambda: "The judge could not judge this" in seen(pilot))
            where = await at_rest(pilot, marked)
            done.set()
            await until(pilot, lambda: "Heard so by the judge" in seen(pilot))
            assert marked.step == 1
            # the line that told of the judge is gone; what moved above it is made up for a frame or two later
            await until(pilot, lambda: abs(marked.region.y - where) <= 1)
            assert {reply.judged for reply in debrief._debrief.replies} == {"verified"}
            await pilot.press("7")
            await until(pilot, lambda: "stub: 3 of 3 replies judged" in seen(pilot))
            await pilot.press("escape")
        await ended(calls)


async def at_rest(pilot: Pilot[None], widget: Widget) -> int:
    """The row in which `widget` stands, once it has stood there for some time."""
    row, looks = widget.region.y, 0
    while looks < 10:
        await pilot.pause(0.02)
        row, looks = widget.region.y, looks + 1 if widget.region.y == row else 0
    return row


async def replied(pilot: Pilot[None], text: str, number: int) -> None:
    call = pilot.app.screen
    assert isinstance(call, CallScreen)
    await until(pilot, lambda: not call._session.unfinished and not call._her_turn)
    call.query_one(ReplyBox).text = text
    await pilot.press("enter")
    await until(pilot, lambda: len(call._session.transcript.replies) == number and not call._session.unfinished)

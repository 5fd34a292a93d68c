"""A trainee's way through the app, from the gallery to the debrief and back, with each customer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from roleplay.conversation.score import score_of
from roleplay.conversation.turns import Transcript
from roleplay.rehearsal.banks import Skill
from roleplay.rehearsal.runner import Rehearsed
from roleplay.tui.journey import Wanted
from roleplay.tui.screens.briefing import BriefingScreen
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.screens.debrief import DebriefScreen
from roleplay.tui.screens.rating import RatingScreen
from roleplay.tui.widgets.reply_box import ReplyBox
from tests.journeys.playing import rehearsed
from tests.tui.shell import app_in, calls_in, filled, seen, until

CUSTOMERS = ["stranded-driver", "heartbroken-mover", "grieving-father"]


def a_call_that_ended(persona: str, trainee: Skill, outcome: str) -> Rehearsed:
    """The first rehearsed call of that trainee with that outcome."""
    for seed in range(20):
        played = rehearsed(persona, trainee, seed)
        if played.transcript.ending and played.transcript.ending.outcome == outcome:
            return played
    raise AssertionError(f"no call of {trainee} with {persona} ended {outcome}")


async def say(pilot: Pilot[None], screen: CallScreen, text: str) -> None:
    """Put `text` into the reply box, send it, and wait until it was answered."""
    session = screen._session
    given = len(session.transcript.replies)
    box = screen.query_one(ReplyBox)
    await until(pilot, lambda: not session.unfinished)
    box.text = text
    await pilot.press("enter")
    await until(pilot, lambda: len(session.transcript.replies) > given and not session.unfinished and box.text == "")


async def play(pilot: Pilot[None], played: Rehearsed) -> Transcript:
    """From the briefing through the whole call, with the replies of `played`, to its last words."""
    await until(pilot, lambda: isinstance(pilot.app.screen, BriefingScreen))
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, CallScreen))
    call = pilot.app.screen
    assert isinstance(call, CallScreen)
    for reply in played.transcript.replies:
        await say(pilot, call, reply.text)
    return call._session.transcript


@pytest.mark.parametrize("persona", CUSTOMERS)
@pytest.mark.parametrize(("trainee", "outcome"), [("skilled", "good"), ("cold", "bad")])
async def test_from_the_briefing_to_the_debrief_and_back(
    persona: str, trainee: Skill, outcome: str, tmp_path: Path
) -> None:
    played = a_call_that_ended(persona, trainee, outcome)
    app = app_in(tmp_path, Wanted(persona, seed=played.seed))
    app.animation_level = "none"
    async with app.run_test(size=(80, 24)) as pilot:
        transcript = await play(pilot, played)
        assert transcript.ending and transcript.ending.outcome == outcome
        disclosed = transcript.replies[-1].state.disclosed
        assert disclosed == played.transcript.replies[-1].state.disclosed
        assert bool(disclosed) == (trainee == "skilled")
        assert "The call has ended" in seen(pilot)

        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RatingScreen))
        await pilot.press("3")
        await until(pilot, lambda: isinstance(pilot.app.screen, DebriefScreen))
        kept = calls_in(tmp_path).load(transcript.session.id)
        assert kept.self_rating and kept.self_rating.rating == 3
        await pilot.press("5")
        await until(pilot, lambda: bool(re.search(r"  1 [✓~✗?·] ", seen(pilot))))
        await pilot.press("6")
        await until(pilot, lambda: "Never told" in seen(pilot) and " kept " in seen(pilot))
        await pilot.press("escape")
        await filled(pilot)
        await until(pilot, lambda: f"best {round(score_of(played.transcript).score or 0)}" in seen(pilot))


async def test_a_whole_call_with_the_mouse_alone_but_for_the_words(tmp_path: Path) -> None:
    app = app_in(tmp_path)
    app.animation_level = "none"
    async with app.run_test(size=(140, 40)) as pilot:
        await filled(pilot)
        await pilot.click("Rows", offset=(6, 1))
        await until(pilot, lambda: isinstance(pilot.app.screen, BriefingScreen))
        await click_on(pilot, "Take the call")
        await until(pilot, lambda: isinstance(pilot.app.screen, CallScreen))
        call = pilot.app.screen
        assert isinstance(call, CallScreen)
        await say(pilot, call, "Are you in the car with your belt on? I am staying with you.")
        await click_on(pilot, "Hint")
        await click_on(pilot, "Pause")
        await until(pilot, lambda: "End the call" in seen(pilot))
        await click_on(pilot, "End the call")
        await until(pilot, lambda: "The call has ended" in seen(pilot))
        assert call._session.transcript.ending
        await click_on(pilot, "Debrief")
        await until(pilot, lambda: isinstance(pilot.app.screen, RatingScreen))
        await pilot.click("Rows", offset=(6, 1))
        await until(pilot, lambda: isinstance(pilot.app.screen, DebriefScreen))
        rating = calls_in(tmp_path).load(call._session.transcript.session.id).self_rating
        assert rating and rating.rating == 1
        await click_on(pilot, "Gallery")
        await filled(pilot)


async def click_on(pilot: Pilot[None], words: str) -> None:
    """Click on the last place on the screen where `words` stand."""
    await until(pilot, lambda: words in seen(pilot))
    lines = seen(pilot).split("\n")
    row = max(number for number, line in enumerate(lines) if words in line)
    await pilot.click(offset=(lines[row].rindex(words) + 1, row))
    await pilot.pause()

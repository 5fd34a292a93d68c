"""Keys pressed quicker than the app can follow: a choice may be carried out after what was pressed behind it."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import OptionList

from roleplay.tui.screens.gesture import GestureScreen
from roleplay.tui.screens.help import HelpScreen
from tests.tui.stage import Playing, playing


async def gestures(call: Playing) -> GestureScreen:
    """The gestures, one of them marked."""
    await call.pilot.press("f3")
    await call.until(lambda: isinstance(call.app.screen, GestureScreen))
    shown = call.app.screen
    assert isinstance(shown, GestureScreen)
    await call.until(lambda: shown.query_one(OptionList).highlighted == 0)
    return shown


async def test_a_choice_that_is_made_twice_leaves_only_the_screen_it_was_made_on(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        shown = await gestures(call)
        shown.query_one(OptionList).action_select()
        shown.query_one(OptionList).action_select()
        await call.until(lambda: call.app.screen is call.app.call)
        await call.pilot.pause()
        assert call.app.screen is call.app.call
        await call.reply("I'm coming.")
        assert call.session.transcript.replies[0].gesture == "wait"


async def test_help_that_was_asked_for_behind_the_choice_goes_with_the_screen(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        shown = await gestures(call)
        shown.query_one(OptionList).action_select()
        shown.action_help()
        assert isinstance(call.app.screen, HelpScreen)
        await call.until(lambda: call.app.screen is call.app.call)
        await call.reply("I'm coming.")
        assert call.session.transcript.replies[0].gesture == "wait"

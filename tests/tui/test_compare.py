"""The comparison on its screen: at every size, with whatever words, by keys and mouse, and renewed by a judge."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
from textual.app import App
from textual.pilot import Pilot

from roleplay.conversation.judging import Verdict
from roleplay.conversation.session import Session
from roleplay.conversation.turns import KeptVerdict
from roleplay.practice.calls import Calls
from roleplay.tui.again import AnswerAgain, Compare, GoOnWith
from roleplay.tui.final_pass import FinalPass
from roleplay.tui.screens.compare import CompareScreen
from roleplay.tui.themes import THEMES
from roleplay.tui.widgets.compared_turn import ComparedTurn
from tests.practice.tried import calls_of
from tests.tui.hostile import LIVE, payloads
from tests.tui.shell import seen, until
from tests.tui.stage import pat


class Shown(App[None]):
    """Shows one comparison; `result` is what it was left with."""

    def __init__(self, screen: CompareScreen) -> None:
        super().__init__()
        self.animation_level = "none"
        self.compared = screen
        self.result: Any = "nothing yet"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def on_mount(self) -> None:
        self.push_screen(self.compared, self._left)

    def _left(self, result: object) -> None:
        self.result = result


async def with_tries(calls: Calls, words: list[str], *tries: str) -> tuple[str, Session]:
    """A call with somebody of those `words`, and tries from its first turn with a reply each; the last one."""
    persona = pat(name=f"Pat {words[0]}"[:60], title=f"A door {words[1]}"[:60])
    session = await calls.begin(persona, exam=False, seed="7")
    await session.speak()
    for text in words[2:5]:
        if not session.ended:
            await session.reply(f"{text} and more")
    await session.leave()
    ident = session.transcript.session.id
    for text in tries:
        session = await calls.rewind(ident, 1)
        await session.reply(text)
    return ident, session


async def compared(pilot: Pilot[None], left: int, right: int) -> None:
    """Wait until those two paths are shown."""
    assert isinstance(pilot.app, Shown)
    screen = pilot.app.compared
    await until(pilot, lambda: screen._shown and [each.branch for each in screen._shown.paths] == [left, right])


async def test_words_are_only_words_at_every_size_and_paths_change_places(tmp_path: Path) -> None:
    calls = calls_of(tmp_path)
    words = payloads(8, "compare")
    ident, _ = await with_tries(calls, words, words[5] or "x", "I hear that you are locked out. Are you warm?")
    app = Shown(CompareScreen(calls, ident, Compare(None, 1)))
    async with app.run_test(size=(60, 16)) as pilot:
        await compared(pilot, 0, 1)
        await pilot.press("enter")
        for size in ((60, 16), (80, 24), (140, 40)):
            await pilot.resize_terminal(*size)
            for key in ("home", "end"):
                await pilot.press(key)
                await pilot.pause()
                assert not LIVE.search(seen(pilot).replace("\n", ""))
        assert "│" in seen(pilot) and "Trust and distress" in seen(pilot)
        await pilot.press("n")
        await compared(pilot, 0, 2)
        await pilot.press("x", "1")
        await compared(pilot, 2, 1)
        await pilot.press("2")
        await pilot.click("Sections", offset=(1, 0))
        await compared(pilot, 2, 0)
        assert "G Go on" not in seen(pilot)
        await until(pilot, lambda: isinstance(app.focused, ComparedTurn))
        app.compared.set_focus(None)
        await pilot.press("r")
        await until(pilot, lambda: any("Mark a turn" in each.message for each in app._notifications))
        app.compared.query(ComparedTurn).first().focus()
        await pilot.press("r")
        await until(pilot, lambda: app.result == AnswerAgain(1, None))
    calls.close()


class Reads:
    """A try that a judge is reading until `done`; then one verdict is kept."""

    def __init__(self, calls: Calls, session: Session) -> None:
        self._calls, self.transcript = calls, session.transcript
        self.done = asyncio.Event()

    async def fill_gaps(self, tell: Any) -> None:
        tell(0, 1)
        await self.done.wait()
        reply = self.transcript.replies[0]
        assessment = msgspec.structs.replace(reply.assessment, opportunity="partly", unsure=False)
        verdict = Verdict(standing="verified", assessment=assessment, model="stub")
        kept = KeptVerdict(
            session=reply.session, branch=1, turn=1, attempt=1, verdict=verdict, state=None, at="2026-05-03T00:00:00Z"
        )
        await asyncio.to_thread(self._calls.store.keep_verdict, kept, None)
        self.transcript = msgspec.structs.replace(self.transcript, verdicts=(kept,))


async def test_a_verdict_that_arrives_is_shown_and_a_try_that_waits_is_gone_on_with(tmp_path: Path) -> None:
    calls = calls_of(tmp_path)
    ident, session = await with_tries(calls, ["", "", "What is your number?"], "What is your name?")
    reads = Reads(calls, session)
    app = Shown(CompareScreen(calls, ident, Compare(None, 1)))
    async with app.run_test(size=(100, 40)) as pilot:
        await compared(pilot, 0, 1)
        assert "(judge)" not in seen(pilot)
        app.compared._final_pass = FinalPass(app, reads)  # type: ignore[arg-type]
        app.compared._final_pass.listen(app.compared._judged)
        await until(pilot, lambda: "The judge is reading 1 of 1" in seen(pilot))
        reads.done.set()
        await until(pilot, lambda: "Partly met (judge)" in seen(pilot))
        assert "The judge is reading" not in seen(pilot)
        await pilot.press("g")
        await until(pilot, lambda: app.result == GoOnWith(1))
    calls.close()


async def test_a_try_that_waits_is_offered_to_go_on_with_and_is_answered_again_from_its_own_turn(
    tmp_path: Path,
) -> None:
    calls = calls_of(tmp_path)
    ident, ended = await with_tries(calls, ["", "", "Hello."], "Hello.", "What is your name?")
    await ended.leave()
    app = Shown(CompareScreen(calls, ident, Compare(None, 2)))
    async with app.run_test(size=(100, 30)) as pilot:
        await compared(pilot, 0, 2)
        assert app.compared.check_action("go_on", ()) is False
        await pilot.press("1")
        await compared(pilot, 0, 1)
        assert app.compared.check_action("go_on", ()) is True
        await pilot.press("0")
        await until(pilot, lambda: any("stands at the left already" in each.message for each in app._notifications))
        await compared(pilot, 0, 1)
        await until(pilot, lambda: isinstance(app.focused, ComparedTurn))
        await pilot.press("r")
        await until(pilot, lambda: app.result == AnswerAgain(1, 1))
    calls.close()


async def test_what_cannot_be_compared_is_said_on_the_screen(tmp_path: Path) -> None:
    calls = calls_of(tmp_path)
    ident, _ = await with_tries(calls, ["", "", "Hello."], "Hello.")
    app = Shown(CompareScreen(calls, ident, Compare(1, 1)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Esc goes back." in seen(pilot))
        await pilot.press("r", "x", "n", "g", "2", "escape")
        await until(pilot, lambda: app.result is None)
    calls.close()

"""The strip of a narrow terminal: the words a verdict rests on are quoted, and no hint crowds the conversation out."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.content import Content

from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.persona.model import Persona
from roleplay.tui.widgets.conversation import Conversation
from roleplay.tui.widgets.desk import Desk
from roleplay.tui.widgets.state_panel import StateStrip
from tests.tui.stage import MISSES, Playing, pat, playing

SMALL, USUAL = (60, 16), (80, 24)
WORKED = {
    "reply": "I'm coming, stay by the lamp, and tell me what you can see from there while I drive, " * 3 + "dear.",
    "why": "It acts, it stays, and the last words of the reason are these: lighthouse keeper.",
}
HINTED = {"id": "opening", "says": "I'm locked out.", "feeling": "cold", "unspoken": "company", "better": [WORKED]}


def driver() -> Persona:
    return load_persona(shipped_folder() / "stranded-driver.yaml")


def strip(call: Playing) -> list[str]:
    return call.text("#strip").splitlines()


def drawn(call: Playing) -> tuple[int, int, int]:
    """Rows of the strip, rows with room for what was said, and rows of the desk that are in view."""
    shown, said, desk = (call.app.call.query_one(each) for each in (StateStrip, Conversation, Desk))
    below = call.app.size.height - 1
    return shown.size.height, said.size.height, min(below, desk.region.bottom) - desk.region.y


@pytest.mark.parametrize("size", [USUAL, SMALL])
async def test_a_reply_that_missed_is_told_with_the_words_it_rests_on(size: tuple[int, int], tmp_path: Path) -> None:
    async with playing(tmp_path, driver(), size=size) as call:
        await call.reply(MISSES)
        await call.pilot.pause()
        evidence = {each.quote for each in call.session.transcript.replies[0].assessment.evidence}
        _, verdict, why, missing = strip(call)
        quoted = verdict.partition("It hurt. Passed over “…")[2].removesuffix("…”")
        assert verdict.startswith("✗ Missed") and len(quoted) > 15 and any(quoted in each for each in evidence)
        assert why == "A danger is passed over." and missing.startswith("Not there yet: ")
        assert all(Content(line).cell_length <= size[0] - 2 for line in strip(call)), "nothing is wrapped"
        assert drawn(call)[0] == 4


@pytest.mark.parametrize("presses", range(4))
async def test_a_hint_leaves_room_for_the_conversation_on_the_smallest_terminal(presses: int, tmp_path: Path) -> None:
    async with playing(tmp_path, pat(moments=[HINTED]), size=SMALL) as call:
        for _ in range(presses):
            await call.pilot.press("f2")
        await call.pilot.press("x")
        await call.pilot.pause()
        rows, said, desk = drawn(call)
        assert rows <= 4 and said >= 4 and desk == call.app.call.query_one(Desk).size.height
        assert "I'm locked out." in call.picture().replace("\n", " ")


async def test_a_worked_reply_can_be_read_whole_on_the_smallest_terminal(tmp_path: Path) -> None:
    async with playing(tmp_path, pat(moments=[HINTED]), size=SMALL) as call:
        await call.pilot.press("f2")
        first = strip(call)
        assert first[0] == "Hint used. F2: one way to say it" and "?" in " ".join(first)
        pages: list[list[str]] = []
        for _ in range(9):
            await call.pilot.press("f2")
            pages.append(strip(call))
            if "its beginning" in pages[-1][0]:
                break
        assert all("F2: more" in page[0] for page in pages[:-1]) and len(pages) > 1
        read = " ".join(line for page in pages for line in page[1:])
        assert read == f"“{WORKED['reply']}” {WORKED['why']}"
        await call.pilot.press("f2")
        assert strip(call) == pages[0]


async def test_where_there_is_room_a_hint_stands_under_the_levels(tmp_path: Path) -> None:
    async with playing(tmp_path, driver(), size=USUAL) as call:
        await call.pilot.press("f2", "f2", "f2")
        await call.pilot.pause()
        worked = driver().moments[0].better[0]
        shown = " ".join(strip(call))
        assert shown.startswith("Trust") and worked.reply in shown and worked.why in shown
        assert drawn(call)[1] >= 8


async def test_a_terminal_that_is_made_smaller_gets_a_smaller_strip(tmp_path: Path) -> None:
    async with playing(tmp_path, driver(), size=(80, 24)) as call:
        await call.pilot.press("f2", "f2")
        await call.pilot.resize_terminal(80, 16)
        await call.pilot.pause()
        rows, said, desk = drawn(call)
        assert rows <= 4 and said >= 4 and desk == call.app.call.query_one(Desk).size.height

"""The debrief on its screen: in what order it tells, what it opens only on demand, and how one moves in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot

from roleplay.conversation.turns import KeptEnding, SelfRating, Transcript
from roleplay.tui.frame import Frame
from roleplay.tui.screens.debrief import DebriefScreen
from roleplay.tui.themes import THEMES
from roleplay.tui.widgets.kept_back import KeptBack
from roleplay.tui.widgets.marked_reply import MarkedReply
from tests.journeys.playing import rehearsed
from tests.tui.shell import seen

HELP = "Room 4 [/x], and the line on the wall."


class Shown(App[None]):
    """Shows one debrief; `result` is what it was left with."""

    def __init__(self, transcript: Transcript) -> None:
        super().__init__()
        self.animation_level = "none"
        self.debrief = DebriefScreen(transcript, help_resources=HELP)
        self.result: str | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def on_mount(self) -> None:
        self.push_screen(self.debrief, self._left)

    def _left(self, result: str | None) -> None:
        self.result = result


@asynccontextmanager
async def reading(transcript: Transcript, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    app = Shown(transcript)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot


def dana(skill: str = "skilled", rating: int | None = 3) -> Transcript:
    transcript = rehearsed("stranded-driver", skill, 7).transcript  # type: ignore[arg-type]
    return msgspec.structs.replace(transcript, self_rating=SelfRating(session="x", rating=rating, at=""))


def orrin() -> Transcript:
    return rehearsed("grieving-father", "skilled", 7).transcript


async def whole(pilot: Pilot[None]) -> str:
    """Everything on the page, read from its beginning to its end."""
    await pilot.press("home")
    await pilot.pause()
    lines: list[str] = []
    for _ in range(200):
        before = seen(pilot)
        lines += [line for line in before.split("\n") if line not in lines[-24:]]
        await pilot.press("pagedown")
        await pilot.pause()
        if seen(pilot) == before:
            return "\n".join(lines)
    raise AssertionError("the page has no end")


async def test_safety_and_help_come_before_the_end_the_end_before_the_score_and_the_score_before_the_replies() -> None:
    async with reading(dana(), size=(80, 60)) as pilot:
        page = await whole(pilot)
    parts = ["Safety first", HELP, "How it ended", "The score", "Trust and distress", "By dimension", "Reply by reply"]
    places = [page.index(part) for part in [*parts, "Never told"]]
    assert places == sorted(places)


async def test_a_call_without_danger_begins_with_its_end() -> None:
    transcript = rehearsed("heartbroken-mover", "skilled", 7).transcript
    async with reading(transcript) as pilot:
        assert "Safety" not in seen(pilot) and HELP not in seen(pilot)
        assert "How it ended" in seen(pilot)


async def test_a_call_about_suicide_has_the_help_resources_however_it_went() -> None:
    async with reading(orrin()) as pilot:
        assert "Dealt with in replies" in seen(pilot) and HELP in seen(pilot)


async def test_the_own_rating_stands_beside_what_was_heard() -> None:
    async with reading(dana("cold", rating=4), size=(80, 40)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "4 of 4" in seen(pilot) and "You heard yourself more kindly than the customer did" in seen(pilot)


@pytest.mark.parametrize(("key", "heading"), [("1", "How it ended"), ("3", "Trust and distress"), ("6", "Never told")])
async def test_a_number_leads_to_its_part(key: str, heading: str) -> None:
    async with reading(dana()) as pilot:
        await pilot.press("end" if key == "1" else "home", key)
        await pilot.pause()
        assert heading in seen(pilot)


async def test_a_reply_opens_with_its_marks_the_reasons_and_what_was_better() -> None:
    transcript = dana("cold")
    async with reading(transcript, size=(80, 50)) as pilot:
        await pilot.press("5")
        await pilot.pause()
        assert "What was there" not in seen(pilot)
        await pilot.press("enter")
        await pilot.pause()
        shown = seen(pilot)
        suggestion = transcript.replies[0].assessment.suggestion
        assert "What was there" in shown and "Better" in shown
        assert suggestion and suggestion.text.split()[0] in shown
        assert "Passed over" in shown
        await pilot.press("enter")
        await pilot.pause()
        assert "What was there" not in seen(pilot)


async def test_marks_stand_in_the_text_with_numbers_that_the_reasons_repeat() -> None:
    async with reading(dana(), size=(80, 50)) as pilot:
        await pilot.press("5")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        shown = seen(pilot)
        assert shown.count("[1]") == 2 and shown.count("[2]") == 2


async def test_up_and_down_go_from_reply_to_reply() -> None:
    async with reading(dana(), size=(80, 40)) as pilot:
        await pilot.press("5")
        await pilot.pause()
        await pilot.press("down", "down")
        focused = pilot.app.screen.focused
        assert focused is list(pilot.app.screen.query(MarkedReply))[2]
        await pilot.press("up")
        assert pilot.app.screen.focused is list(pilot.app.screen.query(MarkedReply))[1]


async def test_what_was_kept_back_opens_in_two_steps_and_only_when_asked() -> None:
    transcript = dana("cold")
    secret = "My daughter's in the back"
    async with reading(transcript, size=(80, 60)) as pilot:
        assert secret not in await whole(pilot) and "It takes trust" not in seen(pilot)
        await pilot.press("6", "k")
        await pilot.pause()
        assert "It takes trust" in seen(pilot) and secret not in seen(pilot)
        await pilot.press("k")
        await pilot.pause()
        assert secret in seen(pilot)
        await pilot.press("k")
        await pilot.pause()
        assert secret not in seen(pilot)
        assert pilot.app.screen.query_one(KeptBack).step == 0


@pytest.mark.parametrize(("key", "result"), [("escape", "done"), ("f4", "again")])
async def test_it_is_left_for_the_gallery_or_for_another_try(key: str, result: str) -> None:
    async with reading(dana()) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(pilot.app, Shown) and pilot.app.result == result


async def test_a_click_opens_a_reply_and_leads_to_a_part() -> None:
    async with reading(dana(), size=(140, 40)) as pilot:
        await pilot.click(MarkedReply)
        await pilot.pause()
        assert next(iter(pilot.app.screen.query(MarkedReply))).step == 1
        line = seen(pilot).split("\n")[2]
        await pilot.click(offset=(line.index("Dimensions"), 2))
        await pilot.pause()
        assert "By dimension" in seen(pilot)


async def test_a_call_that_was_left_at_once_has_a_debrief_too() -> None:
    transcript = dana("cold", rating=None)
    left = KeptEnding(
        session="x",
        branch=0,
        by="left",
        ending="left",
        outcome="bad",
        epilogue="You left. Dana was still there.",
        at="",
    )
    opening = tuple(line for line in transcript.lines if line.turn == 1)
    async with reading(msgspec.structs.replace(transcript, replies=(), lines=opening, ending=left)) as pilot:
        page = await whole(pilot)
    assert "You hung up before you had said anything." in page
    assert "Dana was not safe yet when you hung up." in page
    assert "There is no reply to show." in page


@pytest.mark.parametrize("size", [(60, 16), (119, 30), (140, 40)])
async def test_it_can_be_read_at_every_size(size: tuple[int, int]) -> None:
    async with reading(orrin(), size=size) as pilot:
        for key in ("1", "2", "3", "4", "5", "enter", "down", "6", "k", "end", "home"):
            await pilot.press(key)
            await pilot.pause()
        lines = seen(pilot).split("\n")
        assert len(lines) == size[1] and "Debrief: The fifth desk" in lines[1]


async def test_a_change_of_size_is_seen_to_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen_to: list[events.Resize] = []
    see_to = Frame.on_resize

    def counted(self: Frame[object], event: events.Resize) -> None:
        seen_to.append(event)
        see_to(self, event)

    async with reading(dana()) as pilot:
        monkeypatch.setattr(Frame, "on_resize", counted)
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
    assert seen_to and len(seen_to) == len(set(map(id, seen_to)))
